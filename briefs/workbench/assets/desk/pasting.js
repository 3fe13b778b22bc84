// What is pasted into a statement: words go into it, several sentences become statements.

import { fill, isSeveral } from "./making.js";

const LONGEST = 60000;

export function pasted(desk, event, row) {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (text.length > LONGEST) {
    event.preventDefault();
    const count = text.length;
    return void desk.bar.say(fill(desk.words.too_long, { count, most: LONGEST }), "bad");
  }
  if (row.isHeading || row.about.kind === "table" || !isSeveral(text)) {
    if (/[\r\n]/.test(text) && row.about.kind !== "table") {
      event.preventDefault();
      const { field } = row;
      const bare = text.replace(/\s*[\r\n]+\s*/g, " ").trim();
      field.setRangeText(bare, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    return;
  }
  event.preventDefault();
  const at = row.field.selectionStart;
  const whole = row.text;
  const cut = whole.slice(0, at) + whole.slice(row.field.selectionEnd);
  if (cut !== whole) row.retype(cut);
  const isBlank = !cut.trim();
  if (!isBlank && at > 0 && cut.slice(0, at).trim() && cut.slice(at).trim()) desk.cut(row, at);
  else desk.save(row);
  desk.put({ do: "paste", key: isBlank ? desk.ordering.before(row) : row.key, text });
  if (isBlank && row.isNew) desk.ordering.forget(row);
}
