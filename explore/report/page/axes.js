/** Two axes with their grid, around a picture. */

import { svg } from "./dom.js";

/** Returns the group of both axes; `box` has left, right, top and bottom in pixels. */
export function drawAxes(box, across, up, titles) {
  const group = svg("g", { class: "axes", "aria-hidden": "true" });
  for (const { value, label } of across.ticks) {
    const x = across.at(value);
    group.append(
      svg("line", { class: "line", x1: x, x2: x, y1: box.top, y2: box.bottom }),
      svg("text", { x, y: box.bottom + 16, "text-anchor": "middle" }, label),
    );
  }
  for (const { value, label } of up.ticks) {
    const y = up.at(value);
    group.append(
      svg("line", { class: "line", x1: box.left, x2: box.right, y1: y, y2: y }),
      svg("text", { x: box.left - 7, y: y + 4, "text-anchor": "end" }, label),
    );
  }
  const middle = (box.top + box.bottom) / 2;
  group.append(
    svg("path", { class: "frame", d: `M${box.left},${box.top}V${box.bottom}H${box.right}` }),
    svg(
      "text",
      { class: "title", x: (box.left + box.right) / 2, y: box.bottom + 34, "text-anchor": "middle" },
      titles.across,
    ),
    svg(
      "text",
      { class: "title", transform: `translate(13 ${middle}) rotate(-90)`, "text-anchor": "middle" },
      titles.up,
    ),
  );
  return group;
}
