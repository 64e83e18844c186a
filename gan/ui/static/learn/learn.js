// The Learn tab: lessons, each one screen. What a lesson says and sets stands in its file (gan/studio/lessons); the game is
// played here, in the visitor's browser, so that a class costs the server nothing.

import { byId, make } from "../shared/page.js";
import { Critic } from "./critic.js";
import { curvesOf, numbersOf } from "./curve.js";
import { formulasOf } from "./formulas.js";
import { Pictures } from "./pictures.js";
import { Plane } from "./plane.js";
import { Table } from "./table.js";
import { Uses } from "./uses.js";
import { Wall } from "./wall.js";

const SPOKEN = 3000;      // milliseconds between two sentences for screen readers while it plays
const SLOW = 700;         // between two halves of a step in slow motion
const BUDGET = 24;        // of steps between two pictures

/** @typedef {Partial<import("./game.js").Rules>} Rules */
/** @typedef {{ id: string, title: string, about: string, rules: Rules, mend: Rules, mended: string, why: string,
 *   cured: Record<string, number>, doctors: { changes: Record<string, any>, cured: number }[] }} Break a remedy goes by the id of the break it was made for */
/** A part of a lesson that is no game. @typedef {{ id: string, title: string, about: string, why: string,
 *   show?: import("../shared/recipe.js").Recipe[], links?: { go: string, to: string }[],
 *   measured?: import("../shared/types.js").Measured }} Part */
/**
 * @typedef {{ id: string, kind: string, title: string, text: string[], do: string, said: string, show: string[], controls: string[],
 *   reached: { groups?: number, steps?: number }, doctor: number, trials: number, rules: Rules, breaks: Break[], parts: Part[] }} Lesson a file of gan/studio/lessons
 */
/**
 * What is done in a lesson that is no game of points. `leave` is called where another lesson comes, or another tab; after a tab, `resume` goes on
 * with what was not done by then.
 * @typedef {{ element: HTMLElement, begin(): Promise<void> | void, leave(): void, resume?(): Promise<void> | void }} Activity
 */

/** The other kinds of lessons. @type {Record<string, new (learn: Learn, lesson: Lesson, part: string) => Activity>} */
const ACTIVITIES = { critic: Critic, plane: Plane, pictures: Pictures, uses: Uses };

export class Learn {
  /** @type {Lesson[]} */
  lessons = [];
  at = 0;
  /** Which of its breakdowns or parts somebody chose, "" before. */
  part = "";
  /** The lesson that the page's address asks for, and a part of it where it says so: "break-it/momentum". @type {string | null} */
  wanted = null;
  /** One game, or a broken one and the mended one beside it. @type {Table[]} */
  tables = [];
  active = false;
  playing = false;
  slow = false;
  reached = false;
  /** Where something is broken and mended. @type {Wall | null} */
  wall = null;
  spoken = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  /** @type {HTMLElement[]} */
  captions = [];
  /** Of a lesson that is no game of points. @type {Activity | null} */
  activity = null;

  /**
   * @param {import("../shared/server.js").Server} server
   * @param {Record<string, string>} words
   * @param {{ show(error: unknown): void }} alert
   * @param {import("../shared/trail.js").Trail} trail
   * @param {import("../shared/glossary.js").Glossary} glossary
   */
  constructor(server, words, alert, trail, glossary) {
    this.server = server;
    this.words = words;
    this.alert = alert;
    this.trail = trail;
    this.glossary = glossary;
    this.stages = make("div", { className: "stages" });
    this.formula = make("div", { className: "formula" });
    this.numbers = make("dl", { className: "facts" });
    this.curves = make("div", { className: "curves" });
    this.told = make("p", { id: "learn-told", className: "unseen" });
    this.told.setAttribute("aria-live", "polite");
    this.goal = make("p", { className: "goal" });
  }

  async enter() {
    this.active = true;
    try { if (!this.lessons.length) this.lessons = (await this.server.ask("learn/lessons")).lessons; }
    catch (error) { return this.alert.show(error); }
    if (!this.active) return;      // another tab is in front by now
    if (!byId("lesson")?.hasChildNodes() || (this.wanted && this.wanted !== this.place)) this.open(this.wanted);
    else await this.resume();
  }

  /** The tab is in front again, with the lesson that was there. */
  resume() {
    this.remember();
    this.tick();
    return this.safely(() => this.activity?.resume?.());
  }

  leave() {
    this.active = false;
    this.activity?.leave();
  }

  /** This lesson is to be seen once the tab is in front; null: whichever was.
   * @param {string | null} lesson */
  wish(lesson) {
    this.wanted = lesson;
    if (this.active && lesson && lesson !== this.place && this.lessons.some(({ id }) => id === lesson.split("/")[0])) this.open(lesson);
  }

  /** Show what `wanted` names; the first lesson where it names none. @param {string | null} wanted */
  open(wanted) {
    const [lesson, part] = (wanted ?? "").split("/");
    this.show(Math.max(0, this.lessons.findIndex(({ id }) => id === lesson)), part);
  }

  /** Where we are, as links have it. */
  get place() { return this.part ? `${this.lesson.id}/${this.part}` : this.lesson.id; }

  remember(part = this.part) {
    this.part = part;
    this.trail.to({ tab: "learn", lesson: this.place }, `lesson=${this.place}`);
  }

  get lesson() { return this.lessons[this.at]; }

  /** @param {number} at */
  show(at, part = "") {
    this.at = at;
    const { lesson } = this, place = byId("lesson"), list = byId("lessons");
    if (!place || !list) return;
    if (!byId("glossary")) place.after(this.glossary.list());
    this.pause();
    this.activity?.leave();
    this.reached = false;
    this.wall?.leave();
    this.part = [...lesson.breaks, ...lesson.parts].some(({ id }) => id === part) ? part : "";
    this.wall = lesson.breaks.length ? new Wall(this, this.part) : null;
    this.activity = ACTIVITIES[lesson.kind] ? new ACTIVITIES[lesson.kind](this, lesson, this.part) : null;
    this.wanted = null;
    this.remember();
    list.replaceChildren(...this.lessons.map((one, i) => {
      const button = make("button", { type: "button", className: "lesson-tab", onclick: () => this.show(i) }, `${i + 1} · ${one.title}`);
      if (i === at) button.setAttribute("aria-current", "step");
      return button;
    }));
    const tab = /** @type {HTMLElement} */ (list.children[at]);
    list.scrollLeft = tab.offsetLeft - list.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;      // on a phone they are one row
    place.replaceChildren(
      make("h2", { tabIndex: -1 }, lesson.title), ...lesson.text.map((text) => make("p", {}, text)),
      ...(this.wall ? [this.wall.breaks] : []), this.activity?.element ?? this.room());
    if (this.activity) this.enact(this.activity); else this.begin();
  }

  /** Begin what is no game of points. @param {Activity} activity */
  enact(activity) {
    this.tables = [];
    this.tell(this.lesson.do);
    return this.safely(() => activity.begin());
  }

  /** Do what may go wrong, which is said then. @param {() => unknown} act */
  async safely(act) {
    try { await act(); } catch (error) { this.alert.show(error); }
  }

  /** Say what is to be done, or what was reached. */
  tell(/** @type {string} */ text, reached = false) {
    this.goal.textContent = text;
    this.goal.classList.toggle("reached", reached);
  }

  room() {
    const { words } = this;
    const legend = make("p", { className: "quiet legend-points" }, make("span", { className: "real" }, words.learn_real), make("span", { className: "made" }, words.learn_made));
    const button = (/** @type {string} */ name, /** @type {() => void} */ act, /** @type {string} */ text) =>
      make("button", { type: "button", className: name === "play" ? "act main" : "act", id: `learn-${name}`, onclick: act }, text);
    const termed = (/** @type {HTMLElement} */ about) => make("span", { className: "termed" }, about);      // its ? stays beside it
    /** @type {Record<string, () => HTMLElement>} */
    const controls = {
      d: () => termed(button("d", () => this.act("d"), words.learn_step_d)),
      g: () => termed(button("g", () => this.act("g"), words.learn_step_g)),
      both: () => button("both", () => this.act("both"), words.learn_step),
      play: () => button("play", () => this.toggle(), words.learn_play),
      slow: () => button("slow", () => this.slowly(), words.learn_slow),
      undo: () => button("undo", () => this.undo(), words.undo),
      draw: () => button("draw", () => this.drawOwn(), words.learn_draw),
      again: () => button("again", () => this.again(), words.learn_again),
    };
    const buttons = make("div", { className: "learn-buttons" }, ...this.lesson.controls.map((name) => controls[name]()));
    const side = make("div", { className: "learn-side" }, this.goal, this.told, ...(this.wall ? [this.wall.clinic] : []), buttons, this.formula, this.numbers, this.curves);
    for (const part of [this.formula, this.numbers, this.curves]) part.replaceChildren();
    return make("div", { className: "learn-room" }, make("div", {}, this.stages, legend), side);
  }

  /** Lay out the tables anew: one game, or a broken one beside the mended one. */
  begin() {
    const { lesson, words } = this, seed = this.tables[0]?.seed ?? 0, changed = () => this.changed();
    const games = this.wall?.games ?? [{ title: "", rules: {} }];
    this.reached = false;
    this.tables = games.map(({ rules }) => new Table(words, lesson.show, { ...lesson.rules, ...rules }, changed, lesson.doctor > 0));
    for (const table of this.tables) { table.seed = seed; table.begin(); }
    this.captions = this.tables.map(() => make("figcaption", { className: "quiet" }));
    this.stages.replaceChildren(...this.tables.map((table, i) => make("figure", {}, ...(games[i].title ? [make("h3", {}, games[i].title)] : []), table.canvas, this.captions[i])));
    this.stages.closest(".learn-room")?.classList.toggle("pair", games.length > 1);
    this.wall?.begin();
    this.tell(this.wall?.task ?? lesson.do);
    requestAnimationFrame(() => { for (const table of this.tables) table.draw(); this.changed(); });
  }

  // What a person does

  /** @param {"d" | "g" | "both"} which */
  act(which) {
    this.pause();
    for (const table of this.tables) table.act(which);
  }

  undo() {
    this.pause();
    for (const table of this.tables) table.undo();
  }

  toggle() { if (this.playing) this.pause(); else this.play(); }

  play(slow = false) {
    this.playing = true;
    this.slow = slow;
    this.label();
    this.tick();
  }

  slowly() { if (this.playing && this.slow) this.pause(); else this.play(true); }

  pause() {
    this.playing = false;
    clearTimeout(this.timer);
    this.label();
  }

  label() {
    const play = byId("learn-play"), slow = byId("learn-slow");
    if (play) play.textContent = this.playing && !this.slow ? this.words.learn_pause : this.words.learn_play;
    if (slow) slow.setAttribute("aria-pressed", String(Boolean(this.playing && this.slow)));
  }

  again() {
    this.pause();
    this.reached = false;
    const seed = (this.tables[0].seed + 1) % 1000;
    for (const table of this.tables) { table.seed = seed; table.begin(); }
    this.wall?.again();
    this.tell(this.wall?.task ?? this.lesson.do);
    this.changed();
  }

  drawOwn() {
    this.pause();
    for (const table of this.tables) { table.drawing = true; table.drawn = []; table.canvas.classList.add("drawing"); }
    this.tell(this.words.learn_draw_how);
  }

  // Playing

  tick() {
    clearTimeout(this.timer);
    if (!this.playing || !this.active) return;
    if (document.hidden) { this.timer = setTimeout(() => this.tick(), 500); return; }
    if (this.slow) {
      for (const table of this.tables) table.half();
      this.timer = setTimeout(() => this.tick(), SLOW);
    } else {
      this.run();
      this.timer = setTimeout(() => requestAnimationFrame(() => this.tick()), 0);
    }
  }

  /** Steps for as long as a picture may wait, as many of each game. */
  run() {
    const until = performance.now() + BUDGET;
    do for (const table of this.tables) table.step(); while (performance.now() < until);
    for (const table of this.tables) table.draw();
    this.changed();
  }

  changed() {
    this.tables.forEach((table, i) => {
      table.canvas.setAttribute("aria-label", table.state);
      if (this.captions[i]) this.captions[i].textContent = table.state;
    });
    const [table] = this.tables;
    if (this.lesson.show.includes("numbers")) {
      this.numbers.replaceChildren(...numbersOf(this.words, table));
      this.curves.replaceChildren(...curvesOf(this.words, table));
    }
    if (this.lesson.show.includes("formula")) this.formula.replaceChildren(...formulasOf(this.words, table));
    const now = performance.now();
    if (!(now - this.spoken < SPOKEN)) { this.spoken = now; this.told.textContent = table.state; }
    this.judge();
  }

  /** Whether what the lesson asks for is reached. */
  judge() {
    const { reached } = this.lesson;
    if (this.wall) return this.wall.judge();
    if (this.reached || !reached) return;
    const [table] = this.tables;
    const is = (!reached.groups || table.found >= reached.groups) && (!reached.steps || table.steps >= reached.steps);
    if (!is) return;
    this.reached = true;
    this.tell(this.lesson.said, true);
  }
}
