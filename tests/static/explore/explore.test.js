// Explore on a page where nothing is, with a server that answers when the test says so.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Explore } from "../../../gan/ui/static/explore/explore.js";
import { learn } from "../../../gan/ui/static/shared/schema.js";
import { Trail } from "../../../gan/ui/static/shared/trail.js";
import { emptyPage, later, settled, Storage, toldSchema } from "../later.js";

const model = (id) => ({ id, title: id, seed: 1, psi: 0.7, classes: [], direction_names: [], directions: 2, layers: 1, width: 8, height: 8, noise: false });

let page, explore, asked, failures;

beforeEach(() => {
  learn(toldSchema());
  page = emptyPage();
  asked = new Map();
  failures = [];
  const server = {
    get(url) {
      const id = new URLSearchParams(url.split("?")[1]).get("id");
      asked.set(id, asked.get(id) ?? later());
      return asked.get(id).promise;
    },
    ask: async () => ({ relatives: [] }),
    pictures: async () => [{ width: 8, height: 8 }],
    each: async () => true,
    browser: { use: async () => {}, by: () => ({ here: false, ms: null }) },
  };
  const alert = { show: (error) => failures.push(error.message), clear() {}, say() {} };
  const words = new Proxy({}, { get: (_, key) => String(key) });
  explore = new Explore(server, words, alert, { of: () => [], list: [], use() {} }, new Trail());
  explore.start(model("first"), { model: "first", seed: 1 });
});

afterEach(() => {
  clearTimeout(explore.resting);
  page.restore();
});

test("a slow model that was chosen before a fast one does not win by arriving last", async () => {
  const choices = [explore.chooseModel("slow"), explore.chooseModel("fast")];
  asked.get("fast").resolve(model("fast"));
  await settled();
  assert.equal(explore.recipe.model, "fast");
  asked.get("slow").resolve(model("slow"));
  await Promise.all(choices);
  assert.equal(explore.recipe.model, "fast");
  assert.deepEqual(explore.history.past.map((one) => JSON.parse(one).model), ["first"]);
});

test("nor does its failure disturb what was chosen after it", async () => {
  const choices = [explore.chooseModel("slow"), explore.chooseModel("fast")];
  asked.get("fast").resolve(model("fast"));
  asked.get("slow").reject(new Error("gone"));
  await Promise.all(choices);
  assert.deepEqual([explore.recipe.model, failures], ["fast", []]);
});

test("a model that cannot be had leaves everything as it was, and says why", async () => {
  const before = explore.recipe, choice = explore.chooseModel("gone");
  asked.get("gone").reject(new Error("there is none"));
  await choice;
  assert.deepEqual([explore.recipe, failures, explore.history.past], [before, ["there is none"], []]);
});

test("a picture of the model in use overtakes a model that still comes", async () => {
  const choice = explore.chooseModel("slow");
  await explore.go({ model: "first", seed: 9 });
  asked.get("slow").resolve(model("slow"));
  await choice;
  assert.deepEqual(explore.recipe, { model: "first", seed: 9 });
});

test("nor does the picker name that model then, unless another one was chosen meanwhile", async () => {
  let named = 0;
  document.getElementById = (id) => (id === "sync-model" ? { querySelector: () => null, click: () => { named++; } } : null);
  const first = explore.chooseModel("slow"), second = explore.chooseModel("slower");
  await explore.go({ model: "first", seed: 9 });
  asked.get("slow").resolve(model("slow"));
  await first;
  assert.equal(named, 0);
  asked.get("slower").resolve(model("slower"));
  await second;
  assert.equal(named, 1);
});

test("a picture that is opened slowly does not replace one that was gone to meanwhile", async () => {
  const file = later(), opened = explore.goTo(() => file.promise);
  await explore.go({ model: "first", seed: 9 });
  file.resolve([{ model: "first", seed: 2 }, null]);
  assert.equal(await opened, false);
  assert.equal(explore.recipe.seed, 9);
});

test("undo leads back to the other model once that is here, and redo forward", async () => {
  const choice = explore.chooseModel("other");
  asked.get("other").resolve(model("other"));
  await choice;
  const back = explore.undo();
  assert.equal(explore.recipe.model, "other");
  await settled();
  asked.get("first").resolve(model("first"));
  await back;
  assert.deepEqual(explore.recipe, { model: "first", seed: 1 });
  await explore.redo();
  assert.equal(explore.recipe.model, "other");
});

test("what is moved while undo waits for its model stands, and loses no step", async () => {
  const choice = explore.chooseModel("other");
  asked.get("other").resolve(model("other"));
  await choice;
  const back = explore.undo();
  explore.edit({ psi: 0.2 });
  await settled();
  asked.get("first").resolve(model("first"));
  await back;
  assert.deepEqual(explore.recipe, { model: "other", seed: 1, psi: 0.2 });
  assert.equal(explore.history.past.length, 2);
});

const here = () => [history.entries.map(([{ recipe }]) => recipe.seed), history.at];

test("what a person does is a step of the browser's, but a slider that is moved on is one step", () => {
  explore.seed.dice = () => explore.seed.to(5);
  explore.seed.dice();
  for (const psi of [0.1, 0.2, 0.3]) {
    explore.edit({ psi }, false);
    explore.settled("psi");
  }
  assert.deepEqual(history.entries.map(([{ recipe: { seed, psi } }]) => [seed, psi]), [[1, undefined], [5, undefined], [5, 0.3]]);
  explore.settled("psi");      // nothing was moved
  explore.edit({ seed: 6 });
  explore.edit({ psi: 0.4 }, false);
  explore.settled("psi");
  assert.equal(history.entries.length, 5);
});

test("the browser's way back is undo where that leads there, too", async () => {
  explore.edit({ seed: 5 });
  explore.edit({ seed: 6 });
  history.at = 1;
  await explore.trail.follow(() => explore.returnTo(history.state.recipe));
  assert.deepEqual([explore.recipe.seed, explore.history.past.length, explore.history.future.length], [5, 1, 1]);
  history.at = 2;
  await explore.trail.follow(() => explore.returnTo(history.state.recipe));
  assert.deepEqual([explore.recipe.seed, explore.history.past.length, here()], [6, 2, [[1, 5, 6], 2]]);
});

test("a way back to a model that is gone leads nowhere, and what stays is what the browser keeps", async () => {
  const choice = explore.chooseModel("other");
  asked.get("other").resolve(model("other"));
  await choice;
  history.at = 0;
  const back = explore.trail.follow(() => explore.returnTo(history.state.recipe));
  await settled();
  asked.get("first").reject(new Error("gone"));
  if (await back) explore.remember();
  assert.deepEqual([explore.recipe.model, failures], ["other", ["gone"]]);
  assert.equal(history.state.recipe.model, "other");
});

test("undo and redo are there again after a reload, for the picture that they lead from", () => {
  window.sessionStorage = new Storage();
  explore.edit({ seed: 5 });
  explore.edit({ seed: 6 });
  explore.history.undo();
  explore.remember();
  const again = (recipe) => {
    const other = new Explore(explore.server, explore.words, explore.alert, explore.pins, new Trail());
    other.start(model("first"), recipe);
    clearTimeout(other.resting);
    return [other.history.past.length, other.history.future.length];
  };
  assert.deepEqual(again({ model: "first", seed: 5 }), [1, 1]);
  assert.deepEqual(again({ model: "first", seed: 7 }), [0, 0]);
});
