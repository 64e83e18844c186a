// A search that goes on in the app (narration.py), whose recipes are on the screen as they come, and from then on a picture like any
// other: the newest wins, whoever moves something else ends it, and it is one step that undo takes back.

import { text, tidy } from "../shared/recipe.js";

/** @typedef {import("./explore.js").Explore} Explore */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */
/** @typedef {import("../shared/types.js").Told} Told */

export class Pursuit {
  /** The search that goes on.
   * @type {AbortController | null} */
  going = null;
  /** What is on the screen unless somebody moves something: where it began, then what it has put there last. */
  put = "";

  /** @param {Explore} explore */
  constructor(explore) {
    this.explore = explore;
    this.words = explore.words;
  }

  /** Ask for it, instead of any other search; `tell` hears each line. What came of it, or null where something else is wanted by now.
   * @template {{ recipe: Recipe }} E
   * @param {string} path
   * @param {string | Blob} body
   * @param {(line: Told) => void} tell
   * @param {(last: any) => E} end
   * @returns {Promise<E | null>} */
  async follow(path, body, tell, end) {
    const { explore } = this;
    explore.seek.stop();
    explore.drag.stop();
    const stop = this.going = new AbortController();
    this.put = text(explore.recipe);
    /** @param {Told} line */
    const heard = (line) => { if (!stop.signal.aborted && (!line.recipe || this.arrive(line.recipe, stop))) tell(line); };
    try {
      const found = end(await explore.server.told(path, body, heard, () => {}, stop.signal));
      if (!this.arrive(found.recipe, stop)) return null;
      explore.history.commit();
      explore.changed();
      return found;
    } catch (error) {
      if (error.name === "AbortError" || error.code === "stopped") return null;
      throw error;
    } finally {
      if (this.going === stop) this.going = null;
    }
  }

  /** Show what was found by now. Whoever has moved something else meanwhile wants that, and the search is over.
   * @param {Recipe} told
   * @param {AbortController} stop */
  arrive(told, stop) {
    const { explore } = this, { studio: _, ...found } = /** @type {Recipe & { studio?: number }} */ (told);
    if (stop.signal.aborted) return false;
    if (text(explore.recipe) !== this.put || !explore.isOf(/** @type {Recipe} */ (found))) { this.stop(); return false; }
    explore.history.recipe = tidy({ ...found, model: explore.model.id, revision: explore.model.revision });
    this.put = text(explore.recipe);
    explore.fillControls();
    explore.painter.want(explore.recipe);
    return true;
  }

  /** The search is given up; what was found by now stays. */
  stop() {
    if (!this.going) return;
    this.going.abort();
    this.going = null;
    if (this.explore.history.commit()) this.explore.changed();
  }
}
