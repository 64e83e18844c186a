// Before and after: what the same seeds are in the model that this one was trained on from, and in this one; and a picture of one's own,
// found in that one and shown in this one.

import { byId, chosenIn, make, openTab, say, tiles } from "../shared/page.js";
import { knob } from "../shared/schema.js";

/** @typedef {import("./explore.js").Explore} Explore */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */

export const PAIRS = 8;

export class BasePairs {
  /** The first of the seeds. */
  from = 0;
  /** Of what the pictures on the page are.
   * @type {string | null} */
  of = null;

  /** @param {Explore} explore */
  constructor(explore) { this.explore = explore; }

  modelChanged() {
    const { words, model } = this.explore, place = byId("base-pairs");
    this.from = 0;
    this.of = null;
    if (!place) return;
    place.hidden = !model.base;
    if (!model.base) return place.replaceChildren();
    const base = model.base.title, { title } = model;
    const others = make("button", { type: "button", className: "act", id: "base-pairs-others", textContent: words.base_pairs_others });
    others.onclick = () => { this.from += PAIRS; this.explore.changed(false); };
    const file = make("input", { type: "file", accept: "image/*", className: "unseen", id: "base-pairs-file" });
    chosenIn(file, ([picture]) => this.mine(picture).catch((error) => this.explore.alert.show(error)));
    const own = make("label", { className: "act" }, say(words.base_pairs_own, { base }), file);
    place.replaceChildren(make("p", { className: "layer-head", textContent: say(words.base_pairs, { base, title }) }),
                          make("p", { className: "quiet", textContent: say(words.base_pairs_info, { base, title }) }),
                          make("div", { className: "base-pairs-grid", id: "base-pairs-tiles" }), make("div", { className: "acts" }, others, own));
  }

  fill() {}

  moved() { return false; }

  /** Paint those of the model in use, where they are not there yet; whether the round is still wanted.
   * @param {() => boolean} wanted */
  async paint(wanted) {
    const { explore } = this, { model, words } = explore, of = [model.id, model.revision, this.from].join(" ");
    if (!model.base || !byId("base-pairs-tiles") || of === this.of) return true;
    this.of = of;
    const again = () => { if (this.of === of) this.of = null; };      // the next round tries anew
    const names = [model.base.title, model.title], all = pairsOf(explore.opening(model), this.from, model.classes.length);
    try {
      const done = await explore.server.each(all.flat(), explore.small, wanted, (image, i) => {
        const pair = pairAt(i >> 1), tile = pair && tiles(pair, 2)[i & 1], recipe = all[i >> 1][i & 1];
        if (tile) explore.showTile(tile, image, say(words.base_pairs_one, { seed: recipe.seed ?? 0, title: names[i & 1] }), () => explore.go(recipe));
      });
      if (!done) again();
      return done;
    } catch (error) {
      again();
      if (wanted()) explore.alert.show(error, "paint");
      return wanted();      // the sheet, the mix and the map are painted all the same
    }
  }

  /** Find a picture of one's own in the base, before one's eyes, and show it in this model.
   * @param {Blob} file */
  async mine(file) {
    const { explore } = this, { model, words } = explore, { base } = model;
    if (!base) return;
    openTab("explore");
    if (!await explore.goTo(async () => { const found = await explore.fetchModel({ model: base.id, revision: base.revision }); return [explore.opening(found), found]; })) return;
    const found = await explore.seek.find(file);
    if (!found || !await explore.relatives.bring(model.id, model.revision)) return;
    explore.seek.say(`${found.words} ${say(words.base_pairs_there, { base: base.title, title: model.title })}`, 1);
  }
}

/** Pair `i` in its place, as a person goes through them: each a column of two.
 * @param {number} i */
function pairAt(i) {
  const place = byId("base-pairs-tiles");
  while (place && place.children.length < PAIRS) place.append(make("div", { className: "tiles" }));
  return /** @type {HTMLElement | undefined} */ (place?.children[i]);
}

/** The recipes of some seeds, each before and after: with no part of what was trained on, and with all of it.
 * @param {Recipe} opening
 * @param {number} from the first seed
 * @param {number} classes which are taken in turn
 * @returns {[Recipe, Recipe][]} */
export function pairsOf(opening, from, classes) {
  return Array.from({ length: PAIRS }, (_, i) => {
    const after = { ...opening, seed: from + i, ...classes ? { label: (from + i) % classes } : {} };
    return [{ ...after, blend: Array(knob("recipe", "blend").most).fill(0) }, after];
  });
}
