// What GANs are for: a card for each use, with pictures painted now and links that open the right place.

import { measured } from "../shared/bars.js";
import { make, penOf } from "../shared/page.js";
import { Sentence } from "../shared/server.js";

/** @typedef {import("./learn.js").Learn} Learn */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */

export class Uses {
  wanted = true;

  /** @param {Learn} learn @param {import("./learn.js").Lesson} lesson */
  constructor(learn, lesson) {
    this.learn = learn;
    /** The canvases of each card. @type {HTMLCanvasElement[][]} */
    this.canvases = lesson.parts.map(({ title, show }) => (show ?? []).map(() => make("canvas", { width: 64, height: 64, role: "img", ariaLabel: title })));
    this.parts = lesson.parts;
    this.element = make("div", {}, learn.goal, make("div", { className: "uses" }, ...lesson.parts.map((part, i) => make("section", { className: "use" },
      make("h3", {}, part.title), ...(this.canvases[i].length ? [make("div", { className: "use-pictures" }, ...this.canvases[i])] : []), make("p", {}, part.about),
      ...(part.measured ? measured(part.measured) : []),
      make("div", { className: "learn-buttons" }, ...(part.links ?? []).map(({ go, to }) => make("a", { className: "act", href: to }, go)))))));
  }

  async begin() {
    this.wanted = true;
    for (const [i, { show }] of this.parts.entries()) {
      if (!show?.length || !this.wanted) continue;
      const part = make("p", { className: "quiet" });
      try {
        await this.learn.server.each(show, {}, () => this.wanted, (/** @type {ImageData} */ image, /** @type {number} */ k) => {
          const canvas = this.canvases[i][k];
          canvas.width = image.width;
          canvas.height = image.height;
          penOf(canvas).putImageData(image, 0, 0);
        });
      } catch (error) {      // a model that is not here costs its own card its pictures, and says so there
        if (!(error instanceof Sentence)) throw error;
        part.textContent = error.message;
        this.canvases[i][0]?.parentElement?.replaceChildren(part);
      }
    }
  }

  leave() { this.wanted = false; }
}
