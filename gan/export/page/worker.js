// The network, in a thread of its own: a job comes in, its pixels go out, one after the other.

import { Model } from "./model.js";
import { readWeights } from "./weights.js";

/** What the page asks for: the picture of a recipe, or one at `t` of the way to another.
 * @typedef {{ recipe: import("./recipe.js").Recipe, to?: import("./recipe.js").Recipe, t?: number }} Job */

const place = /** @type {{ postMessage: (told: any, moved?: Transferable[]) => void, onmessage: ((event: MessageEvent<{ number: number, job: Job }>) => void) | null }} */ (
  /** @type {unknown} */ (self));

/** @param {string} name */
async function fetched(name) {
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer;
}

async function begin() {
  const [about, file] = await Promise.all([fetched("model.json").then((answer) => answer.json()), fetched("model.safetensors").then((answer) => answer.arrayBuffer())]);
  const model = new Model(about, readWeights(file));
  place.onmessage = ({ data: { number, job } }) => {
    const pixels = job.to && job.t ? model.between(job.recipe, job.to, job.t) : model.picture(job.recipe);
    place.postMessage({ number, pixels }, [pixels.buffer]);
  };
  place.postMessage({ ready: true });
}

begin().catch((error) => place.postMessage({ failed: /SIMD/.test(String(error)) ? "no_simd" : "not_here", why: String(error) }));
