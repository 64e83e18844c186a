// The pictures of a card wander from seed to seed and come back, for three seconds: see gan/studio/loops.py.

import { penOf } from "../shared/page.js";

const MOMENTS = 24, A_SECOND = 8;

export class Loop {
  playing = false;

  /** @param {HTMLCanvasElement[]} canvases
   * @param {ImageBitmap} bitmap a row for each moment, in it a picture for each canvas
   * @param {boolean} pixelArt */
  constructor(canvases, bitmap, pixelArt) {
    this.canvases = canvases;
    this.bitmap = bitmap;
    this.width = bitmap.width / canvases.length;
    this.height = bitmap.height / MOMENTS;
    for (const canvas of canvases) {
      Object.assign(canvas, { width: this.width, height: this.height });
      canvas.classList.toggle("pixels", pixelArt);
    }
    this.show(0);
  }

  /** @param {number} moment from 0; after the last one comes the first */
  show(moment) {
    const { width, height } = this, top = (moment % MOMENTS) * height;
    this.canvases.forEach((canvas, i) => penOf(canvas).drawImage(this.bitmap, i * width, top, width, height, 0, 0, width, height));
  }

  /** Go round once, for whoever does not mind things that move. */
  play() {
    if (this.playing || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
    this.playing = true;
    const begun = performance.now();
    const next = () => {
      const moment = Math.min(MOMENTS, Math.floor((performance.now() - begun) / 1000 * A_SECOND));
      this.show(moment);
      this.playing = moment < MOMENTS && this.canvases[0].isConnected;
      if (this.playing) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  }
}
