// A film from the picture to another seed and back, as long as one likes to watch.

import { anySeed, make, ofSeed, seed, slider } from "./parts.js";

/** @typedef {import("./explore.js").Explore} Explore */

const SECONDS = 4;      // one way

export class Film {
  to = anySeed();
  /** Where it stands: 0 at the picture, 1 at the other seed. */
  at = 0;
  back = false;
  playing = false;
  /** When it last moved, in milliseconds.
   * @type {number | null} */
  moved = null;
  showing = () => {};

  /** @param {Explore} explore */
  constructor(explore) { this.explore = explore; }

  panel() {
    const { words } = this.explore;
    const other = seed(words.film_to, (value) => { this.to = value; this.explore.changed(); }, [[words.dice, anySeed]]);
    const place = slider(words.film_place, { min: 0, max: 1, step: 0.01 }, (value) => { this.at = value; this.stop(); this.explore.changed(); });
    const button = make("button", { type: "button", className: "act", onclick: () => (this.playing ? this.stop() : this.play()) });
    this.showing = () => {
      other.set(this.to);
      place.set(this.at);
      button.textContent = this.playing ? words.pause : words.play;
    };
    this.explore.showing.push(() => this.showing());
    return make("details", { className: "panel", open: this.at > 0 }, make("summary", { textContent: words.film }), make("p", { className: "quiet", textContent: words.film_info }),
                other.box, make("div", { className: "film-row" }, button), place.box);
  }

  /** The other end and the place, where it is under way. */
  job() { return this.at > 0 ? { to: { ...this.explore.recipe, ...ofSeed(this.to) }, t: this.at } : {}; }

  link() { return this.at > 0 ? `to=${this.to}&at=${this.at.toFixed(2)}` : ""; }

  /** @param {URLSearchParams} link */
  read(link) {
    const to = Number(link.get("to") ?? NaN), at = Number(link.get("at") ?? NaN);
    if (Number.isInteger(to) && to >= 0 && to < 2 ** 32 && at > 0 && at <= 1) Object.assign(this, { to, at });
  }

  play() {
    this.playing = true;
    this.moved = null;
    this.showing();
    requestAnimationFrame((now) => this.step(now));
  }

  stop() {
    if (this.playing) { this.playing = false; this.explore.changed(); }
    this.showing();
  }

  /** Back at the picture. */
  rest() {
    this.playing = this.back = false;
    this.at = 0;
    this.showing();
  }

  /** @param {number} now milliseconds */
  step(now) {
    if (!this.playing) return;
    const far = (now - (this.moved ?? now)) / 1000 / SECONDS, at = this.at + (this.back ? -far : far);
    this.moved = now;
    if (at >= 1) this.back = true;
    if (at <= 0) this.back = false;
    this.at = Math.min(Math.max(at, 0), 1);
    this.showing();
    this.explore.paint();
    requestAnimationFrame((next) => this.step(next));
  }
}
