// A picture of a person's own: looked for in the model, shown as it gets closer, and from then on a picture like any other.

import { there } from "../shared/page.js";
import { text, tidy } from "../shared/recipe.js";

/** @typedef {import("./explore.js").Explore} Explore */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */

export class Seek {
  /** The search that goes on.
   * @type {AbortController | null} */
  going = null;
  /** What it has put on the screen last, null before that.
   * @type {string | null} */
  put = null;

  /** @param {Explore} explore */
  constructor(explore) {
    this.explore = explore;
    this.words = explore.words;
  }

  /** Look for a picture in the model on the screen.
   * @param {Blob} file */
  async find(file) {
    this.stop();
    const { explore } = this, { model, server } = explore, stop = this.going = new AbortController();
    this.put = null;
    this.show(file);
    const query = new URLSearchParams({ id: model.id, rev: model.revision ?? "" });
    try {
      const { found } = await server.told(`invert?${query}`, file, (line) => this.tell(line, stop), () => {}, stop.signal);
      if (!this.arrive(found.recipe, stop)) return;
      explore.history.commit();
      explore.changed();
      this.say([found.words, found.negative ? this.words.seek_negative : ""].filter(Boolean).join(" "), 1);
    } catch (error) {
      if (error.name === "AbortError" || error.code === "stopped") return;
      this.hide();
      throw error;
    } finally {
      if (this.going === stop) this.going = null;
      there("seek-stop").textContent = this.words.seek_close;
    }
  }

  /** A line of the search.
   * @param {import("../shared/types.js").Told} line
   * @param {AbortController} stop */
  tell(line, stop) {
    if (stop.signal.aborted) return;
    if (line.recipe && !this.arrive(line.recipe, stop)) return;
    this.say(line.words, line.done);
  }

  /** Show what was found by now. Whoever has moved something else meanwhile wants that, and the search is over.
   * @param {Recipe} told
   * @param {AbortController} stop */
  arrive(told, stop) {
    const { explore } = this, { studio: _, ...found } = told;
    if (stop.signal.aborted) return false;
    if (this.put !== null && text(explore.recipe) !== this.put || !explore.isOf(/** @type {Recipe} */ (found))) { this.stop(); return false; }
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

  // On the page

  /** @param {Blob} file */
  show(file) {
    const place = there("seek"), picture = there("seek-picture", HTMLImageElement), button = there("seek-stop");
    URL.revokeObjectURL(picture.src);
    picture.src = URL.createObjectURL(file);
    picture.alt = this.words.seek_picture;
    button.textContent = this.words.seek_stop;
    button.onclick = () => { if (this.going) this.stop(); else this.hide(); };
    place.hidden = false;
    this.say(this.words.seek_begins, null);
  }

  hide() { there("seek").hidden = true; }

  /** @param {string} words
   * @param {number | null} share */
  say(words, share) {
    there("seek-words").textContent = words;
    const bar = there("seek-progress", HTMLProgressElement);
    bar.hidden = share === 1;
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
  }
}
