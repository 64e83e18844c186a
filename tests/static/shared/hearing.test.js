// Sounds as they come from the app, as they are drawn, and as a file.

import assert from "node:assert/strict";
import { test } from "node:test";

import { isSound, joined, soundsIn, swings, wavOf } from "../../../gan/ui/static/shared/hearing.js";

const samples = new Int16Array([0, 16384, -32768, 8192]);

test("an answer holds sounds of one length after the other", async () => {
  const answer = new Response(samples.buffer, { headers: { "X-Count": "2", "X-Samples": "2", "X-Rate": "16000" } });
  const sounds = await soundsIn(answer);
  assert.deepEqual(sounds.map((sound) => [[...sound.samples], sound.rate]), [[[0, 16384], 16000], [[-32768, 8192], 16000]]);
  assert.deepEqual([...joined(sounds).samples], [...samples]);
  assert.deepEqual(joined([]).samples.length, 0);
  assert.ok(isSound({ makes: "sound" }) && !isSound({ makes: "picture" }));
});

test("waves are drawn from the lowest to the highest sample of each piece", () => {
  assert.deepEqual(swings(samples, 2), [[0, 0.5], [-1, 0.25]]);
  assert.deepEqual(swings(samples, 8).length, 8);
});

test("a file is a WAV file of 16 bits and one channel", async () => {
  const bytes = new DataView(await wavOf({ samples: samples.subarray(1), rate: 16000 }).arrayBuffer());
  const text = (at) => String.fromCharCode(...[0, 1, 2, 3].map((i) => bytes.getUint8(at + i)));
  assert.deepEqual([text(0), text(8), text(12), text(36)], ["RIFF", "WAVE", "fmt ", "data"]);
  assert.deepEqual([bytes.getUint32(4, true), bytes.getUint16(20, true), bytes.getUint16(22, true), bytes.getUint32(24, true), bytes.getUint16(34, true)], [42, 1, 1, 16000, 16]);
  assert.deepEqual([bytes.getUint32(40, true), bytes.getInt16(44, true), bytes.getInt16(46, true), bytes.byteLength], [6, 16384, -32768, 50]);
});
