// Film strips: under every slider five small pictures from end to end, of the picture on the screen. They are asked for at rest, all at
// once where the model is small, and given up as soon as anything moves.

import { byId, canvasIn, putTile, say, tiles } from "../shared/page.js";
import { isText } from "./reading.js";
import { text } from "../shared/recipe.js";
import { most } from "../shared/server.js";

/** @typedef {import("./explore.js").Explore} Explore */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */
/** A slider that has a strip: the id of its box, what it is called, where it goes from and to, where it stands in a recipe, and the
 * recipe in which it stands elsewhere.
 * @typedef {{ id: string, name: string, low: number, high: number, at: (recipe: Recipe) => number,
 *   moved: (recipe: Recipe, value: number) => Recipe }} Track */

const FIVE = 5;
const SIDE = 64, TEXT_SIDE = 192;        // pixels of a small picture at most, of a word
const PATIENCE = 4000;                   // milliseconds: where all strips would take longer, only that of the slider in hand is painted
const AGAIN = 2000;                      // milliseconds until a server that was busy is asked once more
const KEY = "gan-studio-strips";

export class Strips {
  /** What is on its way.
   * @type {AbortController | null} */
  asked = null;
  /** The slider that was moved last.
   * @type {string | null} */
  hand = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  again;

  /** `tracks()` are the sliders that have strips now.
   * @param {Explore} explore
   * @param {() => Track[]} tracks */
  constructor(explore, tracks) {
    this.explore = explore;
    this.words = explore.words;
    this.tracks = tracks;
    this.on = remembered() ?? !globalThis.matchMedia?.("(max-width: 768px)").matches;
  }

  /** The switch, once it is on the page. */
  listen() {
    const box = byId("strips-switch");
    if (!(box instanceof HTMLInputElement) || box.onchange) return;
    const label = byId("strips-words");
    if (label) label.textContent = this.words.strips;
    box.checked = this.on;
    box.onchange = () => this.turn(box.checked);
    this.show();
  }

  /** @param {boolean} on */
  turn(on) {
    this.on = on;
    try { localStorage.setItem(KEY, on ? "on" : "off"); } catch { /* private windows may forbid it: it lasts until the page is left */ }
    this.show();
    this.explore.changed();
  }

  show() { byId("tabs")?.setAttribute("data-strips", this.on ? "on" : "off"); }

  /** Something moved: what is on its way is of no use any more. */
  stop() {
    clearTimeout(this.again);
    this.asked?.abort();
    this.asked = null;
  }

  /** Show in each strip which of its pictures is nearest to where its slider stands. */
  mark() {
    const { recipe } = this.explore;
    for (const track of this.tracks()) {
      const near = Math.round((track.at(recipe) - track.low) / (track.high - track.low) * (FIVE - 1));
      [...byId(`strip-${track.id}`)?.children ?? []].forEach((tile, i) => {
        tile.setAttribute("aria-current", String(i === near));
        tile.setAttribute("tabindex", i === near ? "0" : "-1");
      });
    }
  }

  /** Paint the strips of a recipe, that of the slider in hand first. Whether the small pictures that come after them may be painted.
   * @param {Recipe} recipe
   * @param {() => boolean} wanted */
  async paint(recipe, wanted) {
    if (!this.on) return true;
    const { model } = this.explore, tracks = this.tracks(), side = isText(model) ? TEXT_SIDE : SIDE;
    if (!tracks.length) return true;
    tracks.sort((a, b) => Number(b.id === this.hand) - Number(a.id === this.hand));
    this.explore.fade(document.querySelectorAll(".film-strip .tile"));
    const stop = this.asked = new AbortController(), each = Math.max(1, Math.floor(most(model) / FIVE)), began = performance.now();
    try {
      for (let at = 0; at < tracks.length; at += each) {
        if (at && (performance.now() - began) / at * tracks.length > PATIENCE) break;
        const frames = tracks.slice(at, at + each).flatMap((track) => framesOf(track, recipe));
        const images = await this.explore.server.spare(alone(frames), Math.max(model.width, model.height) > side ? side : null, most(model), stop.signal);
        if (!wanted() || !images) return wanted();
        for (const frame of frames) this.put(frame, /** @type {ImageData} */ (images.get(text(frame.recipe))));
      }
      this.mark();
    } catch (error) {
      if (error.name === "AbortError") return wanted();
      this.hide();
      if (error.code !== "busy") throw error;
      this.again = setTimeout(() => { if (wanted()) this.paint(recipe, wanted).catch((later) => this.explore.alert.show(later, "paint")); }, AGAIN);
    } finally { if (this.asked === stop) this.asked = null; }
    return wanted();
  }

  /** Nothing is shown where there is nothing new: what was there before is of another picture. */
  hide() { for (const strip of document.querySelectorAll(".film-strip")) strip.replaceChildren(); }

  /** @param {Frame} frame
   * @param {ImageData} image */
  put({ track, i, value, recipe }, image) {
    const strip = byId(`strip-${track.id}`);
    if (!strip) return;
    strip.setAttribute("aria-label", say(this.words.strip, { name: track.name }));
    strip.onkeydown ??= (event) => along(strip, event);
    const tile = tiles(strip, FIVE)[i], name = say(this.words.end, { name: track.name, value: Number(value.toFixed(2)) });
    putTile(canvasIn(tile), image, this.explore.model.pixel_art);
    tile.classList.remove("old");
    tile.setAttribute("aria-label", name);
    tile.title = name;
    tile.onclick = () => Promise.resolve(this.explore.go(recipe)).catch((error) => this.explore.alert.show(error));
  }
}

/** One picture of a strip. @typedef {{ track: Track, i: number, value: number, recipe: Recipe }} Frame */

/** The five pictures of a slider.
 * @param {Track} track
 * @param {Recipe} recipe
 * @returns {Frame[]} */
export function framesOf(track, recipe) {
  return Array.from({ length: FIVE }, (_, i) => {
    const value = track.low + (track.high - track.low) * i / (FIVE - 1);
    return { track, i, value, recipe: track.moved(recipe, value) };
  });
}

/** The recipes of frames, each once: where sliders stand in their middle, the middles of their strips are one picture.
 * @param {Frame[]} frames
 * @returns {Recipe[]} */
const alone = (frames) => [...new Map(frames.map(({ recipe }) => [text(recipe), recipe])).values()];

/** The arrow keys go along a strip.
 * @param {HTMLElement} strip
 * @param {KeyboardEvent} event */
function along(strip, event) {
  const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key], at = [...strip.children].indexOf(/** @type {Element} */ (document.activeElement));
  const next = by && strip.children[at + by];
  if (!(next instanceof HTMLElement)) return;
  event.preventDefault();
  next.focus();
}

/** What was chosen in this browser, null where nothing was. */
function remembered() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === null ? null : kept === "on";
  } catch { return null; }
}
