// What is done in lessons that are no games, while people go from lesson to lesson and from tab to tab.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Learn } from "../../../gan/ui/static/learn/learn.js";
import { Pictures } from "../../../gan/ui/static/learn/pictures.js";
import { later, partsPage, settled } from "../later.js";

const RUN = { moments: [{ seconds: 0, steps: 0 }, { seconds: 1, steps: 9 }], frechet: 3 };
const RECORDED = Object.fromEntries(["connected", "convolutional", "connected-deep", "convolutional-deep"].map((name) => [name, RUN]));
const PARTS = [{ id: "usual", title: "Usual", about: "", why: "" }, { id: "deep", title: "Deep", about: "", why: "deeper" }];

let page, told, images, learn, drawn;

beforeEach(() => {
  page = partsPage();
  [told, images, drawn] = [[], [], []];
  globalThis.Image = class {
    constructor() { this.there = later(); images.push(this); }
    decode() { return this.there.promise; }
  };
  learn = Object.assign(Object.create(Learn.prototype), { words: { pictures_moment: "", pictures_distance: "" }, goal: document.createElement("p"), tell: (text) => told.push(text), remember() {}, tick() {}, alert: { show(error) { throw error; } } });
});

afterEach(() => { delete globalThis.Image; page.restore(); });

/** What the pictures of a lesson are drawn with. */
function pens(activity) {
  for (const canvas of activity.canvases.flat()) {
    canvas.getContext = () => ({ drawImage: (strip) => drawn.push(strip.src), putImageData: (image) => drawn.push([canvas, image.seed]) });
  }
  return activity;
}

/** The lesson of recorded runs, once the server has told of them, and what a click on one of its switches does. */
async function recorded() {
  const asked = later();
  learn.server = { ask: () => asked.promise };
  const activity = pens(learn.activity = new Pictures(learn, { parts: PARTS, do: "the lesson's task", said: "" }, ""));
  const begun = activity.begin();
  return { activity, begun, answer: async () => { asked.resolve({ ...RECORDED, real: 1 }); await settled(); } };
}

const arrive = async (...some) => { for (const one of some) one.there.resolve(); await settled(); };

test("a lesson that is left while its recordings come says nothing in the next one", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { activity, begun, answer } = await recorded();
  await answer();
  activity.leave();
  await arrive(...images);
  await begun;
  assert.deepEqual([told, drawn, activity.timer], [[], [], undefined]);
});

test("of the runs that were chosen the last are shown, whatever comes first", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { activity, answer } = await recorded();
  const early = activity.choose(PARTS[1]);      // before anything is known of them
  await answer();
  await early;
  await arrive(...images.splice(0));
  assert.deepEqual(drawn.map((source) => source.includes("deep")), [true, true]);
  const late = activity.choose(PARTS[0]), slow = images.splice(0), back = activity.choose(PARTS[1]);
  await arrive(...images);
  await arrive(...slow);
  await Promise.all([late, back]);
  assert.deepEqual(activity.strips.map(({ src }) => src.includes("deep")), [true, true]);
  assert.deepEqual(told, ["the lesson's task", "the lesson's task"]);
});
