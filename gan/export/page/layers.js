// Layers that more than one family is made of, on features with their maps innermost (room.js).

import { padded } from "./room.js";

/** @typedef {import("./room.js").Room} Room */
/** @typedef {import("./room.js").Packed} Packed */
/** @typedef {import("./weights.js").Tensor} Tensor */

/** A linear layer's weight (out, in) and bias. `order(column)`: which output stands at that column.
 * @param {Room} room
 * @param {Tensor} weight
 * @param {Tensor} bias
 * @param {{ scale?: number, lift?: number, columns?: number, order?: (column: number) => number }} [more]
 * @returns {Packed} */
export function dense(room, weight, bias, { scale = 1, lift = 1, columns = weight.shape[0], order = (column) => column } = {}) {
  const inputs = weight.shape[1];
  return room.pack(inputs, columns, (row, column) => order(column) < 0 ? 0 : scale * weight.values[order(column) * inputs + row],
                   { bias: (column) => order(column) < 0 ? 0 : lift * bias.values[order(column)] });
}

/** The nine taps of a 3x3 convolution (out, in, 3, 3) side by side: one product of all pixels gives what each tap makes of each pixel, in
 * rows of 9 * padded(out), and `doubled` or `summed` brings that to where it belongs. So a picture of which three of four pixels are
 * zeros, or copies, costs no product of them.
 * @param {Room} room
 * @param {Tensor} weight
 * @param {number} apart numbers between two taps
 * @returns {Packed} */
export function taps(room, weight, apart = padded(weight.shape[0])) {
  const [outputs, inputs] = weight.shape;
  return room.pack(padded(inputs), 9 * apart, (row, column) => {
    const output = column % apart, tap = Math.floor(column / apart);
    return output < outputs && row < inputs ? weight.values[(output * inputs + row) * 9 + tap] : 0;
  });
}

/** The 3x3 convolution of a picture with each pixel doubled along both axes, from its `taps` for each pixel (side, side, 9, maps): (2 side,
 * 2 side, maps). Outside is zero. `between` has room for (3, side, 2 side, maps).
 *
 * Along one axis the two pixels that one becomes are w0 x[i-1] + w1 x[i] + w2 x[i] and w0 x[i] + w1 x[i] + w2 x[i+1].
 * @param {Float32Array} p
 * @param {Float32Array} between
 * @param {Float32Array} to
 * @param {number} side
 * @param {number} maps */
export function doubled(p, between, to, side, maps) {
  const pixel = 9 * maps, line = 2 * side * maps, plane = side * line;
  for (let row = 0; row < side; row++) {
    for (let ky = 0; ky < 3; ky++) {
      for (let column = 0; column < side; column++) {
        const here = (row * side + column) * pixel + 3 * ky * maps, left = here - pixel, right = here + pixel + 2 * maps;
        let put = ky * plane + row * line + 2 * column * maps;
        const first = column > 0, last = column < side - 1;
        for (let c = 0; c < maps; c++, put++) {
          const w0 = p[here + c], w1 = p[here + maps + c], w2 = p[here + 2 * maps + c];
          between[put] = w1 + w2 + (first ? p[left + c] : 0);
          between[put + maps] = w0 + w1 + (last ? p[right + c] : 0);
        }
      }
    }
  }
  for (let row = 0; row < side; row++) {
    const here = row * line, above = here - line, below = here + line + 2 * plane, put = 2 * here;
    const first = row > 0, last = row < side - 1;
    for (let at = 0; at < line; at++) {
      const w0 = between[here + at], w1 = between[plane + here + at], w2 = between[2 * plane + here + at];
      to[put + at] = w1 + w2 + (first ? between[above + at] : 0);
      to[put + line + at] = w0 + w1 + (last ? between[below + at] : 0);
    }
  }
}

/** The 3x3 convolution of a picture from its `taps` (side, side, 9 * apart), of few maps: (maps, side, side). Outside is zero.
 * @param {Float32Array} p
 * @param {number} side
 * @param {number} maps
 * @param {number} apart
 * @param {number} row numbers from pixel to pixel
 * @param {Float32Array} bias */
export function summed(p, side, maps, apart, row, bias) {
  const made = new Float32Array(maps * side * side);
  for (let map = 0, put = 0; map < maps; map++) {
    for (let y = 0; y < side; y++) {
      const top = y === 0 ? 1 : 0, end = y === side - 1 ? 2 : 3;
      for (let x = 0; x < side; x++, put++) {
        let sum = bias[map];
        for (let ky = top; ky < end; ky++) {
          for (let kx = x === 0 ? 1 : 0; kx < (x === side - 1 ? 2 : 3); kx++) {
            sum += p[((y + ky - 1) * side + x + kx - 1) * row + (3 * ky + kx) * apart + map];
          }
        }
        made[put] = sum;
      }
    }
  }
  return made;
}

/** A vector scaled to a mean square of 1 (gan/networks/layers.py, pixel_norm).
 * @param {ArrayLike<number>} values */
export function normalised(values) {
  let square = 0;
  for (let i = 0; i < values.length; i++) square += values[i] * values[i];
  const scale = 1 / Math.sqrt(square / values.length + 1e-8);
  return Float32Array.from(values, (value) => value * scale);
}

/** A place in the room and what computes into it from a vector: a dense layer for one row. */
export class Row {
  /** @param {Room} room
   * @param {Packed} packed
   * @param {number} outputs */
  constructor(room, packed, outputs) {
    this.room = room;
    this.packed = packed;
    this.outputs = outputs;
    this.from = room.take(packed.k);
    this.to = room.take(packed.panels * 8);
  }

  /** @param {ArrayLike<number>} values
   * @returns {Float32Array} */
  of(values) {
    this.room.floats(this.from, this.packed.k).set(values);
    this.room.multiply(this.packed, this.from, this.to, 1);
    return this.room.floats(this.to, this.outputs);
  }
}

/** A transposed 3x3 convolution of stride 2 and the filter [1, 3, 3, 1] after it, from the `taps` of each pixel (side, side, 9, maps): (2 side,
 * 2 side, maps). `between` has room for (3, side, 2 side, maps).
 *
 * Along one axis the convolution is, at even places, e[i] = w0 x[i] + w2 x[i-1], and o[i] = w1 x[i] at the odd ones between them.
 * @param {Float32Array} p
 * @param {Float32Array} between
 * @param {Float32Array} to
 * @param {number} side
 * @param {number} maps */
export function filtered(p, between, to, side, maps) {
  const pixel = 9 * maps, line = 2 * side * maps, plane = side * line;
  for (let row = 0; row < side; row++) {
    for (let ky = 0; ky < 3; ky++) {
      for (let column = 0; column < side; column++) {
        const here = (row * side + column) * pixel + 3 * ky * maps, left = here - pixel, right = here + pixel, put = ky * plane + row * line + 2 * column * maps;
        thirds(p, column > 0, column < side - 1, here, left, right, maps, between, put, put + maps, maps);
      }
    }
  }
  for (let row = 0; row < side; row++) {
    const here = row * line;
    thirds(between, row > 0, row < side - 1, here, here - line, here + line, plane, to, 2 * here, 2 * here + line, line);
  }
}

/** Two places of the filtered row at once: b[2i] and b[2i+1] from o[i-1], e[i], o[i], e[i+1], o[i+1].
 * @param {Float32Array} p
 * @param {boolean} first whether there is one before this
 * @param {boolean} last whether there is one behind it
 * @param {number} here
 * @param {number} left
 * @param {number} right
 * @param {number} apart from tap to tap
 * @param {Float32Array} to
 * @param {number} even
 * @param {number} odd
 * @param {number} count */
function thirds(p, first, last, here, left, right, apart, to, even, odd, count) {
  for (let c = 0; c < count; c++) {
    const o = p[here + apart + c], before = first ? p[left + apart + c] : 0, behind = last ? p[right + apart + c] : 0;
    const e = p[here + c] + (first ? p[left + 2 * apart + c] : 0), next = p[here + 2 * apart + c] + (last ? p[right + c] : 0);
    to[even + c] = 0.25 * (before + next) + 0.75 * (e + o);
    to[odd + c] = 0.25 * (e + behind) + 0.75 * (o + next);
  }
}

/** A picture (maps, side, side) of twice the side: each new pixel is 3/4 of the nearer and 1/4 of the farther old one, along both axes.
 * @param {Float32Array} x
 * @param {number} side
 * @param {number} maps
 * @returns {Float32Array} */
export function grown(x, side, maps) {
  const wide = new Float32Array(maps * side * 2 * side), made = new Float32Array(maps * 4 * side * side);
  for (let row = 0; row < maps * side; row++) {
    for (let at = 0; at < side; at++) {
      const near = x[row * side + at], left = at > 0 ? x[row * side + at - 1] : 0, right = at < side - 1 ? x[row * side + at + 1] : 0;
      wide[2 * (row * side + at)] = 0.75 * near + 0.25 * left;
      wide[2 * (row * side + at) + 1] = 0.75 * near + 0.25 * right;
    }
  }
  const line = 2 * side;
  for (let row = 0; row < maps * side; row++) {
    const y = row % side;
    for (let at = 0; at < line; at++) {
      const near = wide[row * line + at], above = y > 0 ? wide[(row - 1) * line + at] : 0, below = y < side - 1 ? wide[(row + 1) * line + at] : 0;
      made[2 * row * line + at] = 0.75 * near + 0.25 * above;
      made[(2 * row + 1) * line + at] = 0.75 * near + 0.25 * below;
    }
  }
  return made;
}
