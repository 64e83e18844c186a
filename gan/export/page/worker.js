// The network, in a thread of its own: a job comes in, its pixels go out, one after the other.

import { Model } from "./model.js";
import { readWeights } from "./weights.js";

/** What the page asks for: the picture of a recipe, or one at `t` of the way to another.
 * @typedef {{ recipe: import("./recipe.js").Recipe, to?: import("./recipe.js").Recipe, t?: number }} Job */

/** Before any job: what the model is, and its weights. @typedef {{ about: import("./model.js").About, file: ArrayBuffer }} Begun */

const place = /** @type {{ postMessage: (told: any, moved?: Transferable[]) => void, onmessage: ((event: MessageEvent<Begun & { job?: Job }>) => void) | null }} */ (
  /** @type {unknown} */ (self));
/** @type {Model | undefined} */
let model;

place.onmessage = ({ data: { about, file, job } }) => {
  try {
    if (!job || !model) {
      model = new Model(about, readWeights(file));
      return place.postMessage({ ready: true });
    }
    const pixels = job.to && job.t ? model.between(job.recipe, job.to, job.t) : model.picture(job.recipe);
    place.postMessage({ pixels }, [pixels.buffer]);
  } catch (error) { place.postMessage({ failed: /SIMD/.test(String(error)) ? "no_simd" : "not_here", why: String(error) }); }
};
