// The fully connected generator: gan/networks/mlp.py.

import { dense, Row } from "../layers.js";

/** @typedef {import("../room.js").Room} Room */
/** @typedef {import("../weights.js").Weights} Weights */
/** @typedef {import("../model.js").About} About */

export class MLP {
  /** @param {Room} room
   * @param {Weights} weights
   * @param {About} about */
  constructor(room, weights, { generator }) {
    this.tanh = generator.tanh;
    const names = [...generator.hidden.map((/** @type {number} */ _, /** @type {number} */ i) => `hidden.${i}`), "out"];
    this.layers = names.map((name) => {
      const weight = weights[`${name}.weight`];
      return new Row(room, dense(room, weight, weights[`${name}.bias`]), weight.shape[0]);
    });
  }

  /** w (1, w_dim) -> x (channels, height, width) in [-1, 1].
   * @param {Float32Array[]} w */
  synthesis([w]) {
    const { layers, tanh } = this, last = layers.length - 1;
    const x = layers.reduce((h, layer, i) => { const y = layer.of(h); return i < last ? y.map((value) => Math.max(value, 0)) : y; }, w);
    return tanh ? x.map(Math.tanh) : x.slice();
  }
}
