// One game on the table: its stage, its buttons, its numbers. A lesson lays one or two of them side by side.

import { make, say } from "../shared/page.js";
import { Game } from "./game.js";
import { around, groupsFound, GROUPS, ring } from "./points.js";
import { Recorder } from "./recorder.js";
import { Stage } from "./stage.js";

const SEEN = 2048;            // samples in which groups are looked for
const LOOK = 20;              // steps between two looks
const REMEMBERED = 40;        // steps that can be undone
const CURVE = 160;            // points of a curve

/** @typedef {{ lossD: number[], lossG: number[], right: number[], caught: number[] }} Curves */

export class Table {
  seed = 0;
  drawing = false;
  /** Points that somebody drew, in place of the ring. @type {[number, number][]} */
  drawn = [];
  /** Whose turn was the last one: "d", "g" or "" for both. */
  lit = "";
  found = 0;
  best = 0;
  /** @type {Curves} */
  curves = { lossD: [], lossG: [], right: [], caught: [] };
  /** @type {ReturnType<Game["keep"]>[]} */
  kept = [];

  /**
   * @param {Record<string, string>} words
   * @param {string[]} show what the lesson shows: map, arrows
   * @param {Partial<import("./game.js").Rules>} rules
   * @param {() => void} changed called when there is something new to say
   * @param {boolean} recorded whether a doctor may want to see how it went
   */
  constructor(words, show, rules, changed, recorded = false) {
    this.words = words;
    this.show = { map: show.includes("map"), arrows: show.includes("arrows") };
    this.rules = rules;
    this.changed = changed;
    this.recorded = recorded;
    /** @type {Recorder | null} */
    this.recorder = null;
    this.canvas = /** @type {HTMLCanvasElement} */ (make("canvas", { width: 64, height: 64, role: "img", className: "points" }));
    this.stage = new Stage(this.canvas);
    this.canvas.addEventListener("pointerdown", (event) => this.point(event));
    this.canvas.addEventListener("pointermove", (event) => { if (event.buttons) this.point(event); });
    this.game = new Game(ring(), rules, 0);
    /** Latents of the points that are shown, always the same. @type {Float64Array} */
    this.fixed = new Float64Array(0);
    this.begin();
  }

  begin() {
    const { examples } = this.game.rules;
    const data = this.drawn.length > 2 ? around(this.drawn) : examples ? ring(examples, this.seed) : ring();
    this.game = new Game(data, this.rules, this.seed);
    this.fixed = this.game.random.normals(200 * this.game.rules.z_dim);
    this.recorder = this.recorded ? new Recorder(this.game) : null;
    this.kept = [];
    this.curves = { lossD: [], lossG: [], right: [], caught: [] };
    this.found = 0;
    this.best = 0;
    this.look();
    this.draw();
  }

  get made() { return this.game.generator.output(this.fixed); }

  get steps() { return this.game.updates.g; }

  /** Draw points of one's own: the first stroke takes the ring away. @param {PointerEvent} event */
  point(event) {
    if (!this.drawing) return;
    this.drawn.push(this.stage.pointAt(event));
    if (this.drawn.length > 2) this.begin();
  }

  draw() { this.stage.draw(this.game, this.show, this.made); }

  look() {
    this.found = groupsFound(this.game.samples(SEEN));
    this.best = Math.max(this.best, this.found);
  }

  remember() {
    this.kept.push(this.game.keep());
    if (this.kept.length > REMEMBERED) this.kept.shift();
  }

  /** One update by hand. @param {"d" | "g" | "both"} which */
  act(which) {
    this.remember();
    if (which !== "g") this.game.stepD();
    if (which !== "d") this.game.stepG();
    if (which !== "d") this.recorder?.see();
    this.lit = which === "both" ? "" : which;
    this.note();
    this.look();
    this.draw();
    this.changed();
  }

  undo() {
    const kept = this.kept.pop();
    if (!kept) return;
    this.game.restore(kept);
    this.recorder?.back();
    this.look();
    this.draw();
    this.changed();
  }

  note() {
    const { told, lossG } = this.game;
    const now = { lossD: told.loss, lossG, right: told.right, caught: told.caught };
    for (const name of /** @type {(keyof Curves)[]} */ (Object.keys(now))) {
      const curve = this.curves[name];
      curve.push(now[name]);
      if (curve.length > 2 * CURVE) this.curves[name] = curve.filter((_, i) => i % 2 === 0);
    }
  }

  /** One step of both, without a picture. */
  step() {
    this.game.step();
    this.recorder?.see();
    if (this.steps % LOOK === 0) { this.look(); this.note(); }
  }

  /** Half a step, and which: the discriminator's, then the generator's. */
  half() {
    this.act(this.game.updates.d > this.game.updates.g ? "g" : "d");
  }

  /** What a screen reader says, and what stands below the picture. */
  get state() {
    const { told } = this.game, { steps: step, found } = this, right = Math.round(100 * (told.right + told.caught) / 2);
    if (this.drawn.length > 2) return say(this.words.learn_state_drawn, { step, right });
    return say(this.words.learn_state, { step, found, all: GROUPS, right });
  }
}
