// What is asked last counts: two ways to deal with answers that take their time.

/** Whether a wish is still the newest. @typedef {() => boolean} Stands */

/** Wishes of which only the newest is granted: an answer that comes after a newer wish was made is dropped.

    const answer = await this.wishes.grant(() => ask());
    if (!answer) return;      // somebody wants something else by now */
export class NewestWins {
  #made = 0;

  /** Make a wish, which overtakes all before. Returns a function: whether it is still the newest.
   * @returns {Stands} */
  make() {
    this.#made++;
    return this.standing();
  }

  /** Whether no newer wish has been made since now, as a function. Makes none itself.
   * @returns {Stands} */
  standing() {
    const made = this.#made;
    return () => made === this.#made;
  }

  /** Make a wish for what `work` gives; null where a newer one was made meanwhile, also where the older one failed.
   * @template T
   * @param {() => T | Promise<T>} work
   * @returns {Promise<T | null>} */
  async grant(work) {
    const stands = this.make();
    try {
      const value = await work();
      return stands() ? value : null;
    } catch (error) {
      if (stands()) throw error;
      return null;
    }
  }
}

/** One piece of work at a time, and of those that wait only the newest: what a dragged slider needs.
 * @template T */
export class Newest {
  /** @type {{ value: T } | null} */
  waiting = null;
  busy = false;
  /** Kept once nothing waits any more. */
  done = Promise.resolve();

  /** @param {(value: T) => Promise<unknown>} work
   * @param {(error: any) => void} failed */
  constructor(work, failed) {
    this.work = work;
    this.failed = failed;
  }

  /** @param {T} value */
  want(value) {
    this.waiting = { value };
    if (!this.busy) this.done = this.run();
  }

  async run() {
    this.busy = true;
    while (this.waiting) {
      const { value } = this.waiting;
      this.waiting = null;
      try { await this.work(value); } catch (error) { this.failed(error); }
    }
    this.busy = false;
  }
}
