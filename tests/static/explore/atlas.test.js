import assert from "node:assert/strict";
import { test } from "node:test";

import { Atlas, cellOf, stops } from "../../../gan/ui/static/explore/atlas.js";
import { emptyPage } from "../later.js";

test("a path becomes keyframes: all of a short one, of a long one as many as a film likes, with both ends", () => {
  assert.deepEqual(stops([4, 2]), [4, 2]);
  const long = stops(Array.from({ length: 100 }, (_, i) => i));
  assert.deepEqual([long.length, long[0], long.at(-1)], [12, 0, 99]);
});

test("with another model its map, path and film are gone until they are made anew", () => {
  const page = emptyPage(), map = { __proto__: HTMLCanvasElement.prototype, width: 256, height: 256 }, film = { __proto__: HTMLButtonElement.prototype, disabled: false };
  const parts = { atlas: { childElementCount: 1 }, "atlas-map": map, "atlas-film": film };
  document.getElementById = (id) => parts[id] ?? null;
  const atlas = new Atlas({ words: {} }, () => {});
  Object.assign(atlas, { of: "cats", cells: [{ model: "cats", seed: 1 }], path: [0, 0], ground: {}, at: { x: 0, y: 0 } });
  const stands = atlas.maps.standing();
  atlas.modelChanged();
  assert.deepEqual([atlas.of, atlas.cells, atlas.path, atlas.ground, atlas.at, film.disabled, map.width, stands()], [null, [], [], null, null, true, 1, false]);
  page.restore();
});

test("a path that does not fit among the pins is kept, and the page says so", () => {
  const told = [], pins = { addAll: () => false }, atlas = new Atlas({ words: { pins_full: "full" }, pins, alert: { show: ({ message }) => told.push(message) } }, () => told.push("film"));
  Object.assign(atlas, { cells: [{ seed: 1 }, { seed: 2 }], path: [0, 1] });
  atlas.makeFilm();
  assert.deepEqual([told, atlas.path], [["full"], [0, 1]]);
});

test("cells have the proportions of what the model makes", () => {
  assert.deepEqual(cellOf({ width: 128, height: 128, makes: "picture" }), { width: 64, height: 64 });
  assert.deepEqual(cellOf({ width: 28, height: 28, makes: "picture" }), { width: 28, height: 28 });
  assert.deepEqual(cellOf({ width: 576, height: 128, makes: "text" }), { width: 128, height: 28 });
});
