// One note of the gate: what differs, both readings, and the way to the page.

import { el, siteLink } from "./making.js";

export function noteLine(desk, note) {
  const { words } = desk;
  const parts = [
    el("span", { class: "what", text: note.what }),
    note.here ? el("span", { class: "here" }, `${words.here} `, el("b", { text: note.here })) : null,
    note.there ? el("span", { class: "there" }, `${words.there} `, el("b", { text: note.there })) : null,
  ];
  if (note.href) {
    const open = siteLink(note.href, words.open_source, { class: "jump" });
    open.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || desk.isNarrow) return;
      event.preventDefault();
      desk.put({ do: "page", href: note.href });
    });
    parts.push(open);
  }
  return el("p", { class: `note ${note.sort}` }, ...parts);
}
