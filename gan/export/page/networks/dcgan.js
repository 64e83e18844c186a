// The convolutional generators, with styles and without: gan/networks/dcgan.py and styled_dcgan.py.

import { dense, doubled, normalised, Row, summed, taps } from "../layers.js";
import { padded } from "../room.js";

/** @typedef {import("../room.js").Room} Room */
/** @typedef {import("../weights.js").Weights} Weights */
/** @typedef {import("../model.js").About} About */

export class DCGAN {
  /** @param {Room} room
   * @param {Weights} weights
   * @param {About} about */
  constructor(room, weights, { generator, image_shape: [channels, side] }) {
    const widths = [weights["project.weight"].shape[0]];
    while (weights[`convs.${widths.length - 1}.weight`]) widths.push(weights[`convs.${widths.length - 1}.weight`].shape[0]);
    const smallest = side >> (widths.length - 1), pixels = smallest ** 2;
    widths[0] /= pixels;
    this.room = room;
    this.side = side;
    this.channels = channels;
    this.smallest = smallest;
    const project = weights["project.weight"], row = padded(widths[0]);
    /** @param {number} column */
    const place = (column) => column % row < widths[0] ? (column % row) * pixels + Math.floor(column / row) : -1;      // from map by map to pixel by pixel
    this.project = new Row(room, dense(room, project, weights["project.bias"], { columns: row * pixels, order: place }), row * pixels);
    this.sizes = widths.map((maps, i) => {
      const size = smallest << i, convolution = weights[`convs.${i - 1}.weight`];
      const style = generator.style_layers ? new Row(room, dense(room, weights[`styles.${i}.weight`], weights[`styles.${i}.bias`]), 2 * maps) : null;
      return { maps, size, style, taps: convolution && taps(room, convolution), bias: weights[`convs.${i - 1}.bias`]?.values ?? new Float32Array(maps) };
    });
    const most = Math.max(...this.sizes.map(({ size, maps }) => size ** 2 * padded(maps)));
    this.features = room.take(most);
    this.products = room.take(Math.max(...this.sizes.slice(1).map(({ size, maps }) => (size / 2) ** 2 * 9 * padded(maps)), side ** 2 * padded(9 * channels)));
    this.between = room.take(Math.max(1, ...this.sizes.slice(1).map(({ size, maps }) => 3 * (size / 2) * size * padded(maps))));
    this.toPicture = taps(room, weights["to_picture.weight"], channels);
    this.pictureBias = weights["to_picture.bias"].values;
    this.mapping = generator.style_layers ? Array.from({ length: generator.style_layers }, (_, i) => {
      const weight = weights[`to_style.layers.${i}.weight`];
      return new Row(room, dense(room, weight, weights[`to_style.layers.${i}.bias`]), weight.shape[0]);
    }) : null;
    this.average = weights["to_style.average"]?.values ?? null;
  }

  /** z -> the style that every size is painted in; z itself where there are no styles.
   * @param {Float32Array} z */
  style(z) {
    if (!this.mapping) return z;
    /** @type {Float32Array} */
    let w = normalised(z);
    for (const layer of this.mapping) w = layer.of(w).map((value) => value < 0 ? 0.2 * value : value);
    return w;
  }

  /** w (sizes or 1, w_dim) -> x (channels, side, side) in [-1, 1].
   * @param {Float32Array[]} w */
  synthesis(w) {
    const { room, sizes, side } = this;
    this.project.of(w[0]);
    sizes.forEach((one, i) => {
      const { size, maps } = one, row = padded(maps), from = i ? this.features : this.project.to;
      if (i) {
        const half = size / 2, before = i === 1 ? this.project.to : from;
        room.multiply(one.taps, before, this.products, half ** 2);
        doubled(room.floats(this.products, half ** 2 * 9 * row), room.floats(this.between, 3 * half * size * row),
                room.floats(this.features, size ** 2 * row), half, row);
      }
      styled(room.floats(from, size ** 2 * row), size ** 2, maps, row, one.bias, one.style?.of(w[Math.min(i, w.length - 1)]) ?? null);
    });
    const { channels, toPicture } = this, row = padded(9 * channels);
    room.multiply(toPicture, sizes.length > 1 ? this.features : this.project.to, this.products, side ** 2);
    return summed(room.floats(this.products, side ** 2 * row), side, channels, channels, row, this.pictureBias).map(Math.tanh);
  }
}

/** Add the bias, scale each pixel's features to a mean square of 1, give them the style's gain and bias, leaky ReLU: in place.
 * @param {Float32Array} h
 * @param {number} pixels
 * @param {number} maps
 * @param {number} row
 * @param {Float32Array} bias
 * @param {Float32Array | null} style gains less 1, and biases */
function styled(h, pixels, maps, row, bias, style) {
  const gain = new Float32Array(maps).fill(1), lift = new Float32Array(maps);
  if (style) for (let c = 0; c < maps; c++) { gain[c] += style[c]; lift[c] = style[maps + c]; }
  for (let at = 0, end = pixels * row; at < end; at += row) {
    let square = 0;
    for (let c = 0; c < maps; c++) { const value = h[at + c] + bias[c]; h[at + c] = value; square += value * value; }
    const scale = 1 / Math.sqrt(square / maps + 1e-8);
    for (let c = 0; c < maps; c++) {
      const value = lift[c] + h[at + c] * scale * gain[c];
      h[at + c] = value < 0 ? 0.2 * value : value;
    }
  }
}
