// Numbers by chance that are the same for the same seed: a lesson can be played again.

/** A source of random numbers (mulberry32, 32 bits of state). */
export class Random {
  /** @param {number} seed a whole number */
  constructor(seed) { this.state = seed >>> 0; }

  /** @returns {number} in [0, 1) */
  next() {
    this.state = (this.state + 0x6D2B79F5) >>> 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  /** @returns {number} ~ N(0, 1) (Box and Muller 1958) */
  normal() {
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    return radius * Math.cos(2 * Math.PI * this.next());
  }

  /** @param {number} count @returns {Float64Array} so many ~ N(0, 1) */
  normals(count) { return Float64Array.from({ length: count }, () => this.normal()); }

  /** @param {number} most @returns {number} a whole number from 0 to most - 1 */
  below(most) { return Math.floor(this.next() * most); }
}
