// The contact sheet: other seeds under the same settings, a page of them at a time.

import { byId, say, there, tileAt } from "../shared/page.js";
import { saveFile } from "../shared/take.js";
import { text, tidy } from "../shared/recipe.js";
import { lastSeed } from "../shared/schema.js";

const PICTURES = 24;      // on a page

/** @typedef {import("./explore.js").Explore} Explore */

export class ContactSheet {
  /** The seed of the first picture. */
  first = 0;
  /** What the page is of, and how much of it is there.
   * @type {string | null} */
  of = null;
  shown = 0;
  turn = 0;

  /** @param {Explore} explore */
  constructor(explore) { this.explore = explore; }

  /** What the whole page is of, null while some of it is missing. */
  get key() { return this.shown === PICTURES ? this.of : null; }

  /** Another model: from the first seed on. */
  begin() {
    this.first = 0;
    this.of = null;
    this.shown = 0;
    this.turn++;
  }

  /** Paint the page; one that was given up goes on if it is still the same one. Turning the page gives up the one before. */
  async paint() {
    if (!byId("sheet")) return;
    const { explore, first } = this, recipe = explore.recipe, all = this.recipes();
    const of = text(all[0]), begin = of === this.of ? this.shown : 0, turn = ++this.turn, recipes = all.slice(begin);
    this.of = of;
    this.shown = begin;
    explore.fade([...there("sheet").children].slice(begin));
    await explore.each(recipes, "sheet", () => this.turn === turn && explore.recipe === recipe, (image, i) => {
      const name = say(explore.words.sheet_one, { seed: first + begin + i });
      explore.showTile(tileAt("sheet", begin + i, PICTURES), image, name, () => explore.go(recipes[i]));
      this.shown++;
    }, begin);
  }

  /** The pictures of the page: what belongs to one seed alone is gone. */
  recipes() {
    const { w, walk, overrides, ...kept } = this.explore.recipe;
    return Array.from({ length: PICTURES }, (_, i) => tidy({ ...kept, seed: this.first + i }));
  }

  /** Save the page: as one picture, or as a zip of its pictures with their recipes and links.
   * @param {"png" | "zip"} kind */
  async take(kind) {
    const { explore } = this, address = new URL(location.pathname, location.href).href;
    const answer = await explore.server.post(`studio/sheet.${kind}`, { recipes: this.recipes(), address });
    saveFile(await answer.blob(), `${explore.model.id.replace(/[^\p{L}\p{N}.]+/gu, "-")}-seeds${this.first}-${this.first + PICTURES - 1}.${kind}`);
    explore.note(explore.words.sheet_saved);
  }

  more() { this.first = Math.min(this.first + PICTURES, lastSeed() - PICTURES); return this.paint(); }
  back() { this.first = Math.max(0, this.first - PICTURES); return this.paint(); }
}
