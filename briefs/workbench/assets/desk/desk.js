// The desk where a brief is written: all its statements, each with its state and its sources.
//
// The server decides everything; here is shown at once what it is about to say. Words being typed
// always win over what arrives, and whatever was done stays in the outbox until it was taken in.

import { Bar } from "./bar.js";
import { Keys } from "./keys.js";
import { Menu, Tip, helpSheet } from "./menu.js";
import { el } from "./making.js";
import { Ordering } from "./ordering.js";
import { Outbox } from "./outbox.js";
import { pasted } from "./pasting.js";
import { Settling } from "./settling.js";

const CHECK_AFTER = 250;
const SAVE_AFTER = 700;
const LOOK_EVERY = 12000;
// One for a brief in this tab: Streamlit puts the component away and sets it up anew as it likes,
// and what was typed and not taken in stays.
const desks = new Map();

export default function mount(component) {
  const { data, parentElement, setTriggerValue } = component;
  let desk = desks.get(data.brief);
  if (desk && !desk.isUnsaved && desk.words.list !== data.words.list) {
    // Another language: everything is drawn anew.
    desk.close(desk.parent);
    desk = null;
  }
  if (!desk) {
    desk = new Desk(data);
    desks.set(data.brief, desk);
  }
  desk.outbox.send = (packet) => setTriggerValue("events", packet);
  desk.open(parentElement);
  desk.take(data);
  return () => desk.close(parentElement);
}

class Desk {
  constructor(data) {
    this.parent = null;
    this.root = null;
    this.words = data.words;
    this.outbox = Outbox.of(data.brief);
    this.rows = [];
    this.current = null;
    this.filter = null;
    this.form = null;
    this.refused = {};
    this.keys = new Keys(this);
    this.menu = new Menu(this);
    this.tip = new Tip(this);
    this.settling = new Settling(this);
    this.ordering = new Ordering(this);
    this.bar = new Bar(this);
    this.list = el("div", { class: "list", role: "list", "aria-label": this.words.list });
    this.adding = el(
      "div", { class: "adding" },
      el("button", { text: this.words.add, onclick: () => this.blank(this.rows.at(-1), "paraphrase") }),
      el("button", { text: this.words.add_heading, onclick: () => this.blank(this.rows.at(-1), "heading") }),
    );
    this.ordering.listen();
    this._typed = (event) => {
      // Streamlit sees keys that come from here as typed outside of any field: c, r are its commands.
      if (event.target.matches("input, textarea")) event.stopPropagation();
    };
    this._leaving = (event) => {
      this.flush();
      if (this.isUnsaved || !this.outbox.isEmpty) event.preventDefault();
    };
    this._help = (event) => {
      const at = event.composedPath()[0];
      const isWriting = at instanceof Element && at.matches("input, textarea, [contenteditable]");
      if (event.key === "?" && !isWriting) this.help();
    };
  }

  // Stand in a place of the page; where it stands already, nothing moves.
  open(parent) {
    if (this.parent === parent) return;
    if (this.parent) this.close(this.parent);
    this.parent = parent;
    const root = parent.querySelector(".desk");
    if (root !== this.root) {
      this.root = root;
      root.replaceChildren(
        this.bar.element, this.bar.title, this.list, this.adding, this.menu.box, this.tip.box,
      );
      root.addEventListener("keydown", this._typed);
    }
    window.addEventListener("beforeunload", this._leaving);
    document.addEventListener("keydown", this._help);
    this.menu.listen();
    this.looking = setInterval(() => this._look(), LOOK_EVERY);
  }

  // Leave a place; nothing where it stands in another one by now.
  close(parent) {
    if (this.parent !== parent) return;
    this.flush();
    this.parent = null;
    clearInterval(this.looking);
    window.removeEventListener("beforeunload", this._leaving);
    document.removeEventListener("keydown", this._help);
    this.menu.unlisten();
  }

  get active() {
    return this.parent?.activeElement ?? document.activeElement;
  }

  get isNarrow() {
    return window.innerWidth < 900;
  }

  get isUnsaved() {
    const isOpen = (row) => row.composing || row.clash || row.refusal?.words
      || (row.version > row.sent && row.text.trim());
    return this.bar.isDirty || this.rows.some(isOpen);
  }

  put(event) {
    const seq = this.outbox.put(event);
    this.bar.status();
    return seq;
  }

  // What the server says now.
  take(data) {
    this.words = data.words;
    this.outbox.taken(data.client, data.ack);
    this.refused = data.refused;
    for (const row of [...this.rows]) {
      if (row.id === null && row.key in data.keys) this._stored(row, data.keys[row.key]);
      if (row.id === null) this._refused(row, data.refused[row.key] ?? null);
      // From now on by its id, which another session of the server knows too.
      const isOurs = row.key.startsWith("n") && !(row.key in data.refused);
      if (row.id !== null && isOurs && !this.outbox.mentions(row.key)) row.rename(`s${row.id}`);
    }
    this.ordering.take(data);
    if (data.checked) this._checked(data.checked);
    this.bar.take(data);
    if (data.go && data.go.turn !== this.turn) {
      this.turn = data.go.turn;
      this._go(data.go.id);
    }
    this.arrange();
  }

  // A line of our own that the server knows by now.
  _stored(row, id) {
    row.id = id;
    const first = row.cutFrom;
    row.cutFrom = null;
    if (first && first.version === first.sent && !first.isCut) first.settle();
  }

  // A line of our own that the server did not take.
  _refused(row, refusal) {
    if (this.outbox.holds(row.key)) return;
    if (refusal?.of) return void this._uncut(row);
    if (row.refusal?.words !== refusal?.words) {
      row.refusal = refusal;
      row.redrawNotes();
    }
  }

  // It was not cut off: what stands in it goes back, and counts where words of ours do.
  _uncut(row) {
    const first = row.cutFrom;
    row.cutFrom = null;
    this.put({ do: "resolve", key: row.key });
    if (!first || first.isForgotten) {
      // What it was cut off is gone: it stays, as a statement of its own.
      row.version += 1;
      return void this.save(row);
    }
    const isKept = first.clash || this.refused[first.key]?.clash || first.isDirty || row.version > 0;
    for (const each of this.rows) if (each.cutFrom === row) each.cutFrom = first;
    if (isKept) {
      first.retype(first.text + row.text);
      this.rest(first, first.text);
    } else {
      first.settle();
    }
    this.ordering.forget(row);
    first.focus("end");
  }

  _checked({ key, version, text, marks, notes }) {
    const row = this.rows.find((each) => each.key === key);
    // An answer for older words says nothing of these.
    if (row && row.version === version && row.text === text) row.judged(text, marks, notes);
  }

  _go(id) {
    if (id === 0) return void this.bar.focus();
    const row = this.rows.find((each) => each.id === id);
    if (!row) return;
    row.focus("end");
    row.element.scrollIntoView({ block: "center" });
  }

  // Numbers, filter and form: whatever depends on the whole list.
  arrange() {
    const forms = ["one-page", "standard", "deep"];
    const upto = forms.indexOf(this.form);
    this.rows.forEach((row, at) => {
      row.number(at + 1);
      const isOurs = row === this.current || row.isNew || row.isDirty || row.clash || row.refusal;
      const isWanted = !this.filter || isOurs || this.filter.includes(row.about.state);
      row.element.hidden = !isWanted;
      const isLonger = (each) => !each.isHeading && forms.indexOf(each.about.length) > upto;
      const section = row.isHeading ? this.ordering.under(row) : [row];
      row.element.classList.toggle("longer", upto >= 0 && section.every(isLonger));
    });
    this.root.classList.toggle("bare", this.rows.length === 0);
    this.bar.status();
  }

  // Typing rests, or goes on: check soon, save a little later.
  rest(row, text) {
    clearTimeout(row.checking);
    clearTimeout(row.saving);
    this.bar.status();
    if (text === null || row.clash) return;
    row.checking = setTimeout(() => this._check(row), CHECK_AFTER);
    row.saving = setTimeout(() => this.save(row), SAVE_AFTER);
  }

  _check(row) {
    if (row.isForgotten || row.composing || row.id === null || row.isHeading || !row.text.trim()) return;
    this.put({ do: "check", key: row.key, text: row.text, version: row.version });
  }

  save(row) {
    clearTimeout(row.saving);
    clearTimeout(row.checking);
    if (row.isForgotten || row.composing || row.clash || row.version <= row.sent || !row.text.trim()) return;
    const was = row.base;
    row.told = row.text.trim();
    row.settle();
    if (row.isNew) {
      const { kind, level } = row.about;
      const after = this.ordering.before(row);
      this.put({ do: "insert", key: row.key, after, kind, level: level ?? null, text: row.text });
    } else {
      this.put({ do: "text", key: row.key, text: row.text, was, seen: row.mark });
    }
  }

  flush() {
    this.rows.forEach((row) => this.save(row));
    this.bar.save();
  }

  entered(row) {
    if (this.current === row) return;
    this.current?.element.classList.remove("current");
    this.current = row;
    row.element.classList.add("current");
    clearTimeout(this.entering);
    this.entering = setTimeout(() => this.put({ do: "focus", key: row.key }), 200);
  }

  left(row) {
    this.tip.hide();
    if (row.composing || row.isForgotten) return;
    this.save(row);
    if (row.text.trim()) return;
    if (row.isNew && this.rows.length > 1) {
      // An empty new line is nothing; wait, as the click that left it may be meant for it.
      setTimeout(() => {
        if (this.active !== row.field && !row.text && row.isNew) this.ordering.forget(row);
      }, 250);
    } else if (row.id !== null && !row.about.withheld) {
      row.revert();
      this.bar.say(this.words.not_emptied);
    }
  }

  // Enter: a new statement behind this one, or this one in two.
  broken(row) {
    const at = row.field.selectionStart;
    const { text } = row;
    if (!text.trim()) return;
    if (!text.slice(0, at).trim()) return void this.ordering.open(row, "paraphrase", { before: true });
    if (!text.slice(at).trim()) return void this.blank(row, row.isHeading ? "paraphrase" : null);
    this.cut(row, at).focus(0);
  }

  // One statement in two; gives the second.
  cut(row, at) {
    const { text } = row;
    this.save(row);
    const second = this.ordering.open(row, row.about.kind, { text: text.slice(at).trimStart(), quiet: true });
    second.cutFrom = row;
    row.begin(text.trim());
    row.replace(text.slice(0, at).trimEnd());
    row.told = row.text.trim();
    this.put({ do: "split", key: row.key, at, text, made: second.key });
    return second;
  }

  blank(row, kind) {
    this.ordering.open(row, kind ?? "paraphrase", {});
  }

  // Backspace at the start: one statement of this and the one before.
  joined(row) {
    const before = this.rows[this.rows.indexOf(row) - 1];
    if (before) this._join(before, row);
  }

  joinedNext(row) {
    const after = this.rows[this.rows.indexOf(row) + 1];
    if (after) this._join(row, after);
  }

  _join(first, second) {
    const isWhole = (row) => row.about.withheld || ["table", "figure"].includes(row.about.kind);
    if (second.isNew && !second.text.trim()) return this._drop(second, first, "end");
    if (first.isNew && !first.text.trim()) return this._drop(first, second, 0);
    if (isWhole(first) || isWhole(second) || first.clash || second.clash) return undefined;
    if (first.isHeading !== second.isHeading) return undefined;
    this.save(first);
    this.save(second);
    const at = first.text.length;
    first.replace(first.text + second.text);
    const [seen, seenOther] = [first.mark, second.mark];
    this.put({ do: "merge", key: first.key, other: second.key, seen, seen_other: seenOther });
    this.ordering.forget(second);
    return first.focus(at);
  }

  // To the next statement that is shown; whether there is one.
  step(row, by) {
    const shown = this.rows.filter((each) => !each.element.hidden);
    const next = shown[shown.indexOf(row) + by];
    next?.focus(by < 0 ? "end" : 0);
    return Boolean(next);
  }

  _drop(row, next, at) {
    next.focus(at);
    this.ordering.forget(row);
  }

  move(row, by, isSection) {
    this.flush();
    this.ordering.move(row, by, isSection && row.isHeading);
  }

  dragging(event, row) {
    this.ordering.drag(event, row);
  }

  remove(row) {
    const at = this.rows.indexOf(row);
    const next = this.rows[at + 1] ?? this.rows[at - 1];
    if (row.id !== null || !row.isNew) this.put({ do: "delete", key: row.key, seen: row.mark });
    this.ordering.forget(row);
    next?.focus(0);
  }

  rekind(row, kind) {
    if (row.about.withheld || row.about.kind === kind) return;
    this.save(row);
    row.about = { ...row.about, kind, level: kind === "heading" ? 1 : null };
    row.redraw();
    if (!row.isNew) this.put({ do: "kind", key: row.key, kind, seen: row.mark });
  }

  relevel(row, by) {
    const level = Math.min(3, Math.max(1, (row.about.level || 1) + by));
    row.about = { ...row.about, level };
    row.redraw();
    if (!row.isNew) this.put({ do: "level", key: row.key, level, seen: row.mark });
  }

  undo(row) {
    if (row && (row.composing || row.version > row.sent)) return false;
    this.put({ do: "undo" });
    return true;
  }

  redo(row) {
    if (row && (row.composing || row.version > row.sent)) return false;
    this.put({ do: "redo" });
    return true;
  }

  support(row) {
    if (row.isHeading || row.about.withheld) return;
    this.save(row);
    this.put({ do: "support", key: row.key });
  }

  settle(row) {
    this.save(row);
    if (row.about.can_decide) this.settling.ask(row);
    else this.problem(1, row);
  }

  // To the next statement that does not pass the gate.
  problem(by, from) {
    const wanted = this.rows.filter((row) => ["fault", "doubt", "naked"].includes(row.about.state));
    if (!wanted.length) return this.bar.say(this.words.no_problem);
    const at = this.rows.indexOf(from ?? this.current);
    const places = wanted.map((row) => this.rows.indexOf(row));
    const next = by > 0
      ? wanted[places.findIndex((place) => place > at)] ?? wanted[0]
      : wanted[places.findLastIndex((place) => place < at)] ?? wanted.at(-1);
    next.element.hidden = false;
    next.focus(next.marks[0]?.start ?? "end");
    return next.element.scrollIntoView({ block: "center" });
  }

  pasted(event, row) {
    pasted(this, event, row);
  }

  help() {
    const before = this.active;
    const sheet = helpSheet(this.words, () => { sheet.veil.remove(); before?.focus?.(); });
    this.root.append(sheet.veil);
    sheet.button.focus();
  }

  _look() {
    const isQuiet = this.outbox.isEmpty && !this.isUnsaved && document.visibilityState === "visible";
    if (isQuiet && !this.rows.some((row) => row.composing)) this.put({ do: "look" });
  }
}
