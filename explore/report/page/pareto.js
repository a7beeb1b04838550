/** Pareto fronts among rows that do the same job. */

import { data, valueOf } from "./data.js";

/** Returns the name of a row's job where two columns are compared; see `job_of`. */
export function jobIn(across, up) {
  const names = across.absolute || up.absolute ? data.absolute_jobs : data.jobs;
  return (row) => names[row];
}

/** Returns the front of each job by its name: rows in ascending order of `across`. Both columns must have a better. */
export function frontsOf(rows, across, up) {
  const fronts = new Map();
  if (!across.better || !up.better || across === up) return fronts;
  for (const [job, group] of Map.groupBy(rows, jobIn(across, up))) fronts.set(job, front(group, across, up));
  return fronts;
}

function front(rows, across, up) {
  const sign = { low: 1, high: -1 };
  const cost = (row, column) => sign[column.better] * valueOf(row, column.key);
  const ordered = rows.toSorted((a, b) => cost(a, across) - cost(b, across) || cost(a, up) - cost(b, up));
  const found = [];
  for (const row of ordered) {
    const last = found.at(-1);
    const equal = last !== undefined && cost(row, across) === cost(last, across) && cost(row, up) === cost(last, up);
    if (last === undefined || equal || cost(row, up) < cost(last, up)) found.push(row);
  }
  return across.better === "high" ? found.reverse() : found;
}
