// Native sliders of our own, where Gradio's would be too many or too large: a label, the value, the slider.

import { byId, inputIn, make } from "./page.js";

/** A slider in a box of this id, which the page listens to as to Gradio's (studio.js). `name` is for those who cannot see it.
 * @param {string} id
 * @param {string} label
 * @param {{ min: number, max: number, step: number }} range
 * @param {string} [name] */
export function slider(id, label, range, name = label) {
  const input = make("input", { type: "range", id: `${id}-slider`, ...range });
  input.setAttribute("aria-label", name);
  return make("div", { id, className: "live time" }, make("label", { className: "quiet", htmlFor: input.id, textContent: label }),
              make("output", { htmlFor: input.id }), input);
}

/** Show a value, in words where the number alone does not say it.
 * @param {string} id
 * @param {number} value
 * @param {string} [words] */
export function showValue(id, value, words = value.toFixed(2)) {
  const input = inputIn(id), output = byId(id)?.querySelector("output");
  if (!input || !output) return;
  if (input.valueAsNumber !== value) input.value = String(value);
  input.style.setProperty("--at", `${(value - Number(input.min)) / (Number(input.max) - Number(input.min)) * 100}%`);      // see studio.css
  input.setAttribute("aria-valuetext", words);
  output.textContent = words;
}

/** Wait until Gradio has put an element on the page, which it does when a panel opens for the first time.
 * @param {string} id */
export async function mounted(id) {
  while (!byId(id)) await new Promise(requestAnimationFrame);
  return byId(id);
}
