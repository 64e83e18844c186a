// The picture on the screen in a related model: one that comes from this one, or from the same as it, paints the same w in its own style.

import { NewestWins } from "../shared/newest.js";
import { byId, make } from "../shared/page.js";

/** @typedef {import("./explore.js").Explore} Explore */
/** @typedef {{ id: string, title: string }} Relative */

export class Relatives {
  /** Of the model in use; null until they were asked for.
   * @type {Relative[] | null} */
  found = null;
  asks = new NewestWins();

  /** @param {Explore} explore */
  constructor(explore) { this.explore = explore; }

  modelChanged() {
    this.found = null;
    this.fill();
    this.ask().catch((error) => this.explore.alert.show(error));
  }

  async ask() {
    const { model, server } = this.explore, query = new URLSearchParams({ id: model.id, rev: model.revision ?? "" });
    const told = await this.asks.grant(() => server.ask(`relatives?${query}`));
    if (!told) return;
    this.found = told.relatives;
    this.fill();
  }

  /** Shown where there is one, and where one could be looked for in vain for the own picture that is beside it. */
  fill() {
    const { words, recipe } = this.explore, place = byId("relatives"), { found } = this, none = found?.length === 0 && Boolean(recipe.w) && !byId("seek")?.hidden;
    if (!place) return;
    place.hidden = !found?.length && !none;
    const key = JSON.stringify([found, none]);
    if (place.hidden || place.dataset.shown === key) return;
    place.dataset.shown = key;
    place.replaceChildren(make("p", { className: "quiet" }, none ? words.relatives_none : words.relatives_info),
                          ...(found ?? []).map(({ id, title }) => make("button", { type: "button", className: "act", onclick: () => this.go(id) }, title)));
  }

  /** @param {string} to */
  async go(to) {
    try {
      if (await this.bring(to)) this.explore.seek.hide();      // what was found there is another model's
    } catch (error) { this.explore.alert.show(error); }
  }

  /** Bring the picture on the screen to a related model, at a revision where not at its newest. Whether it is there.
   * @param {string} to
   * @param {string | null} [rev] */
  bring(to, rev = null) {
    const { explore } = this;
    return explore.goTo(async () => {
      const { recipe: { studio: _, ...moved } } = await explore.server.ask("move", { recipe: explore.recipe, to, rev });
      return [moved, null];
    });
  }

  moved() { return false; }
}
