import assert from "node:assert/strict";
import { test } from "node:test";

import { controlsIn } from "../../../gan/ui/static/explore/present.js";

test("a link chooses controls that there are, and nothing else", () => {
  assert.deepEqual(controlsIn("seed,d0,d9,psi,*,body,d1,own,class"), ["seed", "d0", "psi", "d1", "own", "class"]);
  assert.deepEqual(controlsIn(""), []);
});
