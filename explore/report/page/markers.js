/** Shapes and colours of series: every colour comes with every shape before a pair comes again. */

const COLOURS = 6;

/** Outlines about the origin, with an area of about that of a circle of radius 1. */
const SHAPES = [
  (r) => `M${-r},0a${r},${r} 0 1 0 ${2 * r},0a${r},${r} 0 1 0 ${-2 * r},0z`,
  (r) => polygon(r, [-0.9, -0.9], [0.9, -0.9], [0.9, 0.9], [-0.9, 0.9]),
  (r) => polygon(r, [0, -1.25], [1.15, 0.85], [-1.15, 0.85]),
  (r) => polygon(r, [0, -1.3], [1.3, 0], [0, 1.3], [-1.3, 0]),
  (r) => polygon(r, [0, 1.25], [1.15, -0.85], [-1.15, -0.85]),
  (r) => cross(r, 0),
  (r) => cross(r, Math.PI / 4),
];

export function colourOf(series) {
  return `var(--series-${series % COLOURS})`;
}

export function shapeOf(series, radius) {
  return SHAPES[series % SHAPES.length](radius);
}

function polygon(r, ...corners) {
  return `M${corners.map(([x, y]) => `${(x * r).toFixed(2)},${(y * r).toFixed(2)}`).join("L")}z`;
}

function cross(r, turn) {
  const corners = [0, 1, 2, 3].flatMap((arm) =>
    [
      [0.4, -0.4],
      [1.35, -0.4],
      [1.35, 0.4],
    ].map(([x, y]) => {
      const angle = turn + (arm * Math.PI) / 2;
      return [x * Math.cos(angle) - y * Math.sin(angle), x * Math.sin(angle) + y * Math.cos(angle)];
    }),
  );
  return polygon(r, ...corners);
}
