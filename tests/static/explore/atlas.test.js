import assert from "node:assert/strict";
import { test } from "node:test";

import { cellOf, stops } from "../../../gan/ui/static/explore/atlas.js";

test("a path becomes keyframes: all of a short one, of a long one as many as a film likes, with both ends", () => {
  assert.deepEqual(stops([4, 2]), [4, 2]);
  const long = stops(Array.from({ length: 100 }, (_, i) => i));
  assert.deepEqual([long.length, long[0], long.at(-1)], [12, 0, 99]);
});

test("cells have the proportions of what the model makes", () => {
  assert.deepEqual(cellOf({ width: 128, height: 128, makes: "picture" }), { width: 64, height: 64 });
  assert.deepEqual(cellOf({ width: 28, height: 28, makes: "picture" }), { width: 28, height: 28 });
  assert.deepEqual(cellOf({ width: 576, height: 128, makes: "text" }), { width: 128, height: 28 });
});
