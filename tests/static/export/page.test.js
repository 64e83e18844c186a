// The scripts of a model's own page: links that people have changed, numbers of 16 bits, seeds, and who is painted when.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Explore } from "../../../gan/export/page/explore.js";
import { blank } from "../../../gan/export/page/latents.js";
import { directionOf, offsetOf, withMove } from "../../../gan/export/page/own.js";
import { Painter } from "../../../gan/export/page/painter.js";
import { normals } from "../../../gan/export/page/random.js";
import { query, read } from "../../../gan/export/page/recipe.js";
import { widened } from "../../../gan/export/page/weights.js";

const LIMITS = { num_classes: 3, num_ws: 4, w_dim: 3, class_columns: 1, z_dim: 6, directions: 2 };

test("a link opens as it was written", () => {
  const recipe = { ...blank(), seed: 7, label: 2, psi: 0.7, directions: [0, -1.5], overrides: [[3, 2.5]], walk: [[9, 0.2], [9, 0.4]], layer_psi: [[1, 0.5]],
                   style: { ...blank(), seed: 5, psi: 0.7, label: 2 }, mix: [0.25, 1] };
  assert.deepEqual(read(query(recipe), LIMITS, blank()), recipe);
});

test("a link means the same picture on every model's page, and none its own first one", () => {
  const usual = { ...blank(), seed: 33, psi: 0.8, label: 0 };
  for (const recipe of [{ ...blank(), label: 0 }, { ...usual, psi: 1 }, { ...usual, seed: 0 }, usual]) assert.deepEqual(read(query(recipe), LIMITS, usual), recipe);
  assert.equal(query(blank()), "seed=0");
  assert.deepEqual(read("lang=zh-CN&nobody=1", LIMITS, usual), usual);
});

test("a link's second picture keeps settings of its own, and one without them follows the first", () => {
  const page = Object.assign(Object.create(Explore.prototype), { recipe: { ...blank(), label: 1, psi: 0.7 }, second: 0 });
  const plain = { ...blank(), seed: 5, label: 1, psi: 0.7 }, own = { ...plain, label: 2, walk: [[3, 0.5]] };
  page.meet(own);
  assert.deepEqual([page.styleOf(), page.withClass({ style: own, label: 0 }).style], [own, own]);
  page.meet(plain);
  page.recipe.psi = 0.2;
  assert.deepEqual([page.styleOf(), page.withClass({ style: plain, label: 0 }).style.label], [{ ...plain, psi: 0.2 }, 0]);
});

test("what cannot be read of a link is as where nothing is set, and what is too much is held within its range", () => {
  const usual = { ...blank(), seed: 33, psi: 0.8 };
  assert.deepEqual(read("seed=abc&psi=&class=&cutoff=x&noise=loud&d=&nobody=1&rev=2", { ...LIMITS, num_classes: 0 }, usual), { ...blank(), directions: [0] });
  const much = read("seed=1e99&psi=9&class=70&d=5,x,1,1&z=6:1,2:99,-1:1,x:1,1&walk=1.5:1&noise=none", LIMITS, usual);
  assert.deepEqual(much, { ...blank(), seed: 2 ** 32 - 1, psi: 2, label: 2, directions: [3, 0], overrides: [[2, 4]], noise: "none" });
});

test("sliders and a picture of one's own are read where they are this model's", () => {
  const [move, w] = ["\x00\x3c\x7f\x81", "\x00\x3c\x00\xc0"].map((bytes) => btoa(bytes).replace(/=+$/, "").replaceAll("+", "-").replaceAll("/", "_"));      // 1 along (1, -1); (1, -2) from the centre
  const made = read(`own=hat~${move}~9,beard~AAAA~1,x~${move},~${move}~1&w=${w}`, LIMITS, blank());
  assert.deepEqual([made.own, made.w], [[`hat~${move}~3`], w]);
  assert.equal(query(made), `own=hat~${move}~3&w=${w}`);
  assert.deepEqual(directionOf(move, LIMITS), { vector: Float32Array.from([Math.SQRT1_2, -Math.SQRT1_2, 0]), scale: 1, layers: null });
  assert.deepEqual(offsetOf(w, LIMITS), Array(4).fill(Float32Array.from([1, -2, 0])));
  for (const wrong of ["", "A", "AAA*", "AAAAAAAAAA", "AHw"]) assert.equal(read(`w=${wrong}&own=hat~${wrong}~1`, LIMITS, blank()).w, null);
  assert.deepEqual(withMove([`hat~${move}~3`], { name: "hat", move, amount: 0 }), []);
});

test("numbers of 16 bits are widened exactly", () => {
  const halves = [0x0000, 0x8000, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x83ff, 0x0400, 0x3555, 0x7c00, 0xfc00];
  const wanted = [0, -0, 1, -2, 65504, 2 ** -24, -1023 * 2 ** -24, 2 ** -14, 0.333251953125, Infinity, -Infinity];
  assert.deepEqual([...widened(new Uint16Array(halves))], wanted);
});

test("a seed means the numbers that it means to numpy", () => {
  for (const [seed, first, last] of SEEDS) {
    const draw = normals(seed), drawn = Array.from({ length: 2000 }, draw);
    assert.ok(Math.abs(drawn[0] - first) < 1e-14 && Math.abs(drawn[1999] - last) < 1e-14, String(seed));
  }
});

/** numpy.random.RandomState(seed).randn(2000): its first and its last number. */
const SEEDS = /** @type {[number, number, number][]} */ ([[0, 1.764052345967664, -1.3109703704412123], [8, 0.09120471661981977, -1.775680257658529], [4294967295, 0.6484086742306527, 1.445097548120407]]);

test("of the picture the newest wish is painted, and small ones once the hand rests", (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  /** @type {any} */
  const worker = { asked: [], postMessage({ job }) { this.asked.push(job); } };
  const painter = new Painter(worker, assert.fail), done = [];
  const answer = () => worker.onmessage({ data: { pixels: new Uint8ClampedArray(4) } });
  painter.picture("first", () => done.push("first"));
  assert.deepEqual(worker.asked, []);      // the network is on its way
  worker.onmessage({ data: { ready: true } });
  painter.later([{ job: "small", put: () => done.push("small") }]);
  painter.picture("second", () => done.push("second"));
  painter.picture("third", () => done.push("third"));
  answer();
  answer();
  assert.deepEqual([worker.asked, done], [["first", "third"], ["first", "third"]]);
  context.mock.timers.tick(200);
  answer();
  assert.deepEqual(done, ["first", "third", "small"]);
});
