// A model: from a recipe to a picture, as gan/studio/engine.py makes it.

import { blank, directed, layerPsi, mixed, override, spherical, toward, walk } from "./latents.js";
import { DCGAN } from "./networks/dcgan.js";
import { MLP } from "./networks/mlp.js";
import { StyleGAN2 } from "./networks/stylegan2.js";
import { directionOf, offsetOf, ownMoves } from "./own.js";
import { normals, seedToZ } from "./random.js";
import { Room } from "./room.js";

/** @typedef {import("./weights.js").Weights} Weights */
/** @typedef {import("./recipe.js").Recipe} Recipe */

/** What model.json says.
 * @typedef {{ family: "mlp" | "dcgan" | "stylegan2", generator: any, z_dim: number, w_dim: number, num_ws: number, num_classes: number,
 *   class_columns: number, image_shape: [number, number, number], first_fine: number, psi: number, seed: number, pixel_art: boolean,
 *   shell: number, spread: number, direction_layers: (number[] | null)[], texts: Record<string, Texts> }} About */
/** In one language.
 * @typedef {{ name: string, words: Record<string, string>, title: string, summary: string, licence: string, data: string, origin: string,
 *   classes: string[], directions: string[] }} Texts */

/** What is thrown where a picture holds values that are not numbers. */
export const BROKEN = "not numbers";

const FAMILIES = { mlp: MLP, dcgan: DCGAN, stylegan2: StyleGAN2 };

export class Model {
  /** @param {About} about
   * @param {Weights} weights */
  constructor(about, weights) {
    this.about = about;
    const { values, shape } = weights["directions.vectors"] ?? { values: new Float32Array(), shape: [0] };
    this.directions = Array.from({ length: shape[0] }, (_, i) => ({
      vector: values.subarray(i * about.w_dim, (i + 1) * about.w_dim), scale: weights["directions.scales"].values[i], layers: about.direction_layers[i] }));
    this.network = new FAMILIES[about.family](Room.open(), weights, about);
  }

  /** @param {Recipe} recipe
   * @returns {Uint8ClampedArray<ArrayBuffer>} RGBA, row by row */
  picture(recipe) { return this.painted(this.latents(recipe), recipe); }

  /** The picture at t, 0 to 1, of the way between two: w turns about the average.
   * @param {Recipe} a
   * @param {Recipe} b
   * @param {number} t */
  between(a, b, t) {
    const [from, to] = [a, b].map((recipe) => ({ w: this.latents(recipe), center: this.center(this.label(recipe)) }));
    const w = from.w.map((one, layer) => spherical(less(one, from.center), less(to.w[layer], to.center), t).map((value, i) => value + from.center[i] + t * (to.center[i] - from.center[i])));
    return this.painted(w, a);
  }

  /** w as the synthesis takes it: (num_ws, w_dim).
   * @param {Recipe} recipe */
  latents(recipe) {
    const own = this.unmixed(recipe);
    return recipe.style && recipe.mix.some(Boolean) ? mixed(own, this.unmixed(recipe.style), recipe.mix, this.about.first_fine) : own;
  }

  /** @param {Recipe} recipe */
  unmixed(recipe) {
    const { z_dim, num_ws, shell, spread } = this.about;
    const z = override(walk(seedToZ(recipe.seed, z_dim), recipe.walk), recipe.overrides), c = this.label(recipe), w = this.mapped(z, c);
    const center = this.center(c), psi = layerPsi(num_ws, recipe.psi, recipe.cutoff, recipe.layer_psi), found = this.found(recipe, w, center, c);
    const truncated = psi.map((amount, layer) => amount === 1 ? found[layer] : toward(center, found[layer], amount));
    const directedOnes = directed(truncated, this.directions, recipe.directions, shell, spread);
    return ownMoves(recipe.own).reduce((at, { move, amount }) => {
      const direction = directionOf(move, this.about);
      if (!direction) throw new Error("a slider of another model");
      return directed(at, [direction], [amount], shell, spread);
    }, directedOnes);
  }

  /** w of each layer: that of the seed, or the one that was found for a picture, which steps and values set by hand move as they do that of
   * the seed.
   * @param {Recipe} recipe
   * @param {Float32Array} w
   * @param {Float32Array} center
   * @param {Float32Array} c */
  found(recipe, w, center, c) {
    const { num_ws, z_dim } = this.about, offset = recipe.w === null ? null : offsetOf(recipe.w, this.about);
    if (recipe.w !== null && !offset) throw new Error("a latent of another model");
    if (!offset) return Array.from({ length: num_ws }, () => w);
    const moved = recipe.walk.length || recipe.overrides.length ? less(w, this.mapped(seedToZ(recipe.seed, z_dim), c)) : new Float32Array(w.length);
    return offset.map((layer) => layer.map((value, i) => center[i] + value + moved[i]));
  }

  /** @param {Float32Array} z
   * @param {Float32Array} c */
  mapped(z, c) {
    const { network } = this;
    if (network instanceof StyleGAN2) return network.style(z, c);
    return joined(network instanceof DCGAN ? network.style(z) : z, c);
  }

  /** What truncation pulls w towards.
   * @param {Float32Array} c */
  center(c) {
    const { network } = this;
    if (network instanceof StyleGAN2) return network.average;
    return joined(network instanceof DCGAN && network.average ? network.average : new Float32Array(this.about.z_dim), c);
  }

  /** The class as the networks take it: one-hot, or a bit of each.
   * @param {Recipe} recipe */
  label({ label }) {
    const count = this.about.num_classes;
    return Float32Array.from({ length: count }, (_, i) => label === null ? 1 / count : Number(i === label));
  }

  /** Throws where the network's training broke down.
   * @param {Float32Array[]} w
   * @param {Recipe} recipe */
  painted(w, recipe) {
    const x = this.network.synthesis(w, noiseOf(recipe));
    if (!Number.isFinite(x.reduce((sum, value) => sum + value, 0))) throw new Error(BROKEN);
    return pixels(x, this.about.image_shape);
  }

  /** @param {Partial<Recipe>} values */
  recipe(values) { return { ...blank(), psi: this.about.psi, seed: this.about.seed, label: this.about.num_classes ? 0 : null, ...values }; }
}

/** x (channels, height, width) in about [-1, 1] -> RGBA.
 * @param {Float32Array} x
 * @param {[number, number, number]} shape */
function pixels(x, [channels, height, width]) {
  const count = height * width, made = new Uint8ClampedArray(4 * count);
  for (let i = 0; i < count; i++) {
    for (let c = 0; c < 3; c++) made[4 * i + c] = Math.floor(127.5 * x[channels === 1 ? i : c * count + i] + 128);
    made[4 * i + 3] = channels === 4 ? Math.floor(127.5 * x[3 * count + i] + 128) : 255;
  }
  return made;
}

/** @param {Recipe} recipe
 * @returns {import("./networks/stylegan2.js").Noise} */
function noiseOf({ noise, noise_seed, layer_noise }) {
  const draw = normals(noise_seed), strengths = new Map(layer_noise);
  return (layer, side, stored) => {
    if (noise === "none") return null;
    const drawn = noise === "random" ? Float32Array.from({ length: side * side }, draw) : stored, strength = strengths.get(layer) ?? 1;
    return strength === 1 ? drawn : drawn.map((value) => value * strength);
  };
}

/** @param {Float32Array} a
 * @param {Float32Array} b */
function joined(a, b) { return Float32Array.from([...a, ...b]); }

/** @param {Float32Array} a
 * @param {Float32Array} b */
function less(a, b) { return a.map((value, i) => value - b[i]); }
