// Weights as files hold them: safetensors, of numbers in 16 bits or in 32.

/** One tensor. @typedef {{ shape: number[], values: Float32Array }} Tensor */
/** @typedef {Record<string, Tensor>} Weights */

/** Every tensor of a safetensors file, by its name. Throws for what is none.
 * @param {ArrayBuffer} file
 * @returns {Weights} */
export function readWeights(file) {
  const length = Number(new DataView(file).getBigUint64(0, true)), start = 8 + length;
  /** @type {Record<string, { dtype: string, shape: number[], data_offsets: [number, number] }>} */
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, length)));
  const found = Object.entries(header).filter(([name]) => name !== "__metadata__").map(([name, { dtype, shape, data_offsets: [from, to] }]) => {
    const bytes = file.slice(start + from, start + to);
    if (dtype !== "F16" && dtype !== "F32") throw new Error(`${name} is ${dtype}`);
    return [name, { shape, values: dtype === "F32" ? new Float32Array(bytes) : widened(new Uint16Array(bytes)) }];
  });
  return Object.fromEntries(found);
}

/** Numbers of 16 bits (IEEE 754 binary16) as numbers of 32, exactly.
 * @param {Uint16Array} halves */
export function widened(halves) {
  const made = new Uint32Array(halves.length), floats = new Float32Array(made.buffer);
  for (let i = 0; i < halves.length; i++) {
    const half = halves[i], sign = (half & 0x8000) << 16, exponent = (half >> 10) & 31, fraction = half & 1023;
    if (exponent === 0) floats[i] = (sign ? -1 : 1) * fraction * 2 ** -24;
    else made[i] = sign | (exponent === 31 ? 0x7f800000 : (exponent + 112) << 23) | fraction << 13;
  }
  return floats;
}
