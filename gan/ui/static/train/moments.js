// The moments of a run: its grids, one for each, all of the same latents. Each is fetched when it is looked at, and some stay.

import { NewestWins } from "../shared/newest.js";
import { byId, canvasIn, canvasOf, make, penOf, say, there } from "../shared/page.js";

/** @typedef {import("../shared/newest.js").Stands} Stands */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/types.js").RunView} RunView */

const KEPT = 80;           // grids in memory
const STRIP = 12;          // pictures of one latent through time
const PAIRS = 6;           // latents that are shown before and after
const PATIENCE = 6000;     // milliseconds that the film strip of a run that goes on may be old

export class Moments {
  /** @type {string | null} */
  id = null;
  /** Of the grids that there are.
   * @type {number[]} */
  steps = [];
  /** @type {Map<number, Promise<ImageBitmap | null>>} */
  images = new Map();
  /** Which picture of the grids is looked at, how many there are, and what they are of. */
  cell = 0;
  count = 36;
  columns = 6;
  /** @type {RunView["cells"]} */
  cells = [];
  /** Whether the newest grid is shown; else which. */
  follow = true;
  at = 0;
  /** What the grid and the strip show.
   * @type {string | null} */
  shown = null;
  stripKey = "";
  stripAt = 0;
  /** Which grids are side by side; null: the newest.
   * @type {(number | null)[]} */
  sides = [0, null];
  shows = new NewestWins();
  besides = new NewestWins();
  listening = false;

  /** @param {Words} words */
  constructor(words) { this.words = words; }

  /** Another run: nothing of the one before is left.
   * @param {string} id */
  open(id) {
    this.shows.make();
    this.besides.make();
    Object.assign(this, { id, steps: [], images: new Map(), cell: 0, follow: true, at: 0, stripKey: "", shown: null, sides: [0, null] });
    for (const place of ["grid", "beside-a", "beside-b"]) clear(canvasOf(place));
    for (const place of ["before-after", "through"]) byId(place)?.replaceChildren();
    byId("grid")?.setAttribute("aria-label", this.words.grid_none);
  }

  listen() {
    if (this.listening || !byId("moment")) return;
    this.listening = true;
    const moment = there("moment", HTMLInputElement);
    there("live").textContent = this.words.live;
    there("moment").setAttribute("aria-label", this.words.moment);
    there("moment").addEventListener("input", () => this.go(moment.valueAsNumber));
    there("live").addEventListener("click", () => { this.follow = true; this.show(); });
    there("grid").addEventListener("click", (event) => this.clicked(event));
    there("grid").addEventListener("keydown", (event) => this.key(event));
    ["a", "b"].forEach((side, i) => {
      const slider = there(`beside-${side}-moment`, HTMLInputElement);
      slider.addEventListener("input", () => { this.sides[i] = slider.valueAsNumber; this.showBeside(); });
    });
  }

  /** What the run has now: the steps of its grids, how many pictures are in each, and what they are of.
   * @param {RunView} view */
  async take(view) {
    const last = this.steps.at(-1) ?? 0;
    this.steps = view.grids ?? [];
    if ((this.steps.at(-1) ?? 0) < last) { this.images.clear(); this.shown = null; }      // it went back: what came after is drawn anew
    this.count = view.state.train?.grid_size ?? 36;
    there("grid-words").hidden = view.makes !== "text";
    byId("train-run")?.setAttribute("data-makes", view.makes ?? "picture");
    byId("train-run")?.classList.toggle("pixels", view.pixel_art ?? false);
    this.columns = Math.ceil(Math.sqrt(this.count));
    this.cells = view.cells ?? [];
    for (const slider of ["moment", "beside-a-moment", "beside-b-moment"]) there(slider, HTMLInputElement).max = String(Math.max(0, this.steps.length - 1));
    await this.show();
  }

  /** The step that is looked at. */
  get step() { return this.steps[this.follow ? this.steps.length - 1 : this.at]; }

  /** @param {number} at */
  go(at) {
    this.follow = at >= this.steps.length - 1;
    this.at = at;
    return this.show();
  }

  async show() {
    if (!this.steps.length) return;
    if (this.follow) this.at = this.steps.length - 1;
    this.at = Math.min(this.at, this.steps.length - 1);
    there("moment", HTMLInputElement).value = String(this.at);
    there("moment").setAttribute("aria-valuetext", say(this.words.at_step, { step: this.steps[this.at] }));
    there("live").hidden = this.follow;
    const step = this.steps[this.at], key = `${this.id} ${step} ${this.cell}`;
    if (key === this.shown) return;
    const stands = this.shows.make(), [image, said] = await Promise.all([this.image(step), this.texts(step)]);
    if (!image || !stands()) return;
    this.shown = key;
    this.drawGrid(image);
    there("grid-caption").textContent = say(this.words.grid_caption, { step, cell: this.name(this.cell) });
    byId("grid")?.setAttribute("aria-label", there("grid-caption").textContent ?? "");
    there("grid-words").textContent = said.join(" · ");
    await this.showPairs(image, stands);
    if (stands()) await this.showStrip(stands);
    if (stands()) await this.showBeside();
  }

  /** What the samples of that step read, where they are words, for eyes and for screen readers; nothing where it cannot be had.
   * @param {number} step
   * @returns {Promise<string[]>} */
  async texts(step) {
    if (there("grid-words").hidden) return [];
    const answer = await fetch(`studio/train/run/${this.id}/grid/${step}.txt`).catch(() => null);
    const said = answer?.ok ? await answer.text().catch(() => "") : "";
    return said.trim().split("\n");
  }

  /** @param {ImageBitmap} image */
  drawGrid(image) {
    const canvas = there("grid", HTMLCanvasElement), { width, height } = this.cellOf(image);
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.style.aspectRatio = `${image.width} / ${image.height}`;
    const context = penOf(canvas);
    context.drawImage(image, 0, 0);
    context.strokeStyle = getComputedStyle(canvas).accentColor;
    context.lineWidth = Math.max(1, Math.min(width, height) / 24);
    const { x, y } = this.place(this.cell, width, height), edge = context.lineWidth / 2;
    context.strokeRect(x + edge, y + edge, width - 2 * edge, height - 2 * edge);
  }

  /** The size of one picture in a grid: words are wider than high.
   * @param {{ width: number, height: number }} grid */
  cellOf({ width, height }) { return { width: width / this.columns, height: height / Math.ceil(this.count / this.columns) }; }

  /** @param {number} cell
   * @param {number} width of a cell
   * @param {number} height */
  place(cell, width, height) { return { x: (cell % this.columns) * width, y: Math.floor(cell / this.columns) * height }; }

  /** What a cell of the grid is called: a pin, or a seed.
   * @param {number} cell */
  name(cell) {
    const recipe = this.cells[cell];
    return recipe?.pin ? say(this.words.cell_pin, { n: recipe.pin }) : say(this.words.sheet_one, { seed: recipe?.seed ?? cell });
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const canvas = there("grid"), area = canvas.getBoundingClientRect(), { width, height } = this.cellOf(area);
    this.choose(Math.floor((event.clientY - area.top) / height) * this.columns + Math.floor((event.clientX - area.left) / width));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    /** @type {Record<string, number>} */
    const ways = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.columns, ArrowUp: -this.columns };
    const by = ways[event.key];
    if (!by) return;
    event.preventDefault();
    this.choose(this.cell + by);
  }

  /** @param {number} cell */
  choose(cell) {
    if (!(cell >= 0 && cell < this.count)) return;
    this.cell = cell;
    this.stripKey = "";
    this.show();
  }

  /** Some latents before the run and now, one above the other.
   * @param {ImageBitmap} image
   * @param {Stands} stands */
  async showPairs(image, stands) {
    const first = await this.image(this.steps[0]);
    if (!first || !stands()) return;
    there("before-title").textContent = say(this.words.before_after, { a: this.steps[0], b: this.steps[this.at] });
    const place = there("before-after"), count = Math.min(PAIRS, this.columns);
    const tiles = this.tiles(place, 2 * count);
    place.style.gridTemplateColumns = `repeat(${count}, minmax(0, 1fr))`;
    place.style.maxWidth = `${count * 107}px`;
    tiles.forEach((tile, i) => {
      const cell = i % count;
      this.cut(tile, i < count ? first : image, cell);
      this.label(tile, `${this.name(cell)}, ${i < count ? this.words.before : this.words.after}`, () => this.choose(cell));
    });
  }

  /** The chosen latent through time.
   * @param {Stands} stands */
  async showStrip(stands) {
    there("through-title").textContent = say(this.words.through_time, { cell: this.name(this.cell) });
    const chosen = spread(this.steps, STRIP), key = `${this.cell} ${chosen.length} ${chosen.at(-1)}`;
    const young = performance.now() - this.stripAt < PATIENCE && this.stripKey.startsWith(`${this.cell} ${chosen.length} `);
    if (key === this.stripKey || young) return;
    const images = await Promise.all(chosen.map((step) => this.image(step)));
    if (!stands()) return;
    this.stripKey = key;
    this.stripAt = performance.now();
    this.tiles(there("through"), chosen.length).forEach((tile, i) => {
      const image = images[i];
      if (image) this.cut(tile, image, this.cell);
      this.label(tile, say(this.words.at_step, { step: chosen[i] }), () => this.go(this.steps.indexOf(chosen[i])), String(chosen[i]));
    });
  }

  /** Any two moments of the chosen latent, large. */
  async showBeside() {
    there("beside-title").textContent = this.words.beside;
    const stands = this.besides.make(), last = this.steps.length - 1;
    for (const [i, side] of ["a", "b"].entries()) {
      const slider = `beside-${side}-moment`;
      const at = Math.min(this.sides[i] ?? last, last), image = await this.image(this.steps[at]);
      if (!stands()) return;
      there(slider, HTMLInputElement).value = String(at);
      there(slider).setAttribute("aria-valuetext", say(this.words.at_step, { step: this.steps[at] }));
      there(slider).setAttribute("aria-label", say(this.words.moment_of, { n: i + 1 }));
      if (!image) continue;
      this.paste(there(`beside-${side}`, HTMLCanvasElement), image, this.cell);
      there(`beside-${side}-words`).textContent = say(this.words.at_step, { step: this.steps[at] });
      there(`beside-${side}`).setAttribute("aria-label", `${this.name(this.cell)}, ${there(`beside-${side}-words`).textContent}`);
    }
  }

  /** @param {HTMLElement} place
   * @param {number} count
   * @returns {HTMLButtonElement[]} */
  tiles(place, count) {
    while (place.children.length > count) place.lastChild?.remove();
    while (place.children.length < count) {
      place.append(make("button", { type: "button", className: "tile" }, document.createElement("canvas"), document.createElement("span")));
    }
    return /** @type {HTMLButtonElement[]} */ ([...place.children]);
  }

  /** @param {HTMLElement} tile
   * @param {ImageBitmap} image
   * @param {number} cell */
  cut(tile, image, cell) { this.paste(canvasIn(tile), image, cell); }

  /** @param {HTMLCanvasElement} canvas
   * @param {ImageBitmap} image
   * @param {number} cell */
  paste(canvas, image, cell) {
    const one = this.cellOf(image), width = Math.round(one.width), height = Math.round(one.height), { x, y } = this.place(cell, width, height);
    canvas.width = width;
    canvas.height = height;
    penOf(canvas).drawImage(image, x, y, width, height, 0, 0, width, height);
  }

  /** @param {HTMLElement} tile
   * @param {string} name
   * @param {() => unknown} act
   * @param {string} [sign] */
  label(tile, name, act, sign = "") {
    tile.setAttribute("aria-label", name);
    tile.title = name;
    tile.lastElementChild?.replaceChildren(sign);
    tile.onclick = act;
  }

  /** The picture of a grid, or null where it cannot be had.
   * @param {number | undefined} step
   * @returns {Promise<ImageBitmap | null>} */
  async image(step) {
    if (step === undefined) return null;
    const image = this.images.get(step) ?? fetchImage(`studio/train/run/${this.id}/grid/${step}.webp`).catch(() => { this.images.delete(step); return null; });
    this.images.delete(step);
    this.images.set(step, image);      // the one used last stands at the end
    for (const oldest of this.images.keys()) if (this.images.size > KEPT) this.images.delete(oldest);
    return image;
  }
}

/** @param {string} address */
async function fetchImage(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(address);
  return createImageBitmap(await answer.blob());
}

/** @param {HTMLCanvasElement | null} canvas */
function clear(canvas) { if (canvas) penOf(canvas).clearRect(0, 0, canvas.width, canvas.height); }

/** At most `count` of the values, evenly spread, the first and the last among them.
 * @param {number[]} values
 * @param {number} count
 * @returns {number[]} */
function spread(values, count) {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, i) => values[Math.round(i * (values.length - 1) / (count - 1))]);
}
