import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { KnobForm } from "../../../gan/ui/static/shared/settings_form.js";
import { knob, learn, range, schema } from "../../../gan/ui/static/shared/schema.js";
import { toldSchema } from "../later.js";

/** A field of a form, without a page. */
function field(value = null) {
  const one = { value, element: { disabled: false }, told: null };
  return Object.assign(one, { read: () => one.value, write: (now) => { one.value = now; }, tell: (why) => { one.told = why; } });
}

let form, changed;

beforeEach(() => {
  learn(toldSchema());
  changed = 0;
  form = new KnobForm({}, () => { changed++; });
  form.fields = new Map([["g_lr", field()], ["augment", field()], ["mirror", field()]]);
  form.fill({ g_lr: 0.1, augment: ["flip"], mirror: false });
});

test("only what differs from what was filled in is a change", () => {
  assert.deepEqual(form.changes(), {});
  form.fields.get("g_lr").value = 0.2;
  form.fields.get("augment").value = ["flip"];
  assert.deepEqual(form.changes(), { g_lr: 0.2 });
  form.fields.get("g_lr").value = 0.1;
  assert.deepEqual(form.changes(), {});
});

test("other values may leave a person's own changes alone, or take them back", () => {
  form.fields.get("g_lr").value = 0.2;
  form.fill({ g_lr: 0.5, augment: [], mirror: true }, true);
  assert.deepEqual(form.changes(), { g_lr: 0.2 });
  form.fill({ g_lr: 0.5, augment: [], mirror: true });
  assert.deepEqual(form.changes(), {});
});

test("a field that is left without a number shows again what holds", () => {
  form.fields.get("g_lr").value = null;
  form.moved("g_lr");
  assert.equal(form.fields.get("g_lr").value, 0.1);
  assert.equal(changed, 1);
});

test("a knob that does nothing says why, and forgets what was typed", () => {
  form.fields.get("mirror").value = true;
  form.idle(["mirror"], "why");
  assert.deepEqual([form.fields.get("mirror").element.disabled, form.fields.get("mirror").told, form.changes()], [true, "why", {}]);
  form.idle([], "why");
  assert.deepEqual([form.fields.get("mirror").element.disabled, form.fields.get("mirror").told], [false, null]);
});

test("a slider's range is the table's, and a knob that is not there is a mistake", () => {
  assert.deepEqual(range("recipe", "mix"), { min: 0, max: 1, step: 0.01 });
  assert.deepEqual(range("recipe", "layer_psi", 0.01), { min: -1, max: 2, step: 0.01 });
  assert.throws(() => knob("recipe", "colour"), /no colour/);
  assert.ok(schema.train.some((row) => row.live) && schema.train.some((row) => !row.live));
});
