// What has been done here and not yet been taken in by the server, in order.
// Every message carries all of it, so that one that is lost or overtaken costs nothing: the server
// skips what it has seen, by number.

const PATIENCE = 8000;
const waiting = new Map();

function name() {
  const bytes = crypto.getRandomValues(new Uint8Array(9));
  return Array.from(bytes, (byte) => byte.toString(36)).join("");
}

export class Outbox {
  // One for a brief in this tab: it outlives the list, which is drawn anew with the page.
  static of(brief) {
    if (!waiting.has(brief)) waiting.set(brief, new Outbox(brief));
    return waiting.get(brief);
  }

  constructor(brief) {
    this.brief = brief;
    this.client = name();
    this.last = 0;
    this.events = [];
    this.send = null;
    this.timer = 0;
  }

  // Add an event and send; gives its number.
  put(event) {
    this.last += 1;
    this.events.push({ ...event, seq: this.last });
    this.flush();
    return this.last;
  }

  flush() {
    clearTimeout(this.timer);
    if (!this.events.length || !this.send) return;
    this.send({ brief: this.brief, client: this.client, events: this.events });
    this.timer = setTimeout(() => this.flush(), PATIENCE);
  }

  taken(client, upto) {
    if (client !== this.client) return;
    this.events = this.events.filter((event) => event.seq > upto);
    if (!this.events.length) clearTimeout(this.timer);
  }

  get isEmpty() {
    return this.events.every((event) => event.do === "look" || event.do === "check");
  }

  // Whether the order of the statements is still under way.
  get reorders() {
    const order = new Set(["insert", "split", "merge", "move", "delete", "paste"]);
    return this.events.some((event) => order.has(event.do));
  }

  // Whether anything that is under way speaks of the statement `key`.
  mentions(key) {
    return this.events.some((event) => [event.key, event.other, event.made, event.after].includes(key));
  }

  // Whether words of the statement `key` are under way.
  holds(key) {
    const writes = new Set(["text", "insert", "split", "merge"]);
    const isOf = (event) => event.key === key || event.made === key;
    return this.events.some((event) => isOf(event) && writes.has(event.do));
  }
}
