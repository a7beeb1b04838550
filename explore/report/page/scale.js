/** Scales from values to pixels, linear or logarithmic, with their ticks. */

import { shown } from "./data.js";

/** Share of a logarithmic scale that is left to zeros. */
const LEDGE = 0.08;

/** Pixels between ticks, at least. */
const [ACROSS, UP] = [56, 32];

/**
 * Returns a scale for `values` from the pixel `start` to the pixel `end`.
 *
 * Zeros have a place of their own at the start of a logarithmic scale.
 */
export function makeScale(values, { log, start, end, whole = false }) {
  const room = end > start ? 14 : -14;
  return log ? logScale(values, start + room, end - room) : linearScale(values, start + room, end - room, whole);
}

/** Whether a logarithmic scale would serve: nothing is negative, and what is positive spans a decade. */
export function spansDecade(values) {
  const [low, high] = extent(values.filter((value) => value > 0));
  return canBeLog(values) && high >= 10 * low;
}

export function canBeLog(values) {
  return values.some((value) => value > 0) && values.every((value) => value >= 0);
}

function extent(values) {
  return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}

function linearScale(values, start, end, whole) {
  let [low, high] = extent(values);
  if (low === high) {
    const room = whole ? 1 : Math.abs(low) / 10 || 1;
    [low, high] = [low - room, high + room];
  }
  const at = (value) => start + ((value - low) / (high - low)) * (end - start);
  const step = niceStep((high - low) / Math.max(2, Math.abs(end - start) / (end > start ? ACROSS : UP)), whole);
  const ticks = [];
  for (let count = Math.ceil(low / step); count * step <= high; count += 1) ticks.push(count * step);
  return { at, ticks: ticks.map((value) => tick(Number(value.toPrecision(12)))) };
}

function logScale(values, start, end) {
  const positive = values.filter((value) => value > 0);
  const zero = positive.length < values.length;
  let [low, high] = extent(positive).map(Math.log10);
  if (high - low < 0.1) [low, high] = [low - 0.15, high + 0.15];
  const first = zero ? start + LEDGE * (end - start) : start;
  const at = (value) => (value > 0 ? first + ((Math.log10(value) - low) / (high - low)) * (end - first) : start);
  const most = Math.abs(end - start) / (end > start ? ACROSS : UP);
  const candidates = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1]].map((digits) => logTicks(low, high, digits));
  const fitting = candidates.find((ticks) => ticks.length <= most);
  const every = Math.ceil(candidates[2].length / most);
  const ticks = fitting ?? candidates[2].filter((_, index) => index % every === 0);
  return { at, ticks: [...(zero ? [0] : []), ...ticks].map(tick) };
}

function logTicks(low, high, digits) {
  const found = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    for (const digit of digits) {
      const value = Number(`${digit}e${power}`);
      if (Math.log10(value) >= low - 1e-9 && Math.log10(value) <= high + 1e-9) found.push(value);
    }
  }
  return found;
}

function niceStep(least, whole) {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * [1, 2, 5, 10].find((digit) => digit * power >= least * (1 - 1e-9));
  return whole ? Math.max(1, step) : step;
}

function tick(value) {
  return { value, label: shown(value) };
}
