// What only a person settles: a statement that the gate cannot decide, and two wordings of one.

import { el, fill } from "./making.js";

const TELLING = 4;

export class Settling {
  constructor(desk) {
    this.desk = desk;
  }

  // What to decide where two people wrote the same statement: in its place, with both wordings.
  block(row) {
    const { words } = this.desk;
    const isGone = row.clash === "gone";
    const into = isGone ? this._joined(row) : null;
    if (into) return this._joinedBlock(row, into);
    const mine = el("button", {
      class: "primary", text: isGone ? words.clash_keep : words.clash_mine,
      onclick: () => this.resolve(row, "mine"),
    });
    const theirs = el("button", {
      text: isGone ? words.clash_drop : words.clash_theirs,
      onclick: () => this.resolve(row, "theirs"),
    });
    return el(
      "div", { class: "clash", role: "alert" },
      el("p", { text: isGone ? words.clash_gone : words.clash }),
      isGone ? null : el("p", { class: "version" }, `${words.clash_other} `, el("q", { text: row.seen })),
      isGone ? null : el("p", { class: "version", text: words.clash_edit }),
      el("div", { class: "choices" }, mine, theirs),
    );
  }

  // The statement into which this one was joined: it has the words from which the person began.
  _joined(row) {
    const words = row.base.trim();
    if (words.length < TELLING) return null;
    return this.desk.rows.find((each) => each !== row && each.id !== null && each.text.includes(words));
  }

  _joinedBlock(row, into) {
    const { desk } = this;
    const { words } = desk;
    const number = desk.rows.indexOf(into) + 1;
    const leave = () => {
      row.clash = null;
      row.settle();
      desk.put({ do: "resolve", key: row.key });
      desk.ordering.forget(row);
    };
    const put = () => {
      const was = row.base.trim();
      leave();
      if (!into.text.includes(was)) return;
      into.retype(into.text.replace(was, () => row.text.trim()));
      desk.save(into);
      into.focus("end");
    };
    return el(
      "div", { class: "clash", role: "alert" },
      el("p", { text: fill(words.clash_joined, { number }) }),
      el(
        "div", { class: "choices" },
        el("button", { class: "primary", text: fill(words.clash_into, { number }), onclick: put }),
        el("button", { text: words.clash_drop_mine, onclick: leave }),
      ),
    );
  }

  // A person answers for a statement that the gate cannot decide: say why.
  ask(row) {
    const { desk } = this;
    const { words } = desk;
    const input = el("input", { placeholder: words.decide_why, "aria-label": words.decide_why, maxlength: "400" });
    // What the person decides on is what stands there as they begin to say why.
    const seen = row.mark;
    const done = () => { row.form = null; row.redrawNotes(); row.focus("end"); };
    const decide = () => {
      const reason = input.value.trim();
      if (!reason) return input.focus();
      desk.put({ do: "decide", key: row.key, reason, seen });
      return done();
    };
    input.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.isComposing || !["Enter", "Escape"].includes(event.key)) return;
      // Else the key would be typed into the statement, which gets the caret now.
      event.preventDefault();
      if (event.key === "Enter") decide();
      else done();
    });
    row.form = el(
      "div", { class: "deciding" }, input,
      el("button", { class: "primary", text: words.decide_done, onclick: decide }),
      el("button", { text: words.cancel, onclick: done }),
    );
    row.redrawNotes();
    input.focus();
  }

  resolve(row, take) {
    const isGone = row.clash === "gone";
    row.clash = null;
    if (take === "theirs") {
      row.settle();
      this.desk.put({ do: "resolve", key: row.key });
      if (isGone) return this.desk.ordering.forget(row);
      row.revert();
    } else if (isGone) {
      this.desk.ordering.renew(row);
      this.desk.save(row);
    } else {
      // They have seen the other wording and chose theirs.
      row.base = row.seen;
      row.mark = row.about.mark;
      row.isBegun = true;
      row.version += 1;
      this.desk.save(row);
    }
    return row.redrawNotes();
  }
}
