// A picture is a recipe: what a link holds, with the short names of the studio's own links (gan/studio/recipes.py).

import { blank } from "./latents.js";
import { directionOf, offsetOf, ownMoves, withMove } from "./own.js";

/** @typedef {{ seed: number, label: number | null, psi: number, cutoff: number | null, noise: string, noise_seed: number, directions: number[],
 *   overrides: [number, number][], walk: [number, number][], layer_psi: [number, number][], layer_noise: [number, number][],
 *   own: string[], w: string | null, style: Recipe | null, mix: number[] }} Recipe */
/** What a model lets a recipe say.
 * @typedef {{ num_classes: number, num_ws: number, w_dim: number, class_columns: number, z_dim: number, directions: number }} Limits */

const LAST_SEED = 2 ** 32 - 1, SLIDER_END = 3, MOST_OWN = 16;

/** A number within its range, or null for what is none.
 * @param {string | number} text
 * @param {number} low
 * @param {number} high
 * @returns {number | null} */
function within(text, low, high, whole = false) {
  const value = typeof text === "number" ? text : text.trim() === "" ? NaN : Number(text);
  if (!Number.isFinite(value)) return null;
  const held = Math.min(Math.max(value, low), high);
  return whole ? Math.round(held) : held;
}

/** Pairs of a whole number up to `last` and a value within its range; a pair of another number is left out.
 * @param {string} text
 * @param {number} most
 * @param {number} last
 * @param {[number, number]} range
 * @returns {[number, number][]} */
function pairs(text, most, last, range) {
  return text.split(",").slice(0, most).flatMap((pair) => {
    const [number, amount] = pair.split(":"), value = within(amount ?? "", ...range);
    return /^\d{1,10}$/.test(number) && Number(number) <= last && value !== null ? [/** @type {[number, number]} */ ([Number(number), value])] : [];
  });
}

/** How each name of a link is read, and how its value is written again.
 * @type {Record<string, { name: keyof Recipe, read: (text: string, limits: Limits) => any }>} */
const LINK = {
  seed: { name: "seed", read: (text) => within(text, 0, LAST_SEED, true) },
  class: { name: "label", read: (text, { num_classes }) => num_classes ? within(text, 0, num_classes - 1, true) : null },
  psi: { name: "psi", read: (text) => within(text, -1, 2) },
  cutoff: { name: "cutoff", read: (text) => within(text, 0, 64, true) },
  noise: { name: "noise", read: (text) => (["const", "none", "random"].includes(text) ? text : null) },
  nseed: { name: "noise_seed", read: (text) => within(text, 0, LAST_SEED, true) },
  d: { name: "directions", read: (text, { directions }) => text.split(",").slice(0, directions).map((one) => within(one, -SLIDER_END, SLIDER_END) ?? 0) },
  z: { name: "overrides", read: (text, { z_dim }) => pairs(text, z_dim, z_dim - 1, [-4, 4]) },
  walk: { name: "walk", read: (text) => pairs(text, 64, LAST_SEED, [0, 1]) },
  lpsi: { name: "layer_psi", read: (text, { num_ws }) => pairs(text, num_ws, num_ws - 1, [-1, 2]) },
  lnoise: { name: "layer_noise", read: (text, { num_ws }) => pairs(text, num_ws, num_ws - 1, [0, 2]) },
  own: { name: "own", read: (text, limits) => ownOf(text, limits) },
  w: { name: "w", read: (text, limits) => (offsetOf(text, limits) ? text : null) },
  style: { name: "style", read: (text, limits) => limits.num_ws > 1 ? read(text, limits, blank()) : null },
  mix: { name: "mix", read: (text) => text.split(",").slice(0, 2).map((one) => within(one, 0, 1) ?? 0) },
};

/** Somebody's own sliders that are this model's.
 * @param {string} text
 * @param {Limits} limits */
function ownOf(text, limits) {
  const found = ownMoves(text.split(",").slice(0, MOST_OWN)).filter(({ move }) => directionOf(move, limits));
  /** @type {string[]} */
  const none = [];
  return found.reduce((own, one) => withMove(own, { ...one, amount: Math.min(Math.max(one.amount, -SLIDER_END), SLIDER_END) }), none);
}

/** The recipe in a link: what it leaves out, what cannot be read and what is not for this model are as where nothing is set. A link that says
    nothing of the picture is of the `usual` one.
 * @param {string} query
 * @param {Limits} limits
 * @param {Recipe} usual
 * @returns {Recipe} */
export function read(query, limits, usual) {
  const items = [...new URLSearchParams(query)].filter(([key]) => Object.hasOwn(LINK, key));
  const made = items.length ? { ...blank(), label: usual.label } : { ...usual };
  for (const [key, text] of items) {
    const value = LINK[key].read(text, limits) ?? null;
    if (value !== null) Object.assign(made, { [LINK[key].name]: value });
  }
  return made;
}

/** The query of a link to the picture: what differs from the studio's own defaults, or at least its seed.
 * @param {Recipe} recipe
 * @returns {string} */
export function query(recipe) {
  const usual = blank(), items = Object.entries(LINK).flatMap(([key, { name }]) => {
    const value = recipe[name];
    const idle = Array.isArray(value) ? !value.some((one) => one) : value === usual[name];
    if (idle || ((name === "style" || name === "mix") && !(recipe.style && recipe.mix.some(Boolean)))) return [];
    const text = name === "style" ? query(/** @type {Recipe} */ (value)) : Array.isArray(value) ? value.map((one) => (Array.isArray(one) ? one.join(":") : one)).join(",") : value;
    return [`${key}=${encodeURIComponent(String(text)).replace(/%2C/g, ",").replace(/%3A/g, ":")}`];
  });
  return items.join("&") || `seed=${recipe.seed}`;
}
