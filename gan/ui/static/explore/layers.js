// Layer by layer: truncation and noise of each layer of a model that has several, and where truncation ends.

import { byId, make, movedTo, say, there } from "../shared/page.js";
import { withPair } from "../shared/recipe.js";
import { range } from "../shared/schema.js";
import { mounted, showValue, slider } from "../shared/slider.js";

const STEP = 0.01;      // of a slider

/** @typedef {import("./explore.js").Explore} Explore */

export class Layers {
  open = false;

  /** @param {Explore} explore */
  constructor(explore) {
    this.explore = explore;
    this.words = explore.words;
  }

  modelChanged() {
    byId("layers-panel")?.classList.toggle("gone", this.explore.model.layers < 2);
    if (this.open) this.build();
  }

  async openLayers() {
    this.open = true;
    await mounted("layers-body");
    this.build();
    this.fill();
  }

  closeLayers() { this.open = false; }

  build() {
    const { layers, first_fine: fine } = this.explore.model;
    const reset = make("button", { type: "button", className: "act", id: "layers-reset", textContent: this.words.reset });
    reset.onclick = () => this.explore.edit({ cutoff: null, layer_psi: [], layer_noise: [] });
    const rows = Array.from({ length: layers }, (_, i) => this.row(i));
    /** @param {string} words */
    const head = (words) => make("p", { className: "layer-head", textContent: words });
    there("layers-body").replaceChildren(
      make("p", { className: "quiet", textContent: this.words.layers_info }),
      make("div", { className: "layers-top" }, slider("cutoff", this.words.cutoff, { min: 0, max: layers, step: 1 }), reset),
      head(this.words.layers_coarse), ...rows.slice(0, fine), head(this.words.layers_fine), ...rows.slice(fine));
  }

  /** One layer: its number and its sliders. The last layer of some models takes a style but no noise.
   * @param {number} i */
  row(i) {
    const box = make("div", { className: "layer" }, make("b", { textContent: i }),
                     slider(`lpsi${i}`, this.words.psi, range("recipe", "layer_psi", STEP), say(this.words.layer_psi, { n: i })));
    if (i < this.explore.model.noise_layers) {
      box.append(slider(`lnoise${i}`, this.words.layer_noise_short, range("recipe", "layer_noise", STEP), say(this.words.layer_noise, { n: i })));
    }
    return box;
  }

  fill() {
    if (!this.open || !byId("cutoff")) return;
    const { recipe, model } = this.explore, cutoff = recipe.cutoff ?? model.layers;
    const psi = new Map(recipe.layer_psi), noise = new Map(recipe.layer_noise);
    showValue("cutoff", cutoff, cutoff === model.layers ? this.words.cutoff_all : say(this.words.cutoff_some, { n: cutoff, all: model.layers }));
    for (let i = 0; i < model.layers; i++) {
      this.show(`lpsi${i}`, psi.get(i), i < cutoff ? recipe.psi ?? 1 : 1);
      this.show(`lnoise${i}`, noise.get(i), 1);
    }
  }

  /** A layer's own value stands out from those that follow the rest.
   * @param {string} id
   * @param {number | undefined} own
   * @param {number} otherwise */
  show(id, own, otherwise) {
    showValue(id, own ?? otherwise);
    byId(id)?.classList.toggle("set", own !== undefined);
  }

  /** A person has moved a control. Returns whether it was one of these.
   * @param {string} id */
  moved(id) {
    const { recipe, model } = this.explore, value = movedTo(id);
    const [, kind, layer] = /^l(psi|noise)(\d+)$/.exec(id) ?? [];
    if (id === "cutoff") this.explore.edit({ cutoff: value === model.layers ? null : value }, false);
    else if (kind === "psi") this.explore.edit({ layer_psi: withPair(recipe.layer_psi, Number(layer), value) }, false);
    else if (kind === "noise") this.explore.edit({ layer_noise: withPair(recipe.layer_noise, Number(layer), value) }, false);
    else return false;
    return true;
  }
}
