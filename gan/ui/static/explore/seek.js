// A picture of a person's own: looked for in the model, shown as it gets closer, and from then on a picture like any other.

import { there } from "../shared/page.js";
import { Pursuit } from "./pursuit.js";

export class Seek extends Pursuit {
  /** Look for a picture in the model on the screen.
   * @param {Blob} file */
  async find(file) {
    const { id, revision } = this.explore.model, query = new URLSearchParams({ id, rev: revision ?? "" });
    this.show(file);
    try {
      const found = await this.follow(`invert?${query}`, file, (line) => this.say(line.words, line.done), (last) => last.found);
      if (found) this.say([found.words, found.negative ? this.words.seek_negative : ""].filter(Boolean).join(" "), 1);
    } catch (error) {
      this.hide();
      throw error;
    } finally {
      if (!this.going) there("seek-stop").textContent = this.words.seek_close;
    }
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
