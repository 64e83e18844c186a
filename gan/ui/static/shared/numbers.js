// One rule for every number box of the page, Gradio's and our own: what is no number, out of range or between the steps is not taken.
// When the box is left, its last good value is back and the page says why.

import { bringSlider, isFilling, say } from "./page.js";

/** What is wrong, as a key of the words. @typedef {"number_missing" | "number_range" | "number_least" | "number_most" | "number_step" | "number_whole"} Why */
/** What a box is judged by. @typedef {Pick<HTMLInputElement, "value" | "min" | "max" | "step" | "validity">} Box */

/** A measured number for people: 0.69, 12, 1250, and beyond all measure 8.3e12; as gan/messages.py has it.
 * @param {number} value */
export function measured(value) {
  const size = Math.abs(value);
  return size >= 10_000 ? value.toExponential(1).replace("e+", "e") : size >= 100 ? value.toFixed(0) : value.toPrecision(2);
}

/** Why what stands in a box is not taken; null where it is good. An empty box is good where it was empty before.
 * @param {Box} box
 * @param {string} before
 * @returns {Why | null} */
export function fault({ value, min, max, step, validity }, before) {
  if (validity.badInput || (value === "" && before !== "")) return "number_missing";
  if (validity.rangeUnderflow || validity.rangeOverflow) return min === "" ? "number_most" : max === "" ? "number_least" : "number_range";
  if (validity.stepMismatch) return step === "1" ? "number_whole" : "number_step";
  return null;
}

/** What the people call a box: the words of its label, or of the component that it is a part of.
 * @param {HTMLInputElement} box */
function nameOf(box) {
  const label = box.labels?.[0] ?? box.closest(".block")?.querySelector("label");
  return ((label?.querySelector("[data-testid=block-info]") ?? label)?.textContent ?? "").trim();
}

/** @param {EventTarget | null} it
 * @returns {it is HTMLInputElement} */
const isBox = (it) => it instanceof HTMLInputElement && it.type === "number";

/** What the page does with numbers that are taken: at the very event, since small pictures may come and fill the controls at any moment. */
export class Typing {
  /** @param {(box: HTMLInputElement) => unknown} moved a good number was written
   * @param {(box: HTMLInputElement) => unknown} settled it was made theirs, or the box is left; heard at once: what is moved next is
   *   another step, and where that is wrong, this one stays
   * @param {(box: HTMLInputElement) => unknown} left when Gradio is done with it, too */
  constructor(moved, settled, left) {
    this.moved = moved;
    this.settled = settled;
    this.left = left;
  }

  /** Hear what `Numbers` lets through. */
  listen() {
    document.addEventListener("input", ({ target }) => {
      if (!isBox(target) || isFilling()) return;
      bringSlider(target);
      this.moved(target);
    }, true);
    document.addEventListener("change", ({ target }) => { if (isBox(target)) this.settled(target); }, true);
    document.addEventListener("focusout", ({ target }) => {
      if (!isBox(target)) return;
      this.settled(target);
      setTimeout(() => this.left(target));
    }, true);
  }
}

export class Numbers {
  /** The box that somebody is in, and what it held when they came or when they last made a good value theirs.
   * @type {HTMLInputElement | null} */
  box = null;
  before = "";
  /** What they have written, and what is wrong with it. The box may not hold it any more: Gradio, late, puts back what it took last.
   * @type {{ typed: string, why: Why | null }} */
  last = { typed: "", why: null };
  pressed = false;

  /** `back` is called when a box has its good value again.
   * @param {import("./types.js").Words} words
   * @param {import("./alert.js").Alert} alert
   * @param {() => unknown} back */
  constructor(words, alert, back) {
    this.words = words;
    this.alert = alert;
    this.back = back;
  }

  /** Hear of every box before anybody else does. */
  listen() {
    document.addEventListener("focusin", ({ target }) => this.enter(target), true);
    document.addEventListener("input", (event) => {
      if (isFilling()) return;
      this.enter(event.target);
      if (this.box && event.target === this.box && this.hear(this.box)) event.stopImmediatePropagation();
    }, true);
    for (const name of ["change", "focusout"]) document.addEventListener(name, ({ target, type }) => this.settle(target, type === "focusout"), true);
    /** @param {boolean} pressed */
    const press = (pressed) => () => { this.pressed = pressed; };
    document.addEventListener("pointerdown", press(true), true);
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, press(false), true);
    for (const name of ["click", "keydown"]) document.addEventListener(name, () => this.alert.clear("number"), true);      // not while a button is pressed
  }

  /** @param {EventTarget | null} target */
  enter(target) {
    if (!isBox(target) || target === this.box) return;
    this.box = target;
    this.before = target.value;
    this.last = { typed: "", why: null };
  }

  /** Something was written. Whether it is not taken.
   * @param {HTMLInputElement} box */
  hear(box) {
    this.last = { typed: box.value, why: fault(box, this.before) };
    return this.last.why !== null;
  }

  /** @param {EventTarget | null} target
   * @param {boolean} left */
  settle(target, left) {
    const box = this.box;
    if (!box || target !== box) return;
    const { typed, why } = this.last;
    if (why) this.restore(box, typed, why);
    else this.before = box.value;
    if (left) this.box = null;
  }

  /** @param {HTMLInputElement} box
   * @param {string} typed
   * @param {Why} why */
  restore(box, typed, why) {
    const value = this.before;
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));      // what was typed on the way may have been good
    this.back();
    const sentence = this.sentence(box, why, typed, value);
    if (this.pressed) document.addEventListener("pointerup", () => setTimeout(() => this.alert.say(sentence, "number")), { once: true });
    else this.alert.say(sentence, "number");      // not while a button is being pressed: that click would take it away
  }

  /** @param {HTMLInputElement} box
   * @param {Why} why
   * @param {string} typed
   * @param {string} value */
  sentence(box, why, typed, value) {
    const { words } = this, { min, max, step } = box, name = nameOf(box);
    switch (why) {
      case "number_missing": return say(words.number_missing, { name, value });
      case "number_range": return say(words.number_range, { name, min, max, typed, value });
      case "number_least": return say(words.number_least, { name, min, typed, value });
      case "number_most": return say(words.number_most, { name, max, typed, value });
      case "number_step": return say(words.number_step, { name, step, typed, value });
      case "number_whole": return say(words.number_whole, { name, typed, value });
    }
  }
}
