// The Train tab's list of runs, and the links to them.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { NewestWins } from "../../../gan/ui/static/shared/newest.js";
import { Train } from "../../../gan/ui/static/train/train.js";
import { partsPage } from "../later.js";

let page, place, runs, train;

beforeEach(() => {
  page = partsPage();
  place = page.put("runs");
  runs = ["c", "b", "a"].map((id) => ({ id, title: id.toUpperCase(), model: "cats", status: "done", step: 5, until: 5 }));
  train = Object.assign(Object.create(Train.prototype), { lists: new NewestWins(), listed: "", run: { id: null }, words: { new_run: "New", status_done: "done" }, server: { ask: async () => ({ runs }) }, show() {} });
});

afterEach(() => page.restore());

const on = () => document.activeElement.dataset.run;

test("whoever is on a card of the list stays there, whatever the runs do", async () => {
  await train.list();
  const [fresh, , card] = place.children, inside = card.children[0];
  card.focus();
  await train.list();
  assert.deepEqual([document.activeElement === card, card.children[0] === inside], [true, true]);      // nothing is new
  runs[1].step = 6;
  train.run.id = "b";
  await train.list();
  assert.deepEqual([document.activeElement === card, card.textContent, card.attributes["aria-pressed"], fresh.attributes["aria-pressed"]], [true, "Bdone6 / 5", "true", "false"]);
  runs.unshift({ ...runs[0], id: "d" });
  await train.list();
  assert.deepEqual([on(), place.children.map(({ dataset }) => dataset.run)], ["b", ["", "d", "c", "b", "a"]]);
  runs = runs.filter(({ id }) => id !== "b");
  await train.list();
  assert.equal(on(), "");      // its run is gone
  runs = [];
  await train.list();
  assert.equal(place.childElementCount, 0);
});

test("a run's link is copied, or it is said that it cannot be and where it is", async () => {
  const said = [], clipboard = { async writeText(text) { said.push(text); } }, before = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.assign(train.run, { id: "c", note: (words) => said.push(words) });
  Object.assign(train, { words: { run_link_copied: "copied", copy_failed: "see above" }, alert: { clear() {}, say: (words) => said.push(`! ${words}`) } });
  const copied = async (clipboard) => {
    said.length = 0;
    Object.defineProperty(globalThis, "navigator", { value: { clipboard }, configurable: true });
    await train.copyRunLink();
    return [...said];
  };
  globalThis.location = { origin: "http://here", pathname: "/" };
  try {
    assert.deepEqual(await copied(clipboard), ["http://here/?run=c", "copied"]);
    assert.deepEqual(await copied(undefined), ["! see above"]);      // plain http
    assert.deepEqual(await copied({ async writeText() { throw new Error("forbidden"); } }), ["! see above"]);
  } finally {
    if (before) Object.defineProperty(globalThis, "navigator", before);
    else delete globalThis.navigator;
  }
});
