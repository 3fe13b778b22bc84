// Small helpers to make elements. Words are always set as text, never as markup.

export function el(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") made.className = value;
    else if (name === "text") made.textContent = value;
    else if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));
}

// A link to a page of this site, and to nothing else.
export function siteLink(href, text, options = {}) {
  if (!/^\/(?!\/)/.test(href || "")) return el("span", { text });
  return el("a", { ...options, href, target: "_blank", rel: "noopener", text });
}

// Marks that still hold after the text changed: those wholly before or wholly behind the change.
export function carried(marks, before, after) {
  if (before === after) return marks;
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (
    tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) tail += 1;
  const shift = after.length - before.length;
  return marks.flatMap((mark) => {
    if (mark.end < head || (mark.end === head && tail === 0 && mark.end < before.length)) return [mark];
    if (mark.start > before.length - tail) {
      return [{ ...mark, start: mark.start + shift, end: mark.end + shift }];
    }
    return [];
  });
}

// How many sentences a pasted text seems to hold; the server splits it by its own rules.
export function isSeveral(text) {
  const bare = text.trim();
  return /\S\s*\n\s*\S/.test(bare) || /[。！？!?；][”」』）)]?\s*[^”」』）)\s]/.test(bare);
}
