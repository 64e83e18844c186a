// Film strips with a server that answers when the test says so.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { framesOf, Strips } from "../../../gan/ui/static/explore/strips.js";
import { learn } from "../../../gan/ui/static/shared/schema.js";
import { emptyPage, later, toldSchema } from "../later.js";

const model = { width: 8, height: 8, pixel_art: false };
const track = (id) => ({ id, name: id, low: -3, high: 3, at: (recipe) => recipe[id] ?? 0, moved: (recipe, value) => ({ ...recipe, [id]: value || undefined }) });

let page, asked, strips;

beforeEach(() => {
  learn(toldSchema());
  page = emptyPage();
  asked = [];
  const server = { spare: (recipes, side, most, signal) => { asked.push({ recipes, signal, answer: later() }); return asked.at(-1).answer.promise; } };
  strips = new Strips({ server, model, words: {}, recipe: { model: "m" }, fade() {}, alert: { show() {} } }, () => [track("psi"), track("seed")]);
  strips.on = true;
});

afterEach(() => {
  strips.stop();
  page.restore();
});

test("a strip goes from end to end", () => {
  assert.deepEqual(framesOf(track("psi"), { model: "m" }).map(({ value }) => value), [-3, -1.5, 0, 1.5, 3]);
});

test("all strips are one request, in which no picture stands twice", () => {
  strips.paint({ model: "m" }, () => true);
  assert.deepEqual(asked.map(({ recipes }) => recipes.length), [9]);
});

test("what moves stops them, and nothing comes after them", async () => {
  const painted = strips.paint({ model: "m" }, () => false);
  strips.stop();
  assert.equal(asked[0].signal.aborted, true);
  asked[0].answer.reject(Object.assign(new Error(), { name: "AbortError" }));
  assert.equal(await painted, false);
});

test("a busy server is asked once more later, and the other small pictures come", async () => {
  const painted = strips.paint({ model: "m" }, () => true);
  asked[0].answer.reject(Object.assign(new Error(), { code: "busy" }));
  assert.equal(await painted, true);
  assert.notEqual(strips.again, undefined);
});
