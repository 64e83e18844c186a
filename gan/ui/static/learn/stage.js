// What a game of points looks like: real and made points, what the discriminator says of every place, and where it pulls.

const REACH = 2.4;            // the stage shows from -2.4 to 2.4
const CELLS = 36;             // of the discriminator's map, a side
const SHOWN = 400, PULLED = 60;
const FEW = 50;               // points are drawn larger, to be seen at all
// Blue and orange are told apart by everybody; made points are rings besides.
const REAL = [37, 99, 235], MADE = [216, 90, 8];

export class Stage {
  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.map = Object.assign(document.createElement("canvas"), { width: CELLS, height: CELLS });
    this.grid = new Float64Array(2 * CELLS * CELLS);
    for (let row = 0; row < CELLS; row++) {
      for (let column = 0; column < CELLS; column++) {
        this.grid[2 * (row * CELLS + column)] = ((column + 0.5) / CELLS * 2 - 1) * REACH;
        this.grid[2 * (row * CELLS + column) + 1] = (1 - (row + 0.5) / CELLS * 2) * REACH;
      }
    }
  }

  /** Where somebody clicked, as a point. @param {PointerEvent} event @returns {[number, number]} */
  pointAt(event) {
    const box = this.canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width * 2 - 1) * REACH, (1 - (event.clientY - box.top) / box.height * 2) * REACH];
  }

  /**
   * @param {import("./game.js").Game} game
   * @param {{ map: boolean, arrows: boolean }} show
   * @param {Float64Array} made points (n, 2) of the generator
   */
  draw(game, show, made) {
    const box = this.canvas.clientWidth;
    if (!box) return;
    const side = Math.round(box * Math.min(window.devicePixelRatio || 1, 2));
    if (this.canvas.width !== side) this.canvas.width = this.canvas.height = side;
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    context.fillStyle = "#fff";
    context.fillRect(0, 0, side, side);
    if (show.map) this.drawMap(context, game, side);
    this.drawPoints(context, game.data, side, REAL, false);
    if (show.arrows) this.drawArrows(context, game, made, side);
    this.drawPoints(context, made, side, MADE, true);
  }

  /**
   * Blue where the discriminator takes a point for real, orange where it takes it for made.
   * @param {CanvasRenderingContext2D} context @param {import("./game.js").Game} game @param {number} side
   */
  drawMap(context, game, side) {
    const logits = game.discriminator.output(this.grid), picture = context.createImageData(CELLS, CELLS);
    const sorted = logits.slice().sort(), low = sorted[CELLS * 2], high = sorted[sorted.length - 1 - CELLS * 2], wide = Math.max(high - low, 1e-9);
    const cut = game.rules.loss === "least-squares" ? 0.5 : 0, scores = game.rules.loss === "wasserstein";
    logits.forEach((logit, i) => {
      const share = scores ? (logit - low) / wide : 1 / (1 + Math.exp(cut - logit)), sure = Math.min(1, 1.5 * Math.abs(2 * share - 1)) * 0.55;
      const colour = share > 0.5 ? REAL : MADE;
      for (let k = 0; k < 3; k++) picture.data[4 * i + k] = Math.round(255 + (colour[k] - 255) * sure);
      picture.data[4 * i + 3] = 255;
    });
    /** @type {CanvasRenderingContext2D} */ (this.map.getContext("2d")).putImageData(picture, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.map, 0, 0, side, side);
  }

  /** @param {CanvasRenderingContext2D} context @param {Float64Array} points @param {number} side @param {number[]} colour @param {boolean} hollow */
  drawPoints(context, points, side, colour, hollow) {
    const n = Math.min(points.length / 2, SHOWN), size = side / (n < FEW ? 80 : 190);
    context.lineWidth = side / 300;
    context.strokeStyle = context.fillStyle = `rgba(${colour.join(",")},${hollow ? 0.95 : 0.4})`;
    for (let i = 0; i < n; i++) {
      context.beginPath();
      context.arc(...this.place(points[2 * i], points[2 * i + 1], side), hollow ? size * 1.25 : size, 0, 2 * Math.PI);
      if (hollow) context.stroke(); else context.fill();
    }
  }

  /**
   * The gradient that the generator gets at some of its points.
   * @param {CanvasRenderingContext2D} context @param {import("./game.js").Game} game @param {Float64Array} made @param {number} side
   */
  drawArrows(context, game, made, side) {
    const some = made.subarray(0, 2 * PULLED), pulls = game.pulls(some);
    context.strokeStyle = "rgba(30, 30, 40, 0.55)";
    context.lineWidth = side / 420;
    for (let i = 0; i < some.length / 2; i++) {
      const [dx, dy] = [pulls[2 * i], pulls[2 * i + 1]], length = Math.hypot(dx, dy);
      if (!(length > 1e-9)) continue;
      const reach = Math.min(0.35, 0.18 * Math.sqrt(length)) / length, [x, y] = [some[2 * i], some[2 * i + 1]];
      const from = this.place(x, y, side), to = this.place(x + dx * reach, y + dy * reach, side);
      const back = Math.atan2(to[1] - from[1], to[0] - from[0]), tip = side / 90;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      for (const turn of [2.6, -2.6]) {
        context.moveTo(...to);
        context.lineTo(to[0] + tip * Math.cos(back + turn), to[1] + tip * Math.sin(back + turn));
      }
      context.stroke();
    }
  }

  /** @param {number} x @param {number} y @param {number} side @returns {[number, number]} in the canvas */
  place(x, y, side) { return [(x / REACH + 1) / 2 * side, (1 - y / REACH) / 2 * side]; }
}
