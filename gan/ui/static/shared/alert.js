// What went wrong, said in one place.

import { byId } from "./page.js";
import { Sentence } from "./server.js";

/** What something went wrong with. @typedef {"deed" | "paint" | "film" | "run" | "pictures" | "number"} Matter */

/** The one place where something that went wrong is said. What a picture could not be painted for goes when one can. */
export class Alert {
  /** @type {Matter | null} */
  about = null;

  /** @param {any} error
   * @param {Matter} [about] */
  show(error, about = "deed") {
    if (error?.name === "AbortError") return;
    if (!(error instanceof Sentence)) console.error(error);
    this.say(error?.message ?? String(error), about);
  }

  /** @param {string} words
   * @param {Matter} [about] */
  say(words, about = "deed") {
    const place = byId("alert");
    if (!place) return;
    this.about = about;
    place.textContent = words;
    place.dataset.about = about;      // see studio.css
    place.hidden = false;
  }

  /** @param {Matter} about */
  clear(about) {
    const place = byId("alert");
    if (place && this.about === about) place.hidden = true;
  }
}
