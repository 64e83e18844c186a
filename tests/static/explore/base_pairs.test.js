import assert from "node:assert/strict";
import { before, test } from "node:test";

import { pairsOf } from "../../../gan/ui/static/explore/base_pairs.js";
import { learn } from "../../../gan/ui/static/shared/schema.js";
import { toldSchema } from "../later.js";

before(() => learn(toldSchema()));

test("eight seeds, each without and with what was trained on, and the classes in turn", () => {
  const pairs = pairsOf({ model: "people", psi: 0.7 }, 8, 3);
  assert.deepEqual(pairs.map(([, after]) => [after.seed, after.label]), [[8, 2], [9, 0], [10, 1], [11, 2], [12, 0], [13, 1], [14, 2], [15, 0]]);
  for (const [base, after] of pairs) {
    assert.deepEqual([base, after.blend], [{ ...after, blend: [0, 0, 0] }, undefined]);
    assert.deepEqual([after.model, after.psi], ["people", 0.7]);
  }
  assert.ok(pairsOf({ model: "people" }, 0, 0).flat().every((recipe) => !("label" in recipe)));
});
