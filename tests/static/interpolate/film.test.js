import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Film, seedsIn } from "../../../gan/ui/static/interpolate/film.js";
import { learn, schema } from "../../../gan/ui/static/shared/schema.js";
import { emptyPage, toldSchema } from "../later.js";

beforeEach(() => learn(toldSchema()));

test("seeds are numbers and ranges, with commas of any kind", () => {
  assert.deepEqual(seedsIn("3, 8，20-22 5"), [3, 8, 20, 21, 22, 5]);
  assert.deepEqual(seedsIn("  "), []);
});

test("what is no seed is refused", () => {
  for (const typed of ["x", "3-", "-1", "22-20", "1.5", "4294967296", "3;4"]) assert.equal(seedsIn(typed), null, typed);
});

test("a long range is not written out to its end", () => {
  assert.equal(seedsIn("0-4294967295").length, schema.most_keyframes + 1);
});

test("a film is of the pins of the model in use, on the way that the table gives until a person chooses", () => {
  const page = emptyPage(), pins = { list: [1, 2, 3], of: () => [{ model: "cats", seed: 1 }, { model: "cats", seed: 2 }] };
  const film = new Film({}, {}, {}, pins, { model: {} });
  assert.deepEqual(film.plan(), { keyframes: pins.of(), steps: 24, path: "spherical", easing: "none", loop: false });
  film.later = () => {};
  film.chooseWay("linear", "ease", true);
  assert.deepEqual(film.plan(), { keyframes: pins.of(), steps: 24, path: "linear", easing: "ease", loop: true });
  assert.equal(film.left, 1);
  pins.of = () => [{ model: "cats" }];
  assert.equal(film.plan(), null);
  page.restore();
});
