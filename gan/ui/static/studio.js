// The page's own scripts: they begin here. Gradio's buttons call the functions of window.studio by name (ui/parts.py).

import { EVENTS } from "./events.js";
import { Explore } from "./explore/explore.js";
import { Files } from "./shared/files.js";
import { Film } from "./interpolate/film.js";
import { Learn } from "./learn/learn.js";
import { Models } from "./models/models.js";
import { afterChanges, byId, elementOf, inputIn, nameDialogs, nameParts, openTab, sync, there, uncover } from "./shared/page.js";
import { Glossary } from "./shared/glossary.js";
import { Numbers, Typing } from "./shared/numbers.js";
import { Pins } from "./shared/pins.js";
import { fromAddress, namesAModel, query } from "./shared/recipe.js";
import { Alert } from "./shared/alert.js";
import { learn } from "./shared/schema.js";
import { Server } from "./shared/server.js";
import { Trail } from "./shared/trail.js";
import { Train } from "./train/train.js";

/** @typedef {import("./shared/types.js").Model} Model */
/** @typedef {import("./shared/types.js").Card} Card */
/** @typedef {import("./shared/types.js").Words} Words */
/** @typedef {import("./shared/recipe.js").Recipe} Recipe */
/** @typedef {"explore" | "film" | "train" | "models" | "learn"} Tab */

/** As links name them: ?tab=models. @type {Tab[]} */
const TABS = ["explore", "film", "train", "models", "learn"];
/** Tabs with addresses of their own. @type {Tab[]} */
const AWAY = ["train", "learn"];

/** What is there once `begin` has gone through. @template T @returns {T} */
const notYet = () => /** @type {any} */ (null);

export class Studio {
  alert = new Alert();
  trail = new Trail();
  files = new Files(this);
  booted = false;
  ready = false;
  /** The last tab that was entered before all was here, if another one than Explore was: there Gradio begins by itself.
   * @type {Tab | null} */
  early = null;
  /** The link of a picture whose model is not open here, and that model.
   * @type {string | null} */
  wanted = null;
  /** @type {string | null} */
  offered = null;
  /** @type {Words} */
  words = notYet();
  /** @type {Server} */
  server = notYet();
  /** @type {Pins} */
  pins = notYet();
  /** @type {Explore} */
  explore = notYet();
  /** @type {Film} */
  film = notYet();
  /** @type {Train} */
  train = notYet();
  /** @type {Models} */
  models = notYet();
  /** @type {Learn} */
  learn = notYet();

  /** Do what an event of a component asks for: see events.js. What goes wrong is said; Gradio would swallow it.
   * @param {keyof typeof EVENTS} name
   * @param {any[]} values */
  run(name, ...values) {
    if (!this.models && name !== "enter") return;      // nothing is here yet
    /** @type {(studio: Studio, ...values: any[]) => unknown} */
    const event = EVENTS[name];
    try {
      const result = event(this, ...values);
      return result instanceof Promise ? result.catch((error) => this.alert.show(error)) : result;
    } catch (error) { this.alert.show(error); }
  }

  async boot() {
    if (this.booted) return;
    this.booted = true;
    try { await this.begin(); } catch (error) { this.booted = false; uncover(); this.alert.show(error); }
  }

  async begin() {
    /** @param {string} name */
    const table = (name) => fetch(`studio/${name}.json?lang=${navigator.language}`).then((answer) => answer.json());
    const [told, words] = await Promise.all([table("schema"), table("words")]);
    learn(told);
    this.words = words;
    this.offerLanguages();
    this.offerSkip();
    const server = this.server = new Server(words);
    this.pins = new Pins(server, words, () => this.pinsChanged(), () => this.explore.small);
    this.explore = new Explore(server, words, this.alert, this.pins, this.trail);
    this.film = new Film(server, words, this.alert, this.pins, this.explore);
    this.train = new Train(server, words, this.alert, this.pins, this.explore, this.trail);
    this.models = new Models(server, words, this.alert, this);
    const glossary = new Glossary(words);
    this.learn = new Learn(server, words, this.alert, this.trail, glossary);
    const asked = new URLSearchParams(location.search), run = asked.get("run"), lesson = this.learn.wanted = asked.get("lesson");
    const named = TABS.find((name) => name === asked.get("tab")) ?? this.trail.place?.tab ?? "explore";      // a reload comes back to its tab
    const tab = run ? "train" : lesson ? "learn" : named;
    this.train.asked = { example: asked.get("example"), start: asked.get("start") };
    this.explore.away = AWAY.includes(tab);
    const [model, recipe] = await this.opening();
    this.trail.begin({ tab, run, lesson });
    this.known((await server.ask("library/list")).cards);
    this.explore.start(model, recipe);
    this.pinsChanged();
    this.listen();
    glossary.listen();
    afterChanges(() => { glossary.place(); nameDialogs(words); });
    if (run) this.train.wish(run);
    this.ready = true;
    if (this.offered) this.models.source = this.offered;
    const front = this.early ?? "explore", wished = this.offered ? "models" : this.early ?? tab;
    if (wished !== front) openTab(wished);
    else if (this.early) return this.enter(wished);
  }

  /** The first thing that the Tab key reaches leads past pictures and pins, to what one can set in the tab in front. */
  offerSkip() {
    const link = there("skip");
    link.textContent = this.words.skip;
    link.onclick = (event) => {
      event.preventDefault();
      const panel = [...document.querySelectorAll("[role=tabpanel]")].find((one) => one.checkVisibility());
      const first = inputIn("psi", "range")?.checkVisibility() ? inputIn("psi", "range") : panel?.querySelector("input:not([type=file]), select, textarea, button");
      if (first instanceof HTMLElement) first.focus();
    };
  }

  /** The picker in the header: the page comes again in the language that is chosen, and so does every later one. */
  offerLanguages() {
    const picker = there("language", HTMLSelectElement);
    picker.setAttribute("aria-label", this.words.language);
    picker.value = document.documentElement.lang = navigator.language;      // Gradio says that it is English where it does not know the language
    picker.onchange = () => {
      document.cookie = `gan-studio-language=${picker.value}; path=/; max-age=31536000; samesite=lax`;
      const address = new URL(location.href);
      if (address.searchParams.has("lang")) address.searchParams.set("lang", picker.value);      // where cookies are forbidden it is all there is
      history.replaceState(history.state, "", address);
      location.reload();
    };
  }

  /** Back or Forward of the browser leads here.
   * @param {import("./shared/trail.js").Place | null} place */
  async returnTo(place) {
    if (!place) return;      // not one of ours: Gradio's settings, or another page's anchor
    const { tab, recipe, run, lesson } = place, there = await this.trail.follow(() => {
      if (tab === "train") this.train.wish(run ?? null);
      if (tab === "learn") this.learn.wish(lesson ?? null);
      openTab(tab);
      return recipe && !AWAY.includes(tab) && this.explore.returnTo(recipe);
    });
    if (there) this.explore.remember();      // where something else was wished for on the way, that is a step
  }

  /** One tab is in front: the others rest.
   * @param {Tab} tab */
  enter(tab) {
    nameParts();
    if (!this.ready && (this.early || tab !== "explore")) this.early = tab;
    if (!this.train) return;      // the words are not here yet
    if (!this.ready && tab !== "train" && tab !== "learn") return;
    if (tab !== "explore") this.explore.leave();
    if (tab !== "film") this.film.leave();
    if (tab !== "train") this.train.leave();
    if (tab !== "learn") this.learn.leave();
    if (tab !== "models") this.models.leave();
    this.explore.away = AWAY.includes(tab);
    if (tab !== "explore") uncover();
    const recipe = this.explore.history?.recipe, run = tab === "train" ? this.train.run.id : null;
    if (tab !== "learn") this.trail.to({ tab, run, recipe }, this.explore.away ? null : query(recipe));      // learn knows its lesson later
    if (tab === "explore") return this.explore.enter();
    if (tab === "film") this.film.enter();
    if (tab === "models") return this.models.enter();
    if (tab === "train") return this.train.enter();
    if (tab === "learn") return this.learn.enter();
  }

  /** The picture in the address, or the first model's first picture.
   * @returns {Promise<[Model, Recipe]>} */
  async opening() {
    const first = await this.server.get("studio/model");
    const { recipe: seen } = this.trail.place ?? {}, link = fromAddress(location.search) || (seen && query(seen));
    if (!link) return [first, this.explore.opening(first)];
    try {
      const recipe = await this.readLink(link), model = await this.explore.fetchModel(recipe);
      return [model, namesAModel([...new URLSearchParams(link).keys()]) ? this.explore.opening(model) : recipe];
    } catch (error) {
      const id = new URLSearchParams(link).get("model") ?? "";
      if (id.includes("/")) this.offerToLoad(id, new URLSearchParams(link).get("rev"), link);
      else this.alert.show(error);
      return [first, this.explore.opening(first)];
    }
  }

  /** The picture of a link. What cannot be read of it is said, the rest holds.
   * @param {string} link
   * @returns {Promise<Recipe>} */
  async readLink(link) {
    const { left_out: wrong, ...recipe } = await this.server.get(`studio/recipe?${link}`);
    if (wrong) this.alert.say([...wrong, this.words.link_rest].join(" "));
    return recipe;
  }

  /** A link to a model on the Hub fetches nothing by itself: a person looks at it in Models, and uses it.
   * @param {string} id
   * @param {string | null} revision
   * @param {string} link */
  offerToLoad(id, revision, link) {
    this.wanted = link;
    this.offered = revision ? `${id}@${revision}` : id;
    this.alert.say(this.words.hub_link.replace("{id}", id));
  }

  moreModels() { openTab("models"); }

  listen() {
    /** @param {Element | null} it */
    const id = (it) => it?.closest(".live, #seed")?.id;
    /** @param {Element | null} it */
    const moved = (it) => { const name = id(it); if (name) this.explore.moved(name) || this.film.moved(name); };
    /** @param {Element | null} it */
    const settled = (it) => { const name = id(it); if (name) this.explore.settled(name); };
    new Numbers(this.words, this.alert, () => this.explore.takeBack()).listen();      // before all others
    new Typing(moved, settled, (box) => { settled(box); this.explore.fillControls(); }).listen();
    document.addEventListener("input", (event) => {
      const it = elementOf(event);
      if (!it?.matches("input[type=number]")) moved(it);
    }, true);
    document.addEventListener("change", (event) => setTimeout(() => settled(elementOf(event))), true);
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("keydown", closeList, true);
    this.files.listen();
    this.pins.listen();
    window.addEventListener("popstate", () => this.safely(() => this.returnTo(this.trail.place)));
    window.addEventListener("resize", () => { this.explore.show(); this.film.show(this.film.at); });
  }

  /** Ctrl-Z and Ctrl-Y where the picture is in front, unless a text is being written.
   * @param {KeyboardEvent} event */
  key(event) {
    if (!(event.ctrlKey || event.metaKey) || !there("picture").checkVisibility() || elementOf(event)?.closest("textarea, input:not([type=range], [type=radio], [type=checkbox])")) return;
    const key = event.key.toLowerCase();
    if (key === "z" && !event.shiftKey) { event.preventDefault(); this.run("undo"); }
    if (key === "y" || (key === "z" && event.shiftKey)) { event.preventDefault(); this.run("redo"); }
  }

  pin() {
    const added = this.pins.add([this.explore.recipe]);
    this.explore.note(added ? this.words.pinned : this.pins.full ? this.words.pins_full : this.words.pinned_already);
  }

  pinsChanged() {
    this.pins.show(byId("pins"), (recipe) => this.safely(() => this.explore.go(recipe)), false, this.explore.model?.pixel_art);
    this.explore.mix.pinsChanged();
    this.explore.own.pinsChanged();
    this.film.pinsChanged();
  }

  save() {
    const link = document.createElement("a");
    link.href = `studio/picture.png?${query(this.explore.recipe)}`;
    link.download = "";
    link.click();
  }

  copy() {
    return this.safely(async () => {
      this.explore.remember();
      try { await navigator.clipboard.writeText(location.href); this.explore.note(this.words.copied); }
      catch { this.explore.note(this.words.copy_failed); }
    });
  }

  /** A model has come in. What is explored meanwhile stays on the screen.
   * @param {Model} told */
  opened(told) { this.train.opened.set(told.id, told); }

  /** What the app has: Explore lists it by name.
   * @param {Card[]} cards */
  known(cards) {
    this.explore.known = cards.map((card) => card.id);
    for (const card of cards) this.explore.titles.set(card.id, card.title);
    if (this.explore.model) sync("sync-model");
  }

  /** Another tab, with a model: its first picture, a film through a few of its pictures, or a run that starts from it.
   * @param {string} id
   * @param {"explore" | "film" | "train"} tab */
  async goWith(id, tab) {
    if (tab === "train") this.train.startFrom(id);
    else if (this.explore.model.id !== id && !await this.explore.goTo(() => this.wish(id))) return;      // something else is wanted by now
    openTab(tab);
    if (tab === "film" && !this.film.plan()) this.film.addRandom();
  }

  /** A model was taken off the list: no run can start from it, and where it was the one in use, the first one is.
   * @param {string} id */
  async gone(id) {
    this.train.opened.delete(id);
    if (this.explore.model.id === id) await this.explore.chooseModel(this.explore.known[0]);
  }

  /** The picture to open a model with: that of the link which asked for the model, if there was one.
   * @param {string} id
   * @returns {Promise<[Recipe, Model]>} */
  async wish(id) {
    const link = this.wanted, [opening, model] = await this.explore.openingOf(id);
    this.wanted = null;
    const told = new URLSearchParams(link ?? "");
    if (!link || told.get("model") !== id || namesAModel([...told.keys()])) return [opening, model];
    try { return [{ ...await this.readLink(link), revision: model.revision }, model]; }
    catch { return [opening, model]; }      // the link was no recipe: the model opens as it would without it
  }

  /** @param {() => Promise<unknown>} work */
  async safely(work) {
    try { return await work(); } catch (error) { this.alert.show(error); }
  }
}

/** Whoever leaves a list with Tab is done with it; Gradio opens it on every key but Escape, and so it hears of that one instead.
 * @param {KeyboardEvent} event */
function closeList(event) {
  const box = elementOf(event);
  if (event.key !== "Tab" || !box?.matches("[role=combobox][aria-expanded=true]")) return;
  event.stopImmediatePropagation();
  box.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
}

const studio = new Studio();
window.studio = studio;
if (window.studioReady) studio.boot();
