// What a recipe does to latents: gan/latents, over w (num_ws, w_dim) as one array for each layer.

import { seedToZ } from "./random.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** A slider over w: a unit vector, how far one unit of the slider moves, and which layers, null for all.
 * @typedef {{ vector: Float32Array, scale: number, layers: number[] | null }} Direction */

const NEARLY_PARALLEL = 0.9995;

/** A recipe that changes nothing.
 * @returns {Recipe} */
export const blank = () => ({ seed: 0, label: null, psi: 1, cutoff: null, noise: "const", noise_seed: 0, directions: [], overrides: [], walk: [],
                              layer_psi: [], layer_noise: [], own: [], w: null, style: null, mix: [] });

/** A recipe with all that it leaves out, as the studio writes recipes.
 * @param {Partial<Recipe>} given
 * @returns {Recipe} */
export function whole(given) {
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null && value !== undefined));
  return { ...blank(), ...said, ...(given.style ? { style: whole(given.style) } : {}) };
}

/** @param {Float32Array} z
 * @param {[number, number][]} values */
export function override(z, values) {
  const made = z.slice();
  for (const [index, value] of values) made[index] = value;
  return made;
}

/** @param {Float32Array} z
 * @param {[number, number][]} steps */
export function walk(z, steps) { return steps.reduce((at, [seed, amount]) => spherical(at, seedToZ(seed, at.length), amount), z); }

/** psi of each layer.
 * @param {number} layers
 * @param {number} psi
 * @param {number | null} cutoff
 * @param {[number, number][]} own */
export function layerPsi(layers, psi, cutoff, own) {
  const set = new Map(own);
  return Array.from({ length: layers }, (_, layer) => set.get(layer) ?? (layer < (cutoff ?? layers) ? psi : 1));
}

/** a at t = 0, b at t = 1.
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {number} t */
export function toward(a, b, t) { return a.map((value, i) => (t < 0.5 ? value + t * (b[i] - value) : b[i] - (b[i] - value) * (1 - t))); }

/** Turn a into b along their great circle; the length goes straight.
 * @param {Float32Array} a
 * @param {Float32Array} b
 * @param {number} t
 * @returns {Float32Array<ArrayBuffer>} */
export function spherical(a, b, t) {
  const lengths = [norm(a), norm(b)];
  let cosine = 0;
  for (let i = 0; i < a.length; i++) cosine += (a[i] / lengths[0]) * (b[i] / lengths[1]);
  if (!lengths[0] || !lengths[1] || Math.abs(cosine) > NEARLY_PARALLEL) return toward(Float32Array.from(a), b, t);
  const theta = Math.acos(cosine), length = lengths[0] + t * (lengths[1] - lengths[0]);
  const from = length * Math.sin((1 - t) * theta) / Math.sin(theta) / lengths[0], to = length * Math.sin(t * theta) / Math.sin(theta) / lengths[1];
  return Float32Array.from(a, (value, i) => value * from + b[i] * to);
}

/** w moved by the amounts of the sliders. Of a w that is a z (`shell` columns of it, each drawn with the deviation `spread`) the length stays
 * what such a z has.
 * @param {Float32Array[]} w
 * @param {Direction[]} directions
 * @param {number[]} amounts
 * @param {number} shell
 * @param {number} spread */
export function directed(w, directions, amounts, shell, spread) {
  if (!amounts.some(Boolean)) return w;
  return w.map((one, layer) => {
    const moved = one.slice();
    directions.forEach(({ vector, scale, layers }, i) => {
      const step = (amounts[i] ?? 0) * scale;
      if (step && (!layers || layers.includes(layer))) for (let at = 0; at < moved.length; at++) moved[at] += step * vector[at];
    });
    if (shell) {
      const z = moved.subarray(0, shell), radius = Math.max(norm(one.subarray(0, shell)), spread * Math.sqrt(shell)), inside = Math.min(1, radius / Math.max(norm(z), 1e-12));
      for (let at = 0; at < shell; at++) z[at] *= inside;
    }
    return moved;
  });
}

/** The coarse layers, those before `fine`, of one picture towards those of another by mix[0], the fine ones by mix[1].
 * @param {Float32Array[]} a
 * @param {Float32Array[]} b
 * @param {number[]} mix
 * @param {number} fine */
export function mixed(a, b, [coarse, finer], fine) { return a.map((one, layer) => toward(one, b[layer], layer < fine ? coarse : finer)); }

/** @param {Float32Array} values */
function norm(values) {
  let square = 0;
  for (let i = 0; i < values.length; i++) square += values[i] * values[i];
  return Math.sqrt(square);
}
