// The Interpolate tab: the pins joined by a path. Frames arrive as they are painted, and stay for scrubbing and playing.

import { byId, fillSlider, isFilling, paint, putTile, say, sliderValue, sync, tiles, update } from "../shared/page.js";
import { knob, lastSeed, schema } from "../shared/schema.js";
import { Sentence } from "../shared/server.js";

const STRIP = 12;      // pictures in the film strip
const REST = 200;      // milliseconds without a change before a film is made anew

export class Film {
  constructor(server, words, alert, pins, explore) {
    Object.assign(this, { server, words, alert, pins, explore, frames: [], way: {}, playing: false, at: 0, entered: false });
  }

  enter() {
    this.entered = true;
    this.pinsChanged();
  }

  pinsChanged() {
    if (!this.entered) return;
    const open = (recipe) => this.explore.go(recipe).then(() => byId("tab-explore-button")?.click())
      .catch((error) => this.alert.show(error));
    this.pins.show(byId("keyframes"), open, true, this.explore.model.pixel_art);
    this.later();
  }

  chooseWay(path, easing, loop) {
    const same = this.way.path === path && this.way.easing === easing && this.way.loop === loop;
    this.way = { path, easing, loop };
    if (!same) this.later();
  }

  /** The film as the app takes it, or null where there are too few keyframes of the model in use. */
  plan() {
    const own = this.pins.of(this.explore.model);
    this.left = this.pins.list.length - own.length;
    if (own.length < 2) return null;
    const { path = knob("path", "path").default, easing = knob("path", "easing").default } = this.way;
    return { keyframes: own, steps: sliderValue("steps") ?? knob("path", "steps").default, path, easing, loop: this.loops };
  }

  /** Whether it returns to its first picture; before anybody has chosen, as the box stands. */
  get loops() { return this.way.loop ?? byId("loop")?.querySelector("input")?.checked ?? false; }

  /** Make the film anew soon; while its tab is away, when it comes back. */
  later() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => { if (byId("film")?.clientWidth) this.make(); }, REST);
  }

  async make() {
    const plan = this.plan();
    const key = JSON.stringify(plan);
    if (key === this.key && this.frames.length) return this.show(this.at);
    this.key = key;
    this.abort?.abort();
    this.abort = new AbortController();
    this.stop();
    this.frames = [];
    if (!plan) { this.show(0); return this.caption(this.words.film_few); }
    const { signal } = this.abort;
    try {
      await this.server.film(plan, signal, (image, index, count) => this.arrived(image, index, count, signal));
      if (signal.aborted) return;
      this.alert.clear("film");
      this.progress(1);
      this.strip();
      this.show(0);
    } catch (error) {
      this.progress(1);
      if (error.name !== "AbortError") { this.key = null; this.alert.show(error, "film"); this.caption(error instanceof Sentence ? error.message : ""); }
    }
  }

  arrived(image, index, count, signal) {
    if (signal.aborted) return;
    this.frames.push(image);
    this.progress((index + 1) / count);
    if (index === 0) { paint(byId("film"), image, this.explore.model.pixel_art); }
    if (index === count - 1) sync("sync-scrub");
    else this.caption(say(this.words.film_making, { n: index + 1, all: count }));
  }

  progress(share) {
    const bar = byId("film-progress");
    if (bar) { bar.value = share; bar.hidden = share >= 1; }
  }

  caption(words) {
    const line = byId("film-caption");
    if (line) line.textContent = this.left && this.frames.length ? `${words} ${this.words.film_other}` : words;
    byId("film")?.setAttribute("aria-label", words);
  }

  /** Show one frame and move the scrub slider to it. */
  show(index) {
    if (!this.frames.length) { const c = byId("film"); c?.getContext("2d").clearRect(0, 0, c.width, c.height); tiles(byId("strip"), 0); return; }
    this.at = Math.max(0, Math.min(index, this.frames.length - 1));
    paint(byId("film"), this.frames[this.at], this.explore.model.pixel_art);
    fillSlider("scrub", this.at + 1);
    const words = say(this.words.film_frame, { n: this.at + 1, all: this.frames.length });
    if (!this.playing) this.caption(words);
  }

  strip() {
    const count = Math.min(STRIP, this.frames.length);
    tiles(byId("strip"), count).forEach((tile, i) => {
      const index = Math.round(i * (this.frames.length - 1) / Math.max(count - 1, 1));
      putTile(tile.querySelector("canvas"), this.frames[index], this.explore.model.pixel_art);
      const name = say(this.words.film_frame, { n: index + 1, all: this.frames.length });
      tile.setAttribute("aria-label", name);
      tile.title = name;
      tile.onclick = () => { this.stop(); this.show(index); };
    });
  }

  /** An input event of this tab's sliders. Returns whether it was one of them. */
  moved(id) {
    if (id === "scrub" && !isFilling()) { this.stop(); this.show(sliderValue("scrub") - 1); }
    if (id === "steps" && !isFilling()) this.later();
    return id === "scrub" || id === "steps" || id === "fps";
  }

  scrubUpdate() { return update({ maximum: Math.max(2, this.frames.length), value: this.at + 1 }); }

  play() {
    if (this.playing) return this.stop();
    if (this.frames.length < 2) return;
    this.playing = true;
    let before = performance.now(), from = this.at >= this.frames.length - 1 ? 0 : this.at;
    const tick = (now) => {
      if (!this.playing) return;
      if (!this.frames.length) { before = now; requestAnimationFrame(tick); return; }      // a new film is on its way
      from += (now - before) / 1000 * (sliderValue("fps") || 24);
      before = now;
      if (from >= this.frames.length && !this.loops) { this.stop(); return; }
      from %= this.frames.length;
      if (Math.floor(from) !== this.at) this.show(Math.floor(from));
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  }

  stop() {
    if (!this.playing) return;
    this.playing = false;
    this.show(this.at);
  }

  /** What the file is made from: the values of the button's inputs, the first of them the film. */
  filmPlan(_, kind, fps, side) { return [JSON.stringify(this.plan() ?? { keyframes: [] }), kind, fps, side]; }

  addRandom() {
    const base = this.explore.opening(this.explore.model);
    const seeds = crypto.getRandomValues(new Uint32Array(3));
    this.pins.add([...seeds].map((seed) => ({ ...base, psi: this.explore.recipe.psi ?? 1, label: this.explore.recipe.label, seed: seed % 1000000 })));
  }

  /** "3, 8, 20-22" -> pins of these seeds; returns what the text box then holds. */
  addSeeds(words) {
    const seeds = seedsIn(String(words ?? ""));
    const wrong = !seeds ? this.words.seeds_wrong : seeds.length > this.pins.room ? this.words.pins_full : null;
    if (wrong) { this.alert.show(new Sentence(wrong)); return words; }
    this.alert.clear("deed");
    const base = this.explore.opening(this.explore.model);
    this.pins.add(seeds.map((seed) => ({ ...base, psi: this.explore.recipe.psi ?? 1, label: this.explore.recipe.label, seed })));
    return "";
  }
}

/** "3, 8, 20-22" -> [3, 8, 20, 21, 22], null for anything else. No longer than it takes to see that it is too long. */
export function seedsIn(typed) {
  const seeds = [];
  for (const part of typed.split(/[,，\s]+/).filter(Boolean)) {
    const [, first, last = first] = /^(\d{1,10})(?:-(\d{1,10}))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first) || Number(last) > lastSeed()) return null;
    for (let seed = Number(first); seed <= Number(last) && seeds.length <= schema.most_keyframes; seed++) seeds.push(seed);
  }
  return seeds;
}
