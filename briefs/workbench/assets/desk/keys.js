// What the keyboard does in a statement. While an input method composes, nothing.

export const KINDS = ["quote", "paraphrase", "computed", "judgement", "background", "heading"];

export class Keys {
  constructor(desk) {
    this.desk = desk;
  }

  pressed(event, row) {
    if (event.isComposing || row.composing || event.keyCode === 229) return;
    const done = this._chord(event, row) || this._plain(event, row);
    if (done) {
      event.preventDefault();
      event.stopPropagation();
    } else if (event.key !== "Escape") {
      // Streamlit's own single-key commands are not meant for who writes.
      event.stopPropagation();
    }
  }

  _chord(event, row) {
    const { desk } = this;
    const command = event.ctrlKey || event.metaKey;
    if (event.key === "F8") return desk.problem(event.shiftKey ? -1 : 1, row), true;
    if (event.altKey && !command) {
      const digit = /^Digit([1-6])$/.exec(event.code);
      if (digit) return desk.rekind(row, KINDS[Number(digit[1]) - 1]), true;
      if (event.key === "ArrowUp") return desk.move(row, -1, event.shiftKey), true;
      if (event.key === "ArrowDown") return desk.move(row, 1, event.shiftKey), true;
    }
    if (!command || event.altKey) return false;
    const letter = event.key.toLowerCase();
    if (letter === "z" && !event.shiftKey) return desk.undo(row);
    if ((letter === "z" && event.shiftKey) || letter === "y") return desk.redo(row);
    if (letter === "k") return desk.support(row), true;
    if (letter === "s") return desk.flush(), true;
    if (event.key === "/") return desk.help(), true;
    if (event.key === "Enter") return desk.settle(row), true;
    return false;
  }

  _plain(event, row) {
    const { desk } = this;
    const { field } = row;
    const start = field.selectionStart;
    const isPoint = start === field.selectionEnd;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    switch (event.key) {
      case "Enter":
        if (event.shiftKey || row.about.kind === "table") return row.about.kind !== "table";
        return desk.broken(row), true;
      case "Backspace":
        return isPoint && start === 0 ? (desk.joined(row), true) : false;
      case "Delete":
        return isPoint && start === row.text.length ? (desk.joinedNext(row), true) : false;
      case "ArrowUp":
        return !event.shiftKey && row.edges.top ? desk.step(row, -1) : false;
      case "ArrowDown":
        return !event.shiftKey && row.edges.bottom ? desk.step(row, 1) : false;
      case "Tab":
        if (row.about.kind !== "table" || event.shiftKey) return false;
        field.setRangeText("\t", start, field.selectionEnd, "end");
        field.dispatchEvent(new InputEvent("input", { bubbles: true }));
        return true;
      case "Escape":
        if (!desk.menu.isOpen) field.blur();
        desk.menu.close();
        return true;
      default:
        return false;
    }
  }
}
