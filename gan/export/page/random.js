// The numbers that a seed means: numpy.random.RandomState(seed).randn, to the last bits, as gan/latents/sampling.py draws them.

const N = 624, M = 397;

/** The Mersenne Twister of one seed (Matsumoto and Nishimura 1998) and normal numbers from it by the polar method (Marsaglia 1964).
 * @param {number} seed
 * @returns {() => number} */
export function normals(seed) {
  const state = new Uint32Array(N);
  state[0] = seed;
  for (let i = 1; i < N; i++) state[i] = Math.imul(1812433253, state[i - 1] ^ (state[i - 1] >>> 30)) + i;
  let at = N;
  /** @type {number | null} */
  let kept = null;

  function word() {
    if (at === N) turn();
    let y = state[at++];
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    return (y ^ (y >>> 18)) >>> 0;
  }

  function turn() {
    for (let i = 0; i < N; i++) {
      const y = (state[i] & 0x80000000) | (state[(i + 1) % N] & 0x7fffffff);
      state[i] = state[(i + M) % N] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    at = 0;
  }

  /** In [0, 1), of 53 bits. */
  const uniform = () => { const high = word() >>> 5; return (high * 67108864 + (word() >>> 6)) / 9007199254740992; };

  return () => {
    if (kept !== null) { const value = kept; kept = null; return value; }
    for (;;) {
      const x = 2 * uniform() - 1, y = 2 * uniform() - 1, square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const scale = Math.sqrt(-2 * Math.log(square) / square);
      kept = scale * x;
      return scale * y;
    }
  };
}

/** z of a seed: so many numbers ~ N(0, 1).
 * @param {number} seed
 * @param {number} count */
export function seedToZ(seed, count) {
  const draw = normals(seed);
  return Float32Array.from({ length: count }, draw);
}
