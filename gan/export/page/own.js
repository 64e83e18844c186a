// What a link carries of a person's own: sliders made of pictures that they chose (gan/store/slider_moves.py), and a latent that was found for
// a picture of theirs (gan/store/offsets.py). Both are numbers in base64.

import { widened } from "./weights.js";

/** @typedef {import("./latents.js").Direction} Direction */
/** A slider, and how far it is moved. @typedef {{ name: string, move: string, amount: number }} OwnMove */
/** What of w may move: so many values, in so many layers. @typedef {{ w_dim: number, class_columns: number, num_ws: number }} Room */

const FARTHEST = 1000, LONGEST_NAME = 40, MOST_SCALE = 1e4;

/** Bytes of base64 as links hold it, or null for what is none.
 * @param {string} text */
function bytes(text) {
  if (!/^[\w-]+$/.test(text)) return null;
  try { return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0)); } catch { return null; }
}

/** @param {Room} room */
const free = ({ w_dim, class_columns }) => w_dim - class_columns;

/** The slider that a text says, or null where it is none of this model's.
 * @param {string} move
 * @param {Room} room
 * @returns {Direction | null} */
export function directionOf(move, room) {
  const found = bytes(move);
  if (!found || found.length !== free(room) + 2) return null;
  const [scale] = widened(new Uint16Array(found.slice(0, 2).buffer)), whole = new Int8Array(found.slice(2).buffer);
  const length = Math.sqrt(whole.reduce((sum, value) => sum + value * value, 0));
  if (!(scale > 0 && scale < MOST_SCALE) || !length) return null;
  const vector = new Float32Array(room.w_dim);
  whole.forEach((value, i) => { vector[i] = value / length; });
  return { vector, scale, layers: null };
}

/** How far the latent that was found lies from the centre, in each layer, or null where the text says none of this model's.
 * @param {string} text
 * @param {Room} room
 * @returns {Float32Array[] | null} */
export function offsetOf(text, room) {
  const found = bytes(text), wide = free(room);
  if (!found || found.length % 2) return null;
  const values = widened(new Uint16Array(found.buffer));
  if (![wide, wide * room.num_ws].includes(values.length) || !values.every((value) => Math.abs(value) <= FARTHEST)) return null;
  return Array.from({ length: room.num_ws }, (_, layer) => {
    const offset = new Float32Array(room.w_dim), from = values.length === wide ? 0 : layer * wide;
    offset.set(values.subarray(from, from + wide));
    return offset;
  });
}

/** The sliders of a recipe: name~move~amount for each.
 * @param {string[]} own
 * @returns {OwnMove[]} */
export function ownMoves(own) {
  return own.flatMap((one) => {
    const [name, move, amount, ...more] = one.split("~"), value = amount?.trim() ? Number(amount) : NaN;
    const fits = move && !more.length && name.length > 0 && name.length <= LONGEST_NAME && Number.isFinite(value);
    return fits ? [{ name, move, amount: value }] : [];
  });
}

/** A recipe's sliders with this one moved so far: sorted by what they do, as the studio has them.
 * @param {string[]} own
 * @param {OwnMove} one
 * @returns {string[]} */
export function withMove(own, { name, move, amount }) {
  const all = ownMoves(own).filter((other) => other.move !== move);
  if (amount) all.push({ name, move, amount });
  return all.sort((a, b) => (a.move < b.move ? -1 : 1)).map((each) => `${each.name}~${each.move}~${each.amount}`);
}
