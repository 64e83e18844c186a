// What each loss computes, as the lessons spell it: the discriminator's line, then the generator's.

import { make } from "../shared/page.js";

/** E is the mean over a batch, x a real point, z a latent, D and G the two networks. @type {Record<import("./game.js").Rules["loss"], [string, string]>} */
const FORMULAS = {
  "non-saturating": ["min −E[log D(x)] − E[log(1 − D(G(z)))]", "min −E[log D(G(z))]"],
  "minimax": ["max E[log D(x)] + E[log(1 − D(G(z)))]", "min E[log(1 − D(G(z)))]"],
  "least-squares": ["min ½E[(D(x) − 1)²] + ½E[D(G(z))²]", "min ½E[(D(G(z)) − 1)²]"],
  "hinge": ["min E[max(0, 1 − D(x))] + E[max(0, 1 + D(G(z)))]", "min −E[D(G(z))]"],
  "wasserstein": ["max E[D(x)] − E[D(G(z))]", "min −E[D(G(z))]"],
};

/** The formula that is being computed; the player whose turn it is lights up.
 * @param {Record<string, string>} words @param {import("./table.js").Table} table */
export function formulasOf(words, { game, lit }) {
  const lines = FORMULAS[game.rules.loss];
  const line = (/** @type {string} */ who, /** @type {string} */ text, /** @type {number} */ value) =>
    make("p", { className: lit === who ? "lit" : "" }, make("b", {}, who === "d" ? words.learn_d : words.learn_g), ` ${text} = ${value.toFixed(3)}`);
  return [line("d", lines[0], game.told.loss), line("g", lines[1], game.lossG)];
}
