import assert from "node:assert/strict";
import { test } from "node:test";
import { Game } from "../../../gan/ui/static/learn/game.js";
import { around, centre, GROUPS, groupsFound, ring } from "../../../gan/ui/static/learn/points.js";
import { Random } from "../../../gan/ui/static/learn/random.js";

const SMALL = { g_hidden: [8], d_hidden: [8], batch_size: 16 };
const play = (game, steps) => { for (let i = 0; i < steps; i++) game.step(); return [...game.generator.values[0]]; };

test("the same seed plays the same game, another one another", () => {
  const first = play(new Game(ring(64), SMALL, 3), 5);
  assert.deepEqual(play(new Game(ring(64), SMALL, 3), 5), first);
  assert.notDeepEqual(play(new Game(ring(64), SMALL, 4), 5), first);
});

test("a step that is undone happens again as it was", () => {
  const game = new Game(ring(64), SMALL, 1);
  play(game, 3);
  const kept = game.keep(), once = play(game, 2), told = { ...game.told };
  game.restore(kept);
  assert.deepEqual(play(game, 2), once);
  assert.deepEqual(game.told, told);
});

test("a step of one player leaves the other as it is", () => {
  const game = new Game(ring(64), SMALL, 1), values = (network) => network.values.flatMap((list) => [...list]);
  const [g, d] = [values(game.generator), values(game.discriminator)];
  game.stepD();
  assert.deepEqual(values(game.generator), g);
  assert.notDeepEqual(values(game.discriminator), d);
  const after = values(game.discriminator);
  game.stepG();
  assert.deepEqual(values(game.discriminator), after);
  assert.notDeepEqual(values(game.generator), g);
});

test("arrows point where the discriminator says more", () => {
  const game = new Game(ring(256), SMALL, 1);
  play(game, 50);
  const points = new Random(5).normals(40), pulls = game.pulls(points), before = game.discriminator.output(points);
  const after = game.discriminator.output(points.map((value, i) => value + 1e-4 * pulls[i]));
  after.forEach((logit, i) => assert.ok(logit >= before[i]));
});

test("clipped weights stay within their bounds", () => {
  const game = new Game(ring(64), { ...SMALL, loss: "wasserstein", penalty: "none", clip: 0.01 }, 1);
  play(game, 3);
  assert.ok(game.discriminator.values.every((list) => list.every((value) => Math.abs(value) <= 0.01)));
});

test("groups are found where enough samples lie", () => {
  assert.equal(groupsFound(ring(2048)), GROUPS);
  assert.equal(groupsFound(around([centre(0), centre(3)], 1000)), 2);
  assert.equal(groupsFound(new Float64Array(2000)), 0);
});

test("normal numbers are normal", () => {
  const drawn = new Random(1).normals(20000), mean = drawn.reduce((a, b) => a + b) / drawn.length;
  const variance = drawn.reduce((sum, value) => sum + (value - mean) ** 2, 0) / drawn.length;
  assert.ok(Math.abs(mean) < 0.03 && Math.abs(variance - 1) < 0.04);
});
