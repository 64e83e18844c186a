// The Explore tab: what a person moves changes the recipe; the picture follows at once, the small pictures when it rests.

import { Around } from "./around.js";
import { Atlas } from "./atlas.js";
import { BasePairs } from "./base_pairs.js";
import { ContactSheet } from "./contact_sheet.js";
import { Drag } from "./drag.js";
import { Expert } from "./expert.js";
import { Layers } from "./layers.js";
import { Mix } from "./mix.js";
import { Own } from "./own.js";
import { emptied, History, query, seedsOf, text, tidy } from "../shared/recipe.js";
import { knob } from "../shared/schema.js";
import { byId, canDrop, canvasIn, canvasOf, fillSlider, isFilling, make, movedTo, nameParts, openTab, paint, putTile, say, sync, there, uncover, update } from "../shared/page.js";
import { keep, kept as keptIn } from "../shared/kept.js";
import { Newest, NewestWins } from "../shared/newest.js";
import { most, small } from "../shared/server.js";
import { Present } from "./present.js";
import { isText, nameTiles, showWord, texts } from "./reading.js";
import { Hearing, isSound } from "../shared/hearing.js";
import { Sounding } from "./sounding.js";
import { Relatives } from "./relatives.js";
import { Seed } from "./seed.js";
import { Seek } from "./seek.js";
import { Strips } from "./strips.js";
import { Trained } from "./trained.js";

/** @typedef {import("../shared/alert.js").Alert} Alert */
/** @typedef {import("../shared/pins.js").Pins} Pins */
/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/trail.js").Trail} Trail */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */
/** @typedef {import("../shared/types.js").Model} Model */
/** Where the history leads. @typedef {"undo" | "redo"} Way */
/** A part of Explore that has controls of its own. @typedef {{ modelChanged: () => void, fill: () => void, moved: (id: string) => boolean }} Panel */

const STEPS = "gan-studio-steps";        // what a reload finds of undo and redo
const FEW_STRIPS = 40;                   // pictures in one request that all film strips of a model need
const NOTE = 5000;                       // milliseconds that a short word stays
const REST = 140;                        // milliseconds without a change before the small pictures follow

/** What stays when everything else goes back to where it was.
 * @param {Recipe} given */
const kept = ({ revision, seed, label, w }) => ({ revision, seed, label, w: w ?? null });

export class Explore {
  /** The picture on the screen, and of what it is.
   * @type {ImageData | null} */
  image = null;
  /** @type {Recipe | null} */
  shown = null;
  frames = 0;
  noted = 0;
  wishes = new NewestWins();
  /** Of these, the models that are chosen in the picker. */
  chosen = new NewestWins();
  /** What models are called, by their ids.
   * @type {Map<string, string>} */
  titles = new Map();
  /** Of the models that the app has.
   * @type {string[]} */
  known = [];
  /** Whether the address belongs to another tab.
   * @type {unknown} */
  away = null;
  /** What the pickers show.
   * @type {string | null} */
  pickers = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  resting;
  /** In use: there from `start` on.
   * @type {Model} */
  model = /** @type {any} */ (null);
  /** @type {History} */
  history = /** @type {any} */ (null);

  /** @param {Server} server
   * @param {Words} words
   * @param {Alert} alert
   * @param {Pins} pins
   * @param {Trail} trail */
  constructor(server, words, alert, pins, trail) {
    this.server = server;
    server.browser.changed = () => this.showPainter();
    this.words = words;
    this.alert = alert;
    this.pins = pins;
    this.trail = trail;
    this.seed = new Seed(this);
    this.around = new Around(this);
    this.sheet = new ContactSheet(this);
    this.expert = new Expert(this);
    this.trained = new Trained(this);
    this.mix = new Mix(this);
    this.layers = new Layers(this);
    this.own = new Own(this);
    this.relatives = new Relatives(this);
    this.drag = new Drag(this);
    this.basePairs = new BasePairs(this);
    /** @type {Panel[]} */
    this.panels = [this.expert, this.trained, this.mix, this.layers, this.own, this.relatives, this.drag, this.basePairs];
    this.atlas = new Atlas(this, () => openTab("film"));
    this.present = new Present(this);
    this.seek = new Seek(this);
    this.hearing = new Hearing();
    this.sounding = new Sounding(this);
    this.strips = new Strips(this, () => this.tracks());
    /** @type {Newest<Recipe>} */
    this.painter = new Newest((recipe) => this.paintNow(recipe).finally(uncover), (error) => alert.show(error, "paint"));
    /** @type {Newest<null>} */
    this.rest = new Newest(() => this.paintSmall(), (error) => alert.show(error, "paint"));
    /** @type {Newest<null>} */
    this.mapped = new Newest(() => this.atlas.rest(), (error) => alert.show(error, "paint"));
  }

  /** How the small pictures of this model are asked for. */
  get small() { return small(this.model); }

  /** What the whole contact sheet is of, null while some of it is missing. */
  get sheetKey() { return this.sheet.key; }

  get recipe() { return this.history.recipe; }

  /** Begin with a model and a recipe of it.
   * @param {Model} model
   * @param {Recipe} recipe */
  start(model, recipe) {
    this.model = model;
    this.history = new History({ ...recipe, revision: model.revision });
    this.history.takeUp(keptIn("sessionStorage", STEPS));
    this.modelChanged();
    this.present.begin();
    this.changed();
  }

  /** The recipe that a model opens with.
   * @param {Model} model
   * @returns {Recipe} */
  opening(model) {
    /** @type {Recipe} */
    const recipe = { model: model.id, seed: model.seed, psi: model.psi };
    if (model.revision) recipe.revision = model.revision;
    if (model.classes.length) recipe.label = 0;
    return recipe;
  }

  /** Likewise of a model that has to be asked for, with that model.
   * @param {string} id
   * @returns {Promise<[Recipe, Model]>} */
  async openingOf(id) {
    const model = await this.fetchModel({ model: id });
    return [this.opening(model), model];
  }

  /** A person has changed something; `commit` makes it a step of its own at once.
   * @param {Partial<Recipe>} patch
   * @param {boolean} [commit] */
  edit(patch, commit = true) {
    this.alert.clear("deed");
    this.history.edit(patch);
    if (commit) this.history.commit();
    this.changed(commit);
  }

  /** Go to another picture, of this model or of another one; `way` is "undo" or "redo" where so many steps of it lead there.
   * @param {Recipe} recipe
   * @param {Way | null} [way]
   * @param {number} [steps]
   * @returns {Promise<boolean>} */
  async go(recipe, way = null, steps = 1) {
    if (!this.isOf(recipe)) return this.goTo(async () => [recipe, null], way, steps);
    this.wishes.make();
    return this.arriveAt(recipe, this.model, way, steps);
  }

  /** Whether a recipe is of the model in use, at the same moment of its training.
   * @param {Recipe} given */
  isOf({ model, revision }) { return model === this.model.id && (revision ?? null) === (this.model.revision ?? null); }

  /** Go to the picture that `find` gives, [its recipe, its model or null], which may take a while: whatever is wished for meanwhile
      overtakes it. Whether it was gone to.
   * @param {() => Promise<[Recipe, Model | null]>} find
   * @param {Way | null} [way]
   * @param {number} [steps] */
  async goTo(find, way = null, steps = 1) {
    const found = await this.wishes.grant(async () => {
      const [recipe, model] = await find();
      return /** @type {const} */ ([recipe, model ?? (this.isOf(recipe) ? this.model : await this.fetchModel(recipe))]);
    });
    return found !== null && this.arriveAt(...found, way, steps);
  }

  /** Show it. Where the history leads elsewhere by now, since something was moved meanwhile, that stands.
   * @param {Recipe} recipe
   * @param {Model} model
   * @param {Way | null} way
   * @param {number} steps */
  arriveAt(recipe, model, way, steps) {
    if (way && this.history.reach(way, recipe) !== steps) return false;
    this.alert.clear("deed");
    if (way) for (let i = 0; i < steps; i++) this.history[way]();
    this.arrive(model, recipe);
    if (!way) this.history.commit();
    this.changed(true, way && "undo");
    return true;
  }

  /** The recipe on the screen is now this one of this model; links may leave out a model's revision.
   * @param {Model} model
   * @param {Recipe} recipe */
  arrive(model, recipe) {
    const other = model !== this.model;
    this.model = model;
    this.history.recipe = tidy({ ...recipe, revision: model.revision });
    if (other) this.modelChanged();
  }

  /** @param {{ model: string, revision?: string | null }} recipe
   * @returns {Promise<Model>} */
  fetchModel(recipe) {
    return this.server.get(`studio/model?id=${encodeURIComponent(recipe.model)}&rev=${encodeURIComponent(recipe.revision ?? "")}`);
  }

  modelChanged() {
    this.titles.set(this.model.id, this.model.title);
    sync("sync-model");
    sync("sync-directions");
    byId("tabs")?.setAttribute("data-makes", this.model.makes);
    byId("tabs")?.style.setProperty("--tile-shape", isText(this.model) ? `${this.model.width} / ${this.model.height}` : "1");
    byId("tabs")?.setAttribute("data-directions", String(this.model.directions));      // the sliders' own classes are Gradio's, set anew by it
    this.showCard();
    this.sheet.begin();
    this.pins.use(this.model.id);
    for (const panel of this.panels) panel.modelChanged();
    this.atlas.modelChanged();
    this.present.modelChanged();
    this.sounding.modelChanged();
    this.strips.hide();
    this.strips.listen();
  }

  /** The recipe is another one: show it in the controls, paint it, remember it in the address.
   * @param {boolean} [settled]
   * @param {string | null} [by] */
  changed(settled = true, by = null) {
    this.strips.stop();
    this.fillControls();
    this.painter.want(this.recipe);
    if (settled) this.remember(by);
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest.want(null), REST);
  }

  /** Keep what a reload needs, and make a step for the browser's Back; `by` is what it was made with: see `Trail`.
   * @param {string | null} [by] */
  remember(by = null) {
    this.trail.to({ recipe: this.recipe }, this.away ? null : query(this.recipe), by);      // the address may belong to another tab
    keep("sessionStorage", STEPS, this.history.steps);
  }

  fillControls() {
    nameParts();
    const r = this.recipe;
    this.seed.fill();
    fillSlider("psi", r.psi ?? 1);
    for (let i = 0; i < this.model.directions; i++) fillSlider(`d${i}`, r.directions?.[i] ?? 0);
    const pickers = `${r.label}|${r.noise}|${this.model.id}`;
    if (pickers !== this.pickers) { this.pickers = pickers; sync("sync-pickers"); }
    for (const panel of this.panels) panel.fill();
    this.strips.mark();
    this.enableTools();
  }

  enableTools() {
    const moved = text(this.recipe) !== this.history.mark;
    this.enable("do-undo", moved || this.history.past.length > 0);
    this.enable("do-redo", !moved && this.history.future.length > 0);
  }

  /** @param {string} id
   * @param {boolean} on */
  enable(id, on) {
    const button = byId(id);
    if (button instanceof HTMLButtonElement) button.disabled = !on;
  }

  /** @param {Recipe} recipe */
  async paintNow(recipe) {
    const [[image], [word = ""], sound] = await Promise.all([this.server.pictures([recipe]), texts(this.server, this.model, [recipe]), this.sounding.of(recipe)]);
    this.image = image;
    this.show();
    this.shown = recipe;
    this.frames++;
    this.alert.clear("paint");
    this.showPainter();
    const alt = say(this.words.picture_alt, { title: this.model.title, seed: recipe.seed ?? 0 });
    byId("picture")?.setAttribute("aria-label", word ? `${word} · ${alt}` : alt);
    showWord(word);
    this.sounding.show(sound);
  }

  /** Put the picture on the screen once more, after its tab was away or the window has another size. */
  show() { if (this.image) paint(canvasOf("picture"), this.image, this.model.pixel_art); }

  /** Let this browser paint the model, where it can; what comes until its network is here is the app's. Who is in another tab needs none. */
  bringNetwork() { if (!this.away) this.server.browser.use(this.model, this.recipe); }

  /** Film strips, neighbours, the ends of the directions where there are no strips, and the contact sheet where something that it shows has changed; the rest is given
      up as soon as the recipe is another one, which comes to rest in its turn. */
  async paintSmall() {
    const recipe = this.recipe, around = this.around, wanted = () => this.recipe === recipe;
    await this.painter.done;      // the picture itself comes first
    if (!wanted()) return;
    this.bringNetwork();
    if (performance.now() > this.noted) there("caption").textContent = this.hint();
    await this.expert.read();
    const atOnce = most(this.model) >= FEW_STRIPS, strips = () => this.strips.paint(recipe, wanted);      // of larger models what is nearby comes first
    const painted = (!atOnce || await strips()) && await around.paintClasses(recipe, wanted) && await around.paintNearby(recipe, wanted);
    if (painted && (atOnce || await strips()) && (this.strips.on || await around.paintEnds(recipe, wanted))) {
      if (!await this.basePairs.paint(wanted)) return;
      await this.sheet.paint();
      await this.mix.paint();
      this.mapped.want(null);      // a map may take its time: small pictures do not wait for it
    }
  }

  /** What may be dropped here. */
  hint() {
    if (!canDrop()) return this.words.open_hint;
    return isText(this.model) ? this.words.drop_hint_words : isSound(this.model) ? this.words.drop_hint_sounds : this.words.drop_hint;
  }

  /** Show the picture of each recipe in a place; where they are words, what they read becomes part of their names.
   * @param {Recipe[]} recipes
   * @param {string} place
   * @param {() => boolean} wanted
   * @param {(image: ImageData, i: number) => void} show
   * @param {number} [from] the first of its tiles */
  async each(recipes, place, wanted, show, from = 0) {
    const all = await this.server.each(recipes, this.small, wanted, show);
    const words = all ? await texts(this.server, this.model, recipes) : [];
    if (wanted()) nameTiles([...there(place).children].slice(from), words);
    return all;
  }

  /** These small pictures are of what was there before, until others take their place.
   * @param {Iterable<Element>} tiles */
  fade(tiles) { for (const tile of tiles) tile.classList.add("old"); }

  /** @param {HTMLElement | null | undefined} tile
   * @param {ImageData} image
   * @param {string} name
   * @param {() => unknown} act */
  showTile(tile, image, name, act) {
    if (!tile) return;
    putTile(canvasIn(tile), image, this.model.pixel_art);
    tile.classList.remove("old");
    tile.setAttribute("aria-label", name);
    tile.title = name;
    tile.onclick = () => Promise.resolve(act()).then(() => this.inSight()).catch((error) => this.alert.show(error));
  }

  /** Whoever has chosen a small picture sees the large one. */
  inSight() { byId("stage")?.scrollIntoView({ block: "nearest" }); }

  /** The sliders that have film strips.
   * @returns {import("./strips.js").Track[]} */
  tracks() {
    const { low, high } = knob("recipe", "directions");
    /** @type {import("./strips.js").Track[]} */
    const found = Array.from({ length: this.model.directions }, (_, i) => ({
      id: `d${i}`, name: this.directionName(i), low: low ?? 0, high: high ?? 0,
      at: (recipe) => recipe.directions?.[i] ?? 0,
      moved: (recipe, value) => this.withDirection(recipe, i, value),
    }));
    return [...found, ...this.own.tracks()];
  }

  /** @param {Recipe} recipe
   * @param {number} index
   * @param {number} value */
  withDirection(recipe, index, value) {
    const directions = Array.from({ length: this.model.directions }, (_, i) => recipe.directions?.[i] ?? 0);
    directions[index] = value;
    return tidy({ ...recipe, directions });
  }

  showCard() {
    const m = this.model, card = byId("card");
    if (!card) return;
    const facts = [m.data && say(this.words.made_of, { data: m.data }), say(this.words.licence, { licence: m.licence || this.words.not_said })];
    /** @param {string} textContent */
    const line = (textContent) => make("div", { textContent });
    card.replaceChildren(line(m.summary), make("details", {}, make("summary", { textContent: `${m.makes === "picture" ? `${m.width} × ${m.height}, ` : ""}${m.family}, ${m.megabytes} MB` }),
                                               ...facts.filter(Boolean).map(line)), make("span", { id: "painted-by" }));
    this.showPainter();
  }

  /** Who paints: this browser, or the app. */
  showPainter() {
    const place = byId("painted-by"), { here, ms } = this.server.browser.by(this.recipe);
    if (place) place.textContent = say(here ? this.words.painted_here : this.words.painted_there, { ms: ms === null ? "?" : Math.max(1, Math.round(ms)) });
    if (place) place.hidden = ms === null;
  }

  /** A short word on what has just been done; it gives way to the general hint after a while.
   * @param {string} words */
  note(words) {
    this.noted = performance.now() + NOTE;
    there("caption").textContent = words;
  }

  // What a person does

  /** An input event of a native control. Returns whether it was one of ours.
   * @param {string} id
   * @returns {boolean} */
  moved(id) {
    if (isFilling()) return true;
    if (this.seed.moved(id)) return true;
    if (id === "psi") { this.edit({ psi: movedTo("psi") }, false); return true; }
    const [, index] = /^d(\d+)$/.exec(id) ?? [];
    if (index === undefined) return this.panels.some((panel) => panel.moved(id));
    this.strips.hand = id;
    this.edit({ directions: this.withDirection(this.recipe, Number(index), movedTo(id)).directions ?? [] }, false);
    return true;
  }

  /** The end of a drag, a key, or leaving a number box, of the control with this id.
   * @param {string} id */
  settled(id) {
    if (isFilling() || !this.history) return;
    if (this.history.commit()) { this.remember(id); this.enableTools(); }
  }

  /** What was moved since the last step was not meant. */
  takeBack() {
    if (text(this.recipe) === this.history.mark) return;
    this.history.recipe = JSON.parse(this.history.mark);
    this.changed();
  }

  /** The tab is in front again: a run may have come further meanwhile. */
  async enter() {
    this.sounding.enter();
    this.remember();
    this.show();
    this.bringNetwork();
    if (!this.model.run) return;
    const model = await this.fetchModel(this.recipe).catch(() => null);      // deleted: the picture stays until something is moved
    if (model && model.id === this.model.id) { this.model = { ...model, revision: this.recipe.revision }; this.trained.showTime(); }
  }

  /** Another tab is in front. */
  leave() { this.sounding.leave(); }

  /** @param {string} label */
  chooseClass(label) { this.pickers = null; this.edit({ label: label === "" ? null : Number(label) }); }
  /** @param {string} noise */
  chooseNoise(noise) { this.edit({ noise, noise_seed: noise === "random" ? seedsOf(text(this.recipe), 1)[0] : 0 }); }
  /** @param {string} id */
  chooseModel(id) {
    return this.orStay(async () => {
      const { chosen } = this, stands = chosen.make();
      if (!await this.goTo(() => this.openingOf(id)) && stands()) sync("sync-model");      // something else is wanted by now: the picker says of what
    });
  }
  reset() { this.edit({ ...emptied("model", "revision", "seed", "label"), ...this.opening(this.model), ...kept(this.recipe) }); }

  sheetMore() { return this.sheet.more(); }
  sheetBack() { return this.sheet.back(); }
  sheetPng() { return this.sheet.take("png"); }
  sheetZip() { return this.sheet.take("zip"); }
  undo() { return this.travel("undo"); }
  redo() { return this.travel("redo"); }

  /** Undo and redo may lead back to another model; where that is gone, they lead nowhere.
   * @param {Way} way */
  async travel(way) {
    const to = this.history.peek(way);
    if (to) await this.orStay(() => this.go(to, way));
  }

  /** The browser's Back or Forward leads to this picture: by our own undo or redo where that leads there, too.
   * @param {Recipe} recipe */
  async returnTo(recipe) {
    if (text(recipe) === text(this.recipe)) return;
    const back = this.history.reach("undo", recipe), on = back ? 0 : this.history.reach("redo", recipe);
    await this.orStay(() => this.go(recipe, back ? "undo" : on ? "redo" : null, back || on));
  }

  /** Do it, or say why not and leave everything as it was.
   * @param {() => Promise<unknown>} act */
  async orStay(act) {
    try { await act(); } catch (error) {
      sync("sync-model");
      this.changed();
      this.alert.show(error);
    }
  }

  // What Gradio's pickers show

  pickerUpdates() {
    const { classes, noise } = this.model;
    const choices = [[this.words.class_any, ""], ...classes.map((name, i) => [name, String(i)])];
    const label = this.recipe.label;
    return [update({ choices, value: label === undefined || label === null ? "" : String(label), visible: classes.length > 0 }),
            update({ value: this.recipe.noise ?? "const", visible: noise })];
  }

  /** What a model's own maker calls a direction, or its number.
   * @param {number} index */
  directionName(index) { return this.model.direction_names[index] || this.words[`direction_${index + 1}`]; }

  directionUpdates() {
    return Array.from({ length: knob("recipe", "directions").most }, (_, i) => update({ label: this.directionName(i), value: this.recipe.directions?.[i] ?? 0 }));
  }

  modelUpdate() {
    const known = new Set([...this.known, this.model.id]);
    /** @param {string} id */
    const name = (id) => ([undefined, id].includes(this.titles.get(id)) || !/^(upload-|\d{8}-)/.test(id) ? id : `${this.titles.get(id)} · ${id}`);
    return update({ choices: [...known].map((id) => [name(id), id]), value: this.model.id });
  }
}
