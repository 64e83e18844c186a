// Whether a GAN's samples would help a classifier of the pictures that were given: only where these have classes.

import { NewestWins } from "../shared/newest.js";
import { measured } from "../shared/bars.js";
import { byId, make, say, there } from "../shared/page.js";

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/pictures.js").Pictures} Pictures */
/** @typedef {import("../shared/types.js").MoreDataState} State */

const LOOK = 1000, OFFLINE = 5000;      // milliseconds between two looks at how it goes, and where nobody answers
const LABELLED = 5;                     // as many as the settings have
const BUSY = ["waiting", "running"];

/** Whether a set can be tried: pictures in classes. Sounds may have classes, too, and no classifier here.
 * @param {import("../shared/types.js").SetReport} report */
export const canBeTried = (report) => (report.makes ?? "picture") === "picture" && (report.classes?.length ?? 0) > 1;

export class MoreData {
  looks = new NewestWins();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;
  /** The set that is shown. @type {string | null} */
  set = null;
  shown = "";

  /** @param {Server} server
   * @param {Words} words
   * @param {Pictures} pictures */
  constructor(server, words, pictures) {
    this.server = server;
    this.words = words;
    this.pictures = pictures;
    /** @param {string} textContent
     * @param {() => unknown} onclick */
    const button = (textContent, onclick) => make("button", { type: "button", className: "act", textContent, onclick });
    this.field = make("input", { type: "number", className: "field", min: "2", max: "1000", value: String(LABELLED), id: "more-data-labelled" });
    this.go = button(words.more_data_go, () => this.act("start"));
    this.stop = button(words.score_stop, () => this.act("stop"));
    this.told = make("p", { className: "scores-told", role: "status" });
    this.bar = make("progress", { max: 1, hidden: true, ariaLabel: words.more_data });
    this.result = make("div", { className: "scores-result" });
  }

  /** There are other pictures, or none. */
  changed() {
    const { report, id } = this.pictures, place = byId("more-data"), can = Boolean(report && id && canBeTried(report));
    if (!(place instanceof HTMLDetailsElement)) return;      // the tab has not been opened yet
    place.hidden = !can;
    this.looks.make();
    clearTimeout(this.timer);
    if (!can) return;
    if (!there("more-data-body").childElementCount) this.build(place);
    if (this.set !== id) this.begin(id);
    if (place.open) this.look();
  }

  /** Other pictures: what was shown is not of them.
   * @param {string | null} id */
  begin(id) {
    this.set = id;
    this.shown = "";
    this.result.replaceChildren();
  }

  /** @param {HTMLDetailsElement} place */
  build(place) {
    const { words } = this;
    place.querySelector("summary")?.replaceChildren(words.more_data);
    const label = make("label", { htmlFor: this.field.id, className: "quiet" }, words.more_data_labelled);
    there("more-data-body").replaceChildren(make("p", { className: "quiet" }, words.more_data_info), make("div", { className: "acts" }, label, this.field, this.go, this.stop, this.told),
                                            this.bar, this.result);
    place.addEventListener("toggle", () => { if (place.open) this.look(); });
  }

  /** Ask how it is, and again while it goes on. */
  async look() {
    const stands = this.looks.make(), query = new URLSearchParams({ set: this.set ?? "" });
    clearTimeout(this.timer);
    try {
      const told = await this.server.ask(`more-data?${query}`);
      if (!stands()) return;
      this.show(told);
      await this.showSamples(told, query, stands);
      if (stands() && BUSY.includes(told.status)) this.timer = setTimeout(() => this.lookAgain(), LOOK);
    } catch (error) {
      if (!stands()) return;
      this.say(error.message, true);
      if (error.code === "offline") this.timer = setTimeout(() => this.lookAgain(), OFFLINE);
    }
  }

  /** Once somebody looks: until then the panel may be closed, or something else in front of it. */
  lookAgain() {
    if (document.hidden || !this.result.checkVisibility()) this.timer = setTimeout(() => this.lookAgain(), LOOK);
    else this.look();
  }

  /** @param {"start" | "stop"} what */
  async act(what) {
    this.go.disabled = this.stop.disabled = true;
    try {
      await this.server.ask(`more-data/${what}`, { set: this.set, labelled: this.field.valueAsNumber || null });
      await this.look();
    } catch (error) {
      await this.look();
      this.say(error.message, true);
    } finally { this.go.disabled = this.stop.disabled = false; }
  }

  /** @param {string} words
   * @param {boolean} [trouble] */
  say(words, trouble = false) {
    this.told.textContent = words;
    this.told.classList.toggle("trouble", trouble);
  }

  /** @param {State} told */
  show(told) {
    const busy = BUSY.includes(told.status);
    this.go.hidden = busy;
    this.stop.hidden = !busy;
    this.field.disabled = busy;
    this.bar.hidden = told.status !== "running";
    if (told.done === null || told.done === undefined) this.bar.removeAttribute("value");
    else this.bar.value = told.done;
    this.say(this.state(told), told.status === "failed");
    const key = JSON.stringify(told.report);
    if (key === this.shown) return;
    this.shown = key;
    this.result.replaceChildren(...(told.report ? measured(told.report) : []));
  }

  /** What is going on, in words.
   * @param {State} given
   * @returns {string} */
  state({ status, position, done, error }) {
    const { words } = this;
    if (status === "failed") return error ?? "";
    if (status === "waiting") return position === 1 ? words.score_next : say(words.score_waiting, { n: (position ?? 1) - 1 });
    if (status === "running") return done === null || done === undefined ? words.score_starting : say(words.more_data_going, { percent: Math.floor(100 * done) });
    return "";
  }

  /** What the two GANs made, below the numbers.
   * @param {State} told
   * @param {URLSearchParams} query
   * @param {import("../shared/newest.js").Stands} stands */
  async showSamples({ report }, query, stands) {
    if (!report || this.result.querySelector("img")) return;
    const src = URL.createObjectURL(await this.server.blob(`more-data/samples.png?${query}`));
    if (!stands()) return URL.revokeObjectURL(src);
    const { words } = this, picture = make("img", { src, alt: words.more_data_samples, className: "pixels", onload: () => URL.revokeObjectURL(src) });
    this.result.append(make("figure", {}, make("figcaption", { className: "quiet" }, words.more_data_samples), picture));
  }
}
