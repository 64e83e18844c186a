// A picture that is looked for, with a server that tells when the test says so.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Seek } from "../../../gan/ui/static/explore/seek.js";
import { History } from "../../../gan/ui/static/shared/recipe.js";
import { learn } from "../../../gan/ui/static/shared/schema.js";
import { emptyPage, later, toldSchema } from "../later.js";

let page, seek, explore, asked;

beforeEach(() => {
  learn(toldSchema());
  page = emptyPage();
  asked = [];
  const server = { told: (path, file, tell, sent, signal) => { asked.push({ tell, signal, answer: later() }); return asked.at(-1).answer.promise; } };
  const history = new History({ model: "m", seed: 1 });
  explore = { server, model: { id: "m" }, history, words: {}, painted: [], changed() {}, fillControls() {}, isOf: ({ model }) => model === "m" };
  Object.defineProperty(explore, "recipe", { get: () => history.recipe });
  explore.painter = { want: (recipe) => explore.painted.push(recipe.w) };
  explore.drag = { stop() { explore.stopped = true; } };
  seek = explore.seek = new Seek(explore);
  Object.assign(seek, { show() {}, say() {}, hide() {} });
  document.getElementById = () => ({});
});

afterEach(() => page.restore());

const told = (w) => ({ done: 0.5, words: "", recipe: { studio: 1, model: "m", w } });

test("what is found is shown as it comes, and is one step that undo takes back", async () => {
  const done = seek.find({});
  asked[0].tell(told("aaaa"));
  asked[0].tell(told("bbbb"));
  asked[0].answer.resolve({ found: { recipe: { studio: 1, model: "m", w: "cccc" }, words: "" } });
  await done;
  assert.deepEqual(explore.painted, ["aaaa", "bbbb", "cccc"]);
  assert.deepEqual(explore.history.past.map((one) => JSON.parse(one)), [{ model: "m", seed: 1 }]);
});

test("whoever moves something meanwhile wants that", async () => {
  const done = seek.find({});
  asked[0].tell(told("aaaa"));
  explore.history.edit({ psi: 0.5 });
  asked[0].tell(told("bbbb"));
  assert.equal(asked[0].signal.aborted, true);
  asked[0].answer.reject(Object.assign(new Error(), { name: "AbortError" }));
  await done;
  assert.deepEqual([explore.recipe.w, explore.recipe.psi], ["aaaa", 0.5]);
});

test("what is looked for overtakes a drag, and what is moved before the first line overtakes it", async () => {
  const done = seek.find({});
  assert.equal(explore.stopped, true);
  explore.history.edit({ seed: 2 });
  asked[0].tell(told("aaaa"));
  assert.equal(asked[0].signal.aborted, true);
  asked[0].answer.reject(Object.assign(new Error(), { name: "AbortError" }));
  await done;
  assert.deepEqual([explore.recipe, explore.painted], [{ model: "m", seed: 2 }, []]);
});

test("another picture overtakes the one before", async () => {
  const first = seek.find({}), second = seek.find({});
  assert.deepEqual(asked.map(({ signal }) => signal.aborted), [true, false]);
  asked[0].answer.reject(Object.assign(new Error(), { code: "stopped" }));
  asked[0].tell(told("aaaa"));
  asked[1].answer.resolve({ found: { recipe: { model: "m", w: "bbbb" }, words: "" } });
  await Promise.all([first, second]);
  assert.deepEqual(explore.painted, ["bbbb"]);
});
