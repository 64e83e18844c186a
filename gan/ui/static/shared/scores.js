// The scores of one model or run: having them taken, how far that is, and what came of it.

import { NewestWins } from "./newest.js";
import { counted, grouped, make, named, penOf, say, there } from "./page.js";

/** @typedef {import("./server.js").Server} Server */
/** @typedef {import("./newest.js").Stands} Stands */
/** @typedef {import("./types.js").Words} Words */
/** @typedef {import("./types.js").Subject} Subject */
/** @typedef {import("./types.js").ScoreState} ScoreState */
/** @typedef {import("./types.js").ScoreReport} ScoreReport */
/** @typedef {import("./types.js").ScoreRow} ScoreRow */

const LOOK = 1000;      // milliseconds between two looks at how it goes
const OFFLINE = 5000;   // likewise, where nobody answers
const BUSY = ["waiting", "running"];
const NEAR = 1.05;      // times as far that are as near

/** What scores of samples of a kind tell.
 * @param {Words} words
 * @param {string} [makes] */
export const scoresInfo = (words, makes) => (makes === "text" ? words.scores_words_info : makes === "sound" ? words.scores_sounds_info : words.scores_info);

export class Scores {
  /** @type {Subject | null} */
  subject = null;
  /** @type {ScoreState | null} */
  told = null;
  looks = new NewestWins();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  pixelArt = false;
  shown = "";

  /** Into the element called `place`. `told` holds what was said last of what there is.
   * @param {Server} server
   * @param {Words} words
   * @param {string} place */
  constructor(server, words, place) {
    this.server = server;
    this.words = words;
    this.place = place;
    this.parts = this.makeParts();
  }

  /** Show what there is of {run} or of {model, rev, set}.
   * @param {Subject} subject
   * @param {boolean} [pixelArt] */
  open(subject, pixelArt = false) {
    this.pixelArt = pixelArt;
    if (this.subject === null || this.subject.run !== subject.run || this.subject.model !== subject.model) this.build();
    this.subject = subject;
    this.told = null;
    return this.look();
  }

  close() {
    this.subject = null;
    this.looks.make();
    clearTimeout(this.timer);
  }

  makeParts() {
    const { words } = this;
    /** @param {string} textContent
     * @param {() => unknown} onclick */
    const button = (textContent, onclick) => make("button", { type: "button", className: "act", textContent, onclick, hidden: true });
    return {
      start: button(words.score_it, () => this.act("start")), stop: button(words.score_stop, () => this.act("stop")),
      bar: make("progress", { max: 1, hidden: true, ariaLabel: words.scores }), said: make("p", { className: "scores-told", role: "status" }),
      result: make("div", { className: "scores-result" }) };
  }

  build() {
    this.parts = this.makeParts();
    this.shown = "";
    there(this.place).replaceChildren(make("div", { className: "acts" }, this.parts.start, this.parts.stop, this.parts.said), this.parts.bar, this.parts.result);
  }

  /** Ask how it is, and again while it is being scored. What is asked last counts. */
  async look() {
    const stands = this.looks.make(), query = new URLSearchParams(Object.entries(this.subject ?? {}).filter(([, value]) => value));
    clearTimeout(this.timer);
    try {
      const told = await this.server.ask(`scores?${query}`);
      if (!stands()) return;
      await this.show(told, query, stands);
      if (stands() && BUSY.includes(told.status)) this.timer = setTimeout(() => this.look(), LOOK);
    } catch (error) {
      if (!stands()) return;
      this.say(error.message, true);
      if (error.code === "offline") this.timer = setTimeout(() => this.look(), OFFLINE);
    }
  }

  /** @param {"start" | "stop"} what */
  async act(what) {
    this.parts.start.disabled = this.parts.stop.disabled = true;
    try {
      await this.server.ask(`scores/${what}`, this.subject ?? {});
      await this.look();
    } catch (error) {
      await this.look();
      this.say(error.message, true);
    } finally { this.parts.start.disabled = this.parts.stop.disabled = false; }
  }

  /** @param {string} words
   * @param {boolean} [trouble] */
  say(words, trouble = false) {
    this.parts.said.textContent = words;
    this.parts.said.classList.toggle("trouble", trouble);
  }

  /** @param {ScoreState} told
   * @param {URLSearchParams} query
   * @param {Stands} stands */
  async show(told, query, stands) {
    const { parts, words, subject } = this, busy = BUSY.includes(told.status), can = subject?.run ? told.step !== null : Boolean(subject?.set);
    this.told = told;
    parts.start.hidden = !told.may || !can || busy || told.status === "ready";
    parts.start.textContent = subject?.run && told.report ? say(words.score_step, { step: told.step }) : words.score_it;
    parts.stop.hidden = !told.may || !busy;
    parts.bar.hidden = told.status !== "running";
    if (told.done === null || told.done === 1) parts.bar.removeAttribute("value");
    else parts.bar.value = told.done ?? 0;
    this.say(this.state(told), told.status === "failed");
    const key = JSON.stringify([told.report, told.scored, query.get("set")]);
    if (key === this.shown) return;
    this.shown = key;
    parts.result.replaceChildren(...(told.report ? this.report({ ...told, report: told.report }) : []));
    if (told.report?.nearest.length) await this.showPairs(told.report, query, stands);
  }

  /** What is going on, in words.
   * @param {ScoreState} given
   * @returns {string} */
  state({ status, position, done, error, step }) {
    const { words } = this;
    if (status === "failed") return error;
    if (status === "waiting") return position === 1 ? words.score_next : say(words.score_waiting, { n: position - 1 });
    if (status === "running") return done === null ? words.score_starting : done === 1 ? words.score_comparing : say(words.score_going, { percent: Math.floor(100 * done) });
    return this.subject?.run && step === null ? words.score_no_model : "";
  }

  /** @param {ScoreState & { report: ScoreReport }} given
   * @returns {HTMLElement[]} */
  report({ report, scored, came }) {
    const { words } = this, { samples, pictures, ratio, makes } = report, text = makes === "text", things = named(words, makes);
    /** @param {string} textContent
     * @param {string} className */
    const line = (textContent, className) => make("p", { className, textContent });
    const near = text ? words.score_words_near : say(words.score_ratio_near, { things }), times = ratio?.toFixed(ratio < 9.95 ? 1 : 0);
    const head = ratio === null ? [] : [line(ratio < NEAR ? near : say(text ? words.score_words_ratio : words.score_ratio, { things, times }), "scores-head")];
    const made = grouped(samples), real = counted(words, makes, pictures);
    return [
      ...(scored === null ? [] : [line(say(words.score_of_step, { step: scored }), "quiet")]), ...(came ? [line(words.score_came, "quiet")] : []), ...head,
      ...(report.floor_ratio === null ? [] : [line(say(words.score_floor_info, { things, times: report.floor_ratio.toFixed(1) }), "quiet")]),
      ...(report.shaky ? [line(say(words.score_shaky, { samples: made, counted: real }), "trouble")] : []), ...report.notes.map((note) => line(note, "trouble")), this.table(report), ...this.pairs(report),
      line(say(words.score_how, { samples: made, counted: real }), "quiet"), ...(report.own ? [line(words.score_own, "quiet")] : [])];
  }

  /** With a third column where the training pictures were told from those that were compared with.
   * @param {ScoreReport} given */
  table({ rows, makes }) {
    const { words } = this, things = named(words, makes), third = rows.some(({ floor }) => floor !== null);
    /** @param {string} textContent */
    const cell = (textContent) => make("th", { scope: "col", textContent });
    return make("table", { className: "scores-table" }, make("thead", {}, make("tr", {}, cell(words.score_name), cell(words.score_model), cell(say(words.score_real, { things })), ...(third ? [cell(say(words.score_floor, { things }))] : []))),
                make("tbody", {}, ...rows.map((row) => make("tr", {}, make("th", { scope: "row" }, make("span", { className: `score-name ${row.name}`, textContent: row.title }), make("span", { className: "quiet", textContent: row.help })),
                                                            number(row.value, row.margin, row.digits), number(row.real, row.real_margin, row.digits),
                                                            ...(third ? [number(row.floor, row.floor_margin, row.digits)] : [])))));
  }

  /** Whether anything is copied, and a place for the pictures by which a person may judge.
   * @param {ScoreReport} given
   * @returns {HTMLElement[]} */
  pairs({ copies, samples, nearest, makes }) {
    const { words } = this, things = named(words, makes);
    if (copies === null) return [];
    const verdict = make("p", { className: copies ? "trouble" : "", textContent: copies ? say(words.score_copies, { things, n: grouped(copies), samples: grouped(samples) }) : say(words.score_no_copies, { things }) });
    if (!nearest.length) return [verdict];
    /** @param {import("./types.js").Nearest} pair */
    const figure = ({ seed, apart }) => make(
      "figure", {}, make("canvas", { role: "img", ariaLabel: say(words.score_pair_sample, { seed }), width: 1, height: 1 }),
      make("canvas", { role: "img", ariaLabel: say(words.score_pair_picture, { seed }), width: 1, height: 1 }),
      make("figcaption", { className: "quiet", textContent: say(words.score_pair, { seed, apart: apart === null ? "?" : apart.toFixed(2) }) }));
    return [make("h4", { textContent: say(words.score_pairs, { things }) }), verdict, make("p", { className: "quiet", textContent: words.score_pairs_info }),
            make("div", { className: "scores-pairs" }, ...nearest.map(figure))];
  }

  /** Cut the pictures out of the one file that holds them all: samples in a row, and below them the training pictures.
   * @param {ScoreReport} given
   * @param {URLSearchParams} query
   * @param {Stands} stands */
  async showPairs({ nearest }, query, stands) {
    const image = await createImageBitmap(await this.server.blob(`scores/nearest.png?${query}`));
    if (!stands()) { this.shown = ""; return; }      // what is looked at now shows them
    const width = image.width / nearest.length, height = image.height / 2;
    [...this.parts.result.querySelectorAll(".scores-pairs figure")].forEach((figure, column) => {
      [...figure.querySelectorAll("canvas")].forEach((canvas, row) => {
        Object.assign(canvas, { width, height });
        canvas.classList.toggle("pixels", this.pixelArt);
        penOf(canvas).drawImage(image, column * width, row * height, width, height, 0, 0, width, height);
      });
    });
  }
}

/** A value with its interval, where it has one.
 * @param {number | null} value
 * @param {number | null} margin
 * @param {number} digits */
function number(value, margin, digits) {
  if (value === null || value === undefined) return make("td", { textContent: "–" });
  const shown = value.toFixed(digits).replace(/^-(0\.0+)$/, "$1"), sure = !margin;
  return make("td", {}, shown, ...(sure ? [] : [make("span", { className: "quiet", textContent: ` ± ${margin.toFixed(digits)}` })]));
}
