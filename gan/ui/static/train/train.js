// The Train tab: a list of runs, and below it either the plan of a new one or the one that is being watched.

import { NewestWins } from "../shared/newest.js";
import { byId, make, openTab, say, there } from "../shared/page.js";
import { MoreData } from "./more_data.js";
import { Pictures } from "../shared/pictures.js";
import { Plan } from "./plan.js";
import { query } from "../shared/recipe.js";
import { meanwhile, takePage } from "../shared/take.js";
import { chip, RunView } from "./run.js";

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/alert.js").Alert} Alert */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/types.js").RunState} State */
/** What its card says of a run. @typedef {Pick<State, "id" | "title" | "model" | "status" | "position" | "step" | "until">} Listed */
/** @typedef {import("../shared/types.js").Model} Model */
/** @typedef {import("../shared/types.js").Example} Example */
/** @typedef {import("../shared/pins.js").Pins} Pins */
/** @typedef {import("../explore/explore.js").Explore} Explore */

const OFTEN = 1000, SELDOM = 5000, SLOWEST = 8000;      // milliseconds between two looks
const SHARE = 20;                                        // a look may take a twentieth of the time
const SOON = 200, LARGE_SHARE = 4;                       // and a quarter of it, while somebody waits for what they clicked
const LIST = 3;                                          // every so many looks the list of runs is read, too
const SMALLEST = 32;                                     // pixels a side of what a link trains: seen soonest
const SHOWN = 12;                                        // runs in the list

export class Train {
  /** Models that this page has opened.
   * @type {Map<string, Model>} */
  opened = new Map();
  active = false;
  looks = 0;
  turns = new NewestWins();
  lists = new NewestWins();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  /** What the run was doing when it was looked at last.
   * @type {string | undefined} */
  status;
  /** Pictures that a link asks for, and what to start from, as Plan calls it. @type {{ example: string | null, start: string | null }} */
  asked = { example: null, start: null };
  /** What pictures are here.
   * @type {Example[] | undefined} */
  examples;
  /** Whether any run goes on, or waits to. */
  waiting = false;
  /** What the list of runs says. */
  listed = "";
  /** Of the page itself.
   * @type {string | null} */
  title = null;

  /** @param {Server} server
   * @param {Words} words
   * @param {Alert} alert
   * @param {Pins} pins
   * @param {Explore} explore
   * @param {import("../shared/trail.js").Trail} trail */
  constructor(server, words, alert, pins, explore, trail) {
    this.server = server;
    this.words = words;
    this.alert = alert;
    this.explore = explore;
    this.trail = trail;
    this.pictures = new Pictures(server, words, alert, () => this.plan.shape, () => this.picturesChanged(), () => this.plan.misfits);
    this.moreData = new MoreData(server, words, this.pictures);
    this.plan = new Plan(server, words, alert, this.pictures, pins);
    this.pictures.others = () => this.plan.forgetExample();
    this.run = new RunView(server, words, alert, () => this.show(null), (id) => this.show(id), () => this.again());
  }

  /** Whether a run is followed at the moment. */
  get watching() { return this.active && Boolean(this.run.id && this.run.view?.begun); }

  async enter() {
    this.active = true;
    if (!byId("train-new")) return;      // where no runs can be made
    this.explore.away = true;
    this.pictures.listen();
    try {
      await this.plan.enter([...this.opened.values()]);
      this.examples ||= /** @type {Example[]} */ ((await this.server.ask("train/examples")).examples);
      this.pictures.offer(this.examples, (example) => this.takeExample(example));
      await this.list();
      await this.prepare();
    } catch (error) { this.alert.show(error); }
    if (this.active) this.show(this.run.id);      // else another tab is in front by now
  }

  /** What the link that opened the page asks for, once: ?tab=train&example=digits&start=scratch:dcgan. */
  async prepare() {
    const { example, start } = this.asked, known = this.examples?.find(({ name }) => name === example);
    this.asked = { example: null, start: null };
    if (start) {
      this.plan.chosenSide = SMALLEST;
      this.plan.byHand = true;
      await this.plan.chooseBase(start);
    }
    if (known) await this.takeExample(known);
    else if (example) await this.pictures.draw({ example });      // which says that there is none
  }

  /** This run is to be seen, or with null the plan of a new one, once the tab is in front.
   * @param {string | null} id */
  wish(id) {
    if (this.active) return this.show(id);
    if (id === this.run.id) return;
    this.run.close();
    this.run.id = id;
    this.run.view = null;
  }

  leave() {
    this.active = false;
    this.nameTab();
  }

  /** The browser's own tab says how far the run is that one has left behind it. */
  nameTab() {
    this.title ??= document.title;
    const s = this.active && this.run.id ? this.run.view?.state : null;
    document.title = s?.live && s.until ? `${Math.floor(100 * s.step / s.until)} % · ${s.title}` : this.title;
  }

  /** The plan of a new run, or with an id that run.
   * @param {string | null} id */
  show(id) {
    if (!this.plan.form) return;      // the plan has not been here yet
    byId("train-new")?.classList.toggle("gone", id !== null);
    byId("train-run")?.classList.toggle("gone", id === null);
    if (id === null) this.run.close();
    else if (id !== this.run.id || !this.run.view) this.run.open(id);
    if (this.active) this.trail.to({ tab: "train", run: id }, id ? `run=${encodeURIComponent(id)}` : query(this.explore.recipe));      // a reload loses no picture
    this.looks = 0;      // the list shows at once which one it is
    this.follow();
  }

  /** Dropped pictures are for a new run, whatever is in front.
   * @param {DataTransfer} transfer */
  async dropped(transfer) {
    const files = this.pictures.dropped(transfer);      // a drop must be read at once
    if (this.run.id) this.show(null);
    await files;
  }

  /** Look at once, then again and again while the tab is there and somebody sees it. */
  follow() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tick(), 0);
  }

  async tick() {
    if (!this.active) return;
    const began = performance.now(), stands = this.turns.make();
    try {
      if (this.looks++ % LIST === 0 || !this.run.id) await this.list();
      if (this.run.id) await this.run.look();
      this.nameTab();
      const status = this.run.view?.state.status;
      if (status !== this.status) { this.status = status; await this.list(); }      // the list must not say otherwise
      this.alert.clear("run");
    } catch (error) {
      const gone = error.code === "no-run";
      this.alert.show(error, gone ? "deed" : "run");
      if (gone) return this.show(null);
    }
    if (!stands()) return;
    const took = performance.now() - began, live = this.run.id ? this.run.view?.state.live : this.waiting;
    this.again(live && !document.hidden ? OFTEN : SELDOM, took);
  }

  /** Look once more, after a while.
   * @param {number} [usual]
   * @param {number} [took] how long the last look took, in milliseconds too */
  again(usual = SOON, took = 0) {
    const rest = this.run.hesitates ? Math.max(SOON, LARGE_SHARE * took) : Math.max(usual, SHARE * took);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tick(), Math.min(rest, SLOWEST));
  }

  async list() {
    const told = await this.lists.grant(() => this.server.ask("train/runs"));
    if (!told) return;
    /** @type {State[]} */
    const runs = told.runs;
    this.waiting = runs.some((run) => run.live || run.status === "waiting");
    const place = byId("runs"), shown = runs.slice(0, SHOWN).map(({ id, title, model, status, position, step, until }) => ({ id, title, model, status, position, step, until }));
    const key = JSON.stringify([this.run.id, shown]);
    if (!place || (key === this.listed && place.childElementCount)) return;
    this.listed = key;
    this.arrange(place, runs.length ? [this.fresh(place), ...shown.map((run) => this.card(place, run))] : []);
  }

  /** The cards into their place, where they are not in it already. Whoever has the keyboard on one keeps it there.
   * @param {HTMLElement} place
   * @param {HTMLElement[]} cards */
  arrange(place, cards) {
    const before = cardsIn(place), held = before.find((card) => card === document.activeElement);
    if (before.length === cards.length && cards.every((card, i) => card === before[i])) return;
    place.replaceChildren(...cards);
    if (held) (cards.includes(held) ? held : cards[0])?.focus({ preventScroll: true });
  }

  /** What leads to the plan of a new run.
   * @param {HTMLElement} place */
  fresh(place) {
    const card = cardOf(place, "") ?? make("button", { type: "button", className: "run-card new", textContent: this.words.new_run, onclick: () => this.show(null) });
    card.dataset.run = "";
    card.setAttribute("aria-pressed", String(!this.run.id));
    return card;
  }

  /** The card of a run: the one that is there, which says now how it goes, or a new one.
   * @param {HTMLElement} place
   * @param {Listed} run */
  card(place, run) {
    const card = cardOf(place, run.id) ?? make("button", { type: "button", className: "run-card", onclick: () => this.show(run.id) });
    const status = make("span");
    chip(status, run, this.words);
    card.dataset.run = run.id;
    card.replaceChildren(make("span", { textContent: run.title || say(this.words.run_untitled, { model: run.model }) }), status,
                         make("span", { className: "quiet", textContent: run.until ? `${run.step} / ${run.until}` : String(run.step) }));
    card.setAttribute("aria-pressed", String(run.id === this.run.id));
    return card;
  }

  picturesChanged() {
    this.moreData.changed();
    this.pictures.enable();
    if (!this.plan.plan) return;
    if (this.pictures.ready) this.plan.follow().then(() => this.plan.replan(true)).catch((error) => this.alert.show(error));
    else this.plan.changed();
  }

  // What a person does

  choosePictures() { there("pictures-input").click(); }
  chooseFolder() { there("folder-input").click(); }
  /** With what it goes best with as what to start from.
   * @param {import("../shared/types.js").Example} example */
  async takeExample({ name, starts }) {
    const begun = this.plan.suggest(starts).catch((error) => this.alert.show(error));      // the base is another at once
    await this.pictures.draw({ example: name });
    await begun;
  }
  clearPictures() { this.pictures.clear(); }
  /** @param {string} name */
  takeDataset(name) { if (name?.trim()) return this.pictures.draw({ dataset: name.trim() }); }
  /** @param {string} model */
  takeModel(model) { if (model) return this.pictures.draw({ model, count: 500 }); }
  /** @param {string} id */
  startFrom(id) { this.run.close(); this.plan.wanted = id; }      // before the tab is entered

  /** @param {string} title */
  async startRun(title) {
    const button = there("do-start", HTMLButtonElement);
    if (button.disabled) return;
    button.disabled = true;
    const here = this.run.visits.standing();
    try {
      const id = await this.plan.start(title ?? "", this.examples?.find(({ name }) => name === this.pictures.example)?.title);
      if (here()) this.show(id);
      else await this.list();
    } finally { button.disabled = !this.plan.ready; }
  }

  downloadRun() {
    const link = document.createElement("a");
    link.href = `studio/train/run/${this.run.id}/model.zip?step=${this.run.snapshot}`;
    link.download = "";
    link.click();
  }

  /** The moment that is looked at as a page of its own. */
  takeRunPage() {
    return this.run.safely(async () => {
      const { id, snapshot } = this.run;
      if (!id) return;
      const taken = { id, revision: String(snapshot).padStart(7, "0"), title: there("run-title").textContent ?? id };
      await meanwhile(there("do-run-page", HTMLButtonElement), this.words.page_writing, () => takePage(this.server, taken));
    });
  }

  publishRun() { return this.run.safely(() => this.run.publish()); }

  async copyRunLink() {
    const link = `${location.origin}${location.pathname}?run=${this.run.id}`;
    this.alert.clear("deed");
    try { await navigator.clipboard.writeText(link); } catch { return this.alert.say(this.words.copy_failed); }      // also where no browser would, as on plain http
    this.run.note(this.words.run_link_copied);
  }

  /** Explore the moment that is looked at, with the picture that is chosen in the grid. */
  exploreRun() {
    return this.run.safely(async () => {
      const { moments, snapshot, id } = this.run, { pin: _, ...recipe } = moments.cells[moments.cell] ?? {};
      if (!id) return;
      await this.explore.go({ psi: 1, ...recipe, model: id, revision: String(snapshot).padStart(7, "0") });
      openTab("explore");
    });
  }
}

/** @param {HTMLElement} place */
const cardsIn = (place) => /** @type {HTMLElement[]} */ ([...place.children]);

/** The card of a run, "" for what leads to a new one, where it is there.
 * @param {HTMLElement} place
 * @param {string} run */
const cardOf = (place, run) => cardsIn(place).find(({ dataset }) => dataset.run === run);
