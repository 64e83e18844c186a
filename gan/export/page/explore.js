// The settings of a picture, and the picture that follows them.

import { Film } from "./film.js";
import { blank } from "./latents.js";
import { anySeed, Enlarged, make, ofSeed, put, say, seed, seedBeside, slider, tile } from "./parts.js";
import { ownMoves, withMove } from "./own.js";
import { query, read } from "./recipe.js";

/** @typedef {import("./model.js").About} About */
/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {import("./painter.js").Painter} Painter */
/** @typedef {import("./painter.js").Wish} Wish */

const MOST_TILES = 64, SLIDER_END = 3, LARGE = 512;      // pixels of the picture as it is shown and saved
const ADDRESS = 400;      // milliseconds until the address bar follows

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class Explore {
  /** Which language is spoken.
   * @type {import("./model.js").Texts} */
  texts;
  /** Small pictures: what each shows beside the recipe.
   * @type {{ canvas: HTMLCanvasElement, of: () => Recipe }[]} */
  tiles = [];
  /** What shows the recipe's values.
   * @type {(() => void)[]} */
  showing = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  second = anySeed();
  /** The second picture of a link, where it has settings of its own; until another one is chosen.
   * @type {Recipe | null} */
  partner = null;
  /** Sliders of somebody's own that came with a link: they stay while the page is open.
   * @type {import("./own.js").OwnMove[]} */
  mine = [];

  /** @param {About} about
   * @param {Painter} painter */
  constructor(about, painter) {
    this.about = about;
    this.painter = painter;
    this.texts = Object.values(about.texts)[0];
    /** @type {Recipe} */
    this.usual = { ...blank(), psi: about.psi, seed: about.seed, label: about.num_classes ? 0 : null };
    this.recipe = this.usual;
    this.limits = { ...about, directions: about.direction_layers.length };
    this.film = new Film(this);
    this.canvas = /** @type {HTMLCanvasElement} */ (byId("picture"));
    this.large = new Enlarged(this.canvas, about.image_shape, LARGE, about.pixel_art);
  }

  get words() { return this.texts.words; }

  /** Build the page in a language, at the picture of a link.
   * @param {string} tag
   * @param {string} link */
  show(tag, link) {
    this.texts = this.about.texts[tag];
    document.documentElement.lang = tag;
    this.recipe = read(link, this.limits, this.usual);
    this.meet(this.recipe.style);
    this.mine.push(...ownMoves(this.recipe.own).filter(({ move }) => !this.mine.some((one) => one.move === move)));
    this.film.read(new URLSearchParams(link));
    const { words, texts } = this;
    document.title = texts.title;
    byId("title").textContent = texts.title;
    byId("summary").textContent = texts.summary;
    byId("skip").textContent = words.skip;
    byId("language").setAttribute("aria-label", words.language);
    byId("told").textContent = this.painter.ready ? "" : words.loading;
    this.tiles = [];
    this.showing = [];
    byId("tools").replaceChildren(...this.tools());
    const panels = [this.seed(), this.classes(), this.truncation(), this.directions(), this.mix(), this.film.panel()].filter((one) => one !== null);
    panels.forEach((panel) => panel.addEventListener("toggle", () => this.smaller()));
    byId("settings").replaceChildren(...panels);
    const told = [say(words.licence, { licence: texts.licence || "?" }), texts.data && say(words.made_of, { data: texts.data }), texts.origin, words.here, words.made_with];
    byId("about").replaceChildren(...told.filter(Boolean).map((textContent) => make("p", { className: "quiet", textContent })));
    this.changed();
  }

  tools() {
    const { words } = this;
    /** @param {string} textContent
     * @param {() => unknown} onclick */
    const button = (textContent, onclick, className = "act") => make("button", { type: "button", className, textContent, onclick });
    return [button(words.dice, () => this.edit(ofSeed(anySeed())), "act main"), button(words.copy, () => this.copy()), button(words.save, () => this.save()),
            button(words.reset, () => { this.film.rest(); this.edit(this.usual); })];
  }

  seed() {
    const { words } = this, made = seed(words.seed, (value) => this.edit(ofSeed(value)), [[words.previous, (value) => seedBeside(value, -1)], [words.next, (value) => seedBeside(value, 1)]], words.seed_info);
    this.showing.push(() => made.set(this.recipe.seed));
    return make("div", { className: "panel" }, made.box);
  }

  /** This picture in every class; a list where they are too many to paint. */
  classes() {
    const { words } = this, { classes } = this.texts;
    if (!classes.length) return null;
    const panel = make("div", { className: "panel" }, make("h2", { textContent: words.class }));
    if (classes.length > MOST_TILES) {
      const select = make("select", { className: "field", onchange: () => this.edit({ label: Number(select.value) }) }, ...classes.map((textContent, i) => make("option", { value: String(i), textContent })));
      select.setAttribute("aria-label", words.class);
      this.showing.push(() => { select.value = String(this.recipe.label ?? 0); });
      panel.append(select);
      return panel;
    }
    const tiles = classes.map((name, label) => {
      const { button, canvas } = tile(say(words.one_class, { name }), () => this.edit({ label }));
      this.tiles.push({ canvas, of: () => this.withClass({ ...this.recipe, label }) });
      this.showing.push(() => button.setAttribute("aria-pressed", String(this.recipe.label === label)));
      return button;
    });
    panel.append(make("div", { className: "tiles" }, ...tiles));
    return panel;
  }

  truncation() {
    const { words } = this, made = slider(words.psi, { min: -1, max: 2, step: 0.01 }, (psi) => this.edit({ psi }), words.psi_info);
    this.showing.push(() => made.set(this.recipe.psi));
    return make("div", { className: "panel" }, made.box);
  }

  /** A slider for each direction, those of a link's maker last. */
  directions() {
    const { words } = this, count = this.limits.directions;
    /** @param {number} i
     * @param {number} value */
    const amounts = (i, value) => Array.from({ length: count }, (_, other) => (other === i ? value : this.recipe.directions[other] ?? 0));
    const rows = Array.from({ length: count }, (_, i) => this.direction(
      this.texts.directions[i] || say(words.direction, { n: i + 1 }), () => this.recipe.directions[i] ?? 0, (value) => ({ directions: amounts(i, value) })));
    rows.push(...this.mine.map((one) => this.direction(
      one.name, () => ownMoves(this.recipe.own).find(({ move }) => move === one.move)?.amount ?? 0, (amount) => ({ own: withMove(this.recipe.own, { ...one, amount }) }))));
    if (!rows.length) return null;
    return make("div", { className: "panel" }, make("h2", { textContent: words.directions }), make("p", { className: "quiet", textContent: words.directions_info }), ...rows);
  }

  /** One slider, and at its ends where it leads.
   * @param {string} name
   * @param {() => number} here
   * @param {(value: number) => Partial<Recipe>} moved */
  direction(name, here, moved) {
    const { words } = this, made = slider(name, { min: -SLIDER_END, max: SLIDER_END, step: 0.05 }, (value) => this.edit(moved(value)));
    this.showing.push(() => made.set(here()));
    const [low, high] = [-SLIDER_END, SLIDER_END].map((end) => {
      const { button, canvas } = tile(say(words.end, { name, value: end }), () => this.edit(moved(end)));
      this.tiles.push({ canvas, of: () => ({ ...this.recipe, ...moved(end) }) });
      return button;
    });
    return make("div", { className: "direction" }, low, made.box, high);
  }

  /** Another picture's shapes and colours in this one, where the model has layers to mix. */
  mix() {
    const { words } = this;
    if (this.about.num_ws < 2) return null;
    const other = seed(words.second, (value) => { this.second = value; this.partner = null; this.mixed(this.amounts()); }, [[words.dice, anySeed]]);
    const amount = ["mix_coarse", "mix_fine"].map((key, i) => slider(words[key], { min: 0, max: 1, step: 0.01 }, (value) => this.mixed(this.amounts().map((one, at) => (at === i ? value : one)))));
    const [own, their] = [words.mix_first, words.mix_second].map((ariaLabel) => make("canvas", { width: 1, height: 1, role: "img", ariaLabel }));
    this.tiles.push({ canvas: own, of: () => ({ ...this.recipe, style: null, mix: [] }) }, { canvas: their, of: () => ({ ...this.styleOf(), directions: [] }) });
    this.showing.push(() => { other.set(this.second); amount.forEach((one, i) => one.set(this.amounts()[i])); });
    return make("details", { className: "panel", open: Boolean(this.recipe.style) }, make("summary", { textContent: words.mix }), make("p", { className: "quiet", textContent: words.mix_info }),
                make("div", { className: "mix-pair" }, own, "+", their, other.box), ...amount.map(({ box }) => box));
  }

  amounts() { return this.recipe.mix.length ? this.recipe.mix : [0, 0]; }

  /** The second picture: its own seed, in this one's class and truncation, or all that a link says of it.
   * @returns {Recipe} */
  styleOf() { return this.partner ?? { ...blank(), seed: this.second, psi: this.recipe.psi, cutoff: this.recipe.cutoff, label: this.recipe.label }; }

  /** The second picture that came with a link.
   * @param {Recipe | null} style */
  meet(style) {
    this.partner = null;
    if (!style) return;
    this.second = style.seed;
    if (query(style) !== query(this.styleOf())) this.partner = style;
  }

  /** @param {number[]} mix */
  mixed(mix) { this.edit(mix.some(Boolean) ? { style: this.styleOf(), mix } : { style: null, mix: [] }); }

  /** A recipe whose second picture is of the same class.
   * @param {Recipe} recipe
   * @returns {Recipe} */
  withClass(recipe) { return recipe.style && !this.partner ? { ...recipe, style: { ...recipe.style, label: recipe.label } } : recipe; }

  /** @param {Partial<Recipe>} patch */
  edit(patch) {
    this.recipe = { ...this.recipe, ...patch };
    if (this.recipe.style && ("label" in patch || "psi" in patch)) this.recipe.style = this.styleOf();
    this.changed();
  }

  changed() {
    this.showing.forEach((one) => one());
    this.paint();
    this.smaller();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => history.replaceState(null, "", `${location.pathname}${this.link()}`), ADDRESS);
  }

  /** Paint the small pictures that are in sight. */
  smaller() {
    /** @type {Wish[]} */
    const wishes = this.tiles.filter(({ canvas }) => !(canvas.closest("details")?.open === false))
      .map(({ canvas, of }) => ({ job: { recipe: of() }, put: (pixels) => put(canvas, pixels, this.about.image_shape) }));
    this.painter.later(wishes);
  }

  paint() {
    const { seed } = this.recipe;
    this.painter.picture({ recipe: this.recipe, ...this.film.job() }, (pixels) => {
      this.large.put(pixels);
      this.canvas.setAttribute("aria-label", say(this.words.picture_alt, { title: this.texts.title, seed }));
      if (byId("told").textContent === this.words.loading) byId("told").textContent = "";
    });
  }

  /** The query of the link to what is shown. */
  link() {
    const text = [query(this.recipe), this.film.link()].filter(Boolean).join("&");
    return text && `?${text}`;
  }

  async copy() {
    const link = `${location.origin}${location.pathname}${this.link()}`;
    history.replaceState(null, "", link);
    try { await navigator.clipboard.writeText(link); this.tell(this.words.copied); } catch { this.tell(this.words.copy_failed); }
  }

  /** @param {string} sentence */
  tell(sentence) {
    byId("told").textContent = sentence;
    setTimeout(() => { if (byId("told").textContent === sentence) byId("told").textContent = ""; }, 6000);
  }

  save() {
    this.canvas.toBlob((blob) => {
      if (!blob) return;
      const href = URL.createObjectURL(blob);
      make("a", { href, download: `${this.texts.title.replace(/[^\p{L}\p{N}]+/gu, "-") || "picture"}-${this.recipe.seed}.png` }).click();
      setTimeout(() => URL.revokeObjectURL(href), 1000);
    }, "image/png");
  }
}
