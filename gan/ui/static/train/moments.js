// The moments of a run: its grids, one for each, all of the same latents. Each is fetched when it is looked at, and some stay.

import { NewestWins } from "../shared/newest.js";
import { byId, say } from "../shared/page.js";

const KEPT = 80;           // grids in memory
const STRIP = 12;          // pictures of one latent through time
const PAIRS = 6;           // latents that are shown before and after
const PATIENCE = 6000;     // milliseconds that the film strip of a run that goes on may be old

export class Moments {
  constructor(words) { Object.assign(this, { words, images: new Map(), cell: 0, stripAt: 0, shows: new NewestWins(), besides: new NewestWins() }); }

  /** Another run: nothing of the one before is left. */
  open(id) {
    this.shows.make();
    this.besides.make();
    Object.assign(this, { id, steps: [], images: new Map(), cell: 0, follow: true, at: 0, stripKey: "", shown: null, sides: [0, null] });
    for (const place of ["grid", "beside-a", "beside-b"]) clear(byId(place));
    for (const place of ["before-after", "through"]) byId(place)?.replaceChildren();
  }

  listen() {
    if (this.listening || !byId("moment")) return;
    this.listening = true;
    byId("live").textContent = this.words.live;
    byId("moment").setAttribute("aria-label", this.words.moment);
    byId("moment").addEventListener("input", (event) => this.go(event.target.valueAsNumber));
    byId("live").addEventListener("click", () => { this.follow = true; this.show(); });
    byId("grid").addEventListener("click", (event) => this.clicked(event));
    byId("grid").addEventListener("keydown", (event) => this.key(event));
    ["a", "b"].forEach((side, i) => {
      byId(`beside-${side}-moment`).addEventListener("input", (event) => { this.sides[i] = event.target.valueAsNumber; this.showBeside(); });
    });
  }

  /** What the run has now: the steps of its grids, how many pictures are in each, and what they are of. */
  async take(view) {
    const last = this.steps.at(-1);
    this.steps = view.grids ?? [];
    if (this.steps.at(-1) < last) { this.images.clear(); this.shown = null; }      // it went back: what came after is drawn anew
    this.count = view.state.train?.grid_size ?? 36;
    this.columns = Math.ceil(Math.sqrt(this.count));
    this.cells = view.cells ?? [];
    byId("moment").max = Math.max(0, this.steps.length - 1);
    for (const side of ["a", "b"]) byId(`beside-${side}-moment`).max = Math.max(0, this.steps.length - 1);
    await this.show();
  }

  /** The step that is looked at. */
  get step() { return this.steps[this.follow ? this.steps.length - 1 : this.at]; }

  go(at) {
    this.follow = at >= this.steps.length - 1;
    this.at = at;
    return this.show();
  }

  async show() {
    if (!this.steps.length) return;
    if (this.follow) this.at = this.steps.length - 1;
    this.at = Math.min(this.at, this.steps.length - 1);
    byId("moment").value = this.at;
    byId("moment").setAttribute("aria-valuetext", say(this.words.at_step, { step: this.steps[this.at] }));
    byId("live").hidden = this.follow;
    const step = this.steps[this.at], key = `${this.id} ${step} ${this.cell}`;
    if (key === this.shown) return;
    const stands = this.shows.make(), image = await this.image(step);
    if (!image || !stands()) return;
    this.shown = key;
    this.drawGrid(image);
    byId("grid-caption").textContent = say(this.words.grid_caption, { step, cell: this.name(this.cell) });
    byId("grid").setAttribute("aria-label", byId("grid-caption").textContent);
    await this.showPairs(image, stands);
    if (stands()) await this.showStrip(stands);
    if (stands()) await this.showBeside();
  }

  drawGrid(image) {
    const canvas = byId("grid"), side = image.width / this.columns;
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.style.aspectRatio = `${image.width} / ${image.height}`;
    const context = canvas.getContext("2d");
    context.drawImage(image, 0, 0);
    context.strokeStyle = getComputedStyle(canvas).accentColor;
    context.lineWidth = Math.max(1, side / 24);
    const { x, y } = this.place(this.cell, side), edge = context.lineWidth / 2;
    context.strokeRect(x + edge, y + edge, side - 2 * edge, side - 2 * edge);
  }

  place(cell, side) { return { x: (cell % this.columns) * side, y: Math.floor(cell / this.columns) * side }; }

  /** What a cell of the grid is called: a pin, or a seed. */
  name(cell) {
    const recipe = this.cells[cell];
    return recipe?.pin ? say(this.words.cell_pin, { n: recipe.pin }) : say(this.words.sheet_one, { seed: recipe?.seed ?? cell });
  }

  clicked(event) {
    const canvas = byId("grid"), area = canvas.getBoundingClientRect(), side = area.width / this.columns;
    this.choose(Math.floor((event.clientY - area.top) / side) * this.columns + Math.floor((event.clientX - area.left) / side));
  }

  key(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: this.columns, ArrowUp: -this.columns }[event.key];
    if (!by) return;
    event.preventDefault();
    this.choose(this.cell + by);
  }

  choose(cell) {
    if (!(cell >= 0 && cell < this.count)) return;
    this.cell = cell;
    this.stripKey = "";
    this.show();
  }

  /** Some latents before the run and now, one above the other. */
  async showPairs(image, stands) {
    const first = await this.image(this.steps[0]);
    if (!first || !stands()) return;
    byId("before-title").textContent = say(this.words.before_after, { a: this.steps[0], b: this.steps[this.at] });
    const place = byId("before-after"), count = Math.min(PAIRS, this.columns);
    const tiles = this.tiles(place, 2 * count);
    place.style.gridTemplateColumns = `repeat(${count}, minmax(0, 1fr))`;
    place.style.maxWidth = `${count * 107}px`;
    tiles.forEach((tile, i) => {
      const cell = i % count;
      this.cut(tile, i < count ? first : image, cell);
      this.label(tile, `${this.name(cell)}, ${i < count ? this.words.before : this.words.after}`, () => this.choose(cell));
    });
  }

  /** The chosen latent through time. */
  async showStrip(stands) {
    byId("through-title").textContent = say(this.words.through_time, { cell: this.name(this.cell) });
    const chosen = spread(this.steps, STRIP), key = `${this.cell} ${chosen.length} ${chosen.at(-1)}`;
    const young = performance.now() - this.stripAt < PATIENCE && this.stripKey.startsWith(`${this.cell} ${chosen.length} `);
    if (key === this.stripKey || young) return;
    const images = await Promise.all(chosen.map((step) => this.image(step)));
    if (!stands()) return;
    this.stripKey = key;
    this.stripAt = performance.now();
    this.tiles(byId("through"), chosen.length).forEach((tile, i) => {
      if (images[i]) this.cut(tile, images[i], this.cell);
      this.label(tile, say(this.words.at_step, { step: chosen[i] }), () => this.go(this.steps.indexOf(chosen[i])), String(chosen[i]));
    });
  }

  /** Any two moments of the chosen latent, large. */
  async showBeside() {
    byId("beside-title").textContent = this.words.beside;
    const stands = this.besides.make(), last = this.steps.length - 1;
    for (const [i, side] of ["a", "b"].entries()) {
      const at = Math.min(this.sides[i] ?? last, last), image = await this.image(this.steps[at]);
      if (!stands()) return;
      byId(`beside-${side}-moment`).value = at;
      byId(`beside-${side}-moment`).setAttribute("aria-valuetext", say(this.words.at_step, { step: this.steps[at] }));
      byId(`beside-${side}-moment`).setAttribute("aria-label", say(this.words.moment_of, { n: i + 1 }));
      if (!image) continue;
      this.paste(byId(`beside-${side}`), image, this.cell);
      byId(`beside-${side}-words`).textContent = say(this.words.at_step, { step: this.steps[at] });
      byId(`beside-${side}`).setAttribute("aria-label", `${this.name(this.cell)}, ${byId(`beside-${side}-words`).textContent}`);
    }
  }

  tiles(place, count) {
    while (place.children.length > count) place.lastChild.remove();
    while (place.children.length < count) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "tile" });
      button.append(document.createElement("canvas"), document.createElement("span"));
      place.append(button);
    }
    return [...place.children];
  }

  cut(tile, image, cell) { this.paste(tile.firstChild, image, cell); }

  paste(canvas, image, cell) {
    const side = Math.round(image.width / this.columns), { x, y } = this.place(cell, side);
    canvas.width = canvas.height = side;
    canvas.getContext("2d").drawImage(image, x, y, side, side, 0, 0, side, side);
  }

  label(tile, name, act, sign = "") {
    tile.setAttribute("aria-label", name);
    tile.title = name;
    tile.lastChild.textContent = sign;
    tile.onclick = act;
  }

  /** The picture of a grid, or null where it cannot be had. */
  image(step) {
    if (step === undefined) return null;
    if (!this.images.has(step)) this.images.set(step, fetchImage(`studio/train/run/${this.id}/grid/${step}.webp`).catch(() => { this.images.delete(step); return null; }));
    const image = this.images.get(step);
    this.images.delete(step);
    this.images.set(step, image);      // the one used last stands at the end
    while (this.images.size > KEPT) this.images.delete(this.images.keys().next().value);
    return image;
  }
}

async function fetchImage(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(address);
  return createImageBitmap(await answer.blob());
}

function clear(canvas) { canvas?.getContext("2d").clearRect(0, 0, canvas.width, canvas.height); }

/** At most `count` of the values, evenly spread, the first and the last among them. */
function spread(values, count) {
  if (values.length <= count) return [...values];
  return Array.from({ length: count }, (_, i) => values[Math.round(i * (values.length - 1) / (count - 1))]);
}
