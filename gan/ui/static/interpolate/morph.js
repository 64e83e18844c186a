// A film of sounds as one sound, in step with its frames: gan/studio/morphs.py.

import { byId, make } from "../shared/page.js";
import { Hearing, isSound, soundsIn, wavOf } from "../shared/hearing.js";
import { saveFile } from "../shared/take.js";

/** @typedef {import("./film.js").Film} Film */
/** @typedef {import("../shared/hearing.js").Sound} Sound */

const BEAT = 0.25;      // seconds from one sound to the next
const TOUCH = 0.5;      // seconds that are heard of a frame that is looked at

export class Morph {
  /** @type {Sound | null} */
  sound = null;
  /** Of the sound that is on its way.
   * @type {AbortController | null} */
  abort = null;
  hearing = new Hearing();

  /** @param {Film} film */
  constructor(film) { this.film = film; }

  /** Have the sound of a path made, at as many frames a second as are wanted now. What was asked for before is given up: raises its AbortError.
   * @param {object} plan */
  async fetch(plan) {
    this.abort?.abort();
    const { film } = this, { signal } = this.abort = new AbortController();
    const [sound] = await soundsIn(await film.server.post("studio/morph", { ...plan, fps: film.fps }, { signal }));
    signal.throwIfAborted();
    this.sound = sound ?? null;
    this.offer();
  }

  /** Another path is on its way, or the same at another speed: nothing is left of the one before. */
  clear() {
    this.abort?.abort();
    this.hearing.stop();
    this.sound = null;
    this.offer();
  }

  /** The button that saves it. */
  offer() {
    const place = byId("film-sound");
    if (!place) return;
    place.hidden = !isSound(this.film.explore.model);
    if (this.sound && !place.childElementCount) {
      place.append(make("button", { type: "button", id: "film-wav", className: "act", textContent: this.film.words.hear_save, onclick: () => this.save() }),
                   make("p", { className: "quiet", textContent: this.film.words.film_sound }));
    }
    const button = byId("film-wav");
    if (button instanceof HTMLButtonElement) button.disabled = !this.sound;
  }

  /** Play it from a frame on.
   * @param {number} frame
   * @param {boolean} [over] what sounds may ring out */
  from(frame, over = false) {
    if (this.sound) this.hearing.play(this.sound, { from: frame / this.film.fps, over });
  }

  /** A frame is looked at: what is heard at its beat.
   * @param {number} frame */
  touch(frame) {
    if (!this.sound) return;
    const from = Math.floor(frame / this.film.fps / BEAT) * BEAT;
    this.hearing.play(this.sound, { from, seconds: TOUCH });
  }

  stop() { if (this.sound) this.hearing.stop(); }

  save() {
    if (this.sound) saveFile(wavOf(this.sound), "morph.wav");
  }
}
