// Menus, the tip over a mark, and the sheet of keys.

import { el } from "./making.js";
import { KINDS } from "./keys.js";

const EVERY_KIND = [...KINDS, "table", "figure"];
const LENGTHS = ["one-page", "standard", "deep"];

export class Menu {
  constructor(desk) {
    this.desk = desk;
    this.box = el("div", { class: "menu", role: "menu", hidden: true });
    this.box.addEventListener("keydown", (event) => this._key(event));
    this._away = (event) => {
      if (this.isOpen && !event.composedPath().includes(this.box)) this.close();
    };
  }

  listen() {
    document.addEventListener("pointerdown", this._away, true);
  }

  unlisten() {
    document.removeEventListener("pointerdown", this._away, true);
  }

  get isOpen() {
    return !this.box.hidden;
  }

  close() {
    if (!this.isOpen) return;
    this.box.hidden = true;
    this.from?.focus({ preventScroll: true });
  }

  kinds(row, from) {
    const { words } = this.desk;
    this._open(from, EVERY_KIND.map((kind, at) => ({
      label: words[`kind.${kind}`], sign: words[`short.${kind}`], look: `kind k-${kind}`,
      keys: at < KINDS.length ? `Alt+${at + 1}` : "", isOn: row.about.kind === kind,
      act: () => this.desk.rekind(row, kind),
    })));
  }

  lengths(row, from) {
    const { words } = this.desk;
    this._open(from, LENGTHS.map((length) => ({
      label: words[`length_from.${length}`], isOn: row.about.length === length,
      act: () => this.desk.put({ do: "length", key: row.key, length, seen: row.mark }),
    })));
  }

  actions(row, from) {
    const { desk } = this;
    const { words } = desk;
    const isOpen = !row.about.withheld;
    const items = [
      isOpen && !row.isHeading && { label: words.support, keys: "Ctrl+K", act: () => desk.support(row) },
      { label: words.insert_below, keys: "Enter", act: () => desk.blank(row, "paraphrase") },
      { label: words.insert_heading, act: () => desk.blank(row, "heading") },
      isOpen && row.isHeading && { label: words.deeper, act: () => desk.relevel(row, 1) },
      isOpen && row.isHeading && { label: words.higher, act: () => desk.relevel(row, -1) },
      { label: words.up, keys: "Alt+↑", act: () => desk.move(row, -1, false) },
      { label: words.down, keys: "Alt+↓", act: () => desk.move(row, 1, false) },
      isOpen && { label: words.merge_up, act: () => desk.joined(row) },
      { label: words.remove, look: "bad", act: () => desk.remove(row) },
    ];
    this._open(from, items.filter(Boolean));
  }

  _open(from, items) {
    this.from = from;
    this.box.replaceChildren(...items.map((item) => el(
      "button",
      {
        class: `item ${item.isOn ? "on" : ""} ${item.look === "bad" ? "bad" : ""}`,
        role: item.isOn === undefined ? "menuitem" : "menuitemradio",
        "aria-checked": item.isOn === undefined ? null : String(item.isOn),
        onclick: () => { this.close(); item.act(); },
      },
      item.sign ? el("span", { class: item.look, text: item.sign }) : null,
      el("span", { class: "label", text: item.label }),
      item.keys ? el("kbd", { text: item.keys }) : null,
    )));
    this.box.hidden = false;
    const about = this.desk.root.getBoundingClientRect();
    const place = from.getBoundingClientRect();
    const high = this.box.offsetHeight;
    const below = place.bottom + high + 8 < window.innerHeight;
    const left = Math.min(place.left - about.left, about.width - this.box.offsetWidth - 4);
    this.box.style.left = `${Math.max(left, 0)}px`;
    this.box.style.top = `${below ? place.bottom - about.top + 4 : place.top - about.top - high - 4}px`;
    this.box.querySelector("button")?.focus({ preventScroll: true });
  }

  _key(event) {
    const items = [...this.box.querySelectorAll("button")];
    const at = items.indexOf(event.target);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) items[(at + step + items.length) % items.length].focus();
    else if (event.key === "Escape" || event.key === "Tab") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

export class Tip {
  constructor(desk) {
    this.desk = desk;
    this.box = el("div", { class: "tip", hidden: true, "aria-hidden": "true" });
  }

  show(text, at) {
    if (!text) return;
    const about = this.desk.root.getBoundingClientRect();
    this.box.textContent = text;
    this.box.hidden = false;
    this.box.style.left = `${Math.max(0, Math.min(at.left - about.left, about.width - 260))}px`;
    this.box.style.top = `${at.bottom - about.top + 6}px`;
  }

  hide() {
    this.box.hidden = true;
  }
}

export function helpSheet(words, close) {
  const keys = [
    ["Enter", words.key_enter], ["Backspace", words.key_backspace], ["Alt+1 … 6", words.key_kinds],
    ["Alt+↑ / ↓", words.key_move], ["Alt+Shift+↑ / ↓", words.key_section],
    ["Ctrl+Z / Ctrl+Shift+Z", words.key_undo], ["Ctrl+K", words.key_support],
    ["Ctrl+Enter", words.key_settle], ["F8 / Shift+F8", words.key_problem],
    ["Ctrl+S", words.key_save], ["Ctrl+/ · ?", words.key_help],
  ];
  const rows = keys.map(([key, what]) => el(
    "div", { class: "pair" }, el("dt", {}, el("kbd", { text: key })), el("dd", { text: what }),
  ));
  const button = el("button", { class: "primary", text: words.close, onclick: close });
  const sheet = el(
    "div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": words.keys },
    el("h2", { text: words.keys }), el("dl", {}, ...rows), button,
  );
  const veil = el("div", { class: "veil" }, sheet);
  veil.addEventListener("click", (event) => { if (event.target === veil) close(); });
  veil.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") { event.preventDefault(); button.focus(); }
    event.stopPropagation();
  });
  return { veil, button };
}
