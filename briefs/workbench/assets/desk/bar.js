// The bar above the statements: what is saved, how far it is to the gate; and the title.

import { el, fill } from "./making.js";
import { noteLine } from "./notes.js";

const FILTERS = [["fault", ["fault"]], ["naked", ["naked"]], ["doubt", ["doubt"]]];
const FORMS = [null, "one-page", "standard", "deep"];

export class Bar {
  constructor(desk) {
    this.desk = desk;
    const { words } = desk;
    this.saved = el("span", { class: "saved", role: "status", "aria-live": "polite" });
    this.gate = el("div", { class: "gate" });
    this.forms = el("div", { class: "forms", role: "group", "aria-label": words.forms });
    this.message = el("div", { class: "message", role: "status", "aria-live": "polite", hidden: true });
    this.undoButton = this._tool("↶", words.undo, () => desk.undo(null));
    this.redoButton = this._tool("↷", words.redo, () => desk.redo(null));
    const tools = el(
      "div", { class: "tools" }, this.undoButton, this.redoButton,
      this._tool("?", words.keys, () => desk.help()),
    );
    this.element = el(
      "div", { class: "bar" },
      el("div", { class: "line" }, this.saved, this.gate, tools), this.forms, this.message,
    );
    this.field = el("textarea", {
      class: "title", rows: "1", maxlength: "300", placeholder: words.title, "aria-label": words.title,
    });
    this.noteBox = el("div", { class: "notes", role: "status" });
    this.title = el("div", { class: "title-box" }, this.field, this.noteBox);
    // The title is settled as a statement is: it has a key, a mark and a form.
    this.key = "";
    this.form = null;
    this.judged = { mark: "", notes: [], can_decide: false };
    this.base = null; // the title from which the person began
    this.clash = false;
    this.seen = "";
    this.isComposing = false;
    this._listen();
  }

  _tool(sign, label, onclick) {
    return el("button", { class: "tool", text: sign, title: label, "aria-label": label, onclick });
  }

  _listen() {
    const { field } = this;
    field.addEventListener("compositionstart", () => { this.isComposing = true; });
    field.addEventListener("compositionend", () => { this.isComposing = false; this._rest(); });
    field.addEventListener("input", () => { this.base ??= this.told ?? this.seen; this._fit(); if (!this.isComposing) this._rest(); });
    field.addEventListener("blur", () => this.save());
    field.addEventListener("keydown", (event) => {
      if (event.isComposing || this.isComposing) return;
      event.stopPropagation();
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = this.desk.rows[0];
      if (first) first.focus(0);
      else this.desk.blank(undefined, "paraphrase");
    });
  }

  _rest() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), 700);
    this.status();
  }

  get isDirty() {
    return Boolean(this.field.value.trim()) && this.field.value.trim() !== (this.told ?? this.seen);
  }

  save() {
    clearTimeout(this.saving);
    if (this.isComposing || this.clash) return;
    const was = this.base ?? this.seen;
    this.base = null;
    if (!this.isDirty) return;
    this.told = this.field.value.trim();
    this.desk.put({ do: "title", title: this.told, was });
  }

  get mark() {
    return this.judged.mark;
  }

  focus() {
    this.field.focus();
  }

  // What the gate says of the title, and what is to be decided about it.
  redrawNotes() {
    const { desk } = this;
    const notes = this.judged.notes.map((note) => noteLine(desk, note));
    if (this.clash) notes.unshift(this._clashBlock());
    if (this.form) notes.push(this.form);
    else if (this.judged.can_decide && !this.clash) {
      notes.push(el("button", {
        class: "decide", text: desk.words.decide, onclick: () => desk.settling.ask(this),
      }));
    }
    this.noteBox.replaceChildren(...notes);
  }

  // Two people gave the brief a title: both are shown, and one of them is chosen.
  _clashBlock() {
    const { words } = this.desk;
    const settled = (take) => {
      this.clash = false;
      this.base = null;
      if (take === "theirs") this.field.value = this.seen;
      this.desk.put({ do: "resolve", key: "" });
      this._fit();
      this.save();
      this.redrawNotes();
    };
    return el(
      "div", { class: "clash", role: "alert" },
      el("p", { text: words.clash_title }),
      el("p", { class: "version" }, `${words.clash_other} `, el("q", { text: this.seen })),
      el(
        "div", { class: "choices" },
        el("button", { class: "primary", text: words.clash_mine, onclick: () => settled("mine") }),
        el("button", { text: words.clash_theirs, onclick: () => settled("theirs") }),
      ),
    );
  }

  _fit() {
    this.title.dataset.words = this.field.value || this.desk.words.title;
  }

  take(data) {
    const { desk } = this;
    const { words } = desk;
    const isOf = (event) => event.do === "title" || (event.do === "resolve" && event.key === "");
    if (!desk.outbox.events.some(isOf)) {
      this.told = null;
      this.clash = "" in data.refused;
    }
    const isTyped = desk.active === this.field && this.field.value.trim() !== this.seen;
    this.seen = data.title;
    if (!isTyped && !this.clash && !this.isComposing && this.told === null) {
      this.field.value = data.title;
    }
    this.judged = data.titled;
    // Whoever is saying why is not interrupted.
    if (!this.form || this.clash) this.redrawNotes();
    this._fit();
    this.undoButton.disabled = !data.can_undo;
    this.redoButton.disabled = !data.can_redo;
    this._drawGate(data.progress, words);
    this._drawForms(words);
    if (data.said && data.said.turn !== this.turn) {
      this.turn = data.said.turn;
      this.say(data.said.words, data.said.sort);
    }
  }

  _drawGate(progress, words) {
    const { desk } = this;
    const share = progress.of ? progress.through / progress.of : 0;
    const meter = el("span", { class: "meter", "aria-hidden": "true" }, el("i"));
    meter.firstChild.style.width = `${Math.round(share * 100)}%`;
    const parts = [el(
      "button",
      {
        class: `count all ${desk.filter ? "" : "on"}`, "aria-pressed": String(!desk.filter),
        onclick: () => this._choose(null),
      },
      meter, fill(words.through, { count: progress.through, of: progress.of }),
    )];
    for (const [name, states] of FILTERS) {
      const isOn = desk.filter?.[0] === name;
      if (!progress[name] && !isOn) continue;
      parts.push(el("button", {
        class: `count ${name} ${isOn ? "on" : ""}`, "aria-pressed": String(Boolean(isOn)),
        text: fill(words[`count.${name}`], { count: progress[name] }),
        onclick: () => this._choose(isOn ? null : states),
      }));
    }
    this.progress = progress;
    this.gate.replaceChildren(...parts);
  }

  _choose(states) {
    this.desk.filter = states;
    this._drawGate(this.progress, this.desk.words);
    this.desk.arrange();
  }

  _drawForms(words) {
    const { desk } = this;
    this.forms.replaceChildren(...FORMS.map((form) => el("button", {
      class: desk.form === form ? "on" : "", "aria-pressed": String(desk.form === form),
      text: form ? words[`length.${form}`] : words.every_form,
      onclick: () => { desk.form = form; this._drawForms(words); desk.arrange(); },
    })));
  }

  // Whether all that was typed is stored.
  status() {
    const { desk } = this;
    const { words } = desk;
    const state = desk.isUnsaved ? "unsaved" : desk.outbox.isEmpty ? "saved" : "saving";
    if (this.saved.dataset.state === state) return;
    this.saved.dataset.state = state;
    this.saved.textContent = words[`save.${state}`];
  }

  say(text, sort = "quiet") {
    this.message.textContent = text;
    this.message.className = `message ${sort}`;
    this.message.hidden = false;
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { this.message.hidden = true; }, sort === "bad" ? 15000 : 6000);
  }
}
