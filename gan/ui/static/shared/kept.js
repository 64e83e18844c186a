// What this browser keeps for us, or this browser tab alone. Private windows and frames may forbid it: then it lasts until the page is left.

/** @typedef {"localStorage" | "sessionStorage"} Store */

/** What was kept under a key; null where there is nothing, or nothing that can be read.
 * @param {Store} store
 * @param {string} key
 * @returns {any} */
export function kept(store, key) {
  try { return JSON.parse(window[store].getItem(key) ?? "null"); } catch { return null; }      // forbidden, or of another program
}

/** @param {Store} store
 * @param {string} key
 * @param {unknown} value */
export function keep(store, key, value) {
  try { window[store].setItem(key, JSON.stringify(value)); } catch { /* forbidden or full: see above */ }
}
