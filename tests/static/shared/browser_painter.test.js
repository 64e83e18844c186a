// Who paints: this browser where it is as fast as the app and knows all that a recipe says, the app otherwise.

import assert from "node:assert/strict";
import { test } from "node:test";

import { blank } from "../../../gan/export/page/latents.js";
import { BrowserPainter, PAINTED } from "../../../gan/ui/static/shared/browser_painter.js";
import { settled, toldSchema } from "../later.js";

const MODEL = { id: "cats", revision: null, classes: ["a", "b"], layers: 4, directions: 2, noise_layers: 3, width: 2, height: 1, network: 1000 };
const KEPT = 3, LARGE = 99_000_000;
globalThis.Worker ??= /** @type {any} */ (class {});
globalThis.ImageData ??= /** @type {any} */ (class { constructor(data, width, height) { Object.assign(this, { data, width, height }); } });

/** A safetensors file of no tensors. */
function file() {
  const header = new TextEncoder().encode(JSON.stringify({ __metadata__: { about: "{}" } })), made = new ArrayBuffer(8 + header.length);
  new DataView(made).setBigUint64(0, BigInt(header.length), true);
  new Uint8Array(made, 8).set(header);
  return made;
}

/** Both painters, each as slow as `clock` says, and a worker that fails where a recipe's seed is 13. */
function both(context, { here, there }) {
  let now = 0;
  context.mock.method(performance, "now", () => now);
  const ended = [], asked = [];
  const worker = () => ({
    terminate() { ended.push(this); },
    postMessage({ job }) {
      asked.push(job?.recipe);
      now += job ? here : 0;
      queueMicrotask(() => this.onmessage({ data: job?.recipe.seed === 13 ? { failed: "broken", why: "thirteen" } : job ? { pixels: new Uint8ClampedArray(8) } : { ready: true } }));
    },
  });
  const painter = new BrowserPainter(async () => file(), async () => { now += there; }, worker);
  return { painter, ended, asked };
}

test("the faster one paints, and neither is slow within one frame of the screen", async (context) => {
  for (const [here, there, wanted] of [[5, 20, true], [30, 20, false], [200, 300, true], [15, 4, true], [17, 4, false]]) {
    const { painter } = both(context, { here, there });
    await painter.use(MODEL, { model: "cats" });
    assert.deepEqual([painter.by({ model: "cats" }), painter.of([{ model: "cats", seed: 1 }], null) !== null], [{ here: wanted, ms: wanted ? here : there }, wanted]);
    for (let i = 0; i < 9; i++) painter.took({ model: "cats" }, 900);      // a class has come in
    assert.equal(painter.by({ model: "cats" }).here, true);
    context.mock.restoreAll();
  }
});

test("what only the app understands is the app's", async (context) => {
  const { painter } = both(context, { here: 1, there: 9 });
  assert.equal(painter.of([{ model: "cats" }], null), null);      // nothing is here yet
  await painter.use(MODEL, { model: "cats" });
  const own = { model: "cats", seed: 4, label: 1, directions: [0, 2], layer_psi: [[3, 0.5]], layer_noise: [[2, 0.5]], style: { label: 0 }, mix: [1, 0] };
  assert.ok(painter.of([own, { model: "cats" }], null) && painter.of([own], 2));
  for (const other of [{ blend: [0, 1, 1] }, { model: "dogs" }, { revision: "500" }, { label: 2 }, { directions: [0, 0, 1] }, { layer_psi: [[4, 1]] }, { layer_noise: [[3, 1]] },
                       { style: { blend: [0, 0, 0] } }, { style: { model: "cats" } }, { tomorrow: 1 }]) assert.equal(painter.of([own, { ...own, ...other }], null), null, JSON.stringify(other));
  assert.equal(painter.of([own], 128), null);      // scaled pictures are the app's
  assert.deepEqual(new Set([...Object.keys(blank()), "model", "revision"]), PAINTED);
  assert.deepEqual(toldSchema().recipe.map(({ name }) => name).filter((name) => !PAINTED.has(name)), ["blend"]);      // a new knob is the app's until it is here, too
});

test("pictures that are not wanted any more are not painted, and what fails is said", async (context) => {
  const { painter, asked } = both(context, { here: 1, there: 9 });
  await painter.use(MODEL, { model: "cats" });
  const network = painter.of([{ model: "cats" }], null), before = asked.length;
  let left = 2;
  assert.equal((await network.paint(Array(5).fill({ model: "cats" }), () => left-- > 0)).length, 2);
  assert.equal(asked.length, before + 2);
  await assert.rejects(network.paint([{ model: "cats", seed: 13 }], () => true), /thirteen/);
  assert.equal((await network.paint([{ model: "cats" }], () => true)).length, 1);      // the next one is painted again
});

test("few networks stay, and large ones never come", async (context) => {
  const { painter, ended } = both(context, { here: 1, there: 9 }), ids = ["a", "b", "c", "a", "d"];
  for (const id of ids) await painter.use({ ...MODEL, id }, { model: id });
  assert.deepEqual([[...painter.networks.keys()], ended.length], [["c@", "a@", "d@"], 1]);
  assert.equal(painter.networks.size, KEPT);
  await painter.use({ ...MODEL, id: "large", network: LARGE }, { model: "large" });
  await painter.use({ ...MODEL, id: "none", network: 0 }, { model: "none" });
  assert.equal(painter.networks.size, KEPT);
});

test("where the network does not come the app paints on", async () => {
  const worker = /** @type {any} */ ({ postMessage() {}, terminate() {} }), painter = new BrowserPainter(() => Promise.reject(new Error("away")), async () => {}, () => worker);
  await painter.use(MODEL, { model: "cats" });
  assert.equal(painter.of([{ model: "cats" }], null), null);
});

test("a kernel that never answers is not waited for: the app paints, and it is not tried again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let told = 0;
  const worker = /** @type {any} */ ({ postMessage() { told++; }, terminate() {} }), painter = new BrowserPainter(async () => file(), async () => {}, () => worker);
  const used = painter.use(MODEL, { model: "cats" });
  await settled();
  context.mock.timers.tick(9_000);
  assert.equal(painter.networks.get("cats@").failed, false);
  context.mock.timers.tick(2_000);
  await used;
  assert.equal(painter.of([{ model: "cats" }], null), null);
  await painter.use(MODEL, { model: "cats" });
  assert.equal(told, 1);
});

test("who looks through the moments of a run fetches none of them, who stays with one does", async (context) => {
  const { painter } = both(context, { here: 1, there: 9 }), moment = (revision) => ({ ...MODEL, id: "run:mine", run: "mine", revision });
  for (const revision of ["100", "200", "300"]) {
    for (let i = 0; i < 9; i++) painter.took({ model: "run:mine", revision }, 9);
    await painter.use(moment(revision), { model: "run:mine", revision });
  }
  assert.equal(painter.networks.size, 0);
  for (let i = 0; i < 20; i++) painter.took({ model: "run:mine", revision: "300" }, 9);
  await painter.use(moment("300"), { model: "run:mine", revision: "300" });
  assert.deepEqual([...painter.networks.keys()], ["run:mine@300"]);
});
