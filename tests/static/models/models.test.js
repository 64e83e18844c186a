// What is heard of the cards of the Models tab.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Models } from "../../../gan/ui/static/models/models.js";
import { NewestWins } from "../../../gan/ui/static/shared/newest.js";
import { later, settled } from "../later.js";

test("sounds that are on their way when the tab is left are not heard", async () => {
  const answers = [later(), later()], played = [], hearing = { stop() {}, play: ({ samples }) => played.push(samples.length) };
  const models = Object.assign(Object.create(Models.prototype), { hears: new NewestWins(), hearing, server: { post: () => asked.shift().promise } });
  const asked = [...answers], card = { id: "hits", seed: 1, psi: 1, classes: 0 };
  const answer = () => new Response(new Int16Array([1, 2]).buffer, { headers: { "X-Count": "1", "X-Samples": "2", "X-Rate": "16000" } });
  const left = models.hear(card);
  await settled();
  models.leave();
  answers[0].resolve(answer());
  await left;
  assert.deepEqual(played, []);
  const stayed = models.hear(card);
  answers[1].resolve(answer());
  await stayed;
  assert.deepEqual(played, [2]);
});
