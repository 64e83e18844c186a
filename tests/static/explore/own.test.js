// Sliders of one's own as they stand in recipes.

import assert from "node:assert/strict";
import { before, test } from "node:test";

import { amountIn, parts, plain, withOwn } from "../../../gan/ui/static/explore/own.js";
import { learn } from "../../../gan/ui/static/shared/schema.js";
import { query } from "../../../gan/ui/static/shared/recipe.js";
import { toldSchema } from "../later.js";

const HAT = { name: "Hat", move: "bbbb" }, WIDE = { name: "Very wide", move: "aaaa" };

before(() => learn(toldSchema()));

test("they stand in a recipe sorted by what they do, and not at all where they are not moved", () => {
  const both = withOwn(withOwn({ model: "m" }, HAT, 1.5), WIDE, -0.05);
  assert.deepEqual(both.own, ["Very wide~aaaa~-0.05", "Hat~bbbb~1.5"]);
  assert.equal(amountIn(both, "bbbb"), 1.5);
  assert.deepEqual(parts(withOwn(both, WIDE, 0)), [{ ...HAT, amount: 1.5 }]);
  assert.deepEqual(withOwn(withOwn(both, WIDE, 0), HAT, 0), { model: "m" });
});

test("another name does not make it another slider", () => {
  assert.deepEqual(withOwn(withOwn({ model: "m" }, HAT, 1), { ...HAT, name: "Cap" }, 1).own, ["Cap~bbbb~1"]);
});

test("a link carries them", () => {
  assert.equal(query(withOwn({ model: "m" }, { name: "帽 子", move: "aa-_" }, 2)), "model=m&own=%E5%B8%BD%20%E5%AD%90~aa-_~2");
});

test("a name is what a link can hold", () => {
  assert.equal(plain(" a~b, \n c "), "a b c");
  assert.equal(plain("~,"), "");
  assert.equal(plain("x".repeat(50)).length, 40);
});
