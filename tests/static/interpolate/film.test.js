import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

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

test("where nothing is pinned it leads from the picture in Explore over the next seeds", () => {
  const page = emptyPage(), recipe = { model: "cats", seed: 4294967295, psi: 0.5, label: 2, walk: [[7, 0.5]] };
  const film = new Film({}, {}, {}, { list: [], of: () => [] }, { model: {}, recipe, opening: () => ({ model: "cats", seed: 5, psi: 0.7, revision: "r" }) });
  const next = { model: "cats", psi: 0.5, label: 2, revision: "r" };
  assert.deepEqual(film.plan().keyframes, [recipe, { ...next, seed: 0 }, { ...next, seed: 1 }]);
  page.restore();
});

test("random keyframes that do not fit are not added, and the page says so", () => {
  const page = emptyPage(), notes = [], explore = { model: {}, recipe: { psi: 0.5 }, opening: () => ({ model: "cats", psi: 0.7 }) };
  const film = new Film({}, { pins_full: "full" }, { show: ({ message }) => notes.push(message) }, { addAll: (some) => { notes.push(some.length); return false; } }, explore);
  film.addRandom();
  assert.deepEqual(notes, [3, "full"]);
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

test("the sound of a film follows its frames a second, also after one was refused, and the newest counts", async () => {
  const page = emptyPage(), asked = [], notes = [], painted = [];
  mock.timers.enable({ apis: ["setTimeout"] });
  const server = { film: async (plan, signal, arrived) => arrived({ width: 1, height: 1 }, 0, 1),
                   post: (path, { fps }) => { const one = later(); asked.push({ ...one, fps }); return one.promise; } };
  const pins = { list: [], of: () => [{ model: "hits", seed: 1 }, { model: "hits", seed: 2 }] };
  const alert = { clear: () => notes.push("clear"), show: (error) => notes.push(error.message) };
  const film = new Film(server, { film_frame: "frame", film_length: "long", film_making: "making" }, alert, pins, { model: { makes: "sound" } });
  film.ways = { build() {}, paint: async () => painted.push("ways") };
  const answer = (...samples) => new Response(new Int16Array(samples).buffer, { headers: { "X-Count": "1", "X-Samples": String(samples.length), "X-Rate": "16000" } });
  const faster = async (fps) => { film.sliders.fps = fps; film.laterSound(); mock.timers.tick(1000); await settled(); };
  const heard = () => film.morph.sound && [...film.morph.sound.samples];
  const made = film.make();
  await settled();
  await faster(30);      // while the first is on its way
  assert.deepEqual(asked.map(({ fps }) => fps), [24, 30]);
  asked[1].reject(new Error("refused"));
  await settled();
  asked[0].resolve(answer(24));
  await made;
  assert.deepEqual([heard(), notes, painted], [null, ["clear", "refused"], ["ways"]]);
  await faster(40);
  await faster(50);
  asked[3].resolve(answer(50));
  await settled();
  asked[2].resolve(answer(40));
  await settled();
  assert.deepEqual([heard(), notes.at(-1)], [[50], "clear"]);
  const stopped = [];
  Object.assign(film, { playing: true });
  film.morph.hearing = { stop: () => stopped.push("sound") };
  film.leave();
  assert.ok(!film.playing && stopped.length > 0);
  film.sliders.fps = 60;
  film.laterSound();
  assert.equal(heard(), null);      // nothing is heard out of step
  mock.timers.reset();
  page.restore();
});
