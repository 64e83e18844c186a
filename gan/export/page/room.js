// The memory of the kernels, and the one product that all layers are made of (gemm.wat).
//
// Features lie with their maps innermost: pixel by pixel, each a row of `padded(maps)` numbers, the last ones 0. Places are addresses in
// bytes; views of them are taken anew each time, since memory that grows leaves the old ones behind.

import { PLAIN, RELAXED } from "./gemm.js";

const PAGE = 65536, PANEL = 8;

/** So many numbers a row takes: eight at a time.
 * @param {number} maps */
export const padded = (maps) => Math.ceil(maps / PANEL) * PANEL;

/** Weights as the product takes them. `k`: numbers of a run, of which a row of a has `segments`.
 * @typedef {{ at: number, panels: number, k: number, segments: number }} Packed */
/** @typedef {(c: number, cRow: number, a: number, aRow: number, aSegment: number, b: number, m: number, panels: number, k: number, segments: number) => void} Gemm */

export class Room {
  memory = new WebAssembly.Memory({ initial: 1 });
  used = 0;

  /** @param {Gemm} gemm */
  constructor(gemm, memory = new WebAssembly.Memory({ initial: 1 })) {
    this.gemm = gemm;
    this.memory = memory;
  }

  /** A room with the fastest kernel that this browser or Node has. Throws where it has none at all. */
  static open() {
    const memory = new WebAssembly.Memory({ initial: 1 }), binary = [RELAXED, PLAIN].map(bytes).find((one) => WebAssembly.validate(one));
    if (!binary) throw new Error("no WebAssembly SIMD");
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { page: { memory } });
    return new Room(/** @type {Gemm} */ (exports.gemm), memory);
  }

  /** The address of a new place for so many numbers, all 0.
   * @param {number} count */
  take(count) {
    const at = this.used;
    this.used = Math.ceil((at + count * 4) / 64) * 64;
    const missing = this.used - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / PAGE));
    return at;
  }

  /** @param {number} at
   * @param {number} count */
  floats(at, count) { return new Float32Array(this.memory.buffer, at, count); }

  /** Pack the weights of a product. `weight(row, column)`: row is segment * k + the place in its run.
   * @param {number} k
   * @param {number} columns
   * @param {(row: number, column: number) => number} weight
   * @param {{ segments?: number, bias?: (column: number) => number }} [more]
   * @returns {Packed} */
  pack(k, columns, weight, { segments = 1, bias = () => 0 } = {}) {
    const rows = k * segments, panels = Math.ceil(columns / PANEL), at = this.take(panels * (rows + 1) * PANEL);
    const place = this.floats(at, panels * (rows + 1) * PANEL);
    for (let column = 0; column < columns; column++) {
      let to = Math.floor(column / PANEL) * (rows + 1) * PANEL + column % PANEL;
      place[to] = bias(column);
      for (let row = 0; row < rows; row++) place[to += PANEL] = weight(row, column);
    }
    return { at, panels, k, segments };
  }

  /** c = bias + a b for `m` rows of a. The rows of a are `aRow` numbers apart, its segments `aSegment`.
   * @param {Packed} b
   * @param {number} a
   * @param {number} c
   * @param {number} m
   * @param {{ aRow?: number, aSegment?: number, cRow?: number }} [apart] */
  multiply(b, a, c, m, { aRow = b.k, aSegment = 0, cRow = b.panels * PANEL } = {}) {
    this.gemm(c, cRow * 4, a, aRow * 4, aSegment * 4, b.at, m, b.panels, b.k, b.segments);
  }
}

/** @param {string} base64 */
function bytes(base64) { return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)); }
