// Cards of models that come into sight and go, with a server that answers when the test says so.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Cards } from "../../../gan/ui/static/models/cards.js";
import { emptyPage, later, partsPage, settled } from "../later.js";

let page, asked, cards, observed;

beforeEach(() => {
  page = emptyPage();
  asked = [];
  observed = new Set();
  globalThis.IntersectionObserver = class {
    constructor(told) { this.told = (...entries) => told(entries); }
    unobserve(place) { observed.delete(place); }
  };
  globalThis.createImageBitmap = async () => ({ width: 8, height: 24 });
  globalThis.matchMedia = () => ({ matches: true });
  const blob = (path, { signal }) => {
    const answer = later();
    signal.addEventListener("abort", () => answer.reject(signal.reason));
    asked.push({ id: new URLSearchParams(path.split("?")[1]).get("id"), answer });
    return answer.promise;
  };
  cards = new Cards({ blob }, {}, {});
});

afterEach(() => {
  for (const name of ["IntersectionObserver", "createImageBitmap", "matchMedia"]) delete globalThis[name];
  page.restore();
});

/** Where the pictures of a small model are. */
function place(id) {
  const made = { card: { id, width: 32, height: 32 }, children: [], gone: false, classList: { add() { made.gone = true; } } };
  observed.add(made);
  return made;
}

const see = (target, isIntersecting) => cards.seen.told({ target, isIntersecting });
const names = () => asked.map(({ id }) => id);

test("a loop that takes long holds up no others once its card is out of sight, and is asked for when it is back", async () => {
  const slow = place("slow"), quick = place("quick"), left = place("left");
  for (const one of [slow, quick, left]) see(one, true);
  see(left, false);
  await settled();
  assert.deepEqual(names(), ["slow"]);
  see(slow, false);
  await settled();
  assert.deepEqual(names(), ["slow", "quick"]);
  see(slow, true);
  asked[1].answer.resolve();
  await settled();
  assert.deepEqual([names(), Boolean(quick.loop), slow.gone], [["slow", "quick", "slow"], true, false]);
  asked[2].answer.resolve();
  await settled();
  assert.deepEqual([Boolean(slow.loop), [...observed]], [true, [left]]);
});

test("what cannot be painted gives its room up", async () => {
  const one = place("broken");
  see(one, true);
  asked[0].answer.reject(new Error());
  await settled();
  assert.equal(one.gone, true);
});

test("a model is forgotten by two clicks, not by a double click, and only while one stays at it", () => {
  const parts = partsPage(), forgotten = [];
  try {
    Object.assign(cards, { words: { forget: "Forget", really: "Really?" }, acts: { forget: ({ id }) => forgotten.push(id) } });
    const button = cards.forget({ id: "mine" });
    button.click();
    button.click(2);
    assert.deepEqual([button.textContent, forgotten], ["Really?", []]);
    button.onblur();
    assert.equal(button.textContent, "Forget");
    button.click();
    button.click();
    assert.deepEqual(forgotten, ["mine"]);
    cards.forget({ id: "hub", revision: "1" }).click();      // it can be fetched again
    assert.deepEqual(forgotten, ["mine", "hub"]);
  } finally { parts.restore(); }
});
