// Straight and spherical, side by side: the same two pictures joined in two ways, and what differs half way.

import { byId, canvasIn, make, putTile, say, there, tiles } from "../shared/page.js";
import { NewestWins } from "../shared/newest.js";

const PICTURES = 7;      // of each way, the two ends among them
const WAYS = /** @type {const} */ (["linear", "spherical"]);

/** @typedef {import("./film.js").Film} Film */
/** What the app says of a middle. @typedef {{ of: "z" | "w", ends: [number, number], linear: number, spherical: number }} Middle */

export class Ways {
  turns = new NewestWins();
  /** @type {AbortController | null} */
  abort = null;
  /** What is shown.
   * @type {string | null} */
  key = null;

  /** @param {Film} film */
  constructor(film) { this.film = film; }

  get names() { return { linear: this.film.words.path_linear, spherical: this.film.words.path_spherical }; }

  build() {
    const panel = byId("ways"), { words } = this.film;
    if (!panel || panel.childElementCount) return;
    panel.append(make("summary", { textContent: words.ways }), make("p", { className: "quiet", textContent: words.ways_info }),
                 ...WAYS.map((way) => make("figure", {}, make("figcaption", { textContent: this.names[way] }),
                                           make("div", { id: `way-${way}`, className: "tiles way-strip" }))),
                 make("p", { id: "ways-told", role: "status" }));
    panel.addEventListener("toggle", () => this.paint());
  }

  /** Where the panel is open, of the film's first two pictures. */
  async paint() {
    this.build();
    if (!byId("ways")?.hasAttribute("open")) return;
    const keyframes = this.film.plan()?.keyframes.slice(0, 2), key = JSON.stringify(keyframes ?? null);
    if (key === this.key) return;
    this.abort?.abort();
    const { signal } = this.abort = new AbortController(), stands = this.turns.make();
    this.key = key;
    there("ways-told").textContent = "";
    if (!keyframes) {
      for (const way of WAYS) tiles(byId(`way-${way}`), 0);
      there("ways-told").textContent = this.film.words.film_few;
      return;
    }
    try {
      for (const path of WAYS) await this.strip(keyframes, path, signal);
      const told = await this.film.server.ask("midpoint", { keyframes }, { signal });
      if (stands()) there("ways-told").textContent = this.tell(told);
    } catch (error) {
      if (error.name === "AbortError" || !stands()) return;
      this.key = null;
      this.film.alert.show(error, "film");
    }
  }

  /** @param {import("../shared/recipe.js").Recipe[]} keyframes
   * @param {typeof WAYS[number]} path
   * @param {AbortSignal} signal */
  strip(keyframes, path, signal) {
    const { words, explore } = this.film;
    return this.film.server.film({ keyframes, steps: PICTURES - 1, path, easing: "none", loop: false }, signal, (image, i, count) => {
      if (signal.aborted) return;
      const tile = tiles(byId(`way-${path}`), count)[i], name = say(words.film_frame, { n: i + 1, all: count });
      putTile(canvasIn(tile), image, explore.model.pixel_art);
      tile.disabled = true;
      tile.setAttribute("aria-label", `${this.names[path]}: ${name}`);
    });
  }

  /** @param {Middle} told */
  tell({ of, ends, linear, spherical }) {
    const [first, second, straight, round] = [...ends, linear, spherical].map((length) => length.toFixed(1)), { words } = this.film;
    return say(of === "z" ? words.ways_told_z : words.ways_told_w, { first, second, linear: straight, spherical: round });
  }
}
