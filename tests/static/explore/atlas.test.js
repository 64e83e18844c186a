import assert from "node:assert/strict";
import { test } from "node:test";

import { stops } from "../../../gan/ui/static/explore/atlas.js";

test("a path becomes keyframes: all of a short one, of a long one as many as a film likes, with both ends", () => {
  assert.deepEqual(stops([4, 2]), [4, 2]);
  const long = stops(Array.from({ length: 100 }, (_, i) => i));
  assert.deepEqual([long.length, long[0], long.at(-1)], [12, 0, 99]);
});
