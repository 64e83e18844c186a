import assert from "node:assert/strict";
import { test } from "node:test";

import { Newest, NewestWins } from "../../../gan/ui/static/shared/newest.js";
import { later } from "../later.js";

test("a slow wish that arrives after a newer one is dropped", async () => {
  const wishes = new NewestWins(), slow = later(), fast = later();
  const first = wishes.grant(() => slow.promise), second = wishes.grant(() => fast.promise);
  fast.resolve("fast");
  assert.equal(await second, "fast");
  slow.resolve("slow");
  assert.equal(await first, null);
});

test("the failure of an overtaken wish is not heard of, that of the newest is", async () => {
  const wishes = new NewestWins(), slow = later();
  const first = wishes.grant(() => slow.promise);
  const second = wishes.grant(() => Promise.reject(new Error("second")));
  await assert.rejects(second, /second/);
  slow.reject(new Error("first"));
  assert.equal(await first, null);
});

test("a wish that is made by hand stands until the next, and looking at it makes none", () => {
  const wishes = new NewestWins(), stands = wishes.make(), seen = wishes.standing();
  assert.ok(stands() && seen() && wishes.standing()());
  wishes.make();
  assert.ok(!stands() && !seen());
});

test("of the values that wait while one is worked on only the newest is taken", async () => {
  const done = [], gate = later();
  const queue = new Newest(async (value) => { done.push(value); if (value === 1) await gate.promise; }, assert.fail);
  for (const value of [1, 2, 3]) queue.want(value);
  gate.resolve(null);
  await queue.done;
  assert.deepEqual(done, [1, 3]);
});

test("a failure is told, and the next value is worked on all the same", async () => {
  const failures = [], done = [];
  const queue = new Newest(async (value) => { if (value === 1) throw new Error("one"); done.push(value); }, (error) => failures.push(error.message));
  queue.want(1);
  queue.want(2);
  await queue.done;
  assert.deepEqual([failures, done], [["one"], [2]]);
});
