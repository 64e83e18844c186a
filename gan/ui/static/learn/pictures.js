// From dots to pictures: two recorded runs side by side, fully connected and convolutional, in the same time.

import { NewestWins } from "../shared/newest.js";
import { make, penOf, say } from "../shared/page.js";

/** @typedef {import("./learn.js").Learn} Learn */
/** @typedef {{ moments: { seconds: number, steps: number }[], frechet: number }} Recorded */
/** @typedef {import("./learn.js").Part} Part what is changed in both runs; its recordings are called after its id */

const PAIRS = /** @type {const} */ (["connected", "convolutional"]);
const REST = 700;      // milliseconds between two moments

export class Pictures {
  /** @type {Record<string, Recorded> & { real?: number }} */
  recorded = {};
  /** The part whose runs are shown, and their strips. @type {Part | null} */
  shown = null;
  /** @type {HTMLImageElement[]} */
  strips = [];
  wishes = new NewestWins();
  at = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /** @param {Learn} learn @param {import("./learn.js").Lesson} lesson @param {string} part the one that is chosen, "" for the first */
  constructor(learn, lesson, part) {
    const { words } = learn;
    this.learn = learn;
    this.lesson = lesson;
    this.words = words;
    this.part = lesson.parts.find(({ id }) => id === part) ?? lesson.parts[0];
    const titles = this.titles = [words.pictures_connected, words.pictures_convolutional];
    this.canvases = titles.map((title) => make("canvas", { width: 168, height: 140, role: "img", ariaLabel: title, className: "recorded" }));
    this.captions = PAIRS.map(() => make("figcaption", { className: "quiet" }));
    this.time = make("input", { type: "range", id: "pictures-time", min: 0, max: 1, step: 1, value: 0, ariaLabel: words.pictures_time });
    this.time.addEventListener("input", () => { this.stop(); this.show(this.time.valueAsNumber); });
    this.play = make("button", { type: "button", id: "pictures-play", className: "act main", onclick: () => this.toggle() }, words.learn_play);
    this.told = make("p", { className: "plane-state", role: "status" });
    this.switches = make("div", { className: "breaks five", role: "group", ariaLabel: words.pictures_switches }, ...lesson.parts.map((part) => {
      const button = make("button", { type: "button", className: "break", onclick: () => { learn.remember(part.id); return learn.safely(() => this.choose(part)); } }, make("strong", {}, part.title), make("span", {}, part.about));
      button.dataset.id = part.id;
      return button;
    }));
    const stages = make("div", { className: "stages" }, ...this.canvases.map((canvas, i) => make("figure", {}, make("h3", {}, titles[i]), canvas, this.captions[i])));
    const own = ["classic:article", "scratch:dcgan"].map((start, i) => make("a", { className: "act", href: `?tab=train&example=digits&start=${start}` }, `${words.pictures_yourself} ${titles[i]}`));
    const side = make("div", { className: "learn-side" }, learn.goal, make("div", { className: "pictures-time" }, this.play, this.time), this.told, make("div", { className: "learn-buttons" }, ...own));
    this.element = make("div", {}, this.switches, make("div", { className: "learn-room pair" }, stages, side));
  }

  async begin() {
    const recorded = await this.wishes.grant(() => this.learn.server.ask("learn/recordings"));
    if (!recorded) return;
    this.recorded = recorded;
    await this.choose(this.part);
  }

  /** What is on its way is for nobody: the goal is another lesson's by then. */
  leave() {
    this.wishes.make();
    this.stop();
  }

  /** What was on its way when the tab was left is asked for again. */
  async resume() { if (this.shown !== this.part) await this.begin(); }

  /** @param {Part} part */
  async choose(part) {
    this.part = part;
    for (const button of this.switches.children) button.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (button).dataset.id === part.id));
    if (this.recorded.real === undefined) return;      // `begin` shows it
    const strips = await this.wishes.grant(() => Promise.all(this.namesOf(part).map((name) => loaded(`studio/learn/recording/${name}.webp`))));
    if (!strips) return;
    this.strips = strips;
    this.shown = part;
    this.time.max = String(this.runs[0].moments.length - 1);
    this.learn.tell(this.lesson.do);
    this.show(0);
    this.start();
  }

  /** The recordings of a part: of a pair that it leaves alone, the usual one. @param {Part} part */
  namesOf({ id }) { return PAIRS.map((pair) => `${pair}-${id}` in this.recorded ? `${pair}-${id}` : pair); }

  /** Those that are shown. */
  get runs() { return this.shown ? this.namesOf(this.shown).map((name) => this.recorded[name]) : []; }

  get last() { return Number(this.time.max); }

  toggle() {
    if (this.timer) this.stop();
    else if (this.shown) this.start();
  }

  start() {
    if (this.at >= this.last) this.show(0);
    this.play.textContent = this.words.learn_pause;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.show(this.at + 1);
      if (this.at < this.last) this.start(); else this.stop();
    }, REST);
  }

  stop() {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.play.textContent = this.words.learn_play;
  }

  /** Both runs at a moment. @param {number} at */
  show(at) {
    if (!this.shown) return;      // nothing is here yet
    this.at = at;
    this.time.value = String(at);
    this.runs.forEach((run, i) => {
      const { seconds, steps } = run.moments[at], canvas = this.canvases[i], strip = this.strips[i], text = say(this.words.pictures_moment, { seconds: Math.round(seconds), steps });
      canvas.height = strip.naturalHeight / run.moments.length;
      canvas.width = strip.naturalWidth;
      penOf(canvas).drawImage(strip, 0, -at * canvas.height);
      canvas.setAttribute("aria-label", `${this.titles[i]}: ${text}`);
      this.captions[i].textContent = text;
    });
    if (at < this.last) return;
    const [connected, convolutional] = this.runs.map(({ frechet }) => frechet.toFixed(1));
    this.told.textContent = say(this.words.pictures_distance, { connected, convolutional, real: Number(this.recorded.real).toFixed(1) });
    this.learn.tell(this.shown.why || this.lesson.said, true);
  }
}

/** @param {string} source @returns {Promise<HTMLImageElement>} */
async function loaded(source) {
  const image = new Image();
  image.src = source;
  await image.decode();
  return image;
}
