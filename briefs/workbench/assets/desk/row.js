// One statement on the screen: its field, the marks under its words, its sources and its state.

import { carried, el, fill, siteLink } from "./making.js";
import { noteLine } from "./notes.js";

const MOST_NOTES = 4;

export class Row {
  constructor(desk, key) {
    this.desk = desk;
    this.key = key;
    this.id = null;
    this.seen = ""; // the words as the server last gave them
    this.shown = ""; // the same, as they last stood in the field or came from it
    this.told = null; // the words last sent from here
    this.mark = ""; // names the statement as it was last shown here whole
    this.version = 0; // counts what was typed
    this.sent = 0; // the version last sent
    this.base = ""; // the words from which the person began
    this.isBegun = false;
    this.cutFrom = null; // the row that this one was cut off, until the server has answered
    this.isForgotten = false; // taken off the screen: nothing of it is sent any more
    this.clash = null;
    this.form = null;
    this.refusal = null;
    this.composing = false;
    this.marks = [];
    this.notes = [];
    this.about = { kind: "paraphrase", state: "new", chips: [], length: "standard" };
    this.drawn = "";
    this._build();
  }

  _build() {
    const { words } = this.desk;
    this.grip = el("button", {
      class: "grip", draggable: "true", tabindex: "-1", title: words.drag,
      onclick: () => this.desk.menu.actions(this, this.grip),
    });
    this.kindButton = el("button", {
      class: "kind", "aria-haspopup": "menu",
      onclick: () => this.desk.menu.kinds(this, this.kindButton),
    });
    this.mirror = el("div", { class: "mirror", "aria-hidden": "true" });
    this.field = el("textarea", {
      rows: "1", spellcheck: "false", autocomplete: "off", autocapitalize: "off",
      "aria-label": words.text, placeholder: words.placeholder,
    });
    this.formula = el("div", { class: "formula", hidden: true });
    this.noteBox = el("div", { class: "notes", role: "status" });
    this.chipBox = el("div", { class: "chips" });
    this.state = el("span", { class: "state", role: "img" });
    this.lengthButton = el("button", {
      class: "length", "aria-haspopup": "menu",
      onclick: () => this.desk.menu.lengths(this, this.lengthButton),
    });
    this.more = el("button", {
      class: "more", title: words.more, "aria-label": words.more, "aria-haspopup": "menu", text: "⋯",
      onclick: () => this.desk.menu.actions(this, this.more),
    });
    this.element = el(
      "div", { class: "row", role: "listitem", "data-key": this.key },
      el("div", { class: "gutter" }, this.grip, this.kindButton),
      el(
        "div", { class: "body" },
        el("div", { class: "field" }, this.mirror, this.field),
        this.formula, this.noteBox, this.chipBox,
      ),
      el("div", { class: "tail" }, this.state, this.lengthButton, this.more),
    );
    this._listen();
  }

  _listen() {
    const { field, desk } = this;
    field.addEventListener("compositionstart", () => {
      this.begin();
      this.composing = true;
      desk.rest(this, null);
    });
    field.addEventListener("compositionend", () => {
      this.composing = false;
      if (this.text !== this.base) this._typed();
      else this.settle();
    });
    field.addEventListener("input", (event) => {
      this.paint();
      if (!event.isComposing && !this.composing) this._typed();
    });
    field.addEventListener("keydown", (event) => desk.keys.pressed(event, this));
    field.addEventListener("paste", (event) => desk.pasted(event, this));
    field.addEventListener("focus", () => desk.entered(this));
    field.addEventListener("blur", () => desk.left(this));
    field.addEventListener("mousemove", (event) => this._hover(event));
    field.addEventListener("mouseleave", () => desk.tip.hide());
    this.grip.addEventListener("dragstart", (event) => desk.dragging(event, this));
  }

  // The words that the person sees as they begin: what is stored may become other words meanwhile.
  begin(words = this.shown) {
    if (this.isBegun) return;
    this.isBegun = true;
    this.base = words;
  }

  // What was typed is sent, or given up.
  settle() {
    this.isBegun = false;
    this.sent = this.version;
    this.desk.bar.status();
  }

  _typed() {
    this.begin();
    this.version += 1;
    this.desk.rest(this, this.text);
  }

  get text() {
    return this.field.value;
  }

  // Whether something typed here is not stored yet.
  get isDirty() {
    return this.composing || this.version > this.sent || this.desk.outbox.holds(this.key);
  }

  // Whether part of it was cut off and the server has not answered yet.
  get isCut() {
    return this.desk.rows.some((each) => each.cutFrom === this);
  }

  // A line that was never sent.
  get isNew() {
    return this.id === null && !this.desk.outbox.holds(this.key);
  }

  get isHeading() {
    return this.about.kind === "heading";
  }

  // Show what the server says; words being typed here stay.
  take(given) {
    const isMine = this.isDirty || this.isCut || this.clash || this.refusal;
    this.seen = given.text;
    const isPut = !isMine && this._put(given.text);
    if (!isMine || given.text === this.told) this.shown = given.text;
    if (!isMine) this.mark = given.mark;
    const drawn = JSON.stringify([given, this.refusal]);
    const isMet = !this.clash && this.refusal?.clash && !this.desk.outbox.holds(this.key);
    if (drawn === this.drawn && !isPut && !isMet) return;
    this.drawn = drawn;
    this.id = given.id;
    this.about = given;
    if (isMet) this.clash = this.refusal.clash;
    this.judged(given.text, given.marks, given.notes);
    this._draw();
  }

  rename(key) {
    this.key = key;
    this.element.dataset.key = key;
  }

  // A line of our own, which the server does not know yet.
  start(kind, text) {
    const level = kind === "heading" ? 1 : null;
    this.about = { ...this.about, kind, level };
    this.field.value = text;
    this.redraw();
    this.paint();
  }

  // Other words by a deed that the server hears of separately.
  replace(text) {
    this.field.value = text;
    this.paint();
  }

  // Other words as if they had been typed.
  retype(text) {
    this.begin();
    this.replace(text);
    this.version += 1;
  }

  revert() {
    this.settle();
    [this.field.value, this.shown] = [this.seen, this.seen];
    this.judged(this.about.text ?? this.seen, this.about.marks ?? [], this.about.notes ?? []);
    this.desk.bar.status();
  }

  redraw() {
    this.drawn = "";
    this._draw();
  }

  // Show a verdict on `text`, or what of it still holds.
  judged(text, marks, notes) {
    this.judgedText = text;
    this.judgedMarks = marks;
    this.notes = notes;
    this.paint();
    this._drawNotes();
  }

  // Put words into the field; whether others stood there.
  _put(text) {
    const { field } = this;
    const focused = this.desk.active === field;
    // A blank at the end that was typed a moment ago goes when the field is left.
    if (field.value === text || (focused && field.value.trim() === text)) return false;
    const at = Math.min(field.selectionStart, text.length);
    field.value = text;
    if (focused) field.setSelectionRange(at, at);
    return true;
  }

  // Draw the words behind the field, marked; the field itself is never touched.
  paint() {
    const text = this.text;
    const marks = carried(this.judgedMarks || [], this.judgedText || "", text);
    this.marks = marks;
    const parts = [];
    let at = 0;
    for (const mark of marks) {
      if (mark.start < at || mark.end > text.length || mark.start >= mark.end) continue;
      if (mark.start > at) parts.push(document.createTextNode(text.slice(at, mark.start)));
      const words = el("span", { class: `mark ${mark.sort}`, text: text.slice(mark.start, mark.end) });
      words.note = mark.note;
      parts.push(words);
      at = mark.end;
    }
    // A last line end has no height of its own.
    parts.push(document.createTextNode(`${text.slice(at)}\u200b`));
    this.mirror.replaceChildren(...parts);
  }

  _hover(event) {
    for (const words of this.mirror.querySelectorAll(".mark")) {
      for (const box of words.getClientRects()) {
        const inside = event.clientX >= box.left && event.clientX <= box.right
          && event.clientY >= box.top && event.clientY <= box.bottom + 3;
        if (inside) return this.desk.tip.show(words.note, box);
      }
    }
    return this.desk.tip.hide();
  }

  _draw() {
    const { words } = this.desk;
    const { kind, level, length, state, withheld } = this.about;
    const look = kind === "heading" ? ` heading level-${level || 1}` : kind === "table" ? " table" : "";
    const focused = this.element.classList.contains("current") ? " current" : "";
    this.element.className = `row state-${state}${look}${focused}`;
    this.element.dataset.id = this.id ?? "";
    this.kindButton.textContent = words[`short.${kind}`];
    this.kindButton.className = `kind k-${kind}`;
    this.kindButton.title = fill(words.kind_is, { kind: words[`kind.${kind}`] });
    this.kindButton.setAttribute("aria-label", this.kindButton.title);
    this.kindButton.disabled = Boolean(withheld);
    this.lengthButton.textContent = words[`length.${length}`];
    this.lengthButton.className = `length l-${length}`;
    this.lengthButton.title = fill(words.length_is, { length: words[`length.${length}`] });
    this.lengthButton.hidden = kind === "heading" || Boolean(withheld);
    const said = words[`state.${state}`] || "";
    this.state.textContent = words[`sign.${state}`] || "";
    this.state.title = said;
    this.state.setAttribute("aria-label", said);
    this.field.readOnly = Boolean(withheld);
    this.field.placeholder = withheld ? words.withheld : words.placeholder;
    this._drawFormula();
    this._drawChips();
  }

  _drawFormula() {
    const { words } = this.desk;
    const shown = this.about.kind === "computed";
    this.formula.hidden = !shown;
    if (!shown || this.formula.contains(this.desk.active)) return;
    const was = this.about.formula || "";
    const input = el("input", {
      value: was, placeholder: words.formula_example,
      "aria-label": words.formula, maxlength: "400",
      onchange: (event) => {
        const formula = event.target.value;
        this.desk.put({ do: "formula", key: this.key, formula, was, seen: this.mark });
      },
    });
    this.formula.replaceChildren(el("span", { text: words.formula }), input);
  }

  _drawChips() {
    const { words } = this.desk;
    const chips = this.about.chips.map((chip, number) => {
      const open = siteLink(chip.href, chip.label, { class: "source", title: chip.title });
      open.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || this.desk.isNarrow) return;
        event.preventDefault();
        this.desk.put({ do: "open", key: this.key, number });
      });
      const drop = el("button", {
        class: "drop", text: "×", title: words.unbind,
        "aria-label": fill(words.unbind_one, { source: chip.label }),
        onclick: () => this.desk.put({ do: "unbind", key: this.key, href: chip.href, seen: this.mark }),
      });
      return el("span", { class: "chip" }, open, drop);
    });
    if (this.about.state === "naked") {
      chips.push(el("button", {
        class: "wanted", text: words.naked,
        onclick: () => this.desk.support(this),
      }));
    }
    this.chipBox.replaceChildren(...chips);
  }

  _drawNotes() {
    const { words } = this.desk;
    const notes = this.notes.slice(0, MOST_NOTES).map((note) => noteLine(this.desk, note));
    if (this.notes.length > MOST_NOTES) {
      const count = this.notes.length - MOST_NOTES;
      notes.push(el("p", { class: "note", text: fill(words.more_notes, { count }) }));
    }
    if (this.clash) notes.unshift(this.desk.settling.block(this));
    else if (this.refusal?.words) {
      notes.unshift(el("p", { class: "note fault", text: this.refusal.words }));
    }
    if (this.form) notes.push(this.form);
    else if (this.about.can_decide) {
      notes.push(el("button", {
        class: "decide", text: words.decide, onclick: () => this.desk.settling.ask(this),
      }));
    }
    this.noteBox.replaceChildren(...notes);
  }

  redrawNotes() {
    this._drawNotes();
  }

  number(position) {
    this.grip.textContent = position;
    this.grip.setAttribute("aria-label", fill(this.desk.words.statement, { number: position }));
    this.field.setAttribute("aria-label", fill(this.desk.words.statement, { number: position }));
  }

  focus(at) {
    this.field.focus();
    const place = at === "end" ? this.text.length : at ?? 0;
    this.field.setSelectionRange(place, place);
  }

  // Which edge lines of the field the caret stands on.
  get edges() {
    const { selectionStart: at, selectionEnd: end } = this.field;
    if (at !== end) return { top: false, bottom: false };
    const here = this._caret(at);
    const first = this._caret(0);
    const last = this._caret(this.text.length);
    if (!here || !first || !last) return { top: at === 0, bottom: at === this.text.length };
    return { top: here.top - first.top < 4, bottom: last.top - here.top < 4 };
  }

  _caret(at) {
    let rest = at;
    const walker = document.createTreeWalker(this.mirror, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (rest < node.length) {
        const range = document.createRange();
        range.setStart(node, rest);
        range.setEnd(node, rest + 1);
        return range.getClientRects()[0] || null;
      }
      rest -= node.length;
    }
    return null;
  }
}
