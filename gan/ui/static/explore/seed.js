// The seed: its number, its slider, and the tools that choose another.

import { fillNumber, fillSlider, inputIn, movedTo, say, there } from "../shared/page.js";
import { lastSeed } from "../shared/schema.js";

/** @typedef {import("./explore.js").Explore} Explore */

const SEEDS = 1000;      // that the slider goes through

export class Seed {
  /** @param {Explore} explore */
  constructor(explore) {
    this.explore = explore;
    this.words = explore.words;
  }

  get now() { return this.explore.recipe.seed ?? 0; }

  /** The slider goes through a thousand seeds; another thousand where the seed is none of these. */
  fill() {
    const seed = this.now, slider = inputIn("seed-range"), low = seed - seed % SEEDS, high = Math.min(lastSeed(), low + SEEDS - 1);
    fillNumber("seed", seed);
    if (!slider) return;
    Object.assign(slider, { min: String(low), max: String(high) });
    slider.setAttribute("aria-label", say(this.words.seed_range, { low, high }));
    slider.style.setProperty("--at", `${(seed - low) / Math.max(1, high - low) * 100}%`);      // see studio.css
    there("seed-low").textContent = String(low);
    there("seed-high").textContent = String(high);
    fillSlider("seed-range", seed);
  }

  /** An input event. Returns whether it was one of the seed's.
   * @param {string} id */
  moved(id) {
    if (id === "seed") this.typed();
    else if (id === "seed-range") this.to(movedTo(id), false);
    else return false;
    return true;
  }

  typed() {
    const typed = inputIn("seed")?.valueAsNumber ?? NaN;
    if (typed !== this.now && Number.isInteger(typed) && typed >= 0 && typed <= lastSeed()) this.to(typed, false);
  }

  /** Another seed is another picture: small steps and values set by hand belonged to the old one.
   * @param {number} seed
   * @param {boolean} [commit] */
  to(seed, commit = true) { this.explore.edit({ seed, w: null, walk: [], overrides: [] }, commit); }
  dice() { this.to(crypto.getRandomValues(new Uint32Array(1))[0] % 1000000); }
  next() { this.to(Math.min(lastSeed(), this.now + 1)); }
  previous() { this.to(Math.max(0, this.now - 1)); }
}
