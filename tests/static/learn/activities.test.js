// What is done in lessons that are no games, while people go from lesson to lesson and from tab to tab.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Learn } from "../../../gan/ui/static/learn/learn.js";
import { Pictures } from "../../../gan/ui/static/learn/pictures.js";
import { Uses } from "../../../gan/ui/static/learn/uses.js";
import { Sentence } from "../../../gan/ui/static/shared/server.js";
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

test("recordings that did not come before another tab was in front come after it", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const { activity, begun, answer } = await recorded();
  learn.leave();
  await answer();
  await begun;
  assert.deepEqual(images, []);
  learn.resume();
  await settled();
  await arrive(...images.splice(0));
  assert.equal(drawn.length, 2);
  learn.leave();
  learn.resume();
  await settled();
  assert.deepEqual([images, activity.timer], [[], undefined]);
});

test("what uses show is painted on after another tab, each picture once and on its own canvas", async () => {
  const answers = [], asks = [], showing = (...seeds) => seeds.map((seed) => ({ seed }));
  learn.server = { async each(show, _, wanted, put) {
    asks.push(show.map(({ seed }) => seed));
    for (const { seed } of show) {
      const answer = later();
      answers.push(answer);
      await answer.promise;
      if (!wanted()) return;
      put({ seed, width: 1, height: 1 });
    }
  } };
  const parts = [{ title: "none", about: "" }, { title: "away", about: "", show: showing(1) }, { title: "two", about: "", show: showing(2, 3) }, { title: "last", about: "", show: showing(4) }];
  const uses = pens(learn.activity = new Uses(learn, { parts })), next = async () => { answers.shift().resolve(); await settled(); };
  uses.begin();
  answers.shift().reject(new Sentence("not here"));
  await settled();
  await next();
  learn.leave();
  const late = answers.shift();
  learn.resume();
  late.resolve();
  await settled();
  await next();
  await next();
  assert.deepEqual(asks, [[1], [2, 3], [3], [4]]);
  assert.deepEqual(drawn.map(([, seed]) => seed), [2, 3, 4]);
  assert.deepEqual(drawn.map(([canvas]) => canvas), [...uses.canvases[2], ...uses.canvases[3]]);
  learn.resume();
  assert.equal(asks.length, 4);
});
