// The Interpolate tab: the pins joined by a path. Frames arrive as they are painted, and stay for scrubbing and playing.

import { byId, canvasIn, canvasOf, fillSlider, inputIn, isFilling, movedTo, openTab, paint, penOf, putTile, say, sliderValue, sync, tiles, update } from "../shared/page.js";
import { isSound } from "../shared/hearing.js";
import { keep, kept } from "../shared/kept.js";
import { knob, lastSeed, schema } from "../shared/schema.js";
import { Sentence } from "../shared/server.js";
import { Ladder } from "./ladder.js";
import { Morph } from "./morph.js";
import { Ways } from "./ways.js";

const STRIP = 12;      // pictures in the film strip
/** What a path has unless somebody chooses. @param {string} name */
const usual = (name) => /** @type {any} */ (knob("path", name).default);

const KEY = "gan-studio-film";
const SLIDERS = ["steps", "fps", "side"];
const REST = 200;      // milliseconds without a change before a film is made anew

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/alert.js").Alert} Alert */
/** @typedef {import("../shared/pins.js").Pins} Pins */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */
/** @typedef {import("../explore/explore.js").Explore} Explore */
/** A path as the app takes it. @typedef {{ keyframes: Recipe[], steps: number, path: string, easing: string, loop: boolean }} Path */

export class Film {
  /** @type {ImageData[]} */
  frames = [];
  /** What a person has chosen of the way.
   * @type {{ path?: string, easing?: string, loop?: boolean }} */
  way = {};
  /** What their sliders were moved to.
   * @type {Record<string, number>} */
  sliders = {};
  /** What kind of file is to be made of it.
   * @type {string | undefined} */
  kind;
  playing = false;
  at = 0;
  entered = false;
  /** How many pins are of other models. */
  left = 0;
  /** What the frames are of.
   * @type {string | null} */
  key = null;
  /** Whether all of them are there. */
  whole = false;
  /** @type {AbortController | null} */
  abort = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  waiting;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  sounding;

  /** @param {Server} server
   * @param {Words} words
   * @param {Alert} alert
   * @param {Pins} pins
   * @param {Explore} explore */
  constructor(server, words, alert, pins, explore) {
    this.server = server;
    this.words = words;
    this.alert = alert;
    this.pins = pins;
    this.explore = explore;
    this.ways = new Ways(this);
    this.ladder = new Ladder(this);
    this.morph = new Morph(this);
  }

  enter() {
    if (!this.entered) this.takeUp();
    this.entered = true;
    this.pinsChanged();
  }

  /** Another tab is in front: nothing of this one is heard there. */
  leave() {
    this.stop();
    this.morph.hearing.stop();      // a frame that was looked at
  }

  /** What was set when this browser was here before. */
  takeUp() {
    const { sliders, way, kind } = kept("localStorage", KEY) ?? {};
    const known = [...document.querySelectorAll("#format input")].map((one) => /** @type {HTMLInputElement} */ (one).value);
    for (const name of /** @type {const} */ (["path", "easing"])) if (knob("path", name).choices.includes(way?.[name])) this.way[name] = way[name];
    if (typeof way?.loop === "boolean") this.way.loop = way.loop;
    if (known.includes(kind)) this.kind = kind;
    for (const id of SLIDERS) if (Number.isFinite(sliders?.[id])) this.sliders[id] = sliders[id];
    if (way || kind || sliders) sync("sync-film");
  }

  /** Keep what is set, for another visit. */
  keep() { keep("localStorage", KEY, { sliders: this.sliders, way: this.way, kind: this.kind }); }

  /** What the choices of this tab show. */
  filmUpdates() {
    const { path, easing, loop } = this.way, { steps, fps, side } = this.sliders;
    return [path, easing, loop, steps, this.kind, fps, side].map((value) => (value === undefined ? update({}) : update({ value })));
  }

  pinsChanged() {
    if (!this.entered) return;
    /** @param {Recipe} recipe */
    const open = (recipe) => this.explore.go(recipe).then(() => openTab("explore"))
      .catch((error) => this.alert.show(error));
    this.pins.show(byId("keyframes"), open, true, this.explore.model.pixel_art);
    this.later();
  }

  /** @param {string} path
   * @param {string} easing
   * @param {boolean} loop */
  chooseWay(path, easing, loop) {
    const same = this.way.path === path && this.way.easing === easing && this.way.loop === loop;
    if (same) return;
    this.way = { path, easing, loop };
    this.keep();
    this.later();
  }

  /** @param {string | null} kind null while Gradio puts its buttons there */
  chooseFormat(kind) {
    if (kind === null || kind === this.kind) return;
    this.kind = kind;
    this.keep();
  }

  /** The film as the app takes it, or null where there are too few keyframes of the model in use.
   * @returns {Path | null} */
  plan() {
    const own = this.pins.of(this.explore.model), keyframes = own.length || this.pins.list.length ? own : this.example();
    this.left = this.pins.list.length - own.length;
    if (keyframes.length < 2) return null;
    const { path = usual("path"), easing = usual("easing") } = this.way;
    return { keyframes, steps: this.sliders.steps ?? sliderValue("steps") ?? usual("steps"), path, easing, loop: this.loops };
  }

  /** Where nothing is pinned there is a film to look at, too: from the picture in Explore by way of the next seeds.
   * @returns {Recipe[]} */
  example() {
    const { recipe } = this.explore;
    return [recipe, ...[1, 2].map((more) => this.ofSeed(((recipe.seed ?? 0) + more) % (lastSeed() + 1)))];
  }

  /** A keyframe as Explore's picture is set, of another seed.
   * @param {number} seed
   * @returns {Recipe} */
  ofSeed(seed) {
    const { model, recipe } = this.explore;
    return { ...this.explore.opening(model), psi: recipe.psi ?? 1, label: recipe.label, seed };
  }

  /** Whether it returns to its first picture; before anybody has chosen, as the box stands. */
  get loops() { return this.way.loop ?? inputIn("loop")?.checked ?? false; }

  /** Make the film anew soon; while its tab is away, when it comes back. */
  later() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => { if (byId("film")?.clientWidth) this.make(); }, REST);
  }

  /** Have its sound made anew soon, for another number of frames a second. */
  laterSound() {
    const plan = this.plan();
    if (!plan || !this.whole || !isSound(this.explore.model) || isFilling()) return;      // a film on its way asks for its sound at its end
    this.stop();
    this.morph.clear();      // it would be out of step
    clearTimeout(this.sounding);
    this.sounding = setTimeout(() => this.sound(plan), REST);
  }

  async make() {
    const plan = this.plan();
    const key = JSON.stringify(plan);
    if (key === this.key && this.frames.length) return this.show(this.at);
    this.key = key;
    this.abort?.abort();
    this.abort = new AbortController();
    clearTimeout(this.sounding);
    this.stop();
    this.whole = false;
    this.frames = [];
    this.ladder.clear();
    this.morph.clear();
    this.ways.build();
    if (!plan) { this.show(0); this.ways.paint(); return this.caption(this.words.film_few); }
    const { signal } = this.abort;
    try {
      await this.server.film(plan, signal, (image, index, count) => this.arrived(image, index, count, signal));
      if (signal.aborted) return;
      this.whole = true;
      this.alert.clear("film");
      this.progress(1);
      this.strip();
      this.show(0);
      await this.climb(plan, signal);
      await this.sound(plan);
      if (signal.aborted) return;
      await this.ways.paint();
    } catch (error) {
      this.progress(1);
      if (error.name !== "AbortError") { this.key = null; this.alert.show(error, "film"); this.caption(error instanceof Sentence ? error.message : ""); }
    }
  }

  /** The words on the way, if it has any. Without them the film is as good as before.
   * @param {Path} plan
   * @param {AbortSignal} signal */
  async climb(plan, signal) {
    try {
      await this.ladder.climb(plan, signal);
      this.show(this.at);
    } catch (error) {
      if (error.name === "AbortError") throw error;
      this.alert.show(error, "film");
    }
  }

  /** What the way sounds like, if it does. Without it the film is as good as before.
   * @param {Path} plan */
  async sound(plan) {
    if (!isSound(this.explore.model)) return;
    try {
      await this.morph.fetch(plan);
      this.alert.clear("film");      // it may have been refused at fewer frames a second
    } catch (error) { if (error.name !== "AbortError") this.alert.show(error, "film"); }
  }

  /** @param {ImageData} image
   * @param {number} index
   * @param {number} count
   * @param {AbortSignal} signal */
  arrived(image, index, count, signal) {
    if (signal.aborted) return;
    this.frames.push(image);
    this.progress((index + 1) / count);
    if (index === 0) { paint(canvasOf("film"), image, this.explore.model.pixel_art); }
    if (index === count - 1) sync("sync-scrub");
    else this.caption(say(this.words.film_making, { n: index + 1, all: count }));
  }

  /** @param {number} share */
  progress(share) {
    const bar = byId("film-progress");
    if (bar instanceof HTMLProgressElement) { bar.value = share; bar.hidden = share >= 1; }
  }

  /** @param {string} words */
  caption(words) {
    const line = byId("film-caption");
    if (line) line.textContent = this.left && this.frames.length ? `${words} ${this.words.film_other}` : words;
    byId("film")?.setAttribute("aria-label", words);
  }

  /** Show one frame and move the scrub slider to it.
   * @param {number} index */
  show(index) {
    if (!this.frames.length) {
      const canvas = canvasOf("film");
      if (canvas) penOf(canvas).clearRect(0, 0, canvas.width, canvas.height);
      tiles(byId("strip"), 0);
      return;
    }
    this.at = Math.max(0, Math.min(index, this.frames.length - 1));
    paint(canvasOf("film"), this.frames[this.at], this.explore.model.pixel_art);
    fillSlider("scrub", this.at + 1);
    const word = this.ladder.at(this.at), frame = say(this.words.film_frame, { n: this.at + 1, all: this.frames.length });
    const words = word ? `${word} · ${frame}` : frame;
    if (!this.playing) this.caption(`${words} · ${this.length}`);
  }

  strip() {
    const count = Math.min(STRIP, this.frames.length);
    tiles(byId("strip"), count).forEach((tile, i) => {
      const index = Math.round(i * (this.frames.length - 1) / Math.max(count - 1, 1));
      putTile(canvasIn(tile), this.frames[index], this.explore.model.pixel_art);
      const name = say(this.words.film_frame, { n: index + 1, all: this.frames.length });
      tile.setAttribute("aria-label", name);
      tile.title = name;
      tile.onclick = () => { this.stop(); this.show(index); };
    });
  }

  /** An input event of this tab's sliders. Returns whether it was one of them.
   * @param {string} id */
  moved(id) {
    if (id === "scrub" && !isFilling()) { this.stop(); this.show(movedTo("scrub") - 1); this.morph.touch(this.at); }
    if (SLIDERS.includes(id) && !isFilling()) { this.sliders[id] = movedTo(id); this.keep(); }
    if (id === "steps" && !isFilling()) this.later();
    if (id === "fps") { this.show(this.at); this.laterSound(); }      // it is longer or shorter now
    return id === "scrub" || SLIDERS.includes(id);
  }

  scrubUpdate() { return update({ maximum: Math.max(2, this.frames.length), value: this.at + 1 }); }

  /** The button says what it will do. */
  playUpdate() { return update({ value: this.playing ? this.words.pause : this.words.play }); }

  /** Frames in a second. */
  get fps() { return this.sliders.fps || sliderValue("fps") || 24; }

  /** How long it takes to see all of it.
   * @returns {string} */
  get length() {
    const { fps } = this, seconds = this.frames.length / fps;
    return say(this.words.film_length, { seconds: Number(seconds.toFixed(seconds < 10 ? 1 : 0)), fps });
  }

  play() {
    if (this.playing) return this.stop();
    if (this.frames.length < 2) return;
    this.playing = true;
    sync("sync-play");
    let before = performance.now(), from = this.at >= this.frames.length - 1 ? 0 : this.at;
    this.morph.from(from);
    /** @param {number} now milliseconds */
    const tick = (now) => {
      if (!this.playing) return;
      if (!this.frames.length) { before = now; requestAnimationFrame(tick); return; }      // a new film is on its way
      from += (now - before) / 1000 * this.fps;
      before = now;
      if (from >= this.frames.length && !this.loops) { this.stop(); return; }
      if (from >= this.frames.length) this.morph.from(0, true);
      from %= this.frames.length;
      if (Math.floor(from) !== this.at) this.show(Math.floor(from));
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  stop() {
    if (!this.playing) return;
    this.playing = false;
    this.morph.stop();
    sync("sync-play");
    this.show(this.at);
  }

  /** What the file is made from: the values of the button's inputs, the first of them the film.
   * @param {unknown} _
   * @param {string} kind
   * @param {number} fps
   * @param {number} side */
  filmPlan(_, kind, fps, side) { return [JSON.stringify(this.plan() ?? { keyframes: [] }), kind, fps, side]; }

  addRandom() {
    const seeds = crypto.getRandomValues(new Uint32Array(3));
    if (!this.pins.addAll([...seeds].map((seed) => this.ofSeed(seed % 1000000)))) this.alert.show(new Sentence(this.words.pins_full));
  }

  /** "3, 8, 20-22" -> pins of these seeds; returns what the text box then holds.
   * @param {string} words */
  addSeeds(words) {
    const seeds = seedsIn(String(words ?? ""));
    if (!seeds || seeds.length > this.pins.room) { this.alert.show(new Sentence(seeds ? this.words.pins_full : this.words.seeds_wrong)); return words; }
    this.alert.clear("deed");
    this.pins.add(seeds.map((seed) => this.ofSeed(seed)));
    return "";
  }
}

/** "3, 8, 20-22" -> [3, 8, 20, 21, 22], null for anything else. No longer than it takes to see that it is too long.
 * @param {string} typed
 * @returns {number[] | null} */
export function seedsIn(typed) {
  /** @type {number[]} */
  const seeds = [];
  for (const part of typed.split(/[,，\s]+/).filter(Boolean)) {
    const [, first, last = first] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first) || Number(last) > lastSeed()) return null;
    for (let seed = Number(first); seed <= Number(last) && seeds.length <= schema.most_keyframes; seed++) seeds.push(seed);
  }
  return seeds;
}
