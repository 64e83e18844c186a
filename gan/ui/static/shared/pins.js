// Pinned pictures: kept in this browser for each model, shown in Explore, and the keyframes of the film in Interpolate.

import { keep, kept } from "./kept.js";
import { NewestWins } from "./newest.js";
import { text, tidy } from "./recipe.js";
import { schema } from "./schema.js";
import { make, putTile, say } from "./page.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */

const KEY = "gan-studio-pins";
const MODELS = 40;      // whose pins are kept: those that were pinned last

/** Of one model at a time, at most as many as a film can hold. */
export class Pins {
  model = "";
  /** @type {Recipe[]} */
  list = [];
  /** What pins look like, by their text.
   * @type {Map<string, ImageData>} */
  images = new Map();
  /** @type {Map<string, NewestWins>} */
  shows = new Map();
  /** What places show, and the texts of the pins there.
   * @type {WeakMap<HTMLElement, { key: string, texts: string[] }>} */
  shown = new WeakMap();

  /** `changed` is called when there are others, `small` tells how their pictures are asked for.
   * @param {import("./server.js").Server} server
   * @param {import("./types.js").Words} words
   * @param {() => void} changed
   * @param {() => import("./types.js").Small} small */
  constructor(server, words, changed, small) {
    this.server = server;
    this.words = words;
    this.changed = changed;
    this.small = small;
    /** Of each model, the one that was pinned last at the end.
     * @type {Map<string, Recipe[]>} */
    this.all = read();
  }

  /** Hear of what is pinned in another tab of this browser. */
  listen() {
    window.addEventListener("storage", ({ key }) => {
      if (key !== KEY) return;
      this.all = read();
      this.list = this.ofModel(this.model);
      this.changed();
    });
  }

  /** Show the pins of this model, at whatever moment of its training they were made.
   * @param {string} model */
  use(model) {
    if (model === this.model) return;
    this.model = model;
    this.list = this.ofModel(model);
    this.changed();
  }

  /** @param {string} model */
  ofModel(model) { return this.all.get(model) ?? []; }

  /** @param {Recipe} recipe */
  has(recipe) { return this.list.some((pin) => text(pin) === text(recipe)); }

  /** Pin pictures of this model; what is pinned already or does not fit is left out. Returns how many were added.
   * @param {Recipe[]} recipes */
  add(recipes) {
    const before = this.list.length;
    for (const recipe of recipes) if (recipe.model === this.model && !this.has(recipe) && this.room > 0) this.list.push(tidy(recipe));
    this.keep();
    return this.list.length - before;
  }

  /** Pin all of them, or none where they do not fit. Returns whether they did.
   * @param {Recipe[]} recipes */
  addAll(recipes) {
    const fit = new Set(recipes.filter((recipe) => !this.has(recipe)).map(text)).size <= this.room;
    if (fit) this.add(recipes);
    return fit;
  }

  /** The pins that are of this model, of the version that is in use.
   * @param {import("./types.js").Model} model */
  of({ id, revision }) {
    return this.list.filter((pin) => pin.model === id && (pin.revision ?? null) === (revision ?? null));
  }

  get room() { return schema.most_keyframes - this.list.length; }
  get full() { return this.room <= 0; }

  /** @param {number} i */
  remove(i) { this.list.splice(i, 1); this.keep(); }
  clear() { this.list = []; this.keep(); }

  /** @param {number} i
   * @param {number} by */
  move(i, by) {
    const to = i + by;
    if (to < 0 || to >= this.list.length) return;
    this.list.splice(to, 0, ...this.list.splice(i, 1));
    this.keep();
  }

  keep() {
    this.all.delete(this.model);
    if (this.list.length) this.all.set(this.model, this.list);
    keep("localStorage", KEY, [...this.all].slice(-MODELS));
    this.changed();
  }

  /** Show the pins in `place`: each opens at a click; with `order`, they can be moved too.
   * @param {HTMLElement | null} place
   * @param {(recipe: Recipe) => unknown} open
   * @param {boolean} order
   * @param {boolean} pixelArt */
  async show(place, open, order, pixelArt) {
    if (!place) return;
    const stands = this.showing(place);
    await this.paintMissing();
    if (!stands()) return;
    const texts = this.list.map(text), key = JSON.stringify([texts.map((one) => [one, this.images.has(one)]), order, pixelArt]), before = this.shown.get(place);
    if (key === before?.key && place.childElementCount) return;
    const none = make("p", { className: "quiet", tabIndex: -1, textContent: order ? this.words.film_example : this.words.pins_none });
    const made = this.list.map((recipe, i) => this.tile(recipe, i, open, order, pixelArt)), held = heldIn(place);
    place.replaceChildren(...(made.length ? made : [none]));
    this.shown.set(place, { key, texts });
    if (!held) return;
    const pin = texts.indexOf(before?.texts[held.pin] ?? ""), heir = made[pin < 0 ? Math.min(held.pin, made.length - 1) : pin];      // of a pin that was moved, where it is now
    (heir ? heir.querySelectorAll("button")[held.button] : none)?.focus({ preventScroll: true });
  }

  /** A wish to show them in this place.
   * @param {HTMLElement} place */
  showing(place) {
    const wishes = this.shows.get(place.id) ?? new NewestWins();
    this.shows.set(place.id, wishes);
    return wishes.make();
  }

  async paintMissing() {
    const missing = this.list.filter((recipe) => !this.images.has(text(recipe)));
    /** @param {Recipe} recipe */
    const source = (recipe) => `${recipe.model}@${recipe.revision ?? ""}`;
    for (const one of new Set(missing.map(source))) {
      const some = missing.filter((recipe) => source(recipe) === one);
      try {
        (await this.server.pictures(some, this.small())).forEach((image, i) => this.images.set(text(some[i]), image));
      } catch { /* its model is not open now: the pin stays, without a picture */ }
    }
  }

  /** @param {Recipe} recipe
   * @param {number} i
   * @param {(recipe: Recipe) => unknown} open
   * @param {boolean} order
   * @param {boolean} pixelArt */
  tile(recipe, i, open, order, pixelArt) {
    const canvas = document.createElement("canvas"), picture = button(say(this.words.pin_open, { n: i + 1 }), "tile", () => open(recipe));
    picture.append(canvas);
    const image = this.images.get(text(recipe));
    if (image) putTile(canvas, image, pixelArt);
    const tools = make("div", { className: "pin-tools" });
    if (order) tools.append(button(say(this.words.pin_earlier, { n: i + 1 }), "mini", () => this.move(i, -1), "‹"));
    tools.append(button(say(this.words.pin_remove, { n: i + 1 }), "mini", () => this.remove(i), "×"));
    if (order) tools.append(button(say(this.words.pin_later, { n: i + 1 }), "mini", () => this.move(i, 1), "›"));
    return make("div", { className: "pin" }, picture, tools);
  }
}

/** Which button of which pin the keyboard is on, or null.
 * @param {HTMLElement} place */
function heldIn(place) {
  const pins = [...place.children], pin = pins.findIndex((one) => one.contains(document.activeElement));
  return pin < 0 ? null : { pin, button: Math.max(0, [...pins[pin].querySelectorAll("button")].findIndex((one) => one === document.activeElement)) };
}

/** @param {string} name
 * @param {string} kind
 * @param {() => unknown} onclick
 * @param {string} [sign] */
function button(name, kind, onclick, sign = "") {
  return make("button", { type: "button", className: kind, ariaLabel: name, title: name, textContent: sign, onclick });
}

/** What this browser has kept.
 * @returns {Map<string, Recipe[]>} */
function read() {
  const rows = kept("localStorage", KEY);
  /** @param {any} row
   * @returns {row is [string, Recipe[]]} */
  const isRow = (row) => Array.isArray(row) && Array.isArray(row[1]) && row[1].every((recipe) => recipe?.model === row[0]);
  return new Map((Array.isArray(rows) ? rows.filter(isRow) : []).map(([model, list]) => [model, list.slice(0, schema.most_keyframes).map(tidy)]));
}
