// Sliders of a person's own: made of pins that have something and pins that lack it, named, kept, and taken along in links and files.

import { byId, canvasIn, make, movedTo, putTile, say, there } from "../shared/page.js";
import { NewestWins } from "../shared/newest.js";
import { text, tidy } from "../shared/recipe.js";
import { knob } from "../shared/schema.js";
import { showValue, slider } from "../shared/slider.js";
import { saveFile } from "../shared/take.js";

/** @typedef {import("./explore.js").Explore} Explore */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */
/** What a person made: its name, and what it does (gan/store/own_sliders.py). `kept` where it will be there again.
 * @typedef {{ name: string, move: string, kept?: boolean }} OwnSlider */
/** @typedef {"with" | "without"} Side */

const KEY = "gan-studio-own:";
const LONGEST = 40;                  // characters of a name
const ENOUGH = 3;                    // pictures on either side

export class Own {
  /** Those of the model in use.
   * @type {OwnSlider[]} */
  list = [];
  /** Whether the app keeps them, or this browser does.
   * @type {boolean} */
  here = false;
  /** Which pins have it and which lack it, by their texts.
   * @type {Map<string, Side>} */
  marks = new Map();
  models = new NewestWins();
  pictures = new NewestWins();

  /** @param {Explore} explore */
  constructor(explore) {
    this.explore = explore;
    this.words = explore.words;
  }

  // Which there are

  modelChanged() {
    if (!byId("own-body")) return;
    this.build();
    this.list = [];
    this.marks.clear();
    this.show();
    this.pinsChanged();
    this.fetch().catch((error) => this.explore.alert.show(error));
  }

  async fetch() {
    const { model, server } = this.explore;
    const told = await this.models.grant(() => server.get(`studio/own/sliders?id=${encodeURIComponent(model.id)}`));
    if (!told) return;
    this.here = told.here;
    const found = told.here ? told.sliders : inBrowser(model.id);
    this.list = found.map((/** @type {OwnSlider} */ one) => ({ ...one, kept: true }));
    this.show();
  }

  /** Remember those that are kept: with the model on this computer, in this browser where others use the studio, too. */
  async keep() {
    const { model, server } = this.explore, sliders = this.list.filter((one) => one.kept).map(({ name, move }) => ({ name, move }));
    this.show();
    if (this.here) await server.ask("own/keep", { id: model.id, sliders });
    else try { localStorage.setItem(KEY + model.id, JSON.stringify(sliders)); } catch { /* private windows may forbid it: until the page is left */ }
  }

  // On the page

  build() {
    const body = there("own-body");
    if (body.childElementCount) return;
    const { words } = this;
    const name = make("input", { id: "own-name", type: "text", maxLength: LONGEST, placeholder: words.own_name, ariaLabel: words.own_name });
    const go = make("button", { type: "button", className: "act main", id: "own-go", textContent: words.own_go });
    go.onclick = () => this.safely(() => this.makeOne());
    name.onkeydown = (event) => { if (event.key === "Enter" && !go.disabled) go.click(); };
    const file = make("input", { type: "file", id: "own-file", accept: ".json,application/json", hidden: true });
    file.onchange = () => { const [one] = file.files ?? []; file.value = ""; if (one) this.safely(() => this.read(one)); };
    const open = make("button", { type: "button", className: "act", id: "own-open", textContent: words.own_open, onclick: () => file.click() });
    const save = make("button", { type: "button", className: "act", id: "own-save", textContent: words.own_save, onclick: () => this.save() });
    body.append(
      make("div", { className: "own-head" }, make("b", { textContent: words.own })), make("div", { id: "own-list" }),
      make("details", { id: "own-make" }, make("summary", { textContent: words.own_make }), make("p", { className: "quiet", textContent: words.own_info }),
           make("div", { id: "own-pins" }), make("p", { id: "own-count", className: "quiet", role: "status" }), make("div", { className: "acts" }, name, go)),
      make("div", { className: "acts" }, open, save, file));
    there("own-make").addEventListener("toggle", () => this.pinsChanged());
  }

  /** The sliders, as many as there are. */
  show() {
    const place = byId("own-list");
    if (!place) return;
    place.replaceChildren(...this.list.map((one, i) => this.row(one, i)));
    there("own-save", HTMLButtonElement).disabled = !this.list.length;
    this.fill();
    this.explore.strips.mark();
  }

  /** @param {OwnSlider} one
   * @param {number} i */
  row(one, i) {
    const { words } = this, { low, high, step } = knob("recipe", "directions");
    const name = make("input", { type: "text", className: "own-called", value: one.name, maxLength: LONGEST, title: words.own_rename, ariaLabel: words.own_rename });
    name.onchange = () => this.safely(() => this.rename(one, name));
    name.onkeydown = (event) => { if (event.key === "Enter") name.blur(); };
    const remove = make("button", { type: "button", className: "mini", textContent: "×", title: say(words.own_remove, { name: one.name }), ariaLabel: say(words.own_remove, { name: one.name }) });
    remove.onclick = () => this.safely(() => this.remove(one));
    const keep = make("button", { type: "button", className: "act", textContent: words.own_keep, hidden: Boolean(one.kept) });
    keep.onclick = () => this.safely(() => { one.kept = true; return this.keep(); });
    return make("div", { className: "own-slider" }, make("div", { className: "own-line" }, name, keep, remove),
                slider(`own${i}`, "", { min: low ?? 0, max: high ?? 0, step: step ?? 0.05 }, one.name),
                make("div", { className: "film-strip", id: `strip-own${i}`, role: "group" }));
  }

  /** Where they stand in the recipe; a slider that came with a link or a file is there from now on. */
  fill() {
    if (!byId("own-list")) return;
    const strangers = parts(this.explore.recipe).filter(({ move }) => !this.list.some((one) => one.move === move));
    if (strangers.length) {
      this.list.push(...strangers.map(({ name, move }) => ({ name, move })));
      return this.show();
    }
    this.list.forEach(({ move }, i) => showValue(`own${i}`, amountIn(this.explore.recipe, move)));
  }

  /** A person has moved a control. Returns whether it was one of these.
   * @param {string} id */
  moved(id) {
    const [, i] = /^own(\d+)$/.exec(id) ?? [], one = this.list[Number(i)];
    if (i === undefined || !one) return false;
    this.explore.strips.hand = id;
    this.move(one, movedTo(id), false);
    return true;
  }

  /** @param {OwnSlider} one
   * @param {number} amount
   * @param {boolean} [commit] */
  move(one, amount, commit = true) { this.explore.edit({ own: withOwn(this.explore.recipe, one, amount).own ?? [] }, commit); }

  /** @returns {import("./strips.js").Track[]} */
  tracks() {
    const { low, high } = knob("recipe", "directions");
    return this.list.map((one, i) => ({
      id: `own${i}`, name: one.name, low: low ?? 0, high: high ?? 0,
      at: (recipe) => amountIn(recipe, one.move), moved: (recipe, value) => withOwn(recipe, one, value),
    }));
  }

  // Made of pins

  pinsChanged() {
    if (byId("own-make")?.hasAttribute("open")) this.safely(() => this.paintPins());
  }

  async paintPins() {
    const { explore } = this, pins = explore.pins.of(explore.model);
    if (!await this.pictures.grant(async () => { await explore.pins.paintMissing(); return true; })) return;
    const place = there("own-pins");
    place.replaceChildren(...pins.map((pin, i) => this.pin(pin, i)));
    if (!pins.length) place.append(make("p", { className: "quiet", textContent: this.words.own_none }));
    this.count();
  }

  /** A pin, and the buttons that say on which side it is.
   * @param {Recipe} pin
   * @param {number} i */
  pin(pin, i) {
    const tile = make("div", { className: "tile" }, document.createElement("canvas")), image = this.explore.pins.images.get(text(pin));
    if (image) putTile(canvasIn(tile), image, this.explore.model.pixel_art);
    const { words } = this, n = i + 1;
    const buttons = /** @type {[Side, string, string][]} */ ([["with", "+", say(words.own_with, { n })], ["without", "−", say(words.own_without, { n })]]).map(([side, sign, title]) => {
      const button = make("button", { type: "button", className: `side ${side}`, textContent: sign, title, ariaLabel: title });
      button.onclick = () => { this.mark(pin, side); show(); };
      return button;
    });
    const show = () => buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.classList.contains(this.marks.get(text(pin)) ?? ""))));
    show();
    return make("div", { className: "pin" }, tile, make("div", { className: "pin-tools" }, ...buttons));
  }

  /** @param {Recipe} pin
   * @param {Side} side */
  mark(pin, side) {
    const key = text(pin);
    if (this.marks.get(key) === side) this.marks.delete(key);
    else this.marks.set(key, side);
    this.count();
  }

  /** The pins on a side.
   * @param {Side} side */
  on(side) { return this.explore.pins.of(this.explore.model).filter((pin) => this.marks.get(text(pin)) === side); }

  count() {
    const having = this.on("with").length, lacking = this.on("without").length;
    there("own-count").textContent = [say(this.words.own_count, { having, lacking }), Math.min(having, lacking) < ENOUGH ? this.words.own_more : ""].filter(Boolean).join(" ");
    there("own-go", HTMLButtonElement).disabled = !having || !lacking;
  }

  async makeOne() {
    const { explore } = this, box = there("own-name", HTMLInputElement), name = plain(box.value) || say(this.words.own_nameless, { n: this.list.length + 1 });
    const { slider: made } = await explore.server.ask("own/make", { having: this.on("with"), lacking: this.on("without"), name });
    box.value = "";
    this.list = [...this.list.filter((one) => one.move !== made.move), { ...made, kept: true }];
    await this.keep();
    explore.changed();
    byId(`own${this.list.length - 1}`)?.querySelector("input")?.focus();
  }

  // Afterwards

  /** @param {OwnSlider} one
   * @param {HTMLInputElement} box */
  async rename(one, box) {
    const name = plain(box.value);
    if (!name || name === one.name) { box.value = one.name; return; }
    const amount = amountIn(this.explore.recipe, one.move);
    one.name = name;
    if (amount) this.move(one, amount);
    if (one.kept) await this.keep();
    else this.show();
  }

  /** @param {OwnSlider} one */
  async remove(one) {
    this.list = this.list.filter((other) => other !== one);
    this.move(one, 0);
    await this.keep();
  }

  /** All of them as a small file. */
  save() {
    const { id } = this.explore.model, sliders = this.list.map(({ name, move }) => ({ name, move }));
    const data = new Blob([JSON.stringify({ gan_studio_sliders: 1, model: id, sliders }, null, 1)], { type: "application/json" });
    saveFile(data, `sliders-${id.replaceAll("/", "-")}.json`);
  }

  /** Those of a file come to those that are there.
   * @param {File} file */
  async read(file) {
    const { model, server } = this.explore;
    const answer = await server.sendFile(`own/file?id=${encodeURIComponent(model.id)}&rev=${encodeURIComponent(model.revision ?? "")}`, file);
    const { sliders } = await answer.json(), fresh = sliders.filter((/** @type {OwnSlider} */ { move }) => !this.list.some((one) => one.move === move && one.kept));
    this.list = [...this.list.filter(({ move }) => !fresh.some((/** @type {OwnSlider} */ one) => one.move === move)), ...fresh.map((/** @type {OwnSlider} */ one) => ({ ...one, kept: true }))];
    await this.keep();
    this.explore.changed();
  }

  /** @param {() => unknown} work */
  safely(work) { return Promise.resolve().then(work).catch((error) => this.explore.alert.show(error)); }
}

/** What a person typed, as a slider may be called.
 * @param {string} typed */
export const plain = (typed) => typed.replace(/[~,\s]+/g, " ").trim().slice(0, LONGEST).trim();

/** The sliders in a recipe, and how far they are moved.
 * @param {Recipe} recipe
 * @returns {{ name: string, move: string, amount: number }[]} */
export function parts(recipe) {
  return (recipe.own ?? []).map((/** @type {string} */ one) => {
    const [name, move, amount] = one.split("~");
    return { name, move, amount: Number(amount) };
  });
}

/** How far a recipe is moved along a slider.
 * @param {Recipe} recipe
 * @param {string} move */
export const amountIn = (recipe, move) => parts(recipe).find((one) => one.move === move)?.amount ?? 0;

/** A recipe that is moved so far along a slider, and along the others as before: sorted by what they do, as the app has them.
 * @param {Recipe} recipe
 * @param {OwnSlider} one
 * @param {number} amount
 * @returns {Recipe} */
export function withOwn(recipe, { name, move }, amount) {
  const others = parts(recipe).filter((other) => other.move !== move), all = amount ? [...others, { name, move, amount }] : others;
  all.sort((a, b) => (a.move < b.move ? -1 : 1));
  return tidy({ ...recipe, own: all.map((each) => `${each.name}~${each.move}~${each.amount}`) });
}

/** What this browser has kept for a model.
 * @param {string} id
 * @returns {OwnSlider[]} */
function inBrowser(id) {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY + id) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one?.name === "string" && typeof one?.move === "string").map(({ name, move }) => ({ name: plain(name), move })) : [];
  } catch { return []; }
}
