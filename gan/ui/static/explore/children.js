// Children of two pictures: something of either, and a little that neither has. They are the same whenever these two are the parents.

import { byId, make, say, tileAt } from "../shared/page.js";
import { seedsOf, text, tidy } from "../shared/recipe.js";
import { knob } from "../shared/schema.js";

/** @typedef {import("./explore.js").Explore} Explore */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */

export const MUTATION = 0.12;               // how far a child lies on the way to another seed
/** How much each child has of the second picture, in its coarse and in its fine layers: both halves, its shapes, its colours, ... */
const SHARES = [[0.5, 0.5], [0.05, 0.95], [0.95, 0.05], [0.3, 0.7], [0.7, 0.3], [0.25, 0.4], [0.75, 0.6], [0.5, 0.9]];
const JITTER = 0.1;

export class Children {
  /** How often others were asked for. */
  turn = 0;
  /** Of what those on the screen are.
   * @type {string | null} */
  of = null;

  /** @param {Explore} explore */
  constructor(explore) { this.explore = explore; }

  /** The part of the page for them. */
  markup() {
    const { words } = this.explore;
    const more = make("button", { type: "button", className: "act", id: "children-more", textContent: words.children_more });
    more.onclick = () => { this.turn++; this.explore.mix.again(); };
    return [make("p", { className: "layer-head", textContent: words.children }), make("p", { className: "quiet", textContent: words.children_info }),
            make("div", { id: "children", className: "tiles small" }), make("div", { className: "mix-ways" }, more)];
  }

  /** Paint those of two pictures, none where there is no second one.
   * @param {Recipe} first
   * @param {Recipe | null} second
   * @param {() => boolean} wanted */
  async paint(first, second, wanted) {
    const place = byId("children"), of = second && [text(first), text({ ...second, model: first.model }), this.turn].join();
    if (!place || of === this.of) return;
    this.of = of;
    if (!second) return place.replaceChildren();
    this.explore.fade(place.children);
    const all = childrenOf(first, second, this.turn), { words } = this.explore;
    const done = await this.explore.server.each(all, this.explore.small, wanted, (image, i) => {
      this.explore.showTile(tileAt("children", i, all.length), image, say(words.children_one, { n: i + 1 }), () => this.explore.go(all[i]));
    });
    if (!done) this.of = null;
  }
}

/** The children of two pictures of one model.
 * @param {Recipe} first
 * @param {Recipe} second
 * @param {number} turn
 * @returns {Recipe[]} */
export function childrenOf(first, second, turn) {
  const seeds = seedsOf(`${text(first)}${text(second)}${turn}`, SHARES.length), walked = (first.walk ?? []).slice(1 - knob("recipe", "walk").most);
  return SHARES.map((shares, i) => {
    const mix = shares.map((share, side) => {
      const moved = share + JITTER * (((seeds[i] >>> (8 * side)) & 255) / 127.5 - 1) * (turn ? 2 : 1);
      return Number(Math.max(0, Math.min(1, moved)).toFixed(2));
    });
    return tidy({ ...first, style: second, mix, walk: [...walked, [seeds[i], MUTATION]] });
  });
}
