// Small fully connected networks and how they learn: forwards, backwards, and Adam. Plain numbers, no screen.
//
// They are those of gan/networks/mlp.py, in float64: hidden layers with a (leaky) ReLU, then a linear layer. A batch of n
// vectors of d numbers is a Float64Array of n x d, row by row.

/** @typedef {{ inputs: number, outputs: number, weight: Float64Array, bias: Float64Array }} Layer weight (outputs, inputs) */

export class Network {
  /**
   * @param {number[]} widths from the input to the output
   * @param {number} slope of the activation below 0: 0 for ReLU, 0.2 for a leaky one
   * @param {import("./random.js").Random | null} random where the weights come from, as torch.nn.Linear draws them; null: all 0
   */
  constructor(widths, slope, random = null) {
    this.slope = slope;
    /** @type {Layer[]} */
    this.layers = [];
    for (let i = 0; i + 1 < widths.length; i++) {
      const [inputs, outputs] = [widths[i], widths[i + 1]], bound = 1 / Math.sqrt(inputs);
      const draw = (/** @type {number} */ count) => Float64Array.from({ length: count }, () => random ? (2 * random.next() - 1) * bound : 0);
      this.layers.push({ inputs, outputs, weight: draw(inputs * outputs), bias: draw(outputs) });
    }
  }

  /** All numbers that it learns, layer after layer: weight, bias. */
  get values() { return this.layers.flatMap(({ weight, bias }) => [weight, bias]); }

  /** As many zeros, for gradients or for what an optimiser remembers. */
  zeros() { return this.values.map((values) => new Float64Array(values.length)); }

  /**
   * @param {Float64Array} x (n, inputs)
   * @returns {Float64Array[]} what goes into each layer, and at the end what comes out of the last
   */
  run(x) {
    const seen = [x];
    this.layers.forEach(({ inputs, outputs, weight, bias }, index) => {
      const from = seen[index], n = from.length / inputs, to = new Float64Array(n * outputs), last = index + 1 === this.layers.length;
      for (let row = 0; row < n; row++) {
        for (let out = 0; out < outputs; out++) {
          let sum = bias[out];
          for (let k = 0, a = row * inputs, b = out * inputs; k < inputs; k++) sum += from[a + k] * weight[b + k];
          to[row * outputs + out] = last || sum > 0 ? sum : sum * this.slope;
        }
      }
      seen.push(to);
    });
    return seen;
  }

  /** @param {Float64Array} x @returns {Float64Array} */
  output(x) { return /** @type {Float64Array} */ (this.run(x).at(-1)); }

  /**
   * The gradients of a loss from that of the output, added to `gradients` where there are any.
   * @param {Float64Array[]} seen what `run` gave
   * @param {Float64Array} slope of the loss by each output
   * @param {Float64Array[] | null} gradients like `values`
   * @returns {Float64Array} by each input
   */
  back(seen, slope, gradients) {
    let up = slope;
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const { inputs, outputs, weight } = this.layers[index], from = seen[index], n = from.length / inputs;
      const down = new Float64Array(n * inputs);
      for (let row = 0; row < n; row++) {
        for (let out = 0; out < outputs; out++) {
          const pull = up[row * outputs + out];
          if (pull === 0) continue;
          const a = row * inputs, b = out * inputs;
          for (let k = 0; k < inputs; k++) down[a + k] += pull * weight[b + k];
          if (!gradients) continue;
          const [ofWeight, ofBias] = [gradients[2 * index], gradients[2 * index + 1]];
          for (let k = 0; k < inputs; k++) ofWeight[b + k] += pull * from[a + k];
          ofBias[out] += pull;
        }
      }
      if (index > 0) for (let i = 0; i < down.length; i++) if (from[i] <= 0) down[i] *= this.slope;
      up = down;
    }
    return up;
  }

  /**
   * The slope of the only output by each input, (n, inputs), and the way it came: where a network bends its slope does not
   * change with its biases, so its own gradient is that of a chain of linear maps.
   * @param {Float64Array[]} seen
   * @returns {Float64Array[]} by what goes into each layer, the first one's at the front
   */
  slopes(seen) {
    const n = seen[0].length / this.layers[0].inputs;
    /** @type {Float64Array[]} */
    const found = [];
    let up = new Float64Array(n).fill(1);
    for (let index = this.layers.length - 1; index >= 0; index--) {
      const { inputs, outputs, weight } = this.layers[index], from = seen[index], down = new Float64Array(n * inputs);
      for (let row = 0; row < n; row++) {
        for (let out = 0; out < outputs; out++) {
          const pull = up[row * outputs + out];
          for (let k = 0, a = row * inputs, b = out * inputs; k < inputs; k++) down[a + k] += pull * weight[b + k];
        }
      }
      if (index > 0) for (let i = 0; i < down.length; i++) if (from[i] <= 0) down[i] *= this.slope;
      found.unshift(down);
      up = down;
    }
    return found;
  }

  /**
   * Add to `gradients` those of a penalty on the slopes, of which `pull` is the gradient by the slope at each input.
   * @param {Float64Array[]} seen
   * @param {Float64Array[]} slopes what `slopes` gave
   * @param {Float64Array} pull (n, inputs)
   * @param {Float64Array[]} gradients
   */
  backSlopes(seen, slopes, pull, gradients) {
    const n = seen[0].length / this.layers[0].inputs;
    let down = pull;
    this.layers.forEach(({ inputs, outputs, weight }, index) => {
      const ofWeight = gradients[2 * index], last = index + 1 === this.layers.length;
      const above = last ? new Float64Array(n).fill(1) : slopes[index + 1], up = new Float64Array(n * outputs);
      for (let row = 0; row < n; row++) {
        for (let out = 0; out < outputs; out++) {
          const a = row * inputs, b = out * inputs, share = above[row * outputs + out];
          let sum = 0;
          for (let k = 0; k < inputs; k++) {
            ofWeight[b + k] += share * down[a + k];
            sum += down[a + k] * weight[b + k];
          }
          up[row * outputs + out] = sum;
        }
      }
      if (!last) {
        const from = seen[index + 1];
        for (let i = 0; i < up.length; i++) if (from[i] <= 0) up[i] *= this.slope;
      }
      down = up;
    });
  }
}

/** Adam (Kingma and Ba 2015, algorithm 1), as torch.optim.Adam does it. */
export class Adam {
  /** @param {Network} network */
  constructor(network) {
    this.network = network;
    this.mean = network.zeros();
    this.square = network.zeros();
    this.steps = 0;
  }

  /**
   * @param {Float64Array[]} gradients
   * @param {number} rate @param {number} beta1 @param {number} beta2
   */
  step(gradients, rate, beta1, beta2) {
    this.steps++;
    const less1 = 1 - beta1 ** this.steps, less2 = Math.sqrt(1 - beta2 ** this.steps);
    this.network.values.forEach((values, index) => {
      const [mean, square, gradient] = [this.mean[index], this.square[index], gradients[index]];
      for (let i = 0; i < values.length; i++) {
        mean[i] += (gradient[i] - mean[i]) * (1 - beta1);
        square[i] = square[i] * beta2 + gradient[i] * gradient[i] * (1 - beta2);
        values[i] -= rate / less1 * mean[i] / (Math.sqrt(square[i]) / less2 + 1e-8);
      }
    });
  }
}
