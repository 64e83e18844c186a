// The models that are here, as cards with small pictures. Pictures are painted when a card comes into sight, one card at a time.

import { byId, make, putTile, say, there } from "../shared/page.js";
import { isText } from "../explore/reading.js";
import { isSound } from "../shared/hearing.js";
import { small } from "../shared/server.js";
import { meanwhile } from "../shared/take.js";
import { Loop } from "./loop.js";

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/types.js").Card} Card */
/** What the buttons of a card do. @typedef {{ explore: (id: string) => unknown, film: (id: string) => unknown, train: (id: string) => unknown,
 *   hear: (card: Card) => unknown, layout: (card: Card | import("../shared/types.js").Model) => unknown, scores: (card: Card) => unknown, page: (card: Card) => Promise<unknown>,
 *   publish: (card: Card) => unknown, forget: (card: Card) => unknown }} Acts */
/** Where the small pictures of a card are. @typedef {HTMLElement & { card?: Card, loop?: Loop }} Place */

export const PICTURES = 8;      // on a card
const LARGEST_LOOP = 128;      // pixels of pictures that move: gan/studio/loops.py
const LARGEST_PAGE = 256;      // pixels that a page of its own can paint: gan/export/web.py

/** Bytes as people write them.
 * @param {number} bytes
 * @returns {string} */
export const size = (bytes) => (bytes >= 1e9 ? `${(bytes / 1e9).toFixed(1)} GB` : bytes >= 1e7 ? `${Math.round(bytes / 1e6)} MB` : bytes >= 1e5 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.ceil(bytes / 1e3)} kB`);

/** Recipes of the first pictures of a model: where it has classes, those of one seed.
 * @param {{ id: string, revision?: string | null, seed: number, psi: number, classes: number }} given
 * @param {number} count
 * @returns {import("../shared/recipe.js").Recipe[]} */
export function samples({ id, revision, seed, psi, classes }, count) {
  return Array.from({ length: count }, (_, i) => ({
    model: id, seed: seed + (classes ? Math.floor(i / classes) : i), psi, ...(revision && { revision }), ...(classes && { label: i % classes }) }));
}

export class Cards {
  /** By model and version.
   * @type {Map<string, ImageData[]>} */
  painted = new Map();
  /** Likewise, of pictures that are small enough to move.
   * @type {Map<string, ImageBitmap>} */
  loops = new Map();
  /** Places whose turn has not come.
   * @type {Place[]} */
  waiting = [];
  busy = false;
  /** What is painted now, where, and what gives it up.
   * @type {Promise<void> | undefined} */
  now;
  /** @type {Place | null} */
  place = null;
  abort = new AbortController();

  /** `acts`: what the buttons of a card do, given its id; `forget` is given the card.
   * @param {Server} server
   * @param {Words} words
   * @param {Acts} acts */
  constructor(server, words, acts) {
    this.server = server;
    this.words = words;
    this.acts = acts;
    this.seen = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => {
      const place = /** @type {Place} */ (target);
      if (isIntersecting) this.want(place);
      else this.giveUp(place);
    }));
  }

  /** @param {Card[]} cards */
  show(cards) {
    this.seen.disconnect();
    this.waiting = [];
    this.abort.abort();
    there("cards").replaceChildren(...cards.map((card) => this.card(card)));
  }

  /** @param {Card} card */
  card(card) {
    const { words } = this;
    /** @type {Place} */
    const place = make("div", { className: "samples" });
    place.dataset.makes = card.makes;
    const facts = [card.kind, card.makes !== "picture" ? "" : say(words.pixels, { width: card.width, height: card.height }), card.classes && say(words.classes_count, { n: card.classes }),
                   card.megabytes && size(card.megabytes * 1e6), say(words.licence, { licence: card.licence || words.not_said })];
    const box = make("article", { className: "card" }, place, make("h3", {}, make("span", { textContent: card.title }), ...this.chips(card),
                          ...(card.removable ? [this.forget(card)] : [])),
                     ...(card.bundled || card.title === card.id ? [] : [make("p", { className: "quiet", textContent: card.origin || card.id })]),
                     make("p", { className: "quiet", textContent: facts.filter(Boolean).join(" · ") }), this.buttons(card));
    box.dataset.model = card.id;
    place.replaceChildren(...samples(card, PICTURES).map(({ seed }) => make("canvas", { width: 1, height: 1, role: "img", ariaLabel: say(words.card_picture, { title: card.title, seed }) })));
    place.card = card;
    for (const kind of ["pointerenter", "focusin"]) box.addEventListener(kind, () => place.loop?.play());
    this.seen.observe(place);
    return box;
  }

  /** @param {Card} card */
  chips(card) {
    const said = [card.bundled ? this.words.in_box : "", card.loaded && !card.bundled ? this.words.in_memory : ""];
    return said.filter(Boolean).map((textContent) => make("span", { className: "chip", textContent }));
  }

  /** @param {Card} card */
  buttons(card) {
    const { words, acts } = this;
    /** @param {string} textContent
     * @param {() => unknown} onclick
     * @param {string} [className] */
    const button = (textContent, onclick, className = "act") =>
      make("button", { type: "button", className, textContent, onclick, ariaLabel: `${textContent}: ${card.title}` });
    const made = [button(words.explore, () => acts.explore(card.id), "act main"), button(words.go_film, () => acts.film(card.id))];
    if (isSound(card)) made.push(button(words.hear_play, () => acts.hear(card)));
    if ((card.width === card.height || isText(card)) && card.any_classes) made.push(button(words.go_train, () => acts.train(card.id)));
    if (card.layout) made.push(button(words.go_layout, () => acts.layout(card)));
    const page = button(words.go_page, () => meanwhile(page, words.page_writing, () => acts.page(card)));
    if (!card.layout && card.makes === "picture" && Math.max(card.width, card.height) <= LARGEST_PAGE) made.push(page);      // others would be refused
    if (byId("scored") && (card.width === card.height || isText(card))) made.push(button(words.scores, () => acts.scores(card)));
    if (byId("publish") && !card.bundled && !card.revision) made.push(button(words.publish_do, () => acts.publish(card)));      // one's own
    return make("div", { className: "acts" }, ...made);
  }

  /** An upload is gone for good: it asks twice, of whoever stays there, and the second click of a double click is no answer.
   * @param {Card} card */
  forget(card) {
    const { words } = this, own = !card.revision;
    /** @param {MouseEvent} event */
    const onclick = ({ detail }) => {
      if (detail > 1) return;
      if (own && made.textContent !== words.really) made.textContent = words.really;
      else this.acts.forget(card);
    };
    const made = make("button", { type: "button", className: "mini", textContent: words.forget, onclick, onblur: () => { made.textContent = words.forget; } });
    made.title = own ? words.forget_file : words.forget_hub;
    return made;
  }

  /** It came into sight.
   * @param {Place} place */
  want(place) {
    if (this.waiting.includes(place) || (place === this.place && !this.abort.signal.aborted)) return;
    this.waiting.push(place);
    if (!this.busy) this.work();
  }

  /** It went out of sight: others come before it, until it is seen again.
   * @param {Place} place */
  giveUp(place) {
    this.waiting = this.waiting.filter((one) => one !== place);
    if (place === this.place) this.abort.abort();
  }

  async work() {
    this.busy = true;
    for (let place; (place = this.waiting.shift());) {
      const { signal } = this.abort = new AbortController();
      this.place = place;
      this.now = this.paint(place, signal).catch(() => {
        if (!signal.aborted) place.classList.add("gone");      // it cannot be painted now: its card says the rest
      });
      await this.now;
      if (!signal.aborted) this.seen.unobserve(place);
    }
    this.place = null;
    this.busy = false;
  }

  /** Take a card away before its model goes, and ask for no more pictures of it.
   * @param {string} id */
  async leave(id) {
    const card = [...document.querySelectorAll("#cards .card")].map((one) => /** @type {HTMLElement} */ (one)).find((one) => one.dataset.model === id);
    if (card) card.hidden = true;
    this.waiting = this.waiting.filter((place) => place.card?.id !== id);
    await this.now;
    for (const kept of [this.loops, this.painted]) {      // another model may come by this name
      for (const key of kept.keys()) if (key.startsWith(`${id}@`)) kept.delete(key);
    }
  }

  /** Show the pictures as they arrive. When the card goes out of sight the rest is given up, until it is seen again.
   * @param {Place} place
   * @param {AbortSignal} signal */
  async paint(place, signal) {
    const { card } = place;
    if (!card) return;
    const key = `${card.id}@${card.revision}`;
    if (Math.max(card.width, card.height) <= LARGEST_LOOP) return this.move(place, card, key, signal);
    const images = this.painted.get(key) ?? [];
    /** @param {ImageData} image
     * @param {number} i */
    const put = (image, i) => putTile(/** @type {HTMLCanvasElement} */ (place.children[i]), image, card.pixel_art);
    this.painted.set(key, images);
    images.forEach(put);
    await this.server.each(samples(card, PICTURES).slice(images.length), small(card), () => !signal.aborted, (image) => put(image, images.push(image) - 1));
  }

  /** Show them, and let them move once.
   * @param {Place} place
   * @param {Card} card
   * @param {string} key
   * @param {AbortSignal} signal */
  async move(place, card, key, signal) {
    const address = `library/loop.webp?${new URLSearchParams({ id: card.id, rev: card.revision ?? "" })}`;
    const bitmap = this.loops.get(key) ?? await createImageBitmap(await this.server.blob(address, { signal }));
    this.loops.set(key, bitmap);
    place.loop = new Loop(/** @type {HTMLCanvasElement[]} */ ([...place.children]), bitmap, card.pixel_art);
    place.loop.play();
  }
}
