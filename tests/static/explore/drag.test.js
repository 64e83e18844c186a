// A point that is pulled, with a server that tells when the test says so, and a page that is as large as 10 pixels for each of the picture.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Drag } from "../../../gan/ui/static/explore/drag.js";
import { History } from "../../../gan/ui/static/shared/recipe.js";
import { learn } from "../../../gan/ui/static/shared/schema.js";
import { emptyPage, later, toldSchema } from "../later.js";

let page, drag, explore, asked, said;

beforeEach(() => {
  learn(toldSchema());
  page = emptyPage();
  asked = [];
  said = [];
  const server = { told: (path, body, tell, sent, signal) => { asked.push({ path, body: JSON.parse(body), tell, signal, answer: later() }); return asked.at(-1).answer.promise; } };
  const history = new History({ model: "m", seed: 1 });
  explore = { server, model: { id: "m", width: 64 }, history, words: { drag_info: "info", drag_enter: "enter", drag_begins: "begins" }, seek: { stop() {} }, changed() {}, fillControls() {}, painter: { want() {} }, isOf: () => true };
  Object.defineProperty(explore, "recipe", { get: () => history.recipe });
  document.getElementById = () => ({ getBoundingClientRect: () => ({ left: 100, top: 50, width: 640, height: 640 }), setPointerCapture() {}, focus() {} });
  drag = explore.drag = new Drag(explore);
  Object.assign(drag, { radius: 12, show() {}, say: (words) => said.push(words) });
});

afterEach(() => page.restore());

globalThis.Element ??= class {};
const at = (x, y, id = "") => ({ button: 0, clientX: x, clientY: y, pointerId: 1, target: Object.assign(new Element(), { id }), preventDefault() {} });

test("a press puts the handle, a pull the target, and letting go asks for it; the end is one step", async () => {
  drag.press(at(505, 439));
  drag.pull(at(2000, 451));
  const done = drag.release();
  assert.deepEqual(asked[0].body, { recipe: { model: "m", seed: 1 }, handle: [40, 38], target: [63, 40], radius: 12 });
  asked[0].tell({ done: 0.5, words: "on the way", handle: [45, 38], recipe: { model: "m", seed: 1, w: "aaaa" } });
  assert.deepEqual([drag.handle, explore.recipe.w], [[45, 38], "aaaa"]);
  asked[0].answer.resolve({ dragged: { recipe: { model: "m", seed: 1, w: "bbbb" }, handle: [62, 40], words: "there" } });
  await done;
  assert.deepEqual([drag.handle, explore.recipe.w, said.at(-1)], [[62, 40], "bbbb", "there"]);
  assert.deepEqual(explore.history.past.map((one) => JSON.parse(one)), [{ model: "m", seed: 1 }]);
});

test("a press on the handle keeps it to the pixel, one on the target moves that", () => {
  [drag.handle, drag.target] = [[40.4, 38], [50, 38]];
  drag.press(at(508, 442, "drag-handle"));
  assert.deepEqual([drag.handle, drag.target], [[40.4, 38], [40.4, 38]]);
  drag.target = [50, 38];
  drag.press(at(600, 440, "drag-target"));
  drag.pull(at(610, 440));
  assert.deepEqual([drag.handle, drag.target], [[40.4, 38], [51, 39]]);
});

test("a press alone asks for nothing, and whoever moves something meanwhile wants that", async () => {
  drag.press(at(505, 439));
  await drag.release();
  assert.equal(asked.length, 0);
  drag.target = [50, 38];
  const done = drag.go();
  asked[0].tell({ done: 0.5, words: "on the way", handle: [45, 38], recipe: { model: "m", seed: 1, w: "aaaa" } });
  explore.history.edit({ psi: 0.5 });
  asked[0].tell({ done: 0.6, words: "on the way", handle: [46, 38], recipe: { model: "m", seed: 1, w: "bbbb" } });
  assert.equal(asked[0].signal.aborted, true);
  asked[0].answer.reject(Object.assign(new Error(), { name: "AbortError" }));
  await done;
  assert.deepEqual([explore.recipe.w, explore.recipe.psi, said.at(-1)], ["aaaa", 0.5, "info"]);
});

test("what is undone before the first line stays undone, and can be redone", async () => {
  const { history } = explore;
  history.edit({ psi: 0.5 });
  history.commit();
  drag.target = [50, 38];
  const done = drag.go();
  history.undo();
  asked[0].tell({ done: null, words: "you wait" });
  asked[0].tell({ done: 0.5, words: "on the way", handle: [45, 38], recipe: { model: "m", seed: 1, psi: 0.5, w: "aaaa" } });
  assert.deepEqual([asked[0].signal.aborted, explore.recipe, history.future.length], [true, { model: "m", seed: 1 }, 1]);
  asked[0].answer.resolve({ dragged: { recipe: { model: "m", seed: 1, psi: 0.5, w: "bbbb" }, handle: [62, 40], words: "there" } });
  await done;
  assert.deepEqual([explore.recipe, history.future.length, said.at(-1)], [{ model: "m", seed: 1 }, 1, "info"]);
});

test("a drag that a key has stopped does not take back what the key said", async () => {
  drag.target = [50, 38];
  const done = drag.go();
  drag.key({ key: "ArrowUp", preventDefault() {} }, "target");
  asked[0].answer.reject(Object.assign(new Error(), { name: "AbortError" }));
  await done;
  assert.deepEqual(said, ["begins", "enter"]);
});

test("arrows move the handle, with its target until that was moved, and stay in the picture", () => {
  const key = (name, which, shiftKey = false) => drag.key({ key: name, shiftKey, preventDefault() {} }, which);
  drag.handle = drag.target = [62, 30];
  key("ArrowRight", "handle", true);
  assert.deepEqual([drag.handle, drag.target], [[63, 30], [63, 30]]);
  key("ArrowUp", "target", true);
  key("ArrowLeft", "handle");
  assert.deepEqual([drag.handle, drag.target], [[62, 30], [63, 25]]);
});
