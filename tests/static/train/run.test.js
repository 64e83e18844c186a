// One run on the screen, and what a person tells it.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { learn } from "../../../gan/ui/static/shared/schema.js";
import { Sentence } from "../../../gan/ui/static/shared/server.js";
import { RunView } from "../../../gan/ui/static/train/run.js";
import { partsPage, toldSchema } from "../later.js";

const PLACES = ["change-knobs", "change", "change-info", "do-change", "scores-title", "do-run-delete", "remedy", "do-run-continue", "do-run-stop", "run-title", "run-status", "run-facts", "run-progress", "run-told", "run-pictures"];

let page, places, asked, run;

beforeEach(() => {
  page = partsPage();
  learn({ ...toldSchema(), train: [] });      // no form
  places = Object.fromEntries(PLACES.map((id) => [id, page.put(id, "button")]));
  asked = [];
  const server = { ask: async (path) => { asked.push(path); return {}; } };
  run = new RunView(server, { run_delete: "Delete", really: "Really?", at_step: "" }, { clear() {}, show(error) { throw error; } }, () => {}, () => {}, () => {});
  Object.assign(run, { id: "mine", view: { state: { id: "mine", status: "running", applied: 2 } } });
  run.listen();
});

afterEach(() => page.restore());

test("a run is deleted by two clicks, not by a double click, and only while one stays at it", async () => {
  const button = places["do-run-delete"];
  button.onclick = () => run.remove();      // as Gradio has it
  const blur = () => button.heard.blur.forEach((hear) => hear());
  button.click();
  button.click(2);
  assert.deepEqual([button.textContent, asked], ["Really?", []]);
  blur();
  assert.equal(button.textContent, "Delete");
  button.click();
  button.click();
  assert.deepEqual(asked, ["train/run/mine/delete"]);
});

test("nobody asks how a run goes that is being deleted", async () => {
  const asked = [], free = {};
  run.server.ask = (path, body, { signal } = {}) => new Promise((resolve, reject) => {
    asked.push(path);
    free[path] = () => resolve({});
    signal?.addEventListener("abort", () => reject(signal.reason));
  });
  run.sure = true;
  const before = run.look(), removed = run.remove();
  await before;      // taken back
  await run.look();
  assert.deepEqual(asked, ["train/run/mine?watch=1", "train/run/mine/delete"]);
  free["train/run/mine/delete"]();
  await removed;
  run.look();      // as after a deletion that was refused
  assert.equal(asked.length, 3);
});

test("a word on what a person did stands a few seconds, though the run is looked at", (t) => {
  let now = 1000;
  t.mock.method(performance, "now", () => now);
  const told = places["run-told"], look = () => { run.show({ state: { id: "mine", title: "Mine", status: "running", sentence: "It goes on.", seconds_left: null } }); return told.textContent; };
  assert.equal(look(), "It goes on.");
  run.note("copied");
  now += 3000;
  assert.equal(look(), "copied");
  now += 3000;
  assert.equal(look(), "It goes on.");
});

test("what the doctor suggests can be asked for again where nobody heard it, and not while it is awaited", async () => {
  const { remedy } = places, view = { state: { id: "mine", status: "running", live: true, mine: true, applied: 2 }, diagnosis: { severity: 0, others: [], remedy: { label: "Slower", changes: { lr: 0.1 } } } };
  const enabled = () => { run.showDoctor(view); return !remedy.disabled; };
  page.put("doctor");
  page.put("doctor-words");
  run.view = view;
  run.server.ask = async () => { throw new Sentence("away", "offline"); };
  run.look = async () => {};
  assert.equal(enabled(), true);
  await assert.rejects(run.remedy(), { message: "away" });
  assert.equal(enabled(), true);
  run.server.ask = async () => ({});
  await run.remedy();
  assert.equal(enabled(), false);
  view.state.applied = 3;
  assert.equal(enabled(), true);
});
