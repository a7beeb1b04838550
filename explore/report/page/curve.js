/** The error of a unit over its inputs. */

import { drawAxes } from "./axes.js";
import { shown } from "./data.js";
import { element, svg } from "./dom.js";
import { makeScale } from "./scale.js";

const CURVE_HEIGHT = 200;

/** Returns the picture of a curve as `Curve.as_dict` has it, as wide as its place is when it is drawn. */
export function drawCurve(curve, width) {
  const box = { left: 58, right: width - 4, top: 4, bottom: CURVE_HEIGHT - 40 };
  const low = unpacked(curve.low).map((level) => level * curve.unit);
  const high = curve.high === null ? low : unpacked(curve.high).map((level) => level * curve.unit);
  const limit = Math.max(0.55, ...low.map(Math.abs), ...high.map(Math.abs));
  const start = (index) => curve.start + index * curve.step;
  const x = makeScale([start(0), start(low.length)], { log: false, start: box.left - 14, end: box.right + 14 });
  const y = makeScale([-limit, limit], { log: false, start: box.bottom + 8, end: box.top - 8 });
  const levels = limit > 8 ? [] : [-1, -0.5, 0.5, 1].filter((level) => Math.abs(level) <= limit);
  const text = element(
    "p",
    { class: "faint readout" },
    curve.codes === 1 ? "A dot for each input." : `A column spans the errors of ${curve.codes} inputs.`,
  );
  const resting = text.textContent;
  const read = (event) => {
    const across = event.clientX - picture.getBoundingClientRect().left;
    const index = Math.floor(((across - box.left) / (box.right - box.left)) * low.length);
    text.textContent = index in low ? describe(curve, index, low[index], high[index]) : resting;
  };
  const picture = svg(
    "svg",
    {
      class: "curve",
      viewBox: `0 0 ${width} ${CURVE_HEIGHT}`,
      height: CURVE_HEIGHT,
      role: "img",
      "aria-label": "Error in ulp over the input",
      pointermove: read,
      pointerleave: () => {
        text.textContent = resting;
      },
    },
    drawAxes(box, x, y, { across: "input", up: "error (ulp)" }),
    ...levels.map((level) =>
      svg("line", { class: "level", x1: box.left, x2: box.right, y1: y.at(level), y2: y.at(level) }),
    ),
    curve.codes === 1
      ? svg("path", {
          class: "dots",
          d: low.map((error, index) => `M${x.at(start(index)).toFixed(1)},${y.at(error).toFixed(1)}h0`).join(""),
        })
      : svg("path", { class: "band", d: band(low, high, (index) => x.at(start(index)), y.at) }),
  );
  return [picture, text];
}

/** A column for each pair, at least a pixel high, so that none is lost. */
function band(low, high, across, at) {
  return low
    .map((least, index) => {
      const [top, bottom] = [at(high[index]), at(least)];
      const [left, right] = [across(index).toFixed(2), across(index + 1).toFixed(2)];
      return `M${left},${top.toFixed(2)}H${right}v${Math.max(1, bottom - top).toFixed(2)}H${left}z`;
    })
    .join("");
}

function describe(curve, index, low, high) {
  const from = curve.start + index * curve.step;
  if (curve.codes === 1) return `Error at ${from}: ${shown(low)} ulp.`;
  const to = from + curve.step * (1 - 1 / curve.codes);
  return `Error from ${from} to ${to}: ${shown(low)} to ${shown(high)} ulp.`;
}

/** Little-endian 16-bit integers in base 64. */
function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Array.from({ length: bytes.length / 2 }, (_, index) => view.getInt16(2 * index, true));
}
