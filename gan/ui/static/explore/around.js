// The small pictures around the large one: it in every class, its neighbours, and the ends of the directions.

import { byId, say, there, tileAt } from "../shared/page.js";
import { seedsOf, text, tidy } from "../shared/recipe.js";
import { knob } from "../shared/schema.js";

/** @typedef {import("./explore.js").Explore} Explore */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */
/** Whether a picture is still wanted. @typedef {() => boolean} Wanted */

const NEIGHBOURS = 8, STRIDE = 0.2;      // how far a neighbour lies on the way to another seed
const MOST_CLASSES = 40;                 // that are shown side by side

export class Around {
  /** @param {Explore} explore */
  constructor(explore) {
    this.explore = explore;
    this.words = explore.words;
  }

  /** This picture in every class, such as an alphabet in one typeface, where there are not too many.
   * @param {Recipe} recipe
   * @param {Wanted} wanted */
  async paintClasses(recipe, wanted) {
    const explore = this.explore, { classes } = explore.model, place = byId("all-classes"), few = classes.length > 1 && classes.length <= MOST_CLASSES;
    if (!place) return true;
    place.hidden = !few;
    if (!few) return true;
    there("classes-title").textContent = this.words.all_classes;
    explore.fade(there("classes").children);
    const all = classes.map((_, label) => tidy({ ...recipe, label }));
    return explore.server.each(all, explore.small, wanted, (image, i) => {
      const tile = tileAt("classes", i, all.length);
      tile.setAttribute("aria-pressed", String(recipe.label === i));
      explore.showTile(tile, image, say(this.words.one_class, { name: classes[i] }), () => explore.edit({ label: i }));
    });
  }

  /** @param {Recipe} recipe
   * @param {Wanted} wanted */
  paintNearby(recipe, wanted) {
    const explore = this.explore, near = this.neighbours(recipe);
    explore.fade(there("nearby").children);
    return explore.each(near, "nearby", wanted, (image, i) => {
      explore.showTile(tileAt("nearby", i, near.length), image, say(this.words.nearby_one, { n: i + 1 }), () => explore.go(near[i]));
    });
  }

  /** @param {Recipe} recipe
   * @param {Wanted} wanted */
  paintEnds(recipe, wanted) {
    const explore = this.explore, ends = this.ends(recipe);
    explore.fade(document.querySelectorAll(".end"));
    return explore.server.each(ends.map((end) => end.recipe), explore.small, wanted, (image, i) => {
      const name = say(this.words.end, { name: explore.directionName(ends[i].index), value: ends[i].value });
      explore.showTile(byId(ends[i].id), image, name, () => explore.go(ends[i].recipe));
    });
  }

  /** @param {Recipe} recipe */
  neighbours(recipe) {
    const walked = (recipe.walk ?? []).slice(1 - knob("recipe", "walk").most);
    return seedsOf(text(recipe), NEIGHBOURS).map((seed) => tidy({ ...recipe, walk: [...walked, [seed, STRIDE]] }));
  }

  /** @param {Recipe} recipe */
  ends(recipe) {
    /** @type {{ index: number, value: number, id: string, recipe: Recipe }[]} */
    const list = [];
    const { low, high } = knob("recipe", "directions");
    for (let index = 0; index < this.explore.model.directions; index++) {
      for (const [side, value] of /** @type {[string, number][]} */ ([["minus", low], ["plus", high]])) {
        list.push({ index, value, id: `end${index}-${side}`, recipe: this.explore.withDirection(recipe, index, value) });
      }
    }
    return list;
  }
}
