// Pictures that were sent, with a server that is away at times or says no.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Pictures } from "../../../gan/ui/static/shared/pictures.js";
import { Sentence } from "../../../gan/ui/static/shared/server.js";
import { emptyPage, settled } from "../later.js";

const READY = { status: "ready", report: { count: 2, side: 32, channels: 3, sentences: [] } }, EMPTY = { status: "empty" };
const AWAY = new Sentence("away", "offline"), BUSY = new Sentence("too often"), GONE = new Sentence("gone", "no-set");

let page, asked, answers, refused, told, pictures, side;

beforeEach(() => {
  page = emptyPage();
  [asked, answers, refused, told, side] = [[], [], [], [], 32];
  const server = {
    async ask(path) {
      asked.push(path);
      if (path === "train/set") return { id: `set${asked.length}` };
      const answer = answers.shift() ?? READY;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    async sendFile() { const answer = answers.shift(); if (answer instanceof Error) throw answer; },
    sentence: (words, code) => new Sentence(words, code),
  };
  const alert = { clear() {}, show({ message }) { refused.push(message); } };
  pictures = new Pictures(server, { sending: "", reading: "{n}", pictures_gone: "gone" }, alert, () => ({ base: "", side, channels: 3 }), () => {});
  Object.assign(pictures, { tell: (words) => told.push(words) });
  const nothing = document.getElementById;
  document.getElementById = (id) => (["findings", "report"].includes(id) ? { replaceChildren() {} } : nothing(id));
});

afterEach(() => page.restore());

const FILES = [{ name: "a.png" }, { name: "b.png" }];
const stands = () => [pictures.id, pictures.source, pictures.ready];

/** Give the files: they are sent, and then the server answers so. */
function given(...later) {
  answers = [null, null, ...later];
  return pictures.take(FILES);
}

/** Another size is chosen: the server answers so. */
function smaller(...later) {
  answers = later;
  side = 16;
  return pictures.again();
}

/** Let work come to its end though it pauses. */
async function through(t, work) {
  let over = false;
  work.then(() => { over = true; });
  for (let looks = 0; looks < 50 && !over; looks++) {
    await settled();
    t.mock.timers.tick(10_000);
  }
  assert.ok(over);
}

test("where nobody answers it is asked again, and no picture is lost", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await through(t, given(AWAY, EMPTY, AWAY, EMPTY, {}, AWAY, { status: "reading", done: 1 }, AWAY, READY));
  assert.deepEqual([stands(), refused], [["set1", "files", true], []]);
  assert.ok(told.includes("away"));
  await through(t, smaller(READY, {}, AWAY, READY));
  assert.deepEqual([stands(), refused, asked.filter((path) => path === "train/set").length], [["set1", "files", true], [], 1]);
});

test("whoever wants others meanwhile waits for nobody", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const first = given(AWAY);
  await settled();
  pictures.clear();
  const count = asked.length;
  await through(t, first);
  assert.deepEqual([stands(), asked.length, refused], [[null, null, false], count, []]);
});

test("the app that began anew reads them again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await through(t, given(EMPTY, {}, EMPTY, EMPTY, {}, READY));
  assert.deepEqual([stands(), asked.filter((path) => path.endsWith("/read")).length], [["set1", "files", true], 2]);
});

test("a refusal keeps what was sent, and it is read when another size is chosen", async () => {
  await given(EMPTY, BUSY);
  assert.deepEqual([stands(), refused], [["set1", "files", false], ["too often"]]);
  await smaller(READY, {}, READY);
  assert.deepEqual(stands(), ["set1", "files", true]);
});

test("a set of which nothing can be read is of no use, unless it could be read before", async () => {
  const failed = { status: "failed", error: "no picture" };
  await given(EMPTY, {}, failed);
  assert.deepEqual([stands(), refused], [[null, null, false], ["no picture"]]);
  await given(EMPTY, {}, READY);
  const { id } = pictures;
  await smaller(READY, {}, failed);
  assert.deepEqual(stands(), [id, "files", false]);
});

test("a set that is gone is forgotten, and so is one of which not all files came", async () => {
  await given();
  answers = [GONE];
  await pictures.take(FILES);
  assert.deepEqual(stands(), [null, null, false]);
  answers = [null, AWAY];
  await pictures.take(FILES);
  assert.deepEqual([stands(), refused], [[null, null, false], ["gone", "away"]]);
});
