// What an experiment with a GAN's samples is offered for, and how its progress is followed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { canBeTried, MoreData } from "../../../gan/ui/static/train/more_data.js";
import { partsPage, settled } from "../later.js";

test("pictures with classes can be tried, and neither others nor sounds", () => {
  const classes = ["kicks", "hats"];
  assert.ok(canBeTried({ classes }));
  for (const report of [{}, { classes: ["kicks"] }, { classes, makes: "sound" }, { classes: [], makes: "text" }]) assert.ok(!canBeTried(report));
});

test("its progress is asked for again once the panel is seen again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const page = partsPage(), words = { score_starting: "" };
  try {
    let asked = 0, seen = true;
    const experiment = new MoreData({ ask: async () => { asked++; return { status: "running" }; } }, words, {});
    experiment.result.checkVisibility = () => seen;
    const wait = async () => { t.mock.timers.tick(1000); await settled(); };
    await experiment.look();
    await wait();
    assert.equal(asked, 2);
    seen = false;      // another tab, or a run, is in front
    for (let seconds = 0; seconds < 3; seconds++) await wait();
    assert.equal(asked, 2);
    seen = true;
    await wait();
    assert.equal(asked, 3);
  } finally { page.restore(); }
});
