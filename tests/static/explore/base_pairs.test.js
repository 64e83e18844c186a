import assert from "node:assert/strict";
import { before, test } from "node:test";

import { BasePairs, pairsOf } from "../../../gan/ui/static/explore/base_pairs.js";
import { learn } from "../../../gan/ui/static/shared/schema.js";
import { toldSchema } from "../later.js";

before(() => learn(toldSchema()));

test("after a request that failed the next round tries anew, and the rest of the page is painted", async () => {
  const shown = [], failing = { each: () => Promise.reject(new Error("offline")) }, fine = { each: () => Promise.resolve(true) };
  const model = { id: "people", revision: null, title: "People", classes: [], base: { title: "Cats" } };
  const explore = { model, words: {}, server: failing, small: {}, opening: () => ({ model: "people" }), alert: { show: (error) => shown.push(error.message) } };
  globalThis.document = { getElementById: () => ({}) };
  const pairs = new BasePairs(explore);
  assert.equal(await pairs.paint(() => true), true);
  assert.deepEqual([shown, pairs.of], [["offline"], null]);
  assert.equal(await pairs.paint(() => false), false);
  explore.server = fine;
  assert.equal(await pairs.paint(() => true), true);
  assert.deepEqual([shown.length, pairs.of], [1, "people  0"]);
  delete globalThis.document;
});

test("eight seeds, each without and with what was trained on, and the classes in turn", () => {
  const pairs = pairsOf({ model: "people", psi: 0.7 }, 8, 3);
  assert.deepEqual(pairs.map(([, after]) => [after.seed, after.label]), [[8, 2], [9, 0], [10, 1], [11, 2], [12, 0], [13, 1], [14, 2], [15, 0]]);
  for (const [base, after] of pairs) {
    assert.deepEqual([base, after.blend], [{ ...after, blend: [0, 0, 0] }, undefined]);
    assert.deepEqual([after.model, after.psi], ["people", 0.7]);
  }
  assert.ok(pairsOf({ model: "people" }, 0, 0).flat().every((recipe) => !("label" in recipe)));
});
