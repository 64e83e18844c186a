// The adversarial game on points, one update at a time: the same loop as gan/training/trainer.py, in the visitor's browser.
// tests/static compares both, number by number.

import { LOSSES } from "./losses.js";
import { Adam, Network } from "./network.js";
import { Random } from "./random.js";

/**
 * What a lesson sets, by the names of TrainConfig; `hidden` are the widths of both networks' hidden layers;
 * `examples`: how many real points there are, 0 for as many as the ring usually has.
 * @typedef {{ loss: keyof typeof LOSSES, penalty: "none" | "r1" | "gradient", penalty_weight: number, penalty_every: number,
 *   g_lr: number, d_lr: number, beta1: number, beta2: number, batch_size: number, z_dim: number, g_hidden: number[],
 *   d_hidden: number[], clip: number, examples: number }} Rules
 */

/** @type {Rules} */
export const USUAL = {
  loss: "non-saturating", penalty: "r1", penalty_weight: 1, penalty_every: 1, g_lr: 1e-3, d_lr: 1e-3, beta1: 0.5, beta2: 0.9,
  batch_size: 64, z_dim: 2, g_hidden: [64, 64], d_hidden: [64, 64], clip: 0, examples: 0,
};

/** What one update of the discriminator told; the penalty is unweighted, 0 where none was due, and `norm` that of the gradient.
 * @typedef {{ loss: number, real: number, fake: number, right: number, caught: number, penalty: number, norm: number }} Told */

export class Game {
  /**
   * @param {Float64Array} data points (n, 2)
   * @param {Partial<Rules>} rules
   * @param {number} seed
   */
  constructor(data, rules = {}, seed = 0) {
    this.data = data;
    /** @type {Rules} */
    this.rules = { ...USUAL, ...rules };
    this.random = new Random(seed);
    const { z_dim, g_hidden, d_hidden } = this.rules;
    this.generator = new Network([z_dim, ...g_hidden, 2], 0, this.random);
    this.discriminator = new Network([2, ...d_hidden, 1], 0.2, this.random);
    this.adamG = new Adam(this.generator);
    this.adamD = new Adam(this.discriminator);
    this.updates = { d: 0, g: 0 };
    /** @type {Told} */
    this.told = { loss: 0, real: 0, fake: 0, right: 0.5, caught: 0.5, penalty: 0, norm: 0 };
    this.lossG = this.normG = 0;
  }

  /** @param {number} count @returns {Float64Array} points (count, 2) */
  samples(count) { return this.generator.output(this.random.normals(count * this.rules.z_dim)); }

  /** @param {number} count @returns {Float64Array} points (count, 2) of the data, by chance */
  real(count) {
    const rows = new Float64Array(2 * count), n = this.data.length / 2;
    for (let i = 0; i < count; i++) {
      const row = this.random.below(n);
      rows[2 * i] = this.data[2 * row];
      rows[2 * i + 1] = this.data[2 * row + 1];
    }
    return rows;
  }

  /** One update of the discriminator, on these points or on others. */
  stepD(real = this.real(this.rules.batch_size), fake = this.samples(this.rules.batch_size), between = null) {
    const { discriminator: d, rules } = this, loss = LOSSES[rules.loss], gradients = d.zeros();
    const [onReal, onFake] = [d.run(real), d.run(fake)];
    const [logitsReal, logitsFake] = [last(onReal), last(onFake)];
    const [a, b] = [loss.real(logitsReal), loss.fake(logitsFake)];
    d.back(onReal, a.slope, gradients);
    d.back(onFake, b.slope, gradients);
    const due = rules.penalty !== "none" && this.updates.d % rules.penalty_every === 0;
    const penalty = due ? this.penalise(real, fake, gradients, between) : 0, norm = length(gradients);
    this.adamD.step(gradients, rules.d_lr, rules.beta1, rules.beta2);
    if (rules.clip) for (const values of d.values) values.forEach((value, i) => { values[i] = Math.min(Math.max(value, -rules.clip), rules.clip); });
    const cut = loss.cut ?? (average(logitsReal) + average(logitsFake)) / 2;
    this.told = {
      loss: a.value + b.value, real: a.value, fake: b.value,
      right: share(logitsReal, (logit) => logit > cut), caught: share(logitsFake, (logit) => logit < cut), penalty, norm,
    };
    this.updates.d++;
    return this.told;
  }

  /** One update of the generator, for these latents or for others. @returns {number} its loss */
  stepG(z = this.random.normals(this.rules.batch_size * this.rules.z_dim)) {
    const { generator, discriminator, rules } = this, gradients = generator.zeros();
    const made = generator.run(z), judged = discriminator.run(last(made)), { value, slope } = LOSSES[rules.loss].g(last(judged));
    generator.back(made, discriminator.back(judged, slope, null), gradients);
    this.normG = length(gradients);
    this.adamG.step(gradients, rules.g_lr, rules.beta1, rules.beta2);
    this.updates.g++;
    return this.lossG = value;
  }

  /** One of each. */
  step() { this.stepD(); this.stepG(); }

  /** For each point, the way that raises what the discriminator says of it: (n, 2). */
  pulls(/** @type {Float64Array} */ points) { return this.discriminator.slopes(this.discriminator.run(points))[0]; }

  /** Everything that changes, to come back to. */
  keep() {
    const copy = (/** @type {Float64Array[]} */ lists) => lists.map((list) => list.slice());
    return {
      g: copy(this.generator.values), d: copy(this.discriminator.values), random: this.random.state, updates: { ...this.updates },
      adam: [this.adamG, this.adamD].map(({ mean, square, steps }) => ({ mean: copy(mean), square: copy(square), steps })),
      told: { ...this.told }, lossG: this.lossG, normG: this.normG,
    };
  }

  /** Back to what `keep` gave. @param {ReturnType<Game["keep"]>} kept */
  restore(kept) {
    const put = (/** @type {Float64Array[]} */ to, /** @type {Float64Array[]} */ from) => to.forEach((list, i) => list.set(from[i]));
    put(this.generator.values, kept.g);
    put(this.discriminator.values, kept.d);
    [this.adamG, this.adamD].forEach((adam, i) => {
      put(adam.mean, kept.adam[i].mean);
      put(adam.square, kept.adam[i].square);
      adam.steps = kept.adam[i].steps;
    });
    this.random.state = kept.random;
    Object.assign(this, { updates: { ...kept.updates }, told: { ...kept.told }, lossG: kept.lossG, normG: kept.normG });
  }

  /**
   * R1 on the real points (Mescheder et al. 2018), or the gradient penalty on lines between real and fake ones (Gulrajani et
   * al. 2017), added to the gradients.
   * @param {Float64Array} real @param {Float64Array} fake @param {Float64Array[]} gradients
   * @param {Float64Array | null} between how far along each line, in [0, 1]
   * @returns {number} the penalty, unweighted
   */
  penalise(real, fake, gradients, between) {
    const { penalty, penalty_weight, penalty_every } = this.rules, n = real.length / 2;
    let points = real;
    if (penalty === "gradient") {
      const t = between ?? Float64Array.from({ length: n }, () => this.random.next());
      points = real.map((_, i) => fake[i] + t[i >> 1] * (real[i] - fake[i]));
    }
    const seen = this.discriminator.run(points), slopes = this.discriminator.slopes(seen), weight = penalty_weight * penalty_every / n;
    const lengths = Float64Array.from({ length: n }, (_, i) => Math.sqrt(slopes[0][2 * i] ** 2 + slopes[0][2 * i + 1] ** 2 + 1e-12));
    const pull = slopes[0].map((slope, i) => penalty === "r1" ? weight * slope : 2 * weight * (lengths[i >> 1] - 1) * slope / lengths[i >> 1]);
    this.discriminator.backSlopes(seen, slopes, pull, gradients);
    return average(lengths.map((long) => penalty === "r1" ? long * long / 2 : (long - 1) ** 2));
  }
}

const last = (/** @type {Float64Array[]} */ seen) => seen[seen.length - 1];
const length = (/** @type {Float64Array[]} */ lists) => Math.sqrt(lists.reduce((sum, list) => list.reduce((total, value) => total + value * value, sum), 0));
const average = (/** @type {Float64Array} */ values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const share = (/** @type {Float64Array} */ values, /** @type {(value: number) => boolean} */ holds) => values.filter(holds).length / values.length;
