// Explore on a page where nothing is, with a server that answers when the test says so.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Explore } from "../../../gan/ui/static/explore/explore.js";
import { learn } from "../../../gan/ui/static/shared/schema.js";
import { emptyPage, later, settled, toldSchema } from "../later.js";

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
    pictures: async () => [{ width: 8, height: 8 }],
    each: async () => true,
  };
  const alert = { show: (error) => failures.push(error.message), clear() {}, say() {} };
  const words = new Proxy({}, { get: (_, key) => String(key) });
  explore = new Explore(server, words, alert, { of: () => [], list: [] });
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
