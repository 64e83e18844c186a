// Scores of a model of the library: against pictures that a person gives, as in Train.

import { byId, make, say } from "../shared/page.js";
import { Pictures } from "../shared/pictures.js";
import { Scores } from "../shared/scores.js";

/** The pictures of Train in another place, where nothing of them is shown but how many there are. */
class Given extends Pictures {
  listen() {
    const drop = byId("scored-drop"), input = byId("scored-input");
    input.addEventListener("change", () => { this.take([...input.files]); input.value = ""; });
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  }

  dropped(transfer) {
    byId("scored-drop").classList.remove("over");
    return super.dropped(transfer);
  }

  forget() { this.report = null; }

  show(report) {
    this.report = report;
    this.tell(say(this.words.score_pictures, { n: report.count.toLocaleString() }), 1);
    this.changed();
  }

  tell(words, share) {
    byId("scored-told").textContent = words;
    const bar = byId("scored-bar");
    bar.hidden = share === 1;
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
  }
}

export class Scored {
  constructor(server, words, alert) {
    Object.assign(this, { server, words, alert, model: null });
    this.scores = new Scores(server, words, "scored-panel");
    this.pictures = new Given(server, words, alert, () => ({ base: this.model?.id ?? "", side: 0, channels: 0 }), () => this.changed());
  }

  /** Whether models can be scored here. */
  get there() { return Boolean(byId("scored")); }

  open(model) {
    if (this.model?.id !== model.id || this.model.revision !== model.revision) this.begin(model);
    byId("scored").scrollIntoView({ block: "start" });
    byId("scored").querySelector("h3").focus({ preventScroll: true });
  }

  begin(model) {
    const { words } = this;
    this.close();
    this.model = model;
    byId("scored").hidden = false;
    byId("scored").replaceChildren(
      make("div", { className: "scored-head" }, make("h3", { textContent: say(words.scores_of, { title: model.title }), tabIndex: -1 }),
           make("button", { type: "button", className: "mini", textContent: words.layout_close, onclick: () => this.close() })),
      make("p", { className: "quiet", textContent: words.scores_info }),
      make("label", { id: "scored-drop", className: "drop", htmlFor: "scored-input" }, make("span", { textContent: words.scores_give }),
           make("input", { id: "scored-input", className: "unseen", type: "file", multiple: true, accept: "image/*,.zip" })),
      make("p", { id: "scored-told", className: "quiet", role: "status" }), make("progress", { id: "scored-bar", max: 1, value: 0, hidden: true, ariaLabel: words.scores }),
      make("div", { id: "scored-panel", className: "scores" }));
    this.pictures.listen();
    this.scores.open(this.subject, model.pixel_art);
  }

  close(id = this.model?.id) {
    if (!this.model || this.model.id !== id) return;
    this.scores.close();
    this.model = null;
    this.pictures.clear();
    byId("scored").hidden = true;
    byId("scored").replaceChildren();
  }

  get subject() { return { model: this.model.id, rev: this.model.revision ?? "", set: this.pictures.report ? this.pictures.id : "" }; }

  changed() { if (this.model && this.pictures.report) this.scores.open(this.subject, this.model.pixel_art); }

  dropped(transfer) { return this.pictures.dropped(transfer); }
}
