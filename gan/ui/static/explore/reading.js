// What a word reads, for models of words: beside its picture, in the names of the small ones, and as a ladder between two words.

import { byId } from "../shared/page.js";

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */
/** @typedef {import("../shared/types.js").Model} Model */

/** Whether the samples of a model are words.
 * @param {Pick<Model, "makes">} model */
export const isText = (model) => model.makes === "text";

/** What recipes read, in order; nothing for models of pictures.
 * @param {Server} server
 * @param {Model} model
 * @param {Recipe[]} recipes
 * @returns {Promise<string[]>} */
export async function texts(server, model, recipes) {
  if (!isText(model) || !recipes.length) return [];
  return (await server.ask("texts", { recipes })).texts;
}

/** Put what the samples read into the names of their small pictures.
 * @param {Element[]} tiles
 * @param {string[]} words */
export function nameTiles(tiles, words) {
  words.forEach((word, i) => {
    const tile = tiles[i];
    if (!(tile instanceof HTMLElement)) return;
    const name = `${word} · ${(tile.getAttribute("aria-label") ?? "").split(" · ").at(-1)}`;
    tile.setAttribute("aria-label", name);
    tile.title = name;
  });
}

/** Write what the picture reads below it; nothing for models of pictures.
 * @param {string} word */
export function showWord(word) {
  const line = byId("reads");
  if (!line) return;
  line.textContent = word;
  line.hidden = !word;
}
