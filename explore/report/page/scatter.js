/** The plot of all points: two columns against one another, with fronts. */

import { drawAxes } from "./axes.js";
import { shown, titleOf, valueOf } from "./data.js";
import { element, svg } from "./dom.js";
import { colourOf, shapeOf } from "./markers.js";
import { makeScale } from "./scale.js";

const PLOT_HEIGHT = 380;
const REACH = 24;

export class Scatter {
  /** `describe` returns lines about a row for its tooltip; `choose` is told which row was clicked at. */
  constructor(host, { describe, choose }) {
    this.describe = describe;
    this.choose = choose;
    this.picture = svg("svg", {
      tabindex: 0,
      role: "application",
      "aria-label": "Points; left and right arrow go from one to the next, Enter chooses it",
      pointermove: (event) => this.#hover(this.#nearest(event)),
      pointerleave: () => this.#hover(null),
      click: (event) => this.#pick(this.#nearest(event)),
      keydown: (event) => this.#key(event),
      blur: () => this.#hover(null),
    });
    this.tooltip = element("div", { class: "tooltip", role: "status", hidden: "" });
    host.append(this.picture, this.tooltip);
    this.view = null;
    this.places = [];
    this.marked = null;
    this.hovered = null;
    new ResizeObserver(() => this.view && this.draw(this.view)).observe(host);
  }

  /**
   * Draws rows that have both figures.
   *
   * A view has `rows`; the columns `across` and `up`, and whether they are `acrossLog` and `upLog`; `series`, which
   * tells the series of a row; `fronts`, rows in order by name; `frontSeries`, which tells that of a front, or null.
   */
  draw(view) {
    this.view = view;
    const width = Math.max(this.picture.parentElement.clientWidth, 280);
    this.picture.setAttribute("viewBox", `0 0 ${width} ${PLOT_HEIGHT}`);
    this.picture.setAttribute("height", PLOT_HEIGHT);
    if (view.rows.length === 0) {
      const middle = { x: width / 2, y: PLOT_HEIGHT / 2, "text-anchor": "middle" };
      this.places = [];
      this.picture.replaceChildren(svg("text", { class: "empty", ...middle }, "No points to plot"));
      return;
    }
    const { rows, across, up } = view;
    const box = { left: 64, right: width - 8, top: 6, bottom: PLOT_HEIGHT - 44 };
    const acrossScale = scaleOf(rows, across, view.acrossLog, box.left, box.right);
    const upScale = scaleOf(rows, up, view.upLog, box.bottom, box.top);
    const place = (row) => ({
      row,
      x: acrossScale.at(valueOf(row, across.key)),
      y: upScale.at(valueOf(row, up.key)),
    });
    this.places = rows.map(place).sort((a, b) => a.x - b.x || a.y - b.y);
    this.picture.replaceChildren(
      drawAxes(box, acrossScale, upScale, { across: titleOf(across), up: titleOf(up) }),
      svg("g", { class: "fronts" }, ...[...view.fronts].map(([name, front]) => this.#line(name, front.map(place)))),
      svg("g", { class: "points" }, ...this.#symbols()),
    );
    this.mark(this.marked);
    this.#hover(this.#placeOf(this.hovered));
  }

  /** Puts a ring about a row. */
  mark(row) {
    this.marked = row;
    this.#ring("chosen", this.#placeOf(row), 11);
  }

  #line(name, places) {
    const series = this.view.frontSeries(name);
    const style = series === null ? null : `stroke:${colourOf(series)}`;
    return svg("path", { d: staircase(places, this.view.across.better === "high"), style });
  }

  #symbols() {
    const onFront = new Set([...this.view.fronts.values()].flat());
    const radius = Math.min(5.5, Math.max(3, 60 / Math.sqrt(this.places.length)));
    return this.places.map(({ row, x, y }) => {
      const series = this.view.series(row);
      return svg("path", {
        "data-row": row,
        class: onFront.has(row) ? "on-front" : null,
        transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})`,
        d: shapeOf(series, radius),
        style: `fill:${colourOf(series)}`,
      });
    });
  }

  #placeOf(row) {
    return this.places.find((place) => place.row === row) ?? null;
  }

  #ring(kind, place, radius) {
    this.picture.querySelector(`.${kind}`)?.remove();
    if (place !== null) this.picture.append(svg("circle", { class: kind, cx: place.x, cy: place.y, r: radius }));
  }

  #nearest(event) {
    const frame = this.picture.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    let [best, reach] = [null, REACH];
    for (const place of this.places) {
      const distance = Math.hypot(place.x - x, place.y - y);
      if (distance < reach) [best, reach] = [place, distance];
    }
    return best;
  }

  #hover(place) {
    this.#ring("hovered", place, 9);
    this.hovered = place?.row ?? null;
    this.tooltip.hidden = place === null;
    this.picture.style.cursor = place === null ? "" : "pointer";
    if (place === null) return;
    const [title, ...lines] = this.describe(place.row);
    const { across, up } = this.view;
    for (const column of [up, across]) lines.push(`${titleOf(column)}: ${shown(valueOf(place.row, column.key))}`);
    this.tooltip.replaceChildren(element("strong", {}, title), ...lines.map((line) => element("div", {}, line)));
    const side = place.x > this.picture.clientWidth / 2 ? "left" : "right";
    this.tooltip.dataset.side = side;
    this.tooltip.style.left = `${place.x}px`;
    this.tooltip.style.top = `${place.y}px`;
  }

  #pick(place) {
    if (place !== null) this.choose(place.row);
  }

  #key(event) {
    const at = this.places.findIndex(({ row }) => row === (this.hovered ?? this.marked));
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
    if (event.key in steps && this.places.length) {
      const next = Math.min(Math.max(at + steps[event.key], 0), this.places.length - 1);
      this.#hover(this.places[next]);
    } else if (event.key === "Enter" && this.hovered !== null) {
      this.choose(this.hovered);
    } else if (event.key === "Escape") {
      this.#hover(null);
    } else {
      return;
    }
    event.preventDefault();
  }
}

function scaleOf(rows, column, log, start, end) {
  const values = rows.map((row) => valueOf(row, column.key));
  return makeScale(values, { log, start, end, whole: values.every(Number.isInteger) });
}

/** The least that is to be had for a cost: level until the next point can be afforded. */
function staircase(places, rising) {
  const [first, ...others] = places;
  return others.reduce(
    (path, { x, y }) => path + (rising ? `V${y.toFixed(1)}H${x.toFixed(1)}` : `H${x.toFixed(1)}V${y.toFixed(1)}`),
    `M${first.x.toFixed(1)},${first.y.toFixed(1)}`,
  );
}
