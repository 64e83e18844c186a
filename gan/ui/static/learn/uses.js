// What GANs are for: a card for each use, with pictures painted now and links that open the right place.

import { measured } from "../shared/bars.js";
import { NewestWins } from "../shared/newest.js";
import { make, penOf } from "../shared/page.js";
import { Sentence } from "../shared/server.js";

/** @typedef {import("./learn.js").Learn} Learn */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */

export class Uses {
  turns = new NewestWins();

  /** @param {Learn} learn @param {import("./learn.js").Lesson} lesson */
  constructor(learn, lesson) {
    this.learn = learn;
    /** The canvases of each card. @type {HTMLCanvasElement[][]} */
    this.canvases = lesson.parts.map(({ title, show }) => (show ?? []).map(() => make("canvas", { width: 64, height: 64, role: "img", ariaLabel: title })));
    this.parts = lesson.parts;
    /** How many of each card's pictures are there, or will never be. */
    this.done = lesson.parts.map(() => 0);
    this.element = make("div", {}, learn.goal, make("div", { className: "uses" }, ...lesson.parts.map((part, i) => make("section", { className: "use" },
      make("h3", {}, part.title), ...(this.canvases[i].length ? [make("div", { className: "use-pictures" }, ...this.canvases[i])] : []), make("p", {}, part.about),
      ...(part.measured ? measured(part.measured) : []),
      make("div", { className: "learn-buttons" }, ...(part.links ?? []).map(({ go, to }) => make("a", { className: "act", href: to }, go)))))));
  }

  async begin() {
    const stands = this.turns.make();
    for (const [i, { show }] of this.parts.entries()) {
      const rest = show?.slice(this.done[i]) ?? [];
      if (!rest.length || !stands()) continue;
      try {
        await this.learn.server.each(rest, {}, stands, (/** @type {ImageData} */ image) => this.put(i, image));
      } catch (error) {      // a model that is not here costs its own card its pictures, and says so there
        if (!stands()) return;
        if (!(error instanceof Sentence)) throw error;
        this.done[i] = this.canvases[i].length;
        this.canvases[i][0]?.parentElement?.replaceChildren(make("p", { className: "quiet" }, error.message));
      }
    }
  }

  /** The next picture of a card. @param {number} i @param {ImageData} image */
  put(i, image) {
    const canvas = this.canvases[i][this.done[i]++];
    canvas.width = image.width;
    canvas.height = image.height;
    penOf(canvas).putImageData(image, 0, 0);
  }

  leave() { this.turns.make(); }

  /** On with the first picture that is not there. */
  resume() { return this.begin(); }
}
