import assert from "node:assert/strict";
import { test } from "node:test";
import { between, networkOf, picturesOf } from "../../../gan/ui/static/learn/plane.js";

test("a network is filled layer after layer, weights before biases", () => {
  const network = networkOf([2, 1, 2], Float32Array.from([1, 2, 0.5, 3, -1, 0, 1]));
  assert.deepEqual(network.layers.map(({ weight, bias }) => [[...weight], [...bias]]), [[[1, 2], [0.5]], [[3, -1], [0, 1]]]);
  const expected = [Math.tanh(3 * 3.5), Math.tanh(-3.5 + 1)].map((value) => (value + 1) * 127.5);
  assert.deepEqual([...picturesOf(network, [[1, 1]])], expected);
});

test("the way between two points is straight", () => {
  assert.deepEqual(between([0, 2], [1, 0], 0.5), [0.5, 1]);
});
