// A picture of a person's own: looked for in the model, shown as it gets closer, and from then on a picture like any other.

import { there } from "../shared/page.js";
import { Pursuit } from "./pursuit.js";

export class Seek extends Pursuit {
  /** How close it is by now. */
  news = "";

  /** Look for a picture in the model on the screen.
   * @param {Blob} file
   * @returns {Promise<{ recipe: import("../shared/recipe.js").Recipe, words: string, negative?: boolean } | null>} what came of it */
  async find(file) {
    const { id, revision } = this.explore.model, query = new URLSearchParams({ id, rev: revision ?? "" });
    this.show(file);
    try {
      const found = await this.follow(`invert?${query}`, file, (line) => this.tell(line), (last) => last.found);
      if (found) this.say([found.words, found.negative ? this.words.seek_negative : ""].filter(Boolean).join(" "), 1);
      else if (!this.going) this.say(`${this.words.seek_stopped} ${this.news}`, 1);
      return found;
    } catch (error) {
      this.hide();
      throw error;
    } finally {
      if (!this.going) there("seek-stop").textContent = this.words.seek_close;
    }
  }

  /** A line of the search.
   * @param {import("../shared/types.js").Told} line */
  tell({ words, done }) {
    if (done === null) this.say(words, null);
    else this.say(this.words.seek_begins, done, this.news = words);
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
    this.news = "";
    place.hidden = false;
    this.say(this.words.seek_begins, null);
  }

  hide() { there("seek").hidden = true; }

  /** `words` are spoken, too, once; `news`, beside them, are not: fifty of them would come one after the other.
   * @param {string} words
   * @param {number | null} share
   * @param {string} [news] */
  say(words, share, news = "") {
    if (there("seek-words").textContent !== words) there("seek-words").textContent = words;
    there("seek-news").textContent = news;
    const bar = there("seek-progress", HTMLProgressElement);
    bar.hidden = share === 1;
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
  }
}
