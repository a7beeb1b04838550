/** The table of points. */

import { columns, compareValues, shown, valueOf } from "./data.js";
import { element } from "./dom.js";

const CHUNK = 100;

export class Table {
  /** `choose` is told which row was chosen, `sorted` when the order changed. */
  constructor(scroll, { choose }) {
    this.scroll = scroll;
    this.choose = choose;
    this.head = scroll.querySelector("thead");
    this.body = scroll.querySelector("tbody");
    this.columns = columns.filter((column) => column.shown);
    this.sorting = null;
    this.rows = [];
    this.onFront = new Set();
    this.chosen = null;
    this.body.addEventListener("click", (event) => this.#pick(event.target.closest("tr")));
    this.body.addEventListener("keydown", (event) => this.#key(event));
    // Rows are made as they are needed: with all at once, a large sweep would be slow to sort and filter.
    this.end = element("tr", { class: "end", "aria-hidden": "true" }, element("td"));
    new IntersectionObserver((seen) => seen.some((entry) => entry.isIntersecting) && this.#more(), {
      root: scroll,
      rootMargin: "400px",
    }).observe(this.end);
    this.#drawHead();
  }

  /** Shows these rows, and marks those that are on a front. */
  draw(rows, onFront) {
    this.rows = rows;
    this.onFront = onFront;
    this.#drawBody();
  }

  /** Shows these columns. */
  show(chosen) {
    this.columns = chosen;
    this.#drawHead();
    this.#drawBody();
  }

  /** Marks a row as chosen and scrolls to it, within the table alone. */
  mark(row) {
    this.#at(this.chosen)?.removeAttribute("aria-current");
    this.chosen = row;
    const place = this.ordered.indexOf(row);
    while (this.made <= place) this.#more();
    const line = this.#at(row);
    this.body.querySelector("[tabindex='0']")?.setAttribute("tabindex", -1);
    (line ?? this.body.querySelector("tr[data-row]"))?.setAttribute("tabindex", 0);
    if (line === null) return;
    line.setAttribute("aria-current", "true");
    const top = line.offsetTop - this.head.offsetHeight;
    const bottom = line.offsetTop + line.offsetHeight - this.scroll.clientHeight;
    if (this.scroll.scrollTop > top) this.scroll.scrollTop = top;
    if (this.scroll.scrollTop < bottom) this.scroll.scrollTop = bottom;
  }

  #drawHead() {
    const heading = (column) => {
      const sorted = this.sorting?.column === column ? (this.sorting.descending ? "descending" : "ascending") : null;
      const unit = column.unit ? element("span", { class: "unit" }, column.unit) : null;
      const button = element(
        "button",
        { type: "button", title: column.meaning, click: () => this.#sort(column) },
        element("span", {}, column.label),
        unit,
      );
      return element("th", { scope: "col", class: column.kind, "data-key": column.key, "aria-sort": sorted }, button);
    };
    const focused = document.activeElement?.closest("th")?.dataset.key;
    this.head.replaceChildren(
      element(
        "tr",
        {},
        element("th", { class: "mark" }, element("span", { class: "hidden" }, "on a front")),
        ...this.columns.map(heading),
      ),
    );
    if (focused) this.head.querySelector(`[data-key="${CSS.escape(focused)}"] button`)?.focus();
  }

  /** Sorts by a column: up, then down, then as in the grid. */
  #sort(column) {
    const again = this.sorting?.column === column;
    if (again && this.sorting.descending) this.sorting = null;
    else this.sorting = { column, descending: again };
    this.#drawHead();
    this.#drawBody();
  }

  #drawBody() {
    this.ordered = this.rows;
    if (this.sorting !== null) {
      const { column, descending } = this.sorting;
      const order = (a, b) => {
        const [left, right] = [column.values[a], column.values[b]];
        const either = left === null || right === null;
        return compareValues(left, right) * (descending && !either ? -1 : 1);
      };
      this.ordered = this.rows.toSorted(order);
    }
    this.made = 0;
    this.scroll.scrollTop = 0;
    this.body.replaceChildren(this.end);
    this.#more();
    this.mark(this.chosen);
  }

  #more() {
    const rows = this.ordered.slice(this.made, this.made + CHUNK);
    this.made += rows.length;
    this.end.before(...rows.map((row) => this.#line(row)));
    this.end.hidden = this.made >= this.ordered.length;
  }

  #line(row) {
    const front = this.onFront.has(row);
    return element(
      "tr",
      { "data-row": row, tabindex: -1, "aria-current": row === this.chosen ? "true" : null },
      element("td", { class: "mark", title: front ? "on a Pareto front of the plot" : null }, front ? "◆" : ""),
      ...this.columns.map((column) => cell(row, column)),
    );
  }

  #at(row) {
    return this.body.querySelector(`tr[data-row="${row}"]`);
  }

  #pick(line) {
    if (line?.dataset.row !== undefined) this.choose(Number(line.dataset.row));
  }

  #key(event) {
    const line = event.target.closest("tr");
    if (event.key === "Enter" || event.key === " ") this.#pick(line);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = event.key === "ArrowDown" ? line.nextElementSibling : line.previousElementSibling;
      if (next?.dataset.row === undefined) return;
      this.#pick(next);
      next.focus({ preventScroll: true });
    } else return;
    event.preventDefault();
  }
}

function cell(row, column) {
  const text = shown(valueOf(row, column.key));
  if (column.key === "status") return element("td", {}, element("span", { class: `chip ${text}` }, text));
  const long = column.key === "reason";
  return element("td", { class: long ? "long" : column.kind, title: long ? text : null }, text);
}
