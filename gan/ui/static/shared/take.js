// A model to take away in another form: the app writes it, which may take a while the first time.

import { make } from "./page.js";

/** @typedef {{ id: string, revision?: string | null, title: string }} Taken */

/** Have a model written as a page of its own, and save that.
 * @param {import("./server.js").Server} server
 * @param {Taken} taken */
export async function takePage(server, { id, revision, title }) {
  const answer = await server.post("studio/export/web.zip", { id, rev: revision });
  saveFile(await answer.blob(), `${title.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "model"}-page.zip`);
}

/** Let the browser save a file.
 * @param {Blob} blob
 * @param {string} download what it is called */
export function saveFile(blob, download) {
  const href = URL.createObjectURL(blob);
  make("a", { href, download }).click();
  setTimeout(() => URL.revokeObjectURL(href), 60_000);
}

/** Do what takes a while: meanwhile the button says so, and cannot be pressed again.
 * @param {HTMLButtonElement} button
 * @param {string} words
 * @param {() => Promise<unknown>} work */
export async function meanwhile(button, words, work) {
  const before = button.textContent;
  Object.assign(button, { disabled: true, textContent: words });
  try { return await work(); } finally { Object.assign(button, { disabled: false, textContent: before }); }
}
