// The generator of StyleGAN2: gan/networks/stylegan2.

import { dense, filtered, grown, normalised, Row, taps } from "../layers.js";
import { padded } from "../room.js";

/** @typedef {import("../room.js").Room} Room */
/** @typedef {import("../weights.js").Weights} Weights */
/** @typedef {import("../weights.js").Tensor} Tensor */
/** @typedef {import("../model.js").About} About */
/** What is added to all maps of the layer of that number and side alike, null for nothing.
 * @typedef {(layer: number, side: number, stored: Float32Array) => Float32Array | null} Noise */

const GAIN = Math.SQRT2, MAPPING_LR = 0.01;

export class StyleGAN2 {
  /** @param {Room} room
   * @param {Weights} weights
   * @param {About} about */
  constructor(room, weights, { generator, image_shape: [channels, side] }) {
    this.room = room;
    this.side = side;
    this.channels = channels;
    this.clamp = generator.conv_clamp ?? Infinity;
    this.tanh = Boolean(generator.tanh);
    this.embed = weights["mapping.embed.weight"] && affine(room, weights, "mapping.embed");
    this.mapping = Array.from({ length: generator.mapping_layers }, (_, i) => affine(room, weights, `mapping.fc${i}`, MAPPING_LR, GAIN));
    this.average = weights["mapping.w_avg"].values;
    this.blocks = Array.from({ length: Math.log2(side) - 1 }, (_, i) => block(room, weights, 4 << i));
    this.start = weights["synthesis.b4.const"].values;
    const convs = this.blocks.flatMap(({ convs }) => convs), most = Math.max(...convs.map(({ side, maps, inputs }) => (side + 2) ** 2 * padded(Math.max(maps, inputs))));
    this.features = room.take(most);
    this.input = room.take(most);
    const ups = convs.filter(({ up }) => up);
    this.products = room.take(Math.max(1, ...ups.map(({ side, maps }) => (side / 2) ** 2 * 9 * padded(maps))));
    this.between = room.take(Math.max(1, ...ups.map(({ side, maps }) => 3 * (side / 2) * side * padded(maps))));
  }

  /** z and the class -> w.
   * @param {Float32Array} z
   * @param {Float32Array} c */
  style(z, c) {
    let w = Float32Array.from([...normalised(z), ...(this.embed ? normalised(this.embed.of(c)) : [])]);
    for (const layer of this.mapping) w = layer.of(w).map(leaky);
    return w;
  }

  /** w (num_ws, w_dim) -> x (channels, side, side), about [-1, 1].
   * @param {Float32Array[]} w
   * @param {Noise} noise */
  synthesis(w, noise) {
    const { room, start } = this, rows = padded(start.length / 16), first = room.floats(this.features, 16 * rows).fill(0);
    for (let i = 0; i < start.length; i++) first[(i % 16) * rows + (i >> 4)] = start[i];
    /** @type {Float32Array | null} */
    let picture = null;
    let at = 0;
    for (const one of this.blocks) {
      const past = one.skip ? this.shortcut(one) : null;
      for (const conv of one.convs) this.conv(conv, w[at++], noise);
      if (past) {
        const h = room.floats(this.features, past.length);
        for (let i = 0; i < h.length; i++) h[i] = past[i] + h[i] * Math.SQRT1_2;
      }
      const y = one.toPicture && this.painted(one, w[at]);
      if (y) picture = picture ? sum(grown(picture, one.side / 2, this.channels), y) : y;
    }
    const whole = /** @type {Float32Array} */ (picture);
    return this.tanh ? whole.map(Math.tanh) : whole;
  }

  /** The features through a styled convolution, in place.
   * @param {Conv} conv
   * @param {Float32Array} w
   * @param {Noise} noise */
  conv(conv, w, noise) {
    const { room } = this, { side, inputs, maps, up } = conv, rowIn = padded(inputs), row = padded(maps);
    const style = conv.affine.of(w).slice(), demodulate = conv.energy.of(style.map((value) => value * value)).map((energy) => GAIN / Math.sqrt(energy + 1e-8));
    if (up) {
      const half = side / 2;
      this.scaled(half, inputs, style, 0);
      room.multiply(conv.packed, this.input, this.products, half ** 2);
      filtered(room.floats(this.products, half ** 2 * 9 * row), room.floats(this.between, 3 * half * side * row), room.floats(this.features, side ** 2 * row), half, row);
    } else {
      this.scaled(side, inputs, style, 1);
      const line = (side + 2) * rowIn;
      for (let y = 0; y < side; y++) {
        room.multiply(conv.packed, this.input + y * line * 4, this.features + y * side * row * 4, side, { aRow: rowIn, aSegment: line });
      }
    }
    const drawn = noise(conv.layer, side, conv.noise), strength = conv.strength * GAIN, h = room.floats(this.features, side ** 2 * row), { clamp } = this;
    const bias = conv.bias.map((value) => value * GAIN);
    for (let pixel = 0, put = 0; pixel < side ** 2; pixel++, put += row) {
      const lift = drawn ? drawn[pixel] * strength : 0;
      for (let c = 0; c < maps; c++) {
        const value = h[put + c] * demodulate[c] + bias[c] + lift, y = value < 0 ? 0.2 * value : value;
        h[put + c] = y > clamp ? clamp : y < -clamp ? -clamp : y;
      }
    }
  }

  /** The features, their maps scaled by a style, as the input of the next product, inside a border of zeros.
   * @param {number} side
   * @param {number} maps
   * @param {Float32Array} style
   * @param {number} border */
  scaled(side, maps, style, border) {
    const row = padded(maps), line = (side + 2 * border) * row, from = this.room.floats(this.features, side ** 2 * row);
    const to = this.room.floats(this.input, (side + 2 * border) ** 2 * row).fill(0);
    for (let y = 0, get = 0; y < side; y++) {
      for (let x = 0, put = (y + border) * line + border * row; x < side; x++, put += row, get += row) {
        for (let c = 0; c < maps; c++) to[put + c] = from[get + c] * style[c];
      }
    }
  }

  /** The picture of a block's features: (channels, side, side).
   * @param {Block} one
   * @param {Float32Array} w */
  painted({ side, maps, toPicture }, w) {
    const { channels, clamp } = this, { affine, weight, bias } = /** @type {ToPicture} */ (toPicture), row = padded(maps);
    const style = affine.of(w).map((value) => value / Math.sqrt(maps)), h = this.room.floats(this.features, side ** 2 * row), made = new Float32Array(channels * side ** 2);
    for (let map = 0, put = 0; map < channels; map++) {
      const scaled = style.map((value, c) => value * weight[map * maps + c]);
      for (let pixel = 0, get = 0; pixel < side ** 2; pixel++, put++, get += row) {
        let y = bias[map];
        for (let c = 0; c < maps; c++) y += h[get + c] * scaled[c];
        made[put] = Math.min(Math.max(y, -clamp), clamp);
      }
    }
    return made;
  }

  /** The features on their way past a block, which doubles their side: as many numbers as its own features.
   * @param {Block} one */
  shortcut({ side, maps, skip }) {
    const half = side / 2, row = padded(maps), y = new Float32Array(maps * half ** 2), made = new Float32Array(side ** 2 * row);
    const { packed, to } = /** @type {Skip} */ (skip);
    this.room.multiply(packed, this.features, to, half ** 2);
    const from = this.room.floats(to, half ** 2 * row);
    for (let c = 0; c < maps; c++) for (let pixel = 0; pixel < half ** 2; pixel++) y[c * half ** 2 + pixel] = from[pixel * row + c];
    const large = grown(y, half, maps);
    for (let c = 0; c < maps; c++) for (let pixel = 0; pixel < side ** 2; pixel++) made[pixel * row + c] = large[c * side ** 2 + pixel];
    return made;
  }
}

/** @typedef {ReturnType<typeof styledConv>} Conv */
/** @typedef {{ affine: Row, weight: Float32Array, bias: Float32Array }} ToPicture */
/** @typedef {{ packed: import("../room.js").Packed, to: number }} Skip */
/** @typedef {{ side: number, maps: number, convs: Conv[], toPicture: ToPicture | null, skip: Skip | null }} Block */

/** The layers of one side.
 * @param {Room} room
 * @param {Weights} weights
 * @param {number} side
 * @returns {Block} */
function block(room, weights, side) {
  const name = `synthesis.b${side}`, convs = side === 4 ? [] : [styledConv(room, weights, `${name}.conv0`, side, true)];
  convs.push(styledConv(room, weights, `${name}.conv1`, side, false));
  const { maps } = convs[0], painter = weights[`${name}.torgb.weight`], skip = weights[`${name}.skip.weight`];
  const toPicture = painter ? { affine: affine(room, weights, `${name}.torgb.affine`), weight: painter.values, bias: weights[`${name}.torgb.bias`].values } : null;
  return { side, maps, convs, toPicture, skip: skip ? past(room, skip, side / 2) : null };
}

/** @param {Room} room
 * @param {Weights} weights
 * @param {string} name
 * @param {number} side
 * @param {boolean} up */
function styledConv(room, weights, name, side, up) {
  const weight = weights[`${name}.weight`], [maps, inputs] = weight.shape, { values } = weight, row = padded(inputs);
  /** How much of each input's variance reaches each output. */
  const energy = new Float32Array(maps * inputs);
  for (let i = 0; i < energy.length; i++) for (let tap = 0; tap < 9; tap++) energy[i] += values[i * 9 + tap] ** 2;
  /** @param {number} place of segment ky, then kx, then input
   * @param {number} output */
  const at = (place, output) => {
    const ky = Math.floor(place / (3 * row)), kx = Math.floor(place / row) % 3, input = place % row;
    return input < inputs ? values[(output * inputs + input) * 9 + 3 * ky + kx] : 0;
  };
  return {
    side, maps, inputs, up, layer: 2 * Math.log2(side) - 4 - (up ? 1 : 0), affine: affine(room, weights, `${name}.affine`),
    energy: new Row(room, dense(room, { shape: [maps, inputs], values: energy }, { shape: [maps], values: new Float32Array(maps) }), maps),
    packed: up ? taps(room, weight) : room.pack(3 * row, maps, at, { segments: 3 }), bias: weights[`${name}.bias`].values,
    strength: weights[`${name}.noise_strength`].values[0], noise: weights[`${name}.noise_const`].values,
  };
}

/** @param {Room} room
 * @param {Tensor} weight
 * @param {number} half
 * @returns {Skip} */
function past(room, { shape: [maps, inputs], values }, half) {
  const scale = Math.sqrt(0.5 / inputs);
  const packed = room.pack(padded(inputs), maps, (row, column) => row < inputs ? scale * values[column * inputs + row] : 0);
  return { packed, to: room.take(half ** 2 * padded(maps)) };
}

/** A dense layer whose weights are scaled at run time (equalised learning rate).
 * @param {Room} room
 * @param {Weights} weights
 * @param {string} name */
function affine(room, weights, name, lr = 1, gain = 1) {
  const weight = weights[`${name}.weight`], [outputs, inputs] = weight.shape;
  return new Row(room, dense(room, weight, weights[`${name}.bias`], { scale: lr * gain / Math.sqrt(inputs), lift: lr * gain }), outputs);
}

/** @param {number} value */
function leaky(value) { return value < 0 ? 0.2 * value : value; }

/** @param {Float32Array} a
 * @param {Float32Array} b */
function sum(a, b) { return a.map((value, i) => value + b[i]); }
