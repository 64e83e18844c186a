// The network, in a thread of its own: a job comes in, its pixels go out, one after the other.

import { whole } from "./latents.js";
import { BROKEN, Model } from "./model.js";
import { readWeights } from "./weights.js";

/** What the page asks for: the picture of a recipe, which may leave out what is as usual, or one at `t` of the way to another.
 * @typedef {{ recipe: Partial<import("./recipe.js").Recipe>, to?: import("./recipe.js").Recipe, t?: number }} Job */

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
    const recipe = whole(job.recipe), pixels = job.to && job.t ? model.between(recipe, job.to, job.t) : model.picture(recipe);
    place.postMessage({ pixels }, [pixels.buffer]);
  } catch (error) { place.postMessage({ failed: /SIMD/.test(error.message) ? "no_simd" : error.message === BROKEN ? "broken" : "not_here", why: String(error) }); }
};
