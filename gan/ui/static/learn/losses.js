// The losses of gan/training/losses.py and their slopes: what both networks want of the logits.

const sigmoid = (/** @type {number} */ x) => 1 / (1 + Math.exp(-x));
const softplus = (/** @type {number} */ x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const mean = (/** @type {Float64Array} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * @param {Float64Array} logits
 * @param {(logit: number) => number} value of one logit's loss
 * @param {(logit: number) => number} slope of it
 * @returns {{ value: number, slope: Float64Array }} of the mean
 */
const each = (logits, value, slope) => ({ value: mean(logits.map(value)), slope: logits.map((logit) => slope(logit) / logits.length) });

const crossEntropy = {
  real: (/** @type {Float64Array} */ l) => each(l, (x) => softplus(-x), (x) => -sigmoid(-x)),
  fake: (/** @type {Float64Array} */ l) => each(l, softplus, sigmoid),
};

/**
 * `real` and `fake` are the discriminator's share for logits of real and of fake samples, `g` the generator's loss of fake ones.
 * `cut`: the logit above which a sample is taken for real, null where there is none.
 */
export const LOSSES = {
  "non-saturating": { ...crossEntropy, g: (/** @type {Float64Array} */ l) => each(l, (x) => softplus(-x), (x) => -sigmoid(-x)), cut: 0 },
  "minimax": { ...crossEntropy, g: (/** @type {Float64Array} */ l) => each(l, (x) => -softplus(x), (x) => -sigmoid(x)), cut: 0 },
  "least-squares": {
    real: (/** @type {Float64Array} */ l) => each(l, (x) => (x - 1) ** 2 / 2, (x) => x - 1),
    fake: (/** @type {Float64Array} */ l) => each(l, (x) => x * x / 2, (x) => x),
    g: (/** @type {Float64Array} */ l) => each(l, (x) => (x - 1) ** 2 / 2, (x) => x - 1),
    cut: 0.5,
  },
  "hinge": {
    real: (/** @type {Float64Array} */ l) => each(l, (x) => Math.max(0, 1 - x), (x) => x < 1 ? -1 : 0),
    fake: (/** @type {Float64Array} */ l) => each(l, (x) => Math.max(0, 1 + x), (x) => x > -1 ? 1 : 0),
    g: (/** @type {Float64Array} */ l) => each(l, (x) => -x, () => -1),
    cut: 0,
  },
  "wasserstein": {
    real: (/** @type {Float64Array} */ l) => each(l, (x) => -x, () => -1),
    fake: (/** @type {Float64Array} */ l) => each(l, (x) => x, () => 1),
    g: (/** @type {Float64Array} */ l) => each(l, (x) => -x, () => -1),
    cut: null,
  },
};
