// What is asked last counts: two ways to deal with answers that take their time.

/** Wishes of which only the newest is granted: an answer that comes after a newer wish was made is dropped.

    const answer = await this.wishes.grant(() => ask());
    if (!answer) return;      // somebody wants something else by now */
export class NewestWins {
  #made = 0;

  /** Make a wish, which overtakes all before. Returns a function: whether it is still the newest. */
  make() {
    this.#made++;
    return this.standing();
  }

  /** Whether no newer wish has been made since now, as a function. Makes none itself. */
  standing() {
    const made = this.#made;
    return () => made === this.#made;
  }

  /** Make a wish for what `work` gives; null where a newer one was made meanwhile, also where the older one failed. */
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

/** One piece of work at a time, and of those that wait only the newest: what a dragged slider needs. */
export class Newest {
  /** `done`: a promise that is kept once nothing waits any more. */
  constructor(work, failed) { Object.assign(this, { work, failed, waiting: null, busy: false, done: Promise.resolve() }); }

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
