import assert from "node:assert/strict";
import { test } from "node:test";

import { isText, texts } from "../../../gan/ui/static/explore/reading.js";

test("only words are read", async () => {
  const asked = [], server = { ask: async (path, body) => { asked.push([path, body]); return { texts: ["sallas"] }; } };
  assert.deepEqual(await texts(server, { makes: "picture" }, [{ seed: 1 }]), []);
  assert.deepEqual(asked, []);
  assert.deepEqual(await texts(server, { makes: "text" }, [{ seed: 1 }]), ["sallas"]);
  assert.deepEqual(asked, [["texts", { recipes: [{ seed: 1 }] }]]);
  assert.ok(isText({ makes: "text" }) && !isText({ makes: "picture" }));
});
