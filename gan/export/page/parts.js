// What the page is put together from: labelled sliders, numbers, buttons and small pictures.

/** @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [values]
 * @param {(Node | string)[]} within
 * @returns {HTMLElementTagNameMap[K]} */
export function make(tag, values = {}, ...within) {
  const made = Object.assign(document.createElement(tag), values);
  made.append(...within);
  return made;
}

/** A sentence with its values: "{n} things" of { n: 3 }.
 * @param {string} template
 * @param {Record<string, string | number>} values */
export const say = (template, values) => template.replace(/\{(\w+)\}/g, (place, name) => String(values[name] ?? place));

const LAST_SEED = 2 ** 32 - 1;
let made = 0;

/** A slider with its label and value. `to` is called while it moves. A slider whose middle is nothing is filled from there.
 * @param {string} label
 * @param {{ min: number, max: number, step: number }} range
 * @param {(value: number) => void} to
 * @param {string} [info] */
export function slider(label, range, to, info) {
  const id = `slider-${++made}`, shown = make("output", { htmlFor: id }), input = make("input", { type: "range", id, ...range });
  /** @param {number} value */
  const show = (value) => {
    shown.textContent = value.toFixed(2);
    const [middle, here] = [range.min === -range.max ? 0.5 : 0, (value - range.min) / (range.max - range.min)];
    input.style.setProperty("--from", `${Math.min(middle, here) * 100}%`);
    input.style.setProperty("--to", `${Math.max(middle, here) * 100}%`);
  };
  input.addEventListener("input", () => { show(input.valueAsNumber); to(input.valueAsNumber); });
  const box = make("div", { className: "knob" }, make("label", { htmlFor: id, textContent: label }), shown, input, ...(info ? [make("p", { className: "quiet", textContent: info })] : []));
  /** @param {number} value */
  const set = (value) => { input.value = String(value); show(value); };
  return { box, set };
}

/** A seed: a number to type, and buttons for others.
 * @param {string} label
 * @param {(value: number) => void} to
 * @param {[string, (value: number) => number][]} others what each button says, and the seed that it leads to from this one
 * @param {string} [info] */
export function seed(label, to, others, info) {
  const id = `seed-${++made}`, input = make("input", { type: "number", id, className: "field", min: "0", max: String(LAST_SEED), step: "1", inputMode: "numeric" });
  input.addEventListener("input", () => { if (input.value !== "" && input.validity.valid) to(input.valueAsNumber); });
  const buttons = others.map(([textContent, other]) => make("button", { type: "button", className: "act", textContent, onclick: () => {
    const value = other(Number(input.value));
    input.value = String(value);
    to(value);
  } }));
  const box = make("div", { className: "seed" }, make("label", { htmlFor: id, textContent: label }), make("div", { className: "seed-row" }, input, ...buttons), ...(info ? [make("p", { className: "quiet", textContent: info })] : []));
  /** @param {number} value */
  const set = (value) => { if (input.valueAsNumber !== value) input.value = String(value); };
  return { box, set };
}

/** A seed that is short enough to be told to somebody. */
export const anySeed = () => Math.floor(Math.random() * 1_000_000);

/** Another seed is another picture: what was found for a picture, small steps and values set by hand belonged to the old one.
 * @param {number} seed
 * @returns {Partial<import("./recipe.js").Recipe>} */
export const ofSeed = (seed) => ({ seed, w: null, walk: [], overrides: [] });

/** The seed behind this one, or before it.
 * @param {number} seed
 * @param {number} step */
export const seedBeside = (seed, step) => (seed + step + LAST_SEED + 1) % (LAST_SEED + 1);

/** A small picture that is a button.
 * @param {string} name
 * @param {() => void} onclick */
export function tile(name, onclick) {
  const canvas = make("canvas", { width: 1, height: 1 }), button = make("button", { type: "button", className: "tile", title: name, onclick }, canvas);
  button.setAttribute("aria-label", name);
  return { button, canvas };
}

/** Show pixels on a canvas in its own size.
 * @param {HTMLCanvasElement | OffscreenCanvas} canvas
 * @param {Uint8ClampedArray<ArrayBuffer>} pixels
 * @param {[number, number, number]} shape channels, height, width */
export function put(canvas, pixels, [, height, width]) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D | null} */ (canvas.getContext("2d"));
  context?.putImageData(new ImageData(pixels, width, height), 0, 0);
}

/** Shows pixels on a canvas so much larger that its longer edge has about `side` pixels; pixel art keeps its edges. */
export class Enlarged {
  small = new OffscreenCanvas(1, 1);

  /** @param {HTMLCanvasElement} canvas
   * @param {[number, number, number]} shape
   * @param {number} side
   * @param {boolean} hard */
  constructor(canvas, shape, side, hard) {
    const [, height, width] = shape, times = Math.max(1, Math.round(side / Math.max(height, width)));
    Object.assign(canvas, { width: width * times, height: height * times });
    this.canvas = canvas;
    this.shape = shape;
    this.context = canvas.getContext("2d");
    if (this.context) Object.assign(this.context, { imageSmoothingEnabled: !hard, imageSmoothingQuality: "high", globalCompositeOperation: "copy" });
  }

  /** @param {Uint8ClampedArray<ArrayBuffer>} pixels */
  put(pixels) {
    put(this.small, pixels, this.shape);
    this.context?.drawImage(this.small, 0, 0, this.canvas.width, this.canvas.height);
  }
}
