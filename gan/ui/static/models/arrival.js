// A model that has just come in: what it was recognised as, what was guessed, its first pictures, and where to go with it.

import { make, putTile, say, there } from "../shared/page.js";
import { samples } from "./cards.js";
import { small } from "../shared/server.js";

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/types.js").Model} Model */
/** @typedef {Pick<import("./cards.js").Acts, "explore" | "film" | "train" | "layout">} Ways */

const PICTURES = 6;

export class Arrival {
  /** @param {Server} server
   * @param {Words} words
   * @param {Ways} go */
  constructor(server, words, go) {
    this.server = server;
    this.words = words;
    this.go = go;
  }

  /** @param {Model} model */
  async show(model) {
    const place = there("arrived"), { words } = this;
    place.dataset.model = model.id;
    place.hidden = false;
    /** @param {string} textContent */
    const line = (textContent) => make("p", { className: "quiet", textContent });
    const guesses = model.guessed.length ? [line(words.guessed), make("ul", { className: "guessed" }, ...model.guessed.map((textContent) => make("li", { textContent })))] : [];
    const pictures = make("div", { className: "tiles" });
    place.replaceChildren(
      make("h3", { textContent: say(words.is_here, { title: model.title }), tabIndex: -1 }),
      line(say(words.recognised, { kind: [model.kind, say(words.pixels, { width: model.width, height: model.height })].join(", ") })),
      ...(model.origin ? [line(say(words.came_from, { origin: model.origin }))] : []),
      line(say(words.licence, { licence: model.licence || words.not_said })), ...guesses, pictures,
      make("div", { className: "acts" }, this.button(words.go_explore, "explore", model, "act main"), this.button(words.go_film, "film", model),
           ...(model.layout ? [make("button", { type: "button", className: "act", textContent: words.go_layout, onclick: () => this.go.layout(model) })] : []),
           ...(model.width === model.height && model.any_classes ? [this.button(words.go_train, "train", model)] : [])));
    place.scrollIntoView({ block: "nearest" });
    place.querySelector("h3")?.focus({ preventScroll: true });
    await this.paint(pictures, model);
  }

  /** @param {string} textContent
   * @param {"explore" | "film" | "train"} tab
   * @param {Model} model
   * @param {string} [className] */
  button(textContent, tab, model, className = "act") {
    return make("button", { type: "button", className, textContent, onclick: () => this.go[tab](model.id) });
  }

  /** @param {HTMLElement} place
   * @param {Model} model */
  async paint(place, model) {
    const recipes = samples({ ...model, classes: model.classes.length }, PICTURES);
    await this.server.each(recipes, small(model), () => place.isConnected, (image) => {      // until another model has come in
      const canvas = make("canvas", { role: "img", ariaLabel: model.title });
      putTile(canvas, image, model.pixel_art);
      place.append(canvas);
    });
  }
}
