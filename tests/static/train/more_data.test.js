// What an experiment with a GAN's samples is offered for.

import assert from "node:assert/strict";
import { test } from "node:test";

import { canBeTried } from "../../../gan/ui/static/train/more_data.js";

test("pictures with classes can be tried, and neither others nor sounds", () => {
  const classes = ["kicks", "hats"];
  assert.ok(canBeTried({ classes }));
  for (const report of [{}, { classes: ["kicks"] }, { classes, makes: "sound" }, { classes: [], makes: "text" }]) assert.ok(!canBeTried(report));
});
