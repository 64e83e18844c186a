// Pinned pictures: kept for this browser tab, shown in Explore, and the keyframes of the film in Interpolate.

import { NewestWins } from "./newest.js";
import { text, tidy } from "./recipe.js";
import { schema } from "./schema.js";
import { byId, putTile, say } from "./page.js";

const KEY = "gan-studio-pins";

/** At most as many as a film can hold. */
export class Pins {
  constructor(server, words, changed, small) {
    Object.assign(this, { server, words, changed, small, list: read(), images: new Map(), shows: new Map() });
  }

  has(recipe) { return this.list.some((pin) => text(pin) === text(recipe)); }

  /** Pin pictures; what is pinned already or does not fit is left out. Returns how many were added. */
  add(recipes) {
    const before = this.list.length;
    for (const recipe of recipes) if (!this.has(recipe) && this.list.length < schema.most_keyframes) this.list.push(tidy(recipe));
    return this.keep(this.list.length - before);
  }

  /** The pins that are of this model, of the version that is in use. */
  of({ id, revision }) {
    return this.list.filter((pin) => pin.model === id && (pin.revision ?? null) === (revision ?? null));
  }

  get room() { return schema.most_keyframes - this.list.length; }
  get full() { return this.room <= 0; }
  remove(i) { this.list.splice(i, 1); this.keep(); }
  clear() { this.list = []; this.keep(); }

  move(i, by) {
    const to = i + by;
    if (to < 0 || to >= this.list.length) return;
    this.list.splice(to, 0, ...this.list.splice(i, 1));
    this.keep();
  }

  keep(result) {
    try { sessionStorage.setItem(KEY, JSON.stringify(this.list)); } catch { /* private windows may forbid it: pins last until reload */ }
    this.changed();
    return result;
  }

  /** Show the pins in `place`: each opens at a click; with `order`, they can be moved too. */
  async show(place, open, order, pixelArt) {
    if (!place) return;
    const stands = this.showing(place);
    await this.paintMissing();
    if (!stands()) return;
    place.replaceChildren(...this.list.map((recipe, i) => this.tile(recipe, i, open, order, pixelArt)));
    if (!this.list.length) place.append(note(order ? this.words.film_few : this.words.pins_none));
  }

  /** A wish to show them in this place. */
  showing(place) {
    if (!this.shows.has(place.id)) this.shows.set(place.id, new NewestWins());
    return this.shows.get(place.id).make();
  }

  async paintMissing() {
    const missing = this.list.filter((recipe) => !this.images.has(text(recipe)));
    const source = (recipe) => `${recipe.model}@${recipe.revision ?? ""}`;
    for (const one of new Set(missing.map(source))) {
      const some = missing.filter((recipe) => source(recipe) === one);
      try {
        (await this.server.pictures(some, this.small())).forEach((image, i) => this.images.set(text(some[i]), image));
      } catch { /* its model is not open now: the pin stays, without a picture */ }
    }
  }

  tile(recipe, i, open, order, pixelArt) {
    const box = document.createElement("div");
    box.className = "pin";
    const picture = button(say(this.words.pin_open, { n: i + 1 }), "tile", () => open(recipe));
    picture.append(document.createElement("canvas"));
    const image = this.images.get(text(recipe));
    if (image) putTile(picture.firstChild, image, pixelArt);
    const tools = document.createElement("div");
    tools.className = "pin-tools";
    if (order) tools.append(button(say(this.words.pin_earlier, { n: i + 1 }), "mini", () => this.move(i, -1), "‹"));
    tools.append(button(say(this.words.pin_remove, { n: i + 1 }), "mini", () => this.remove(i), "×"));
    if (order) tools.append(button(say(this.words.pin_later, { n: i + 1 }), "mini", () => this.move(i, 1), "›"));
    box.append(picture, tools);
    return box;
  }
}

function button(name, kind, act, sign = "") {
  const made = document.createElement("button");
  made.type = "button";
  made.className = kind;
  made.setAttribute("aria-label", name);
  made.title = name;
  made.textContent = sign;
  made.onclick = act;
  return made;
}

function note(words) {
  const line = document.createElement("p");
  line.className = "quiet";
  line.textContent = words;
  return line;
}

function read() {
  try {
    const list = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(list) ? list.filter((recipe) => recipe?.model).slice(0, schema.most_keyframes).map(tidy) : [];
  } catch { return []; }
}
