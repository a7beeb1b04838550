/** The panel about one point. */

import { drawCurve } from "./curve.js";
import { columns, data, shown, titleOf, valueOf } from "./data.js";
import { element } from "./dom.js";

/** Returns what a row is called: its function and formats, and how these are done. */
export function headingOf(row) {
  const formats = `${valueOf(row, "input")} to ${valueOf(row, "output")}`;
  const parameters = columns.filter(({ key }) => key.startsWith("parameters."));
  const given = parameters.filter(({ values }) => values[row] !== null);
  const how = [valueOf(row, "method"), ...given.map(({ label, values }) => `${label} ${shown(values[row])}`)];
  how.push(`${valueOf(row, "interface")} on ${valueOf(row, "target")}`);
  return [`${valueOf(row, "function")}, ${formats}`, how.filter((part) => part !== null).join(", ")];
}

/** Fills the panel with a row. */
export function drawDetail(panel, row) {
  if (row === null) {
    panel.replaceChildren(element("p", { class: "faint" }, "Choose a point in the plot or the table."));
    return;
  }
  const [title, how] = headingOf(row);
  const [status, reason] = [valueOf(row, "status"), valueOf(row, "reason")];
  panel.replaceChildren(
    ...[
      element("h2", {}, title),
      element("p", { class: "how" }, element("span", { class: `chip ${status}` }, status), ` ${how}`),
      reason === null ? null : element("p", { class: "reason" }, reason),
      ...curveOf(panel, row),
      ...commandsOf(row),
      ...section("Error", factsOf(row, "error")),
      ...section("Area", factsOf(row, "area")),
      ...section(
        "Timing",
        factsOf(row, "timing", (key) => !key.startsWith("fmax_by_seed.")),
      ),
      seedsOf(row),
      element(
        "details",
        {},
        element("summary", {}, "As asked for, and made with what"),
        factsOf(row, "point", (key) => key !== "status") ?? "",
        factsOf(row, "provenance") ?? "",
      ),
    ].filter((part) => part !== null),
  );
}

function curveOf(panel, row) {
  const curve = data.curves[data.curve[row]];
  if (curve !== undefined)
    return [element("h3", {}, "Error over the input"), ...drawCurve(curve, panel.clientWidth - 32)];
  if (valueOf(row, "plan_sha256") === null) return [];
  return [element("p", { class: "faint" }, "The input has too many codes for an error curve.")];
}

function section(title, content) {
  return content === null ? [] : [element("h3", {}, title), content];
}

/** Returns what is known of a row in a group of columns, or null if that is nothing. */
function factsOf(row, group, wanted = () => true) {
  const known = columns.filter((column) => column.group === group && column.values[row] !== null && wanted(column.key));
  if (known.length === 0) return null;
  return element(
    "dl",
    {},
    ...known.flatMap((column) => [
      element("dt", { title: column.meaning }, titleOf(column)),
      element("dd", {}, shown(column.values[row])),
    ]),
  );
}

/** Returns the frequencies by seed as bars from 0. */
function seedsOf(row) {
  const seeds = columns.filter(({ key, values }) => key.startsWith("fmax_by_seed.") && values[row] !== null);
  if (seeds.length === 0) return null;
  const most = Math.max(...seeds.map(({ values }) => values[row]));
  return element(
    "div",
    { class: "seeds" },
    ...seeds.flatMap(({ key, values }) => [
      element("span", {}, `seed ${key.split(".")[1]}`),
      element("span", { class: "bar" }, element("span", { style: `width:${(100 * values[row]) / most}%` })),
      element("span", { class: "number" }, `${shown(values[row])} MHz`),
    ]),
  );
}

function commandsOf(row) {
  const commands = columns.filter(({ group }) => group === "commands").map(({ values }) => values[row]);
  const text = element("pre", { class: "commands", tabindex: 0 }, commands.join("\n"));
  const button = element("button", { type: "button", class: "copy", click: () => copy(text, button) }, "Copy");
  return [element("h3", {}, "Make it again", button), text];
}

async function copy(source, button) {
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    // Without a clipboard to write to, the text is selected, and the keyboard copies it.
    getSelection().selectAllChildren(source);
    button.textContent = document.execCommand("copy") ? "Copied" : "Selected: press Ctrl+C";
  }
  setTimeout(() => {
    button.textContent = "Copy";
  }, 2000);
}
