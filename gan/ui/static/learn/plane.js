// What is in z: a generator of two numbers, all of it on one screen. It is painted here; the server gives its weights once.

import { make, penOf, say } from "../shared/page.js";
import { Network } from "./network.js";
import { Random } from "./random.js";

/** @typedef {import("./learn.js").Learn} Learn */
/** @typedef {[number, number]} Point */

const REACH = 2.5;            // the square shows z from -2.5 to 2.5
const CELLS = 17;             // pictures along a side
const SIDE = 28;              // pixels of a picture
const STRIDE = 0.1;           // of an arrow key
const WAY = 9, THROWN = 12;   // pictures of the way between two points, and by chance
const WALK = 3000;            // milliseconds

/** The network in the server's answer: see gan/studio/lessons/plane.py. @param {number[]} widths @param {Float32Array} numbers */
export function networkOf(widths, numbers) {
  const network = new Network(widths, 0);
  let at = 0;
  for (const values of network.values) {
    values.set(numbers.subarray(at, at + values.length));
    at += values.length;
  }
  return network;
}

/** Its pictures, pixels from 0 to 255: (n, SIDE * SIDE). @param {Network} network @param {Point[]} points */
export const picturesOf = (network, points) => network.output(Float64Array.from(points.flat())).map((value) => (Math.tanh(value) + 1) * 127.5);

/** `t` of the way from a to b. @param {Point} a @param {Point} b @param {number} t @returns {Point} */
export const between = (a, b, t) => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])];

export class Plane {
  /** @type {Point} */
  z = [0.6, 0.6];
  psi = 1;
  /** @type {{ a: Point | null, b: Point | null }} */
  marks = { a: null, b: null };
  random = new Random(3);
  /** Latents by chance, always the same. @type {Point[]} */
  thrown = Array.from({ length: THROWN }, () => [this.random.normal(), this.random.normal()]);
  walking = 0;

  /** @param {Learn} learn @param {import("./learn.js").Lesson} lesson */
  constructor(learn, lesson) {
    const { words } = learn;
    this.learn = learn;
    this.lesson = lesson;
    this.words = words;
    this.network = new Network([2, SIDE * SIDE], 0);
    const side = CELLS * SIDE;
    this.board = make("canvas", { width: side, height: side });
    this.canvas = make("canvas", { width: 2 * side, height: 2 * side, id: "plane", className: "points plane", tabIndex: 0, role: "img", ariaLabel: words.plane_all });
    this.picture = make("canvas", { width: SIDE, height: SIDE, className: "plane-picture", role: "img", ariaLabel: words.plane_all });
    this.state = make("p", { className: "plane-state", role: "status" });
    this.canvas.addEventListener("pointerdown", (event) => { this.canvas.setPointerCapture(event.pointerId); this.point(event); });
    this.canvas.addEventListener("pointermove", (event) => { if (event.buttons) this.point(event); });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.first = this.slider("z1", words.plane_z1, -REACH, REACH, (value) => this.go([value, this.z[1]]));
    this.second = this.slider("z2", words.plane_z2, -REACH, REACH, (value) => this.go([this.z[0], value]));
    this.truncation = this.slider("psi", words.plane_psi, 0, 1, (value) => { this.psi = value; this.go(this.z); });
    const button = (/** @type {string} */ id, /** @type {string} */ text, /** @type {() => void} */ act) => make("button", { type: "button", id: `plane-${id}`, className: "act", onclick: act }, text);
    this.walk = button("walk", words.plane_walk, () => this.toWalk());
    const buttons = make("div", { className: "learn-buttons" }, button("throw", words.plane_throw, () => this.throw()),
      button("a", words.plane_mark_a, () => this.mark("a")), button("b", words.plane_mark_b, () => this.mark("b")), this.walk);
    this.strips = make("div", { className: "plane-strips" });
    const now = make("div", { className: "plane-now" }, this.picture, make("div", { className: "plane-sliders" }, this.first.label, this.second.label, this.truncation.label));
    const about = make("div", { className: "learn-side" }, learn.goal, now, this.state, buttons, this.strips);
    this.element = make("div", { className: "learn-room" }, make("div", {}, this.canvas), about);
  }

  async begin() {
    const answer = await fetch("studio/learn/plane");
    if (!answer.ok) throw this.learn.server.sentence((await answer.json()).error);
    this.network = networkOf((answer.headers.get("X-Widths") ?? "").split(",").map(Number), new Float32Array(await answer.arrayBuffer()));
    this.paintBoard();
    this.go(this.z);
  }

  leave() { cancelAnimationFrame(this.walking); }

  /** @param {string} id @param {string} text @param {number} low @param {number} high @param {(value: number) => void} moved */
  slider(id, text, low, high, moved) {
    const input = make("input", { type: "range", id: `plane-${id}`, min: low, max: high, step: 0.01 });
    input.addEventListener("input", () => { this.leave(); moved(input.valueAsNumber); });
    const value = make("output", {});
    return { input, value, label: make("label", {}, make("span", {}, text), input, value) };
  }

  /** @param {PointerEvent} event */
  point(event) {
    const box = this.canvas.getBoundingClientRect();
    this.leave();
    this.go([((event.clientX - box.left) / box.width * 2 - 1) * REACH, (1 - (event.clientY - box.top) / box.height * 2) * REACH]);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    /** @type {Record<string, Point>} */
    const ways = { ArrowLeft: [-STRIDE, 0], ArrowRight: [STRIDE, 0], ArrowUp: [0, STRIDE], ArrowDown: [0, -STRIDE] };
    const way = ways[event.key];
    if (!way) return;
    event.preventDefault();
    this.leave();
    this.go([this.z[0] + way[0], this.z[1] + way[1]]);
  }

  /** Look at another z. @param {Point} z */
  go(z) {
    const within = (/** @type {number} */ value) => Math.min(REACH, Math.max(-REACH, value));
    this.z = [within(z[0]), within(z[1])];
    const made = this.made;
    for (const [slider, value] of /** @type {const} */ ([[this.first, this.z[0]], [this.second, this.z[1]], [this.truncation, this.psi]])) {
      slider.input.value = String(value);
      slider.value.textContent = value.toFixed(2);
    }
    put(this.picture, picturesOf(this.network, [made]), 0);
    const state = say(this.words.plane_state, { z1: this.z[0].toFixed(2), z2: this.z[1].toFixed(2), psi: this.psi.toFixed(2) });
    this.canvas.setAttribute("aria-label", `${this.words.plane_all} ${state}`);
    this.picture.setAttribute("aria-label", state);
    this.draw();
    this.fill();
  }

  /** The z that the picture is made of. @returns {Point} */
  get made() { return [this.psi * this.z[0], this.psi * this.z[1]]; }

  throw() {
    this.leave();
    this.go([this.random.normal(), this.random.normal()]);
  }

  /** @param {"a" | "b"} which */
  mark(which) {
    this.leave();
    this.marks[which] = this.made;
    this.state.textContent = say(this.words.plane_marked, { name: which.toUpperCase(), z1: this.made[0].toFixed(2), z2: this.made[1].toFixed(2) });
    this.go(this.z);
    if (this.marks.a && this.marks.b) this.learn.tell(this.lesson.said, true);
  }

  /** From A to B, in small steps. */
  toWalk() {
    const { a, b } = this.marks;
    if (!a || !b) { this.state.textContent = this.words.plane_both; return; }
    this.leave();
    this.psi = 1;
    const began = performance.now();
    const step = (/** @type {number} */ now) => {
      const t = Math.min(1, Math.max(0, (now - began) / WALK));
      this.go(between(a, b, t));
      if (t < 1) this.walking = requestAnimationFrame(step);
    };
    this.walking = requestAnimationFrame(step);
  }

  // Painting

  /** Every place of the square, once. */
  paintBoard() {
    /** @type {Point[]} */
    const points = [];
    for (let row = 0; row < CELLS; row++) for (let column = 0; column < CELLS; column++) points.push([((column + 0.5) / CELLS * 2 - 1) * REACH, (1 - (row + 0.5) / CELLS * 2) * REACH]);
    const pixels = picturesOf(this.network, points), pen = penOf(this.board);
    points.forEach((_, i) => pen.putImageData(imageOf(pixels, i), i % CELLS * SIDE, Math.floor(i / CELLS) * SIDE));
  }

  /** The square with what is marked on it. */
  draw() {
    const pen = penOf(this.canvas), side = this.canvas.width, scale = side / 2 / REACH;
    const place = (/** @type {Point} */ [x, y]) => /** @type {Point} */ ([side / 2 + x * scale, side / 2 - y * scale]);
    const ring = (/** @type {Point} */ at, /** @type {number} */ radius, /** @type {string} */ colour, wide = 3) => {
      pen.beginPath();
      pen.arc(...place(at), radius, 0, 2 * Math.PI);
      pen.strokeStyle = colour;
      pen.lineWidth = wide;
      pen.stroke();
    };
    pen.drawImage(this.board, 0, 0, side, side);
    for (const radius of [1, 2]) ring([0, 0], radius * scale, "rgba(255, 255, 255, 0.5)", 2);
    const { a, b } = this.marks;
    if (a && b) {
      pen.beginPath();
      pen.moveTo(...place(a));
      pen.lineTo(...place(b));
      pen.strokeStyle = "#60a5fa";
      pen.lineWidth = 4;
      pen.stroke();
    }
    for (const [name, at] of /** @type {[string, Point | null][]} */ ([["A", a], ["B", b]])) {
      if (!at) continue;
      pen.beginPath();
      pen.arc(...place(at), 17, 0, 2 * Math.PI);
      pen.fillStyle = "#2563eb";
      pen.fill();
      pen.fillStyle = "#fff";
      pen.font = "bold 22px sans-serif";
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText(name, ...place(at));
    }
    for (const [colour, wide] of /** @type {[string, number][]} */ ([["#000", 9], ["#fb923c", 5]])) {
      ring(this.made, 15, colour, wide);
      if (this.psi < 1) ring(this.z, 8, colour, wide - 2);
    }
  }

  /** What is made by chance at this truncation, and the way from A to B, in z and in pixels. */
  fill() {
    const { words, marks: { a, b } } = this, { psi } = this;
    const strip = (/** @type {string} */ text, /** @type {Float64Array} */ pixels, /** @type {number} */ count) => {
      const canvases = Array.from({ length: count }, (_, i) => put(make("canvas", { width: SIDE, height: SIDE }), pixels, i));
      for (const canvas of canvases) canvas.setAttribute("aria-hidden", "true");
      return make("figure", {}, make("figcaption", {}, text), make("div", { className: "plane-strip", role: "img", ariaLabel: text }, ...canvases));
    };
    const rows = [strip(say(words.plane_thrown, { psi: psi.toFixed(2) }), picturesOf(this.network, this.thrown.map(([x, y]) => [psi * x, psi * y])), THROWN)];
    if (a && b) {
      const shares = Array.from({ length: WAY }, (_, i) => i / (WAY - 1)), ends = picturesOf(this.network, [a, b]), n = SIDE * SIDE;
      rows.push(strip(words.plane_way_z, picturesOf(this.network, shares.map((t) => between(a, b, t))), WAY),
        strip(words.plane_way_pixels, Float64Array.from({ length: WAY * n }, (_, i) => ends[i % n] + shares[Math.floor(i / n)] * (ends[n + i % n] - ends[i % n])), WAY));
    }
    this.strips.replaceChildren(...rows);
  }
}

/** Picture `i` of several as an image. @param {Float64Array} pixels @param {number} i */
function imageOf(pixels, i) {
  const image = new ImageData(SIDE, SIDE), n = SIDE * SIDE;
  for (let k = 0; k < n; k++) image.data.set([pixels[i * n + k], pixels[i * n + k], pixels[i * n + k], 255], 4 * k);
  return image;
}

/** @param {HTMLCanvasElement} canvas @param {Float64Array} pixels @param {number} i */
function put(canvas, pixels, i) {
  penOf(canvas).putImageData(imageOf(pixels, i), 0, 0);
  return canvas;
}
