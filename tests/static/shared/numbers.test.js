import assert from "node:assert/strict";
import { test } from "node:test";

import { fault, measured, Typing } from "../../../gan/ui/static/shared/numbers.js";
import { fillSlider } from "../../../gan/ui/static/shared/page.js";
import { emptyPage, settled } from "../later.js";

const GOOD = { badInput: false, rangeUnderflow: false, rangeOverflow: false, stepMismatch: false };

/** @param {Partial<import("../../../gan/ui/static/shared/numbers.js").Box>} box
 * @param {object} validity */
const box = (box, validity = {}) => /** @type {import("../../../gan/ui/static/shared/numbers.js").Box} */ ({
  value: "1", min: "0", max: "2", step: "0.5", ...box, validity: /** @type {ValidityState} */ ({ ...GOOD, ...validity }) });

test("a measured number is short, however large it is", () => {
  const shown = [0.693, 12.34, -1250, 8301526908928, -2e5, 0].map(measured);
  assert.deepEqual(shown, ["0.69", "12", "-1250", "8.3e12", "-2.0e5", "0.0"]);
});

test("a number box says what is wrong with what stands in it", () => {
  assert.equal(fault(box({}), "2"), null);
  assert.equal(fault(box({ value: "" }), "2"), "number_missing");
  assert.equal(fault(box({ value: "" }, { badInput: true }), ""), "number_missing");
  assert.equal(fault(box({ value: "3" }, { rangeOverflow: true }), "2"), "number_range");
  assert.equal(fault(box({ value: "3", min: "" }, { rangeOverflow: true }), "2"), "number_most");
  assert.equal(fault(box({ value: "-3", max: "" }, { rangeUnderflow: true }), "2"), "number_least");
  assert.equal(fault(box({ value: "1.1" }, { stepMismatch: true }), "2"), "number_step");
  assert.equal(fault(box({ value: "1.1", step: "1" }, { stepMismatch: true }), "2"), "number_whole");
});

test("a box that was empty may stay so", () => assert.equal(fault(box({ value: "" }), ""), null));

/** A slider and its number box as Gradio has them: what is written in one is in the other after the event. */
function slidable() {
  const block = { id: "psi", querySelector: (which) => (which.includes("range") ? range : number) };
  const made = (type) => ({ __proto__: HTMLInputElement.prototype, type, value: "0", validity: { valid: true }, closest: () => block,
                            dispatchEvent(event) { heard("input", this, event); } });
  const range = made("range"), number = made("number"), heardBy = { input: [], change: [], focusout: [] };
  const heard = (kind, target) => {
    for (const hear of heardBy[kind]) hear({ target });
    queueMicrotask(() => { range.value = number.value = target.value; });
  };
  Object.assign(document, { activeElement: number, getElementById: () => block, addEventListener: (kind, hear) => heardBy[kind].push(hear) });
  return { range, number, write(value) { number.value = value; heard("input", number); }, keep() { heard("change", number); } };
}

test("a number that is typed while small pictures are painted is not lost", async () => {
  const page = emptyPage();
  globalThis.Event ??= class {};
  const { range, number, write } = slidable();
  let recipe = 0;
  new Typing(() => { recipe = range.value; }, () => {}, () => {}).listen();
  write("0.5");
  fillSlider("psi", recipe);      // pictures came: the controls are filled with what is in the recipe
  await settled();
  assert.deepEqual([recipe, range.value, number.value], ["0.5", "0.5", "0.5"]);
  page.restore();
});

test("a number that is made theirs is a step at once: the next event may be a wrong one", () => {
  const page = emptyPage(), { number, keep } = slidable();
  /** @type {string[]} */
  const steps = [];
  new Typing(() => {}, (box) => { steps.push(box.value); }, () => {}).listen();
  number.value = "42";
  keep();
  assert.deepEqual(steps, ["42"]);
  page.restore();
});

test("nor is one that is not whole yet", async () => {
  const page = emptyPage(), { number } = slidable();
  number.value = "";
  number.validity = { valid: false };      // a minus, so far
  fillSlider("psi", 1);
  await settled();
  assert.equal(number.value, "");
  page.restore();
});
