// Scores of a model of the library: against pictures that a person gives, as in Train.

import { byId, canDrop, counted, make, say, there } from "../shared/page.js";
import { isText } from "../explore/reading.js";
import { isSound } from "../shared/hearing.js";
import { Pictures } from "../shared/pictures.js";
import { Scores, scoresInfo } from "../shared/scores.js";

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/alert.js").Alert} Alert */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/types.js").SetReport} SetReport */
/** @typedef {Pick<import("../shared/types.js").Card, "id" | "revision" | "title" | "pixel_art" | "makes">} Shown */

/** The pictures of Train in another place, where nothing of them is shown but how many there are. */
class Given extends Pictures {
  listen() {
    const drop = there("scored-drop"), input = there("scored-input", HTMLInputElement);
    input.addEventListener("change", () => { this.take([...input.files ?? []]); input.value = ""; });
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  }

  /** @param {DataTransfer} transfer */
  dropped(transfer) {
    there("scored-drop").classList.remove("over");
    return super.dropped(transfer);
  }

  forget() { this.report = null; }

  /** @param {SetReport} report */
  show(report) {
    this.report = report;
    this.tell(say(this.words.score_pictures, { counted: counted(this.words, report.makes, report.count) }), 1);
    this.changed();
  }

  /** @param {string} words
   * @param {number | null} share */
  tell(words, share) {
    there("scored-told").textContent = words;
    const bar = there("scored-bar", HTMLProgressElement);
    bar.hidden = share === 1;
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
  }
}

export class Scored {
  /** @param {Server} server
   * @param {Words} words
   * @param {Alert} alert */
  constructor(server, words, alert) {
    this.words = words;
    /** @type {Shown | null} */
    this.model = null;
    this.scores = new Scores(server, words, "scored-panel");
    this.pictures = new Given(server, words, alert, () => ({ base: this.model?.id ?? "", side: 0, channels: 0 }), () => this.changed());
  }

  /** Whether models can be scored here. */
  get there() { return Boolean(byId("scored")); }

  /** @param {Shown} model */
  open(model) {
    if (this.model?.id !== model.id || this.model.revision !== model.revision) this.begin(model);
    there("scored").scrollIntoView({ block: "start" });
    there("scored").querySelector("h3")?.focus({ preventScroll: true });
  }

  /** @param {Shown} model */
  begin(model) {
    const { words } = this;
    this.close();
    this.model = model;
    there("scored").hidden = false;
    there("scored").replaceChildren(
      make("div", { className: "scored-head" }, make("h3", { textContent: say(words.scores_of, { title: model.title }), tabIndex: -1 }),
           make("button", { type: "button", className: "mini", textContent: words.layout_close, onclick: () => this.close() })),
      make("p", { className: "quiet", textContent: scoresInfo(words, model.makes) }),
      make("label", { id: "scored-drop", className: "drop", hidden: isText(model), htmlFor: "scored-input" }, make("span", { textContent: isSound(model) ? words.scores_give_sounds : canDrop() ? words.scores_give : words.scores_tap }),
           make("input", { id: "scored-input", className: "unseen", type: "file", multiple: true, accept: isSound(model) ? ".wav,.zip" : "image/*,.zip" })),
      make("p", { id: "scored-told", className: "quiet", role: "status" }), make("progress", { id: "scored-bar", max: 1, value: 0, hidden: true, ariaLabel: words.scores }),
      make("div", { id: "scored-panel", className: "scores" }));
    this.pictures.listen();
    this.scores.open(this.subject, model.pixel_art);
  }

  /** @param {string} [id] */
  close(id = this.model?.id) {
    if (!this.model || this.model.id !== id) return;
    this.scores.close();
    this.model = null;
    this.pictures.clear();
    there("scored").hidden = true;
    there("scored").replaceChildren();
  }

  get subject() { return { model: this.model?.id ?? "", rev: this.model?.revision ?? "", set: (this.pictures.report && this.pictures.id) ?? "" }; }

  changed() { if (this.model && this.pictures.report) this.scores.open(this.subject, this.model.pixel_art); }

  /** @param {DataTransfer} transfer */
  dropped(transfer) { return this.pictures.dropped(transfer); }
}
