// What a sound sounds like, for models of sounds: below its picture as waves, and heard while somebody drags.

import { byId, make, there } from "../shared/page.js";
import { keep, kept } from "../shared/kept.js";
import { drawWave, isSound, soundsIn, wavOf } from "../shared/hearing.js";
import { saveFile } from "../shared/take.js";

/** @typedef {import("./explore.js").Explore} Explore */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */
/** @typedef {import("../shared/hearing.js").Sound} Sound */

const KEY = "gan-studio-hear";

export class Sounding {
  /** Of the picture on the screen.
   * @type {Sound | null} */
  sound = null;
  built = false;
  /** Whether another tab is in front: what comes meanwhile is not heard. */
  away = false;

  /** @param {Explore} explore */
  constructor(explore) { this.explore = explore; }

  /** Whether what is dragged is heard. */
  live = kept("localStorage", KEY)?.live !== false;

  /** Its buttons, once: they are there for models of sounds alone. */
  build() {
    const place = byId("hears");
    if (this.built || !place) return;
    this.built = true;
    const { words } = this.explore;
    const live = make("input", { type: "checkbox", id: "hear-live", checked: this.live, onchange: () => { this.live = live.checked; keep("localStorage", KEY, { live: live.checked }); } });
    place.append(make("div", { className: "acts" },
      make("button", { type: "button", id: "hear-play", className: "act main", textContent: words.hear_play, onclick: () => this.play() }),
      make("label", { className: "quiet" }, live, make("span", { textContent: words.hear_live })),
      make("button", { type: "button", id: "hear-save", className: "act", textContent: words.hear_save, onclick: () => this.save() })));
    there("wave").setAttribute("aria-label", words.hear_wave);
    new ResizeObserver(() => this.draw()).observe(there("wave"));      // it comes back with its tab, or the window has another size
  }

  modelChanged() {
    const place = byId("hears");
    if (!place) return;
    place.hidden = !isSound(this.explore.model);
    this.sound = null;
    if (!place.hidden) this.build();
    else this.explore.hearing.stop();
  }

  enter() { this.away = false; }

  leave() {
    this.away = true;
    this.explore.hearing.stop();
  }

  /** The sound of a recipe; none of models of pictures.
   * @param {Recipe} recipe
   * @returns {Promise<Sound | null>} */
  async of(recipe) {
    if (!isSound(this.explore.model)) return null;
    const [sound] = await soundsIn(await this.explore.server.post("studio/sounds", { recipes: [recipe] }));
    return sound ?? null;
  }

  /** This is what is on the screen now: draw it, and let it be heard where that is wanted.
   * @param {Sound | null} sound */
  show(sound) {
    const first = this.sound === null;
    this.sound = sound;
    if (!sound) return;
    this.draw();
    if (this.live && !first && !this.away) this.play();
  }

  /** Its waves, in the size that they are seen in; where they are not seen, once they are. */
  draw() {
    const canvas = there("wave", HTMLCanvasElement);
    if (this.sound && canvas.clientWidth) drawWave(canvas, this.sound);
  }

  play() { if (this.sound) this.explore.hearing.play(this.sound); }

  save() {
    if (!this.sound) return;
    const { model, recipe } = this.explore;
    saveFile(wavOf(this.sound), `${model.id.replaceAll("/", "-")}-seed${recipe.seed ?? 0}.wav`);
  }
}
