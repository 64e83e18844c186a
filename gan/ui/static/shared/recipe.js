// The recipe on the screen, its past and its future. Recipes are plain tables as the app writes them (studio/recipes.py).

import { schema } from "./schema.js";

/** A picture. What else it may hold stands in the schema.
 * @typedef {{ model: string, revision?: string | null, seed?: number, label?: number | null, psi?: number, cutoff?: number | null,
 *   noise?: string, noise_seed?: number, directions?: number[], blend?: number[], overrides?: [number, number][],
 *   walk?: [number, number][], layer_psi?: [number, number][], layer_noise?: [number, number][], style?: Recipe | null,
 *   mix?: number[], [other: string]: any }} Recipe */

const MOST_UNDO = 200;
const MOST_KEPT = 500_000;      // letters of all steps that a reload keeps

/** A recipe without what is as it would be anyway, its keys in one order: equal pictures give equal text. What the schema does not know
 * stays, for the app to say so.
 * @param {Recipe} recipe
 * @returns {Recipe} */
export function tidy(recipe) {
  /** @type {Record<string, any>} */
  const made = {};
  for (const row of schema.recipe) {
    const value = row.kind === "recipe" ? secondOf(recipe) : said(row, recipe[row.name]);
    if (value !== undefined) made[row.name] = value;
  }
  const known = new Set(schema.recipe.map(({ name }) => name));
  for (const name of Object.keys(recipe)) if (!known.has(name)) made[name] = recipe[name];
  return /** @type {Recipe} */ (made);
}

/** What is said by a value, undefined where that is nothing.
 * @param {import("./schema.js").Knob} row
 * @param {any} value */
function said(row, value) {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) return value === row.default ? undefined : value;
  let kept = value;
  if (row.neutral !== null && row.kind === "pairs") kept = kept.filter(([, amount]) => amount !== row.neutral);
  else if (row.neutral !== null && kept.every((amount) => amount === row.neutral)) kept = [];
  if (row.trailing !== null) kept = kept.slice(0, kept.findLastIndex((amount) => amount !== row.trailing) + 1);
  return kept.length ? kept : undefined;
}

/** The second picture of a mix, where anything is mixed.
 * @param {Recipe} recipe */
function secondOf({ style, mix }) { return style && mix?.some(Boolean) ? styleOf(style) : undefined; }

/** A picture as the second one of a mix: what makes the w of it.
 * @param {Recipe} recipe
 * @returns {Recipe} */
export function styleOf(recipe) {
  const made = tidy(recipe), names = schema.recipe.filter((row) => row.of_w && row.name in made).map(({ name }) => name);
  return /** @type {Recipe} */ (Object.fromEntries(names.map((name) => [name, made[name]])));
}

/** A change that puts back all that a person may have moved, but for these fields.
 * @param {string[]} kept
 * @returns {Partial<Recipe>} */
export function emptied(...kept) {
  return Object.fromEntries(schema.recipe.filter(({ name }) => !kept.includes(name)).map((row) => [row.name, row.default]));
}

/** A list of pairs, sorted, in which `number` has this value.
 * @param {[number, number][] | undefined} pairs
 * @param {number} number
 * @param {number} value
 * @returns {[number, number][]} */
export function withPair(pairs, number, value) {
  /** @type {[number, number]} */
  const fresh = [number, value];
  return [...(pairs ?? []).filter(([other]) => other !== number), fresh].sort((a, b) => a[0] - b[0]);
}

/** Equal for equal pictures.
 * @param {Recipe} recipe
 * @returns {string} */
export const text = (recipe) => JSON.stringify(tidy(recipe));

/** The query of a link to the picture. A seed of 0 is told where nothing else is: a model's name alone is a link to what it opens with.
 * @param {Recipe} recipe
 * @returns {string} */
export function query(recipe) {
  const links = new Map(schema.recipe.map(({ name, link }) => [name, link]));
  const told = tidy(recipe);
  if (told.model && namesAModel(Object.keys(told))) told.seed = 0;
  const items = Object.entries(told).map(([key, value]) => {
    const written = key === "style" ? query(value) : Array.isArray(value) ? value.map((v) => (Array.isArray(v) ? v.join(":") : v)).join(",") : value;
    return `${links.get(key) ?? key}=${encodeURIComponent(written).replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%2F/g, "/")}`;
  });
  return items.join("&");
}

/** Whether these names of a recipe, or of a link, tell no more than which model it is of.
 * @param {string[]} names */
export const namesAModel = (names) => names.every((name) => ["model", "revision", "rev"].includes(name));

/** The part of the address that is a recipe: our short names only.
 * @param {string} search
 * @returns {string} */
export function fromAddress(search) {
  const known = new Set(schema.recipe.map(({ link }) => link));
  const kept = [...new URLSearchParams(search)].filter(([key]) => known.has(key));
  return new URLSearchParams(kept).toString();
}

/** The recipe now, and how it came about. */
export class History {
  /** Steps before and after this one, as texts.
   * @type {string[]} */
  past = [];
  /** @type {string[]} */
  future = [];

  /** @param {Recipe} recipe */
  constructor(recipe) {
    this.recipe = tidy(recipe);
    this.mark = text(recipe);      // the last step
  }

  /** Change the recipe; it becomes a step that can be undone once `commit` is called.
   * @param {Partial<Recipe>} patch */
  edit(patch) { this.recipe = tidy({ ...this.recipe, ...patch }); }

  /** Make what has changed a step. Whether anything has. */
  commit() {
    const now = text(this.recipe);
    if (now === this.mark) return false;
    this.past.push(this.mark);
    if (this.past.length > MOST_UNDO) this.past.shift();
    this.future = [];
    this.mark = now;
    return true;
  }

  /** Where "undo" or "redo" would lead to, or null. What was changed and not yet made a step becomes one.
   * @param {"undo" | "redo"} way
   * @returns {Recipe | null} */
  peek(way) {
    const fresh = this.commit(), to = (way === "undo" ? this.past : this.future).at(-1);
    return to === undefined || (fresh && way === "redo") ? null : JSON.parse(to);
  }

  /** What a reload needs: the steps before and after, the nearest ones where they are long. */
  get steps() {
    let room = MOST_KEPT;
    /** @param {string[]} list */
    const near = (list) => {
      let first = list.length;
      while (first > 0 && list[first - 1].length <= room) room -= list[--first].length;
      return list.slice(first);
    };
    return { mark: this.mark, past: near(this.past), future: near(this.future) };
  }

  /** Take up the steps that were kept, where they lead to and from this recipe.
   * @param {any} steps */
  takeUp(steps) {
    /** @param {unknown} list */
    const texts = (list) => Array.isArray(list) && list.every((one) => typeof one === "string");
    if (steps?.mark === this.mark && texts(steps.past) && texts(steps.future)) Object.assign(this, { past: steps.past, future: steps.future });
  }

  /** How many steps of "undo" or "redo" lead to this recipe, the nearest of its kind; 0 where none do.
   * @param {"undo" | "redo"} way
   * @param {Recipe} recipe */
  reach(way, recipe) {
    if (this.commit() && way === "redo") return 0;
    const list = way === "undo" ? this.past : this.future, at = list.lastIndexOf(text(recipe));
    return at < 0 ? 0 : list.length - at;
  }

  undo() { this.commit(); return this.step(this.past, this.future); }

  redo() { return this.commit() ? false : this.step(this.future, this.past); }

  /** @param {string[]} from
   * @param {string[]} to */
  step(from, to) {
    const mark = from.pop();
    if (mark === undefined) return false;
    to.push(this.mark);
    this.mark = mark;
    this.recipe = JSON.parse(mark);
    return true;
  }
}

/** Numbers that look drawn at random but are the same for the same text: neighbours stay put under undo.
 * @param {string} told
 * @param {number} count
 * @returns {number[]} */
export function seedsOf(told, count) {
  let h = 2166136261;
  for (let i = 0; i < told.length; i++) h = Math.imul(h ^ told.charCodeAt(i), 16777619);
  return Array.from({ length: count }, () => {
    h = Math.imul(h ^ (h >>> 15), 2246822519) + 0x9e3779b9 | 0;
    h ^= h >>> 13;
    return h >>> 0;
  });
}
