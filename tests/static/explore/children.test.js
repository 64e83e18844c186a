import assert from "node:assert/strict";
import { before, test } from "node:test";

import { childrenOf } from "../../../gan/ui/static/explore/children.js";
import { learn } from "../../../gan/ui/static/shared/schema.js";
import { text } from "../../../gan/ui/static/shared/recipe.js";
import { toldSchema } from "../later.js";

before(() => learn(toldSchema()));

test("children have something of either parent, differ, and are the same for the same parents", () => {
  const parents = [{ model: "m", seed: 1, walk: [[5, 0.2]] }, { seed: 2 }], born = childrenOf(...parents, 0);
  assert.deepEqual(childrenOf(...parents, 0).map(text), born.map(text));
  assert.equal(new Set([...born, ...childrenOf(...parents, 1)].map(text)).size, 16);
  for (const { mix, style, walk, seed } of born) {
    assert.deepEqual([style, seed, walk.length], [{ seed: 2 }, 1, 2]);
    assert.ok(mix.every((share) => share >= 0 && share <= 1) && mix.some((share) => share > 0.3) && mix.some((share) => share < 0.95));
  }
});
