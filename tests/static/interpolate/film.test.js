import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Film, seedsIn } from "../../../gan/ui/static/interpolate/film.js";
import { learn, schema } from "../../../gan/ui/static/shared/schema.js";
import { emptyPage, later, settled, toldSchema } from "../later.js";

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

test("words on the way go with their film, and a film is whole without them", async () => {
  const page = emptyPage(), ladder = [later(), later()], shown = [], notes = [];
  const words = { film_frame: "frame", film_length: "long", film_making: "making" };
  const server = { film: async (plan, signal, arrived) => arrived({ width: 1, height: 1 }, 0, 1), ask: (path) => { assert.equal(path, "ladder"); return ladder.shift().promise; } };
  const pins = { list: [], of: () => [{ model: "words", seed: 1 }, { model: "words", seed: 2 }] }, first = ladder[0], second = ladder[1];
  const alert = { clear() {}, show: (error) => notes.push(error.message) };
  const film = new Film(server, words, alert, pins, { model: { makes: "text" } });
  Object.assign(film, { strip: () => shown.push("strip"), caption: (said) => shown.push(said) });
  film.ways = { build() {}, paint: async () => shown.push("ways") };
  const made = film.make();
  await settled();
  assert.deepEqual(shown, ["strip", "frame · long"]);
  first.resolve({ rungs: [{ text: "tree", frame: 0, frames: 1 }] });
  await made;
  assert.deepEqual(shown.splice(0), ["strip", "frame · long", "tree · frame · long", "ways"]);
  film.way = { path: "linear" };
  const again = film.make();
  assert.deepEqual(film.ladder.rungs, []);
  second.reject(new Error("refused"));
  await again;
  assert.deepEqual([shown, notes], [["strip", "frame · long", "ways"], ["refused"]]);
  page.restore();
});
