import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Pins } from "../../../gan/ui/static/shared/pins.js";
import { learn } from "../../../gan/ui/static/shared/schema.js";
import { emptyPage, partsPage, Storage, toldSchema } from "../later.js";

let page;

beforeEach(() => { learn(toldSchema()); page = emptyPage(); });
afterEach(() => page.restore());

/** The pins of a new page of this browser, of one model. */
function opened(model) {
  const pins = new Pins({}, {}, () => {}, () => ({}));
  pins.use(model);
  return pins;
}

const seeds = (pins) => pins.list.map(({ seed }) => seed);

test("pins are kept for each model, beyond the page", () => {
  window.localStorage = new Storage();
  const pins = opened("cats");
  pins.add([{ model: "cats", seed: 1 }, { model: "cats", seed: 2 }]);
  pins.use("dogs");
  assert.deepEqual(seeds(pins), []);
  pins.add([{ model: "dogs", seed: 3 }]);
  assert.deepEqual([seeds(opened("cats")), seeds(opened("dogs"))], [[1, 2], [3]]);
  pins.use("cats");
  pins.clear();
  assert.deepEqual([seeds(opened("cats")), seeds(opened("dogs"))], [[], [3]]);
});

test("a picture of another model is no pin of this one, and many fit whole or not at all", () => {
  const pins = opened("cats"), cats = Array.from({ length: 65 }, (_, seed) => ({ model: "cats", seed: seed + 1 }));
  pins.add([{ model: "dogs", seed: 1 }, cats[0]]);
  assert.deepEqual(seeds(pins), [1]);
  assert.equal(pins.addAll(cats), false);
  assert.deepEqual(seeds(pins), [1]);
  assert.equal(pins.addAll([...cats.slice(0, 64), cats[5], cats[7]]), true);      // one of them is pinned already, two come twice
  assert.equal(pins.list.length, 64);
});

test("where nothing may be kept they last as long as the page", () => {
  Object.defineProperty(window, "localStorage", { get() { throw new Error("forbidden"); } });
  const pins = opened("cats");
  pins.add([{ model: "cats", seed: 1 }]);
  pins.use("dogs");
  pins.use("cats");
  assert.deepEqual([seeds(pins), seeds(opened("cats"))], [[1], []]);
});

test("what is kept and is no list of pins counts as none", () => {
  window.localStorage = new Storage();
  for (const value of ["{}", "[1]", '[["cats", 1]]', '[["cats", [null]]]', '[["cats", [{"model": "dogs"}]]]', "no JSON"]) {
    window.localStorage.setItem("gan-studio-pins", value);
    assert.deepEqual(seeds(opened("cats")), []);
  }
});

test("the keyboard follows the pin that it moves, stays where one was removed, and where nothing changed nothing is drawn anew", async () => {
  const parts = partsPage(), place = parts.put("keyframes"), words = { pin_open: "open {n}", pin_earlier: "earlier {n}", pin_remove: "remove {n}", pin_later: "later {n}", film_example: "none" };
  const pins = new Pins({}, words, () => {}, () => ({})), show = () => pins.show(place, () => {}, true, false);
  const on = () => document.activeElement.ariaLabel ?? document.activeElement.textContent, press = async (name) => {
    const button = place.querySelectorAll("button").find(({ ariaLabel }) => ariaLabel === name);
    button.focus();
    button.click();
    await show();
    return on();
  };
  try {
    pins.use("cats");
    pins.add([1, 2, 3].map((seed) => ({ model: "cats", seed })));
    await show();
    const before = [...place.children];
    await show();
    assert.ok(before.every((one, i) => one === place.children[i]));
    assert.deepEqual([await press("later 1"), await press("later 2"), seeds(pins)], ["later 2", "later 3", [2, 3, 1]]);
    assert.deepEqual([await press("earlier 3"), seeds(pins)], ["earlier 2", [2, 1, 3]]);
    assert.deepEqual([await press("remove 2"), await press("remove 2"), await press("remove 1")], ["remove 2", "remove 1", "none"]);
    pins.add([{ model: "cats", seed: 4 }]);
    document.activeElement = document.body;
    await show();
    assert.equal(document.activeElement, document.body);
  } finally { parts.restore(); }
});
