// What tests use instead of a server and a page.

import { readFileSync } from "node:fs";

/** What the app tells of its knobs: test_scripts.py has written it down. */
export const toldSchema = () => JSON.parse(readFileSync(process.env.SCHEMA, "utf-8"));

/** A promise that the test keeps or breaks when it likes. */
export function later() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

/** Let everything that waits for nothing but kept promises go on. */
export const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The browser's history: `entries` of [state, address], and which of them is looked at. */
export class Entries {
  entries = [[null, "/"]];
  at = 0;
  get state() { return this.entries[this.at][0]; }
  replaceState(state, _, address) { this.entries[this.at] = [structuredClone(state), address]; }
  pushState(state, _, address) { this.entries.splice(++this.at, Infinity, [structuredClone(state), address]); }
}

/** What a browser keeps, or a window that forbids it. */
export class Storage {
  items = new Map();
  getItem(key) { return this.items.get(key) ?? null; }
  setItem(key, value) { this.items.set(key, value); }
}

const KINDS = ["HTMLElement", "HTMLButtonElement", "HTMLInputElement", "HTMLCanvasElement", "HTMLProgressElement"];

/** A page on which nothing is: scripts that look for an element find none. Put back with `restore()`. */
export function emptyPage() {
  const before = Object.fromEntries(["document", "location", "history", "window"].map((name) => [name, globalThis[name]]));
  for (const kind of KINDS) globalThis[kind] ??= class {};
  const nothing = { getElementById: () => null, querySelectorAll: () => [], title: "" };
  Object.assign(globalThis, { document: nothing, window: {}, location: { search: "", pathname: "/" }, history: new Entries() });
  return { restore: () => Object.assign(globalThis, before) };
}

/** An element of a page that nobody sees: what is in it, what it is called, and who hears of what. */
export class Part {
  children = [];
  dataset = {};
  attributes = {};
  heard = {};
  classList = { add() {}, remove() {}, toggle() {} };
  hidden = false;
  parentElement = null;
  #text = "";

  constructor(tag = "div") { this.tag = tag; }

  get childElementCount() { return this.children.length; }
  get textContent() { return this.#text + this.children.map((one) => one.textContent).join(""); }
  set textContent(text) { this.replaceChildren(text); }

  append(...inside) {
    for (const one of inside) {
      if (one instanceof Part) this.children.push(Object.assign(one, { parentElement: this }));
      else this.#text += one;
    }
  }

  /** Who has the focus loses it, also where it comes back: browsers do so. */
  replaceChildren(...inside) {
    if (this.contains(document.activeElement) && document.activeElement !== this) document.activeElement = document.body;
    this.#text = "";
    this.children = [];
    this.append(...inside);
  }

  contains(other) { return other === this || this.children.some((one) => one.contains(other)); }
  querySelectorAll(tag) { return this.children.flatMap((one) => [...(one.tag === tag ? [one] : []), ...one.querySelectorAll(tag)]); }
  setAttribute(name, value) { this.attributes[name] = value; }
  removeAttribute(name) { delete this.attributes[name]; }
  addEventListener(kind, hear) { (this.heard[kind] ??= []).push(hear); }
  focus() { document.activeElement = this; }

  /** Click it: once more, where `detail` is 2. What hears of it may keep it from the others. */
  click(detail = 1) {
    let over = false;
    const event = { detail, stopImmediatePropagation() { over = true; } };
    for (const hear of [...(this.heard.click ?? []), this.onclick]) if (!over) hear?.(event);
  }
}

/** A page of such elements, of all kinds: `put(id, tag)` makes one that is found by its id. Put back with `restore()`. */
export function partsPage() {
  for (const kind of KINDS) globalThis[kind] = Part;
  const page = emptyPage(), known = new Map(), body = new Part("body");
  Object.assign(document, { body, activeElement: body, hidden: false, createElement: (tag) => new Part(tag), getElementById: (id) => known.get(id) ?? null });
  const put = (id, tag) => known.set(id, new Part(tag)).get(id);
  return { ...page, put };
}
