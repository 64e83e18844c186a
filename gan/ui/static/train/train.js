// The Train tab: a list of runs, and below it either the plan of a new one or the one that is being watched.

import { NewestWins } from "../shared/newest.js";
import { byId, say, setAddress } from "../shared/page.js";
import { Pictures } from "../shared/pictures.js";
import { Plan } from "./plan.js";
import { query } from "../shared/recipe.js";
import { chip, RunView } from "./run.js";

const OFTEN = 1000, SELDOM = 5000, SLOWEST = 8000;      // milliseconds between two looks
const SHARE = 20;                                        // a look may take a twentieth of the time
const LIST = 3;                                          // every so many looks the list of runs is read, too
const SHOWN = 12;                                        // runs in the list

export class Train {
  constructor(server, words, alert, pins, explore) {
    Object.assign(this, { server, words, alert, explore, opened: new Map(), active: false, looks: 0, turns: new NewestWins(), lists: new NewestWins() });
    this.pictures = new Pictures(server, words, alert, () => this.plan.shape, () => this.picturesChanged());
    this.plan = new Plan(server, words, alert, this.pictures, pins);
    this.run = new RunView(server, words, alert, () => this.show(null), (id) => this.show(id));
  }

  /** Whether a run is followed at the moment. */
  get watching() { return this.active && Boolean(this.run.id && this.run.view?.begun); }

  async enter() {
    this.active = true;
    if (!byId("train-new")) return;      // where no runs can be made
    this.explore.away = true;
    this.pictures.listen();
    try {
      this.pictures.offer((await this.server.ask("train/examples")).examples);
      await this.plan.enter([...this.opened.values()]);
      await this.list();
    } catch (error) { this.alert.show(error); }
    this.show(this.run.id);
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

  /** The plan of a new run, or with an id that run. */
  show(id) {
    if (!this.plan.form) return;      // the plan has not been here yet
    byId("train-new")?.classList.toggle("gone", id !== null);
    byId("train-run")?.classList.toggle("gone", id === null);
    if (id === null) this.run.close();
    else if (id !== this.run.id || !this.run.view) this.run.open(id);
    setAddress(id ? `run=${encodeURIComponent(id)}` : query(this.explore.recipe));      // a reload loses no picture
    this.looks = 0;      // the list shows at once which one it is
    this.follow();
  }

  /** Dropped pictures are for a new run, whatever is in front. */
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
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tick(), Math.min(Math.max(live && !document.hidden ? OFTEN : SELDOM, SHARE * took), SLOWEST));
  }

  async list() {
    const told = await this.lists.grant(() => this.server.ask("train/runs"));
    if (!told) return;
    const { runs } = told;
    this.waiting = runs.some((run) => run.live || run.status === "waiting");
    const made = runs.slice(0, SHOWN).map((run) => this.card(run));
    const fresh = Object.assign(document.createElement("button"), { type: "button", className: "run-card new", textContent: this.words.new_run });
    fresh.setAttribute("aria-pressed", String(!this.run.id));
    fresh.onclick = () => this.show(null);
    if (byId("runs")) byId("runs").replaceChildren(...(runs.length ? [fresh, ...made] : []));
  }

  card(run) {
    const card = Object.assign(document.createElement("button"), { type: "button", className: "run-card" });
    card.setAttribute("aria-pressed", String(run.id === this.run.id));
    const name = document.createElement("span"), status = document.createElement("span"), far = document.createElement("span");
    name.textContent = run.title || say(this.words.run_untitled, { model: run.model });
    chip(status, run, this.words);
    far.className = "quiet";
    far.textContent = run.until ? `${run.step} / ${run.until}` : String(run.step);
    card.append(name, status, far);
    card.onclick = () => this.show(run.id);
    return card;
  }

  picturesChanged() {
    if (!this.plan.plan) return;
    this.pictures.enable();
    if (this.pictures.ready) this.plan.replan(true).catch((error) => this.alert.show(error));
    else this.plan.changed();
  }

  // What a person does

  choosePictures() { byId("pictures-input").click(); }
  chooseFolder() { byId("folder-input").click(); }
  clearPictures() { this.pictures.clear(); }
  takeDataset(name) { if (name?.trim()) return this.pictures.draw({ dataset: name.trim() }); }
  takeModel(model) { if (model) return this.pictures.draw({ model, count: 500 }); }
  startFrom(id) { this.run.close(); this.plan.wanted = id; }      // before the tab is entered
  chooseBase(key) { return this.plan.chooseBase(key); }
  chooseSide(side) { return this.plan.chooseSide(side); }
  choosePreset(name) { return this.plan.choosePreset(name); }
  baseUpdates() { return this.plan.baseUpdates(); }
  sourceUpdate() { return this.plan.sourceUpdate(); }

  async startRun(title) {
    const button = byId("do-start");
    if (button.disabled) return;
    button.disabled = true;
    const here = this.run.visits.standing();
    try {
      const id = await this.plan.start(title ?? "");
      if (here()) this.show(id);
      else await this.list();
    } finally { button.disabled = !this.pictures.ready; }
  }

  pauseRun() { return this.run.safely(() => this.run.act("pause")); }
  resumeRun() { return this.run.safely(() => this.run.act("resume")); }
  stopRun() { return this.run.safely(() => this.run.act("stop")); }
  continueRun() { return this.run.safely(() => this.run.goOn()); }
  branchRun() { return this.run.safely(() => this.run.branch()); }
  deleteRun() { return this.run.safely(() => this.run.remove()); }

  downloadRun() {
    const link = document.createElement("a");
    link.href = `studio/train/run/${this.run.id}/model.zip?step=${this.run.snapshot}`;
    link.download = "";
    link.click();
  }

  async copyRunLink() {
    const link = `${location.origin}${location.pathname}?run=${this.run.id}`;
    try { await navigator.clipboard.writeText(link); byId("run-told").textContent = this.words.run_link_copied; }
    catch { byId("run-told").textContent = link; }
  }

  /** Explore the moment that is looked at, with the picture that is chosen in the grid. */
  exploreRun() {
    return this.run.safely(async () => {
      const { moments, snapshot, id } = this.run, { pin: _, ...recipe } = moments.cells?.[moments.cell] ?? {};
      await this.explore.go({ psi: 1, ...recipe, model: id, revision: String(snapshot).padStart(7, "0") });
      byId("tab-explore-button")?.click();
    });
  }
}
