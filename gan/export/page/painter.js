// Who is painted when: the picture before all others, and of it only the newest wish; small pictures once the hand rests.

/** @typedef {import("./worker.js").Job} Job */
/** @typedef {(pixels: Uint8ClampedArray<ArrayBuffer>) => void} Put */
/** @typedef {{ job: Job, put: Put }} Wish */

const REST = 140;      // milliseconds without a wish for the picture, after which small ones are painted

export class Painter {
  /** @type {Wish | null} */
  newest = null;
  /** @type {Wish[]} */
  small = [];
  /** @type {Put | null} */
  waiting = null;
  resting = true;
  ready = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /** `failed` is told the word for what went wrong.
   * @param {Worker} worker
   * @param {(word: string) => void} failed */
  constructor(worker, failed) {
    this.worker = worker;
    this.failed = failed;
    worker.onerror = () => failed("not_here");
    worker.onmessage = ({ data }) => {
      if (data.failed) return failed(data.failed);
      if (data.ready) this.ready = true;
      else this.painted(data);
      this.next();
    };
  }

  /** Give the network its numbers, when they are here.
   * @param {import("./model.js").About} about
   * @param {Promise<ArrayBuffer>} weights */
  begin(about, weights) { weights.then((file) => this.worker.postMessage({ about, file }, [file]), () => this.failed("not_here")); }

  /** Paint this as soon as may be; an older wish that still waits is dropped.
   * @param {Job} job
   * @param {Put} put */
  picture(job, put) {
    this.newest = { job, put };
    this.resting = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.resting = true; this.next(); }, REST);
    this.next();
  }

  /** Paint these when there is time; those that were wanted before are dropped.
   * @param {Wish[]} wishes */
  later(wishes) {
    this.small = wishes;
    this.next();
  }

  next() {
    if (!this.ready || this.waiting) return;
    const wish = this.newest ?? (this.resting ? this.small.shift() : undefined);
    if (!wish) return;
    if (wish === this.newest) this.newest = null;
    this.waiting = wish.put;
    this.worker.postMessage({ job: wish.job });
  }

  /** @param {{ pixels: Uint8ClampedArray<ArrayBuffer> }} told */
  painted({ pixels }) {
    const put = this.waiting;
    this.waiting = null;
    put?.(pixels);
  }
}
