import assert from "node:assert/strict";
import { test } from "node:test";

import { fault, measured } from "../../../gan/ui/static/shared/numbers.js";

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
