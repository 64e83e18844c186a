// What only models have that a run made: a slider through the moments of their training, and how much of the base is in them.

import { byId, fillSlider, inputIn, movedTo, there } from "../shared/page.js";
import { knob } from "../shared/schema.js";

/** Of layers, that are blended each by its own amount. */
const ranges = () => knob("recipe", "blend").most;

/** @typedef {import("./explore.js").Explore} Explore */

export class Trained {
  /** @param {Explore} explore */
  constructor(explore) { this.explore = explore; }

  modelChanged() {
    this.showTime();
    byId("blend-panel")?.classList.toggle("gone", !this.explore.model.base);
  }

  fill() {
    const { blend } = this.explore.recipe, amounts = blend?.length ? blend : Array(ranges()).fill(1);
    fillSlider("blend", Number((amounts.reduce((a, b) => a + b) / ranges()).toFixed(2)));
    amounts.forEach((amount, i) => fillSlider(`blend${i}`, amount));
    this.fillTime();
  }

  /** A person has moved a control. Returns whether it was one of these.
   * @param {string} id */
  moved(id) {
    if (id === "time") this.toStep((this.explore.model.steps ?? [])[movedTo("time")]);
    else if (id === "blend") this.explore.edit({ blend: Array(ranges()).fill(movedTo("blend")) }, false);
    else if (/^blend\d$/.test(id)) this.explore.edit({ blend: Array.from({ length: ranges() }, (_, i) => movedTo(`blend${i}`)) }, false);
    else return false;
    return true;
  }

  /** Another moment of a run: the same recipe, with the weights of that step.
   * @param {number} step */
  toStep(step) {
    const revision = String(step).padStart(7, "0");
    this.explore.model = { ...this.explore.model, revision };
    this.explore.edit({ revision }, false);
  }

  /** The slider over the moments of a run; other models have none. */
  showTime() {
    const steps = this.explore.model.steps ?? [];
    const label = byId("time-label");
    if (label) label.textContent = this.explore.words.time_info;
    byId("time-panel")?.classList.toggle("gone", steps.length < 2);
    const slider = inputIn("time");
    if (slider) slider.max = String(Math.max(0, steps.length - 1));
    this.fillTime();
  }

  fillTime() {
    const { model, recipe } = this.explore, steps = model.steps ?? [], at = steps.indexOf(Number(recipe.revision));
    const slider = inputIn("time");
    if (!slider || at < 0) return;
    if (slider.valueAsNumber !== at) slider.value = String(at);
    there("time-step").textContent = String(steps[at]);
    slider.setAttribute("aria-valuetext", String(steps[at]));
  }
}
