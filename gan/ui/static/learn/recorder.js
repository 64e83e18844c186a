// What the doctor of training is told of a game: the records of gan/training/records.py and the signals of
// gan/training/signals.py, taken where the game is played. tests/static compares both with those of our own Trainer.

import { Random } from "./random.js";

const EVERY = 10, SIGNALS = 100;          // steps between two records, and between two measurements: TrainConfig's own
const SAMPLES = 64, TRAINING = 512;       // points that are made for a measurement, and real ones beside them
const DOUBLE = 1e-3;                      // nearer than that two real points are one

/** Means since the last record, in the order of a StepRecord. @typedef {[number, number, number, number, number]} Sums */

export class Recorder {
  /** Rows: step, the discriminator's and the generator's loss, right on real and on made ones, penalty, norms of both gradients.
   * @type {number[][]} */
  steps = [];
  /** Rows: step, diversity, nearest, apart. @type {number[][]} */
  signals = [];
  /** @type {Sums} */
  sums = [0, 0, 0, 0, 0];

  /** @param {import("./game.js").Game} game @param {Float64Array} latents of the samples, always the same; they take nothing from the game's chance */
  constructor(game, latents = new Random(1).normals(SAMPLES * game.rules.z_dim)) {
    this.game = game;
    this.latents = latents;
    this.data = spread(game.data, TRAINING);
    this.apart = spacing(this.data);
    this.gap = ownGap(this.data);
  }

  /** Take in the step that was just played. */
  see() {
    const { told, lossG, normG, updates } = this.game;
    [told.loss, lossG, told.right, told.caught, told.penalty].forEach((value, i) => { this.sums[i] += value / EVERY; });
    if (updates.g % EVERY === 0) {
      this.steps.push([updates.g, ...this.sums, told.norm, normG]);
      this.sums = [0, 0, 0, 0, 0];
    }
    if (updates.g % SIGNALS === 0) this.signals.push([updates.g, ...this.measured()]);
  }

  /** Forget what was recorded of steps that were undone. */
  back() {
    this.steps = this.steps.filter(([step]) => step <= this.game.updates.g);
    this.signals = this.signals.filter(([step]) => step <= this.game.updates.g);
  }

  /** diversity, nearest and apart, as Probe.measure has them. */
  measured() {
    const fake = this.game.generator.output(this.latents), own = spacing(fake);
    /** @type {number[]} */
    const nearest = [];
    let total = 0;
    for (let i = 0; i < fake.length; i += 2) {
      const distances = distancesTo(fake, i, this.data);
      total += distances.reduce((sum, value) => sum + value, 0) / distances.length;
      nearest.push(distances.reduce((a, b) => Math.min(a, b)));
    }
    const toData = total / nearest.length;
    return [own / this.apart, median(nearest) / this.gap, 1 - (own + this.apart) / (2 * toData)];
  }

  /** As they are sent: five digits are enough, and what is no number is null. */
  get told() {
    const short = (/** @type {number[][]} */ rows) => rows.map((row) => row.map((value) => Number.isFinite(value) ? Number(value.toPrecision(5)) : null));
    return { steps: short(this.steps), signals: short(this.signals) };
  }
}

/** At most so many of the points, evenly over all of them. @param {Float64Array} points (n, 2) @param {number} most */
function spread(points, most) {
  const n = points.length / 2, count = Math.min(most, n), some = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const row = count > 1 ? Math.round(i * (n - 1) / (count - 1)) : 0;
    some.set(points.subarray(2 * row, 2 * row + 2), 2 * i);
  }
  return some;
}

/** From the point at `at` to each of the others. @param {Float64Array} points @param {number} at @param {Float64Array} others */
function distancesTo(points, at, others) {
  const found = new Float64Array(others.length / 2);
  for (let i = 0; i < found.length; i++) found[i] = Math.hypot(points[at] - others[2 * i], points[at + 1] - others[2 * i + 1]);
  return found;
}

/** The mean distance between two different points. @param {Float64Array} points */
function spacing(points) {
  const n = points.length / 2;
  let total = 0;
  for (let i = 0; i < points.length; i += 2) total += distancesTo(points, i, points).reduce((sum, value) => sum + value, 0);
  return total / Math.max(n * (n - 1), 1);
}

/** The median distance from a point to the nearest other one that is no double. @param {Float64Array} points */
function ownGap(points) {
  const gaps = [];
  for (let i = 0; i < points.length; i += 2) {
    const others = [...distancesTo(points, i, points)].filter((distance, row) => row !== i / 2 && distance >= DOUBLE);
    if (others.length) gaps.push(others.reduce((a, b) => Math.min(a, b)));
  }
  return gaps.length ? median(gaps) : NaN;
}

/** The lower one of the two in the middle, as torch has it. @param {number[]} values */
function median(values) { return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1]; }
