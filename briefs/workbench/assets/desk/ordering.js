// The order of the statements on the screen, and what changes it.

import { el } from "./making.js";
import { Row } from "./row.js";

let made = 0;

export class Ordering {
  constructor(desk) {
    this.desk = desk;
    this.line = el("div", { class: "drop-line", hidden: true });
  }

  get rows() {
    return this.desk.rows;
  }

  // Bring the list to what the server says, but for what is still on its way there.
  take(data) {
    const { desk } = this;
    const known = new Map(this.rows.filter((row) => row.id !== null).map((row) => [row.id, row]));
    const isUnderWay = desk.outbox.reorders;
    const order = [];
    for (const given of data.rows) {
      let row = known.get(given.id);
      if (!row && isUnderWay) continue;
      if (!row) {
        row = new Row(desk, `s${given.id}`);
        this.rows.push(row);
      }
      row.refusal = desk.refused[row.key] ?? null;
      row.take(given);
      order.push(row);
    }
    if (isUnderWay) return;
    const there = new Set(order);
    for (const row of [...this.rows]) {
      if (there.has(row)) continue;
      const isOurs = row.id === null || ((row.isDirty || row.isCut) && row.text.trim());
      if (row.id !== null && isOurs && !row.clash) {
        row.clash = "gone";
        row.redrawNotes();
      }
      if (isOurs) order.splice(this._placeOf(row, order), 0, row);
    }
    this._show(order);
    if (!this.rows.length) this.open(undefined, "paraphrase", { quiet: true });
  }

  // A line of our own stays behind the one it stood behind.
  _placeOf(row, order) {
    for (let at = this.rows.indexOf(row) - 1; at >= 0; at -= 1) {
      const place = order.indexOf(this.rows[at]);
      if (place >= 0) return place + 1;
    }
    return 0;
  }

  _show(order) {
    const { desk } = this;
    const wanted = new Set(order);
    for (const row of this.rows.filter((each) => !wanted.has(each))) {
      // Before the element goes: a browser may say that its field was left.
      row.isForgotten = true;
      row.element.remove();
    }
    desk.rows = order;
    const lost = desk.current && !wanted.has(desk.current);
    if (lost) desk.current = null;
    order.forEach((row, at) => {
      const there = desk.list.children[at];
      if (there === row.element) return;
      // Moving an element takes the caret out of it: put it back.
      const isTyped = desk.active === row.field;
      const { selectionStart: start, selectionEnd: end } = row.field;
      desk.list.insertBefore(row.element, there ?? null);
      if (isTyped) { row.field.focus({ preventScroll: true }); row.field.setSelectionRange(start, end); }
    });
  }

  // The key of the nearest statement before this one that the server knows, or is about to.
  before(row) {
    for (let at = this.rows.indexOf(row) - 1; at >= 0; at -= 1) {
      if (!this.rows[at].isNew) return this.rows[at].key;
    }
    return null;
  }

  // A line of our own beside `row`.
  open(row, kind, { text = "", before = false, quiet = false }) {
    const { desk } = this;
    made += 1;
    const fresh = new Row(desk, `n${desk.outbox.client}-${made}`);
    fresh.start(kind, text);
    const at = row ? this.rows.indexOf(row) + (before ? 0 : 1) : this.rows.length;
    const order = [...this.rows];
    order.splice(at, 0, fresh);
    this._show(order);
    desk.arrange();
    if (!quiet) fresh.focus(0);
    return fresh;
  }

  forget(row) {
    this._show(this.rows.filter((each) => each !== row));
    this.desk.arrange();
  }

  // Somebody deleted it: make our words a statement of their own.
  renew(row) {
    made += 1;
    row.rename(`n${this.desk.outbox.client}-${made}`);
    row.id = null;
    row.version += 1;
  }

  // How many lines belong to it: a heading leads its section.
  _extent(row, isSection) {
    const at = this.rows.indexOf(row);
    if (!isSection) return [at, at + 1];
    const level = row.about.level || 1;
    let end = at + 1;
    while (end < this.rows.length) {
      const { about, isHeading } = this.rows[end];
      if (isHeading && (about.level || 1) <= level) break;
      end += 1;
    }
    return [at, end];
  }

  // The statements under a heading, headings apart.
  under(row) {
    const [start, end] = this._extent(row, true);
    return this.rows.slice(start, end).filter((each) => !each.isHeading);
  }

  move(row, by, isSection) {
    const [start, end] = this._extent(row, isSection);
    const rest = [...this.rows.slice(0, start), ...this.rows.slice(end)];
    let to = start + by;
    if (isSection) to = this._nextSection(rest, start, by, row.about.level || 1);
    if (to < 0 || to > rest.length) return;
    this._place(row, { block: this.rows.slice(start, end), rest, to, isSection });
  }

  _nextSection(rest, start, by, level) {
    const leads = (row) => row.isHeading && (row.about.level || 1) <= level;
    if (by < 0) return rest.slice(0, start).findLastIndex(leads);
    const first = rest.slice(start).findIndex(leads);
    if (first < 0) return -1;
    const next = rest.slice(start + first + 1).findIndex(leads);
    return next < 0 ? rest.length : start + first + 1 + next;
  }

  _place(row, { block, rest, to, isSection }) {
    const { desk } = this;
    const at = row.field.selectionStart;
    this._show([...rest.slice(0, to), ...block, ...rest.slice(to)]);
    desk.arrange();
    row.focus(at);
    row.element.scrollIntoView({ block: "nearest" });
    if (!row.isNew) {
      desk.put({ do: "move", key: row.key, after: this.before(row), section: isSection });
    }
  }

  drag(event, row) {
    this.dragged = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", row.text);
    event.dataTransfer.setDragImage(row.element, 20, 12);
  }

  listen() {
    const { list } = this.desk;
    list.addEventListener("dragover", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      const over = event.target.closest?.(".row");
      if (!over) return;
      const box = over.getBoundingClientRect();
      const isAbove = event.clientY < box.top + box.height / 2;
      this.line.hidden = false;
      (isAbove ? over.before(this.line) : over.after(this.line));
    });
    list.addEventListener("drop", (event) => {
      if (!this.dragged) return;
      event.preventDefault();
      const row = this.dragged;
      const next = this.line.nextElementSibling;
      const rest = this.rows.filter((each) => each !== row);
      const found = rest.findIndex((each) => each.element === next);
      const to = next === row.element ? this.rows.indexOf(row) : found < 0 ? rest.length : found;
      this._endDrag();
      this.desk.flush();
      this._place(row, { block: [row], rest, to, isSection: false });
    });
    list.addEventListener("dragend", () => this._endDrag());
  }

  _endDrag() {
    this.dragged = null;
    this.line.remove();
  }
}
