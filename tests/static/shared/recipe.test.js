import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { emptied, fromAddress, History, namesAModel, query, seedsOf, styleOf, text, tidy, withPair } from "../../../gan/ui/static/shared/recipe.js";
import { knob, learn, schema } from "../../../gan/ui/static/shared/schema.js";
import { toldSchema } from "../later.js";

beforeEach(() => learn(toldSchema()));

test("a recipe without what is as it would be anyway is the same whatever was written out", () => {
  const full = { seed: 7, model: "cats", psi: 1, noise: "const", noise_seed: 0, directions: [0.5, 0, 0], blend: [1, 1, 1], walk: [], overrides: [],
                 cutoff: null, label: undefined, layer_noise: [[0, 1], [2, 0.5]], style: { seed: 3 }, mix: [0, 0] };
  assert.deepEqual(tidy(full), { model: "cats", seed: 7, directions: [0.5], layer_noise: [[2, 0.5]] });
  assert.equal(text(full), text({ layer_noise: [[2, 0.5]], directions: [0.5], seed: 7, model: "cats" }));
});

test("what is not as usual stays", () => {
  const recipe = { model: "cats", revision: "a", label: 0, psi: 0, cutoff: 0, directions: [0, -1], blend: [1, 0, 1], mix: [0, 1], style: { seed: 3 } };
  assert.deepEqual(tidy(recipe), recipe);
});

test("of the second picture of a mix only what makes its w is kept", () => {
  const style = { model: "cats", revision: "a", seed: 3, psi: 0.5, noise: "none", blend: [0, 0, 0], layer_psi: [[1, 0.2]] };
  assert.deepEqual(styleOf(style), { seed: 3, psi: 0.5, layer_psi: [[1, 0.2]] });
  assert.deepEqual(tidy({ model: "cats", style, mix: [0, 1] }).style, { seed: 3, psi: 0.5, layer_psi: [[1, 0.2]] });
});

test("a link holds short names, and gives back those that are a recipe's", () => {
  const recipe = { model: "ada/faces", revision: "0a", seed: 7, label: 2, overrides: [[3, -1.5], [9, 2]], style: { seed: 4, psi: 0.5 }, mix: [0, 1] };
  const link = query(recipe);
  assert.equal(link, "model=ada/faces&rev=0a&seed=7&class=2&z=3:-1.5,9:2&style=seed%3D4%26psi%3D0.5&mix=0,1");
  assert.equal(fromAddress(`?lang=en&${link}&__theme=dark&run=x`), new URLSearchParams(link).toString());
});

test("a model's name alone is no picture, and no picture's link is one", () => {
  assert.equal(query({ model: "cats", revision: "0a", seed: 0, psi: 1 }), "model=cats&rev=0a&seed=0");
  assert.equal(query({ model: "cats", seed: 0, label: 3 }), "model=cats&class=3");
  assert.deepEqual([["model", "rev"], ["model", "seed"], ["model"]].map(namesAModel), [true, false, true]);
});

test("a field that only the app's table has is in text, link, undo and reset", () => {
  schema.recipe.push({ ...knob("recipe", "noise_seed"), name: "glow", link: "gl", default: 0.5 });
  const history = new History({ model: "cats" });
  history.edit({ glow: 2 });
  assert.ok(history.commit());
  assert.equal(query(history.recipe), "model=cats&gl=2");
  assert.equal(fromAddress("?gl=2&lang=en"), "gl=2");
  history.undo();
  assert.deepEqual(history.recipe, { model: "cats" });
  history.redo();
  assert.deepEqual(tidy({ ...history.recipe, ...emptied("model") }), { model: "cats" });
  assert.deepEqual(tidy({ model: "cats", glow: 0.5 }), { model: "cats" });
});

test("what no table has is kept, so that the app can say that it does not know it", () => {
  assert.deepEqual(tidy({ model: "cats", colour: "red" }), { model: "cats", colour: "red" });
});

test("a value is set once among the pairs, which stay sorted", () => {
  assert.deepEqual(withPair([[1, 2], [5, 6]], 5, 0), [[1, 2], [5, 0]]);
  assert.deepEqual(withPair(undefined, 3, 1), [[3, 1]]);
  assert.deepEqual(withPair([[5, 6]], 2, 1), [[2, 1], [5, 6]]);
});

test("undo and redo go step by step, and something new ends the future", () => {
  const history = new History({ model: "cats", seed: 1 });
  for (const seed of [2, 3]) { history.edit({ seed }); history.commit(); }
  history.edit({ seed: 4 });      // a drag that has not ended is a step as well
  assert.equal(history.peek("undo").seed, 3);
  assert.ok(history.undo() && history.undo());
  assert.equal(history.recipe.seed, 2);
  assert.ok(history.redo());
  assert.equal(history.recipe.seed, 3);
  history.edit({ seed: 9 });
  assert.equal(history.redo(), false);
  assert.equal(history.peek("redo"), null);
  assert.deepEqual(history.past.map((one) => JSON.parse(one).seed), [1, 2, 3]);
});

test("an edit that changes nothing is no step, and of many steps the last two hundred stay", () => {
  const history = new History({ model: "cats", seed: 1 });
  history.edit({ psi: 1 });
  assert.equal(history.commit(), false);
  for (let seed = 2; seed < 300; seed++) { history.edit({ seed }); history.commit(); }
  assert.equal(history.past.length, 200);
});

test("numbers for a text are the same each time, and whole", () => {
  assert.deepEqual(seedsOf("cats", 4), seedsOf("cats", 4));
  assert.notDeepEqual(seedsOf("cats", 4), seedsOf("dogs", 4));
  assert.ok(seedsOf("cats", 64).every((seed) => Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32));
});
