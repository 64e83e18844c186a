// Drag points: a handle on the picture, pulled to a target, and what may change around the way (gan/studio/dragging.py). By mouse, by
// finger, and by keys: arrows move the handle and the target, Enter pulls, Escape ends.

import { byId, say, there } from "../shared/page.js";
import { Pursuit } from "./pursuit.js";

/** @typedef {[number, number]} Point */

const RADIUS = 12 / 64, LEAST = 4 / 64, MOST = 0.5;      // of the side: what may change around the way (gan/latents/dragging.py, RADIUS)
const FAST = 5;                                          // pixels a key moves a point with Shift
const RIM = 0.012;                                       // of the side: how wide the circle is drawn
const STEPS = /** @type {Record<string, Point>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });

export class Drag extends Pursuit {
  /** Both in pixels of the picture as the model makes it.
   * @type {Point} */
  handle = [0, 0];
  /** @type {Point} */
  target = [0, 0];
  radius = 0;
  /** Which of them the mouse or the finger moves.
   * @type {"handle" | "target" | null} */
  held = null;
  listening = false;
  /** How often a person has done something: what a search says at its end must not overtake the answer to that. */
  deeds = 0;

  get side() { return this.explore.model.width; }
  get open() { return byId("drag-layer")?.hidden === false; }

  // A part of Explore

  modelChanged() {
    byId("tabs")?.setAttribute("data-drags", this.explore.model.drags ? "yes" : "no");
    this.radius = Math.round(this.side * RADIUS);
    if (this.open) this.close();
  }

  fill() {}
  moved() { return false; }

  // What a person does

  /** The tool's button: begin, or end. */
  turn() {
    if (this.open) return this.close();
    this.listen();
    this.handle = this.target = [Math.floor(this.side / 2), Math.floor(this.side / 2)];
    there("drag-layer").hidden = there("drag").hidden = false;
    const slider = there("drag-radius", HTMLInputElement);
    Object.assign(slider, { min: String(Math.round(this.side * LEAST)), max: String(Math.round(this.side * MOST)), value: String(this.radius) });
    there("drag-room-words").textContent = this.words.drag_room;
    there("drag-end").textContent = this.words.drag_end;
    this.say(this.words.drag_info, 1);
    this.show();
    there("drag-handle").focus({ preventScroll: true });
    this.explore.inSight();
  }

  close() {
    this.stop();
    const within = there("drag-layer").contains(document.activeElement) || there("drag").contains(document.activeElement);
    this.held = null;
    there("drag-layer").hidden = there("drag").hidden = true;
    if (within) byId("do-drag")?.focus({ preventScroll: true });
  }

  listen() {
    if (this.listening) return;
    this.listening = true;
    const layer = there("drag-layer");
    layer.addEventListener("pointerdown", (event) => this.press(event));
    layer.addEventListener("pointermove", (event) => this.pull(event));
    layer.addEventListener("pointerup", () => this.release());
    layer.addEventListener("pointercancel", () => { this.held = null; });
    for (const which of /** @type {const} */ (["handle", "target"])) {
      there(`drag-${which}`).addEventListener("keydown", (event) => this.key(event, which));
      there(`drag-${which}`).addEventListener("click", (event) => { if (event.detail === 0) this.go(); });      // by a key, not by a press
    }
    there("drag-radius").addEventListener("input", () => { this.radius = there("drag-radius", HTMLInputElement).valueAsNumber; this.show(); });
    there("drag-end").addEventListener("click", () => (this.going ? this.give() : this.close()));
    for (const place of [layer, there("drag")]) {      // not everywhere: elsewhere it closes lists and leaves the presentation
      place.addEventListener("keydown", (event) => { if (event.key === "Escape") { if (this.going) this.give(); else this.close(); } });
    }
  }

  /** On the target it moves that; anywhere else it puts the handle there, unless it is on the handle, and pulls.
   * @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0 || !(event.target instanceof Element)) return;
    event.preventDefault();
    this.deeds += 1;
    this.stop();
    there("drag-layer").setPointerCapture(event.pointerId);
    const on = event.target.id;
    this.held = "target";
    if (on === "drag-target") return;
    if (on !== "drag-handle") this.handle = this.placeOf(event);
    this.target = this.handle;
    this.say(this.words.drag_pull, 1);
    this.show();
  }

  /** @param {PointerEvent} event */
  pull(event) {
    if (!this.held) return;
    this.target = this.placeOf(event);
    this.show();
  }

  release() {
    if (!this.held) return;
    this.held = null;
    there("drag-handle").focus({ preventScroll: true });
    if (this.apart() >= 1) return this.go();
  }

  /** @param {KeyboardEvent} event
   * @param {"handle" | "target"} which */
  key(event, which) {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    this.deeds += 1;
    this.stop();
    const by = event.shiftKey ? FAST : 1, together = which === "handle" && this.apart() < 1;
    this[which] = this.within([this[which][0] + by * step[0], this[which][1] + by * step[1]]);
    if (together) this.target = this.handle;
    this.say(this.apart() < 1 ? this.words.drag_keys : this.words.drag_enter, 1);
    this.show();
  }

  /** The search is given up where it is. */
  give() {
    this.stop();
    this.say(this.words.drag_info, 1);
    this.show();
  }

  /** Pull the handle to the target. */
  async go() {
    const { explore, handle, target, radius } = this, deed = this.deeds += 1;
    if (this.apart() < 1) return this.say(this.words.drag_pull, 1);
    this.say(this.words.drag_begins, null);
    try {
      const body = JSON.stringify({ recipe: explore.recipe, handle, target, radius });
      const found = await this.follow("drag", body, (line) => this.tell(line), (last) => last.dragged);
      if (found) this.handle = found.handle;
      if (this.deeds === deed) this.say(found ? found.words : this.words.drag_info, 1);
    } catch (error) {
      if (this.deeds === deed) this.say(this.words.drag_info, 1);
      explore.alert.show(error);
    } finally {
      this.show();
    }
  }

  /** A line of the search.
   * @param {import("../shared/types.js").Told} line */
  tell(line) {
    if (line.handle) this.handle = line.handle;
    if (line.done === null) this.say(line.words, null);
    else this.say(this.words.drag_begins, line.done, line.words);
    this.show();
  }

  // On the page

  apart() { return Math.hypot(this.target[0] - this.handle[0], this.target[1] - this.handle[1]); }

  /** The pixel below the mouse or the finger.
   * @param {PointerEvent} event
   * @returns {Point} */
  placeOf({ clientX, clientY }) {
    const { left, top, width, height } = there("drag-layer").getBoundingClientRect();
    return this.within([Math.floor((clientX - left) / width * this.side), Math.floor((clientY - top) / height * this.side)]);
  }

  /** @param {Point} point
   * @returns {Point} */
  within([x, y]) { return [Math.min(this.side - 1, Math.max(0, x)), Math.min(this.side - 1, Math.max(0, y))]; }

  show() {
    const { side, handle, target, radius } = this, layer = there("drag-layer"), svg = layer.querySelector("svg");
    const { min, max } = there("drag-radius", HTMLInputElement);
    there("drag-radius").style.setProperty("--at", `${(radius - Number(min)) / Math.max(1, Number(max) - Number(min)) * 100}%`);      // see studio.css
    layer.classList.toggle("calm", !this.held && !this.going);      // what was dragged is seen as it is
    svg?.setAttribute("viewBox", `0 0 ${side} ${side}`);
    for (const line of layer.querySelectorAll("line")) {
      const [x1, y1, x2, y2] = [...handle, ...target].map((value) => String(value + 0.5));
      for (const [name, value] of Object.entries({ x1, y1, x2, y2 })) line.setAttribute(name, value);
      const less = line.matches(".less") ? 2 * RIM * side : 0;
      if (line.matches(".drag-way")) line.setAttribute("stroke-width", String(2 * radius - less));
      else line.setAttribute("stroke-width", String(RIM * side));
    }
    const names = { handle: say(this.words.drag_handle, { x: Math.round(handle[0]), y: Math.round(handle[1]) }),
                    target: say(this.words.drag_target, { x: Math.round(target[0]), y: Math.round(target[1]) }) };
    for (const which of /** @type {const} */ (["handle", "target"])) {
      const point = there(`drag-${which}`), [x, y] = this[which];
      Object.assign(point.style, { left: `${(x + 0.5) / side * 100}%`, top: `${(y + 0.5) / side * 100}%` });
      point.setAttribute("aria-label", names[which]);
    }
  }

  /** `words` are spoken, too, once; `news`, beside them, are not: fifty of them would come one after the other.
   * @param {string} words
   * @param {number | null} share
   * @param {string} [news] */
  say(words, share, news = "") {
    if (there("drag-words").textContent !== words) there("drag-words").textContent = words;
    there("drag-news").textContent = news;
    const bar = there("drag-progress", HTMLProgressElement);
    bar.hidden = share === 1;
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
    there("drag-end").textContent = share === 1 ? this.words.drag_end : this.words.drag_stop;
  }
}
