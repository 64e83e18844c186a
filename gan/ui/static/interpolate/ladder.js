// The words on the way, as a list: each leads to its first frame.

import { byId, make } from "../shared/page.js";
import { isText } from "../explore/reading.js";

/** @typedef {import("./film.js").Film} Film */
/** @typedef {{ text: string, frame: number, frames: number }} Rung */

export class Ladder {
  /** @type {Rung[]} */
  rungs = [];

  /** @param {Film} film */
  constructor(film) { this.film = film; }

  /** The words of this path; none for models of pictures.
   * @param {object} plan
   * @param {AbortSignal} signal */
  async climb(plan, signal) {
    const { film } = this;
    if (!isText(film.explore.model)) return;
    const { rungs } = await film.server.ask("ladder", plan, { signal });
    signal.throwIfAborted();
    this.rungs = rungs;
    this.show();
  }

  /** Another path is on its way: nothing is left of the one before. */
  clear() {
    this.rungs = [];
    this.show();
  }

  show() {
    const place = byId("ladder");
    if (!place) return;
    place.hidden = !this.rungs.length;
    place.setAttribute("aria-label", this.film.words.ladder);
    place.replaceChildren(...this.rungs.map(({ text, frame }) => make("li", {}, make("button", {
      type: "button", className: "rung", textContent: text || "–", onclick: () => { this.film.stop(); this.film.show(frame); },
    }))));
  }

  /** What a frame reads, and mark it in the list.
   * @param {number} index
   * @returns {string} */
  at(index) {
    const here = this.rungs.findIndex(({ frame, frames }) => index >= frame && index < frame + frames);
    byId("ladder")?.querySelectorAll(".rung").forEach((rung, i) => {
      if (i === here) rung.setAttribute("aria-current", "true");
      else rung.removeAttribute("aria-current");
    });
    return this.rungs[here]?.text ?? "";
  }
}
