// Two pictures in one: a second one for the picture on the screen, and a grid of what the pins make with each other.

import { byId, inputIn, make, movedTo, putTile, say, there, tiles } from "../shared/page.js";
import { Children, MUTATION } from "./children.js";
import { NewestWins } from "../shared/newest.js";
import { seedsOf, styleOf, text, tidy } from "../shared/recipe.js";
import { lastSeed, range } from "../shared/schema.js";
import { mounted, showValue, slider } from "../shared/slider.js";

const COLOURS = [0, 1];                             // the second picture's colours, none of its shapes
const MOST = 5;                                     // pins along each edge of the grid

/** @typedef {import("./explore.js").Explore} Explore */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */

/** @param {string} className
 * @param {string} words */
const line = (className, words) => make("p", { className, textContent: words });

/** @param {string} id
 * @param {string} words */
function figure(id, words) {
  const canvas = make("canvas", { id, width: 1, height: 1, role: "img" });
  canvas.setAttribute("aria-label", words);
  return make("figure", {}, canvas, make("figcaption", { className: "quiet", textContent: words }));
}

export class Mix {
  open = false;
  /** What it is mixed with.
   * @type {Recipe | null} */
  second = null;
  /** Whose pictures they are.
   * @type {string | null} */
  model = null;
  /** What the pair and the grid are of.
   * @type {string | null} */
  pairKey = null;
  /** @type {string | null} */
  gridKey = null;
  pairs = new NewestWins();
  grids = new NewestWins();

  /** @param {Explore} explore */
  constructor(explore) {
    this.explore = explore;
    this.words = explore.words;
    this.children = new Children(explore);
  }

  modelChanged() {
    const { id, layers } = this.explore.model;
    byId("mix-panel")?.classList.toggle("gone", layers < 2);
    if (id !== this.model) this.second = null;      // not for another moment of the same run
    this.model = id;
    this.pairKey = this.gridKey = null;
    this.pinsChanged();
  }

  async openMix() {
    this.open = true;
    await mounted("mix-body");
    if (!byId("mix-coarse")) this.build();
    this.fill();
    this.pinsChanged();
    await this.paint();
  }

  closeMix() { this.open = false; }

  build() {
    const words = this.words;
    there("mix-body").replaceChildren(
      line("quiet", words.mix_info),
      make("div", { className: "mix-pair" }, figure("mix-first", words.mix_first), make("span", { textContent: "+" }),
           figure("mix-second", words.mix_second),
           make("div", { className: "mix-amounts" }, slider("mix-coarse", words.mix_coarse, range("recipe", "mix")), slider("mix-fine", words.mix_fine, range("recipe", "mix")))),
      line("layer-head", words.mix_choose), this.ways(), make("div", { id: "mix-pins", className: "tiles small" }),
      ...this.children.markup(), line("layer-head", words.mix_grid), make("p", { id: "mix-grid-info", className: "quiet" }),
      make("div", { id: "mix-grid", className: "mix-grid" }));
  }

  /** The ways to a second picture beside the pins. */
  ways() {
    /** @param {string} id
     * @param {string} words
     * @param {() => unknown} onclick */
    const act = (id, words, onclick) => make("button", { type: "button", className: "act", id, textContent: words, onclick });
    const seed = make("input", { type: "number", id: "mix-seed", min: 0, max: lastSeed(), step: 1 });
    seed.onchange = () => this.chooseSeed(seed.valueAsNumber);
    return make("div", { className: "mix-ways" }, act("mix-before", this.words.mix_before, () => this.choose(this.before())),
                act("mix-random", this.words.dice, () => this.chooseSeed(seedsOf(text(this.explore.recipe), 1)[0] % 1000000)),
                make("label", { className: "quiet", textContent: this.words.seed }, seed));
  }

  get mix() { return this.explore.recipe.mix ?? [0, 0]; }

  fill() {
    this.second = this.explore.recipe.style ?? this.second;
    if (!this.open || !byId("mix-coarse")) return;
    ["mix-coarse", "mix-fine"].forEach((id, i) => {
      showValue(id, this.mix[i], `${Math.round(100 * this.mix[i])} %`);
      const input = inputIn(id);
      if (input) input.disabled = !this.second;
    });
    const seed = there("mix-seed", HTMLInputElement);
    if (seed !== document.activeElement) seed.value = this.second ? String(this.second.seed ?? 0) : "";
    there("mix-before", HTMLButtonElement).disabled = !this.before();
    this.markChosen();
  }

  /** The pin that is the second picture. */
  markChosen() {
    const second = this.second && text(this.second), pins = this.pins();
    [...there("mix-pins").children].forEach((tile, i) => {
      const chosen = pins[i] !== undefined && text(styleOf(pins[i])) === second;
      tile.classList.toggle("chosen", chosen);
      tile.setAttribute("aria-pressed", String(chosen));
    });
  }

  /** A person has moved a control. Returns whether it was one of these.
   * @param {string} id */
  moved(id) {
    if (id !== "mix-coarse" && id !== "mix-fine") return false;
    this.explore.edit({ style: this.second, mix: [movedTo("mix-coarse"), movedTo("mix-fine")] }, false);
    return true;
  }

  /** Mix with this picture: as much of it as of the one before, or its colours.
   * @param {Recipe | undefined} recipe */
  choose(recipe) {
    if (!recipe) return;
    this.second = styleOf(recipe);
    this.explore.edit({ style: this.second, mix: this.mix.some(Boolean) ? this.mix : COLOURS });
  }

  /** The picture of a seed under the same truncation and class.
   * @param {number} seed */
  chooseSeed(seed) {
    const { psi, label } = this.explore.recipe;
    if (Number.isInteger(seed) && seed >= 0 && seed <= lastSeed()) this.choose({ model: this.explore.model.id, seed, psi, label });
    else this.fill();
  }

  /** The last picture of this model that was another one, not just this one moved. */
  before() {
    const { recipe, model, history } = this.explore, own = this.whose(recipe);
    return history.past.map((one) => /** @type {Recipe} */ (JSON.parse(one))).findLast((one) => one.model === model.id && this.whose(one) !== own);
  }

  /** @param {Recipe} given */
  whose({ seed, w, walk, label }) { return JSON.stringify([seed ?? 0, w ?? null, walk ?? [], label ?? null]); }

  /** The pins that can be mixed: of this model, and no mixes themselves. */
  pins() { return this.explore.pins.of(this.explore.model).filter((pin) => !pin.style); }

  pinsChanged() { this.again(); }

  again() {
    if (this.open) this.paint().catch((error) => this.explore.alert.show(error, "paint"));
  }

  /** Paint the two pictures, the pins to choose from and the grid, where something that they show has changed. */
  async paint() {
    if (!this.open || !byId("mix-pins") || this.explore.model.layers < 2) return;
    try {
      await this.paintPair();
      await this.paintPins();
      const { recipe } = this.explore, walk = recipe.style ? (recipe.walk ?? []).filter(([, step]) => step !== MUTATION) : recipe.walk;
      await this.children.paint(tidy({ ...recipe, mix: [], walk }), this.second, () => this.explore.recipe === recipe);
    } catch (error) {
      this.pairKey = this.gridKey = null;      // to be painted when the app answers again
      throw error;
    }
  }

  async paintPair() {
    const { recipe, model, server } = this.explore, { model: id, revision } = recipe;
    const first = tidy({ ...recipe, mix: [] }), both = [first, ...(this.second ? [/** @type {Recipe} */ ({ ...this.second, model: id, revision })] : [])];
    const key = both.map(text).join();
    if (key === this.pairKey) return;
    this.pairKey = key;
    const images = await this.pairs.grant(() => server.pictures(both, this.explore.small));
    if (!images) return;
    putTile(there("mix-first", HTMLCanvasElement), images[0], model.pixel_art);
    there("mix-second").classList.toggle("none", !this.second);
    if (images[1]) putTile(there("mix-second", HTMLCanvasElement), images[1], model.pixel_art);
  }

  async paintPins() {
    const pins = this.pins(), key = [this.explore.model.id, this.explore.model.revision, ...pins.map(text)].join();
    if (key === this.gridKey) return;
    this.gridKey = key;
    const edge = pins.slice(0, MOST), cells = edge.length < 2 ? [] : edge.flatMap((row) => edge.map((column) => this.cell(row, column)));
    const images = await this.grids.grant(() => this.explore.server.pictures([...pins, ...cells], this.explore.small));
    if (!images) return;
    tiles(byId("mix-pins"), pins.length).forEach((tile, i) => {
      this.explore.showTile(tile, images[i], say(this.words.mix_pin, { n: i + 1 }), () => this.choose(pins[i]));
    });
    this.markChosen();
    there("mix-grid-info").textContent = cells.length ? this.words.mix_grid_info : this.words.mix_grid_few;
    this.showGrid(edge, cells, images, images.slice(pins.length));
  }

  /** @param {Recipe} row
   * @param {Recipe} column
   * @returns {Recipe} */
  cell(row, column) { return row === column ? row : tidy({ ...row, style: column, mix: COLOURS }); }

  /** The pins along the upper and the left edge, and what each row makes with each column.
   * @param {Recipe[]} edge
   * @param {Recipe[]} cells
   * @param {ImageData[]} own
   * @param {ImageData[]} mixed */
  showGrid(edge, cells, own, mixed) {
    const place = there("mix-grid"), n = edge.length, side = n + 1;
    place.style.gridTemplateColumns = `repeat(${side}, minmax(0, 1fr))`;
    tiles(place, cells.length ? side * side : 0).forEach((tile, at) => {
      const row = Math.floor(at / side) - 1, column = at % side - 1, i = row * n + column;
      tile.classList.toggle("edge", row < 0 || column < 0);
      tile.style.visibility = at ? "" : "hidden";      // the corner holds nothing
      if (row >= 0 && column >= 0) {
        this.explore.showTile(tile, mixed[i], say(this.words.mix_cell, { row: row + 1, column: column + 1 }), () => this.explore.go(cells[i]));
      } else if (at) {
        const pin = Math.max(row, column);
        this.explore.showTile(tile, own[pin], say(this.words.pin_open, { n: pin + 1 }), () => this.explore.go(edge[pin]));
      }
    });
  }
}
