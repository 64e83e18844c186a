// Native sliders of our own, where Gradio's would be too many or too large: a label, the value, the slider.

import { byId, make } from "./page.js";

/** A slider in a box of this id, which the page listens to as to Gradio's (studio.js). `name` is for those who cannot see it. */
export function slider(id, label, range, name = label) {
  const input = make("input", { type: "range", id: `${id}-slider`, ...range });
  input.setAttribute("aria-label", name);
  return make("div", { id, className: "live time" }, make("label", { className: "quiet", htmlFor: input.id, textContent: label }),
              make("output", { htmlFor: input.id }), input);
}

/** Show a value, in words where the number alone does not say it. */
export function showValue(id, value, words = value.toFixed(2)) {
  const box = byId(id);
  if (!box) return;
  const input = box.querySelector("input");
  if (input.valueAsNumber !== value) input.value = value;
  input.setAttribute("aria-valuetext", words);
  box.querySelector("output").textContent = words;
}

/** Wait until Gradio has put an element on the page, which it does when a panel opens for the first time. */
export async function mounted(id) {
  while (!byId(id)) await new Promise(requestAnimationFrame);
  return byId(id);
}
