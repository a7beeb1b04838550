/** The language of the filter: words and comparisons, all of which must hold. */

import { columns } from "./data.js";

const TERM = /([\w.]+)\s*(<=|>=|!=|=|<|>)\s*("[^"]*"?|[^\s",]*)|"([^"]*)"?|([^\s,]+)/g;

const COMPARISONS = {
  "<": (left, right) => left < right,
  "<=": (left, right) => left <= right,
  "=": (left, right) => left === right,
  "!=": (left, right) => left !== right,
  ">=": (left, right) => left >= right,
  ">": (left, right) => left > right,
};

const searched = columns.filter(({ kind, group, key }) => kind === "text" && (group === "point" || key === "name"));

/** Returns the name that a column has in a filter: its key, without what only says which table it is an entry of. */
export function shortName({ key }) {
  return key.replace(/^(error|parameters|resources)\./, "");
}

/** Reads a filter; returns a test of rows, and what is wrong with it, which then plays no part. */
export function readFilter(text) {
  const tests = [];
  let problem = "";
  for (const [, name, sign, operand, quoted, word] of text.matchAll(TERM)) {
    if (sign === undefined) {
      tests.push(wordTest(quoted ?? word));
    } else if (operand !== "") {
      try {
        tests.push(comparisonTest(name, sign, operand.replaceAll('"', "")));
      } catch (error) {
        problem ||= error.message;
      }
    }
  }
  return { test: (row) => tests.every((test) => test(row)), problem };
}

function wordTest(word) {
  const wanted = word.toLowerCase();
  return (row) => searched.some(({ values }) => values[row]?.toLowerCase().includes(wanted));
}

function comparisonTest(name, sign, operand) {
  const column = named(name);
  if (column === undefined) throw new Error(`There is no column ${name}; ${suggestion(name)}`);
  if (column.kind !== "number" && !["=", "!="].includes(sign))
    throw new Error(`${name} has no order; compare it with = or !=.`);
  const wanted = readValue(column, operand);
  const holds = COMPARISONS[sign];
  if (column.kind !== "text") return (row) => column.values[row] !== null && holds(column.values[row], wanted);
  return (row) => column.values[row] !== null && holds(column.values[row].toLowerCase(), wanted);
}

function readValue(column, operand) {
  if (column.kind === "text") return operand.toLowerCase();
  if (column.kind === "flag") {
    if (!["yes", "no", "true", "false"].includes(operand))
      throw new Error(`${column.label} is yes or no, not ${operand}.`);
    return ["yes", "true"].includes(operand);
  }
  const number = Number(operand);
  if (Number.isNaN(number)) throw new Error(`${column.label} is a number, and ${operand} is none.`);
  return number;
}

function named(name) {
  return columns.find((column) => shortName(column).toLowerCase() === name.toLowerCase());
}

function suggestion(name) {
  const start = name.toLowerCase().slice(0, 3);
  const near = columns.map(shortName).filter((candidate) => candidate.toLowerCase().includes(start));
  return near.length ? `did you mean ${near.slice(0, 3).join(" or ")}?` : "see below how to filter.";
}
