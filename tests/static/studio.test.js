// What the page's parts hear of one another.

import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyPage } from "./later.js";

test("no run is offered from a model that was forgotten", async () => {
  const page = emptyPage();
  try {
    const { Studio } = await import("../../gan/ui/static/studio.js"), chosen = [];
    const explore = { model: { id: "cats" }, known: ["cats"], chooseModel: async (id) => { chosen.push(id); } };
    const studio = Object.assign(new Studio(), { explore, train: { opened: new Map() } });
    for (const id of ["mine", "yours"]) studio.opened({ id });
    await studio.gone("mine");
    assert.deepEqual([[...studio.train.opened.keys()], chosen], [["yours"], []]);
    explore.model.id = "yours";
    await studio.gone("yours");
    assert.deepEqual([studio.train.opened.size, chosen], [0, ["cats"]]);
  } finally { page.restore(); }
});
