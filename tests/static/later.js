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

/** A page on which nothing is: scripts that look for an element find none. Put back with `restore()`. */
export function emptyPage() {
  const before = Object.fromEntries(["document", "location", "history", "window"].map((name) => [name, globalThis[name]]));
  for (const kind of ["HTMLElement", "HTMLButtonElement", "HTMLInputElement", "HTMLCanvasElement", "HTMLProgressElement"]) globalThis[kind] ??= class {};
  const nothing = { getElementById: () => null, querySelectorAll: () => [], title: "" };
  Object.assign(globalThis, { document: nothing, window: {}, location: { search: "", pathname: "/" }, history: new Entries() });
  return { restore: () => Object.assign(globalThis, before) };
}
