// What is heard in Explore, and what is not since another tab is in front.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Sounding } from "../../../gan/ui/static/explore/sounding.js";
import { emptyPage, later } from "../later.js";

let page, sounding, asked, played, stopped;

beforeEach(() => {
  page = emptyPage();
  asked = [];
  played = [];
  stopped = 0;
  const hearing = { play: ({ samples }) => played.push(samples[0]), stop: () => stopped++ };
  const server = { post: () => { asked.push(later()); return asked.at(-1).promise; } };
  sounding = Object.assign(new Sounding({ model: { makes: "sound" }, hearing, server }), { draw() {} });
  sounding.show({ samples: new Int16Array([0]), rate: 16000 });      // the first is not heard before somebody wants it
});

afterEach(() => page.restore());

const answer = (value) => new Response(new Int16Array([value]).buffer, { headers: { "X-Count": "1", "X-Samples": "1", "X-Rate": "16000" } });

test("what is dragged is heard, but not where its sound comes when another tab is in front", async () => {
  const coming = [sounding.of({ seed: 1 }), sounding.of({ seed: 2 }), sounding.of({ seed: 3 })];
  asked.forEach((one, i) => one.resolve(answer(i + 1)));
  sounding.show(await coming[0]);
  sounding.leave();
  sounding.show(await coming[1]);
  assert.deepEqual([played, stopped], [[1], 1]);
  assert.equal(sounding.sound.samples[0], 2);      // it is that of the picture all the same
  sounding.enter();
  sounding.show(await coming[2]);
  assert.deepEqual(played, [1, 3]);
});
