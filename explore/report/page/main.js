/** The page: what is chosen in one part shows in the others. */

import { columns, columnOf, data, distinct, isMeasured, rows, shown, titleOf, valueOf } from "./data.js";
import { drawDetail, headingOf } from "./detail.js";
import { byId, element, svg } from "./dom.js";
import { readFilter, shortName } from "./filter.js";
import { colourOf, shapeOf } from "./markers.js";
import { frontsOf, jobIn } from "./pareto.js";
import { canBeLog, spansDecade } from "./scale.js";
import { Scatter } from "./scatter.js";
import { Table } from "./table.js";

const MOST_SERIES = 42;

const state = { statuses: new Set(columnOf("status").values), chosen: null };
const table = new Table(byId("scroll"), { choose });
const scatter = new Scatter(byId("scatter"), { describe: headingOf, choose });

setUpCommon();
setUpFilter();
setUpPlot();
setUpColumns();
update();
choose(rowOfAddress() ?? firstRow());

/** Draws everything that depends on filter and axes. */
function update() {
  const { test, problem } = readFilter(byId("filter").value);
  const passing = rows.filter((row) => state.statuses.has(valueOf(row, "status")) && test(row));
  const [across, up] = [columnOf(byId("across").value), columnOf(byId("up").value)];
  const known = (row) => [across, up].every((column) => column !== undefined && column.values[row] !== null);
  const plotted = passing.filter((row) => isMeasured(row) && known(row));
  const fronts = across && up ? frontsOf(plotted, across, up) : new Map();
  const onFront = new Set([...fronts.values()].flat());
  const frontOnly = byId("front-only").checked;
  const listed = frontOnly ? passing.filter((row) => onFront.has(row)) : passing;
  byId("problem").textContent = problem;
  byId("filter").setAttribute("aria-invalid", problem !== "");
  byId("count").textContent = `${listed.length} of ${rows.length} points`;
  table.draw(listed, onFront);
  drawPlot(frontOnly ? listed : plotted, passing.length - plotted.length, across, up, fronts);
}

function drawPlot(plotted, missing, across, up, fronts) {
  const { name, values } = seriesNames(across, up);
  const order = new Map(values.map((value, index) => [value, index]));
  const byJob = byId("colour").value === "";
  scatter.draw({
    rows: plotted,
    across,
    up,
    acrossLog: byId("across-log").checked,
    upLog: byId("up-log").checked,
    series: (row) => order.get(name(row)),
    fronts,
    frontSeries: (job) => (byJob ? order.get(job) : null),
  });
  const present = new Set(plotted.map(name));
  const items = values.filter((value) => present.has(value)).map((value) => legendItem(order.get(value), value));
  byId("legend").replaceChildren(...(values.length > 1 ? items : []));
  byId("note").textContent = noteOn(missing, across, up);
}

function legendItem(series, value) {
  const symbol = svg(
    "svg",
    { width: 14, height: 14, viewBox: "-7 -7 14 14", "aria-hidden": "true" },
    svg("path", { d: shapeOf(series, 5), style: `fill:${colourOf(series)}` }),
  );
  return element("li", {}, symbol, value === null ? "none" : shown(value));
}

function noteOn(missing, across, up) {
  const parts = [];
  if (missing === 1) parts.push("A point that is not measured, or lacks one of these numbers, is not plotted.");
  if (missing > 1) parts.push(`${missing} points without a measurement of both are not plotted.`);
  if (!across || !up) return parts.join(" ");
  const without = [across, up].filter((column) => !column.better);
  if (without.length) parts.push(`No front: there is no better or worse ${without.map(titleOf).join(" or ")}.`);
  else {
    const formats = across.absolute || up.absolute ? "input format" : "formats";
    parts.push(`A front is of units with the same function, ${formats}, interface and target.`);
  }
  return parts.join(" ");
}

/** What rows are coloured by, and all values of that. */
function seriesNames(across, up) {
  const column = columnOf(byId("colour").value);
  if (column !== undefined) return { name: (row) => column.values[row], values: distinct(column.values) };
  const name = across && up ? jobIn(across, up) : (row) => data.jobs[row];
  return { name, values: distinct(rows.filter((row) => isMeasured(row)).map(name)) };
}

function choose(row) {
  const before = state.chosen;
  state.chosen = row;
  table.mark(row);
  scatter.mark(row);
  drawDetail(byId("detail"), row);
  if (before !== null) history.replaceState(null, "", `#${valueOf(row, "name")}`);
}

function rowOfAddress() {
  const name = location.hash.slice(1);
  return rows.find((row) => name !== "" && valueOf(row, "name") === name);
}

function firstRow() {
  return rows.find((row) => isMeasured(row)) ?? rows[0] ?? null;
}

/** Says once what all points have, so that no column needs to. */
function setUpCommon() {
  const same = ({ values }) => values.every((value) => value === values[0]) && values[0] !== null;
  const wanted = ["function", "input", "output", "method", "max_error", "interface", "target", "frequency", "seeds"];
  const told = wanted.map(columnOf).filter((column) => column !== undefined && rows.length > 1 && same(column));
  const facts = told.map(
    (column) => `${column.label} ${shown(column.values[0])}${column.unit ? ` ${column.unit}` : ""}`,
  );
  byId("common").textContent = facts.length ? `All points: ${facts.join(", ")}.` : "";
}

function setUpFilter() {
  byId("filter").addEventListener("input", update);
  byId("front-only").addEventListener("change", update);
  const listed = columns.filter(({ group }) => ["point", "error", "area", "timing"].includes(group));
  byId("names").textContent = listed.map(shortName).join(", ");
  const statuses = columnOf("status").values;
  const counts = Map.groupBy(statuses, (status) => status);
  byId("statuses").append(
    ...[...counts].map(([status, found]) => {
      const toggle = () => {
        if (!state.statuses.delete(status)) state.statuses.add(status);
        button.setAttribute("aria-pressed", state.statuses.has(status));
        update();
      };
      const button = element(
        "button",
        { type: "button", class: `chip ${status}`, "aria-pressed": "true", click: toggle },
        `${found.length} ${status}`,
      );
      return button;
    }),
  );
}

function setUpPlot() {
  const numbers = columns.filter(({ kind, group }) => kind === "number" && group !== "provenance");
  for (const [axis, preferred] of [
    ["up", data.axes.y],
    ["across", data.axes.x],
  ]) {
    byId(axis).append(...numbers.map((column) => element("option", { value: column.key }, titleOf(column))));
    byId(axis).value = preferred ?? "";
    byId(axis).addEventListener("change", () => {
      chooseLog(axis);
      update();
    });
    byId(`${axis}-log`).addEventListener("change", update);
    chooseLog(axis);
  }
  const grouping = columns.filter(({ group, key, values }) => {
    const count = new Set(values).size;
    return group === "point" && key !== "status" && count > 1 && count <= MOST_SERIES;
  });
  byId("colour").append(
    element("option", { value: "" }, "job"),
    ...grouping.map((column) => element("option", { value: column.key }, column.label)),
  );
  byId("colour").addEventListener("change", update);
}

/** Sets an axis to the scale that suits its column. */
function chooseLog(axis) {
  const values = (columnOf(byId(axis).value)?.values ?? []).filter((value) => value !== null);
  byId(`${axis}-log`).disabled = !canBeLog(values);
  byId(`${axis}-log`).checked = spansDecade(values);
}

function setUpColumns() {
  const boxes = columns.map((column) => [column, element("input", { type: "checkbox", change })]);
  function change() {
    table.show(boxes.filter(([, box]) => box.checked).map(([column]) => column));
  }
  for (const [column, box] of boxes) box.checked = column.shown;
  byId("columns")
    .querySelector("div")
    .append(
      ...boxes.map(([column, box]) =>
        element("label", { class: "check", title: column.meaning }, box, ` ${titleOf(column)}`),
      ),
    );
  byId("grid").hidden = data.grid === "";
  byId("grid").querySelector("pre").textContent = data.grid;
}
