/** What the page knows: columns with a value for each row. */

import { byId } from "./dom.js";

/** See `report_data`. */
export const data = JSON.parse(byId("data").textContent);

export const columns = data.columns.map((column) => ({ ...column, kind: kindOf(column.values) }));

const byKey = new Map(columns.map((column) => [column.key, column]));

/** A row is no more than its number; what it holds is in the columns. */
export const rows = data.jobs.map((_, index) => index);

export function columnOf(key) {
  return byKey.get(key);
}

/** Returns a row's value in the column called `key`; null if it has none. */
export function valueOf(row, key) {
  return byKey.get(key)?.values[row] ?? null;
}

/** Whether there are figures of a row's unit: it may be slower than the clock that it was built for. */
export function isMeasured(row) {
  return ["done", "missed"].includes(valueOf(row, "status"));
}

export function titleOf(column) {
  return column.unit ? `${column.label} (${column.unit})` : column.label;
}

/** Returns the different values of a column, in ascending order. */
export function distinct(values) {
  return [...new Set(values)].sort(compareValues);
}

/** Orders numbers by size and texts as people do, 2 before 10; null comes last. */
export function compareValues(left, right) {
  if (left === null || right === null) return (left === null) - (right === null);
  if (typeof left === "string") return left.localeCompare(right, "en", { numeric: true });
  return left - right;
}

/** Returns a value as people read it: numbers with four digits unless they are whole. */
export function shown(value) {
  if (value === null) return "";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value !== "number") return value;
  if (Number.isInteger(value)) return String(value);
  if (Math.abs(value) < 1e-4) return value.toExponential(3).replace(/\.?0+e/, "e");
  return String(Number(value.toPrecision(4)));
}

function kindOf(values) {
  const known = values.filter((value) => value !== null);
  const all = (type) => known.length > 0 && known.every((value) => typeof value === type);
  if (all("number")) return "number";
  return all("boolean") ? "flag" : "text";
}
