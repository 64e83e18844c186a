// The Models tab: bring a generator in, from the Hub or from a file, see what it is, and what is here already.

import { Cards, PICTURES, samples, size } from "./cards.js";
import { Arrival } from "./arrival.js";
import { Layout } from "./layout.js";
import { Repository } from "./repository.js";
import { Scored } from "./scored.js";
import { Publish } from "../shared/publish.js";
import { Hearing, joined, soundsIn } from "../shared/hearing.js";
import { NewestWins } from "../shared/newest.js";
import { byId, canDrop, chosenIn, make, say, there } from "../shared/page.js";
import { takePage } from "../shared/take.js";

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/alert.js").Alert} Alert */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/types.js").Model} Model */
/** @typedef {import("../shared/types.js").Card} Card */
/** @typedef {import("../shared/types.js").Curated} Curated */
/** @typedef {import("../shared/types.js").Told} Told */
/** A tab that can be led to with a model. @typedef {"explore" | "film" | "train"} Tab */
/** What opens models and leads to the other tabs: see studio.js.
 * @typedef {{ opened: (model: Model) => void, known: (cards: Card[]) => void, goWith: (id: string, tab: Tab) => Promise<unknown>, gone: (id: string) => Promise<unknown> }} Studio */

/** @param {Words} words
 * @returns {Record<string, string>} */
const texts = (words) => ({
  "models-info": words.models_info, "hub-title": words.from_hub, "source-label": words.source, "source-info": words.source_info,
  "do-look": words.look, "file-title": words.from_file, "model-drop-words": canDrop() ? words.drop_model : words.tap_model, "model-drop-info": words.drop_model_info,
  "library-title": words.library, "worth-title": words.worth, "worth-info": words.worth_info });

export class Models {
  active = false;
  /** Bytes that a file may have. */
  most = Infinity;
  busy = false;
  listening = false;
  lists = new NewestWins();
  hears = new NewestWins();
  hearing = new Hearing();
  /** What is to be looked at when the tab is entered.
   * @type {string | null} */
  source = null;
  /** Called when the tab's parts are there.
   * @type {(value?: unknown) => void} */
  mounted = () => {};

  /** `studio` opens models and leads to the other tabs: see studio.js.
   * @param {Server} server
   * @param {Words} words
   * @param {Alert} alert
   * @param {Studio} studio */
  constructor(server, words, alert, studio) {
    this.server = server;
    this.words = words;
    this.alert = alert;
    this.studio = studio;
    this.there = new Promise((resolve) => { this.mounted = resolve; });      // parts of a tab exist when it was opened once
    /** @type {Omit<import("./cards.js").Acts, "forget">} */
    const go = { explore: (id) => this.go("explore", id), film: (id) => this.go("film", id), train: (id) => this.go("train", id),
                 layout: (model) => this.safely(() => this.layout.open(model)), scores: (model) => this.scored.open(model), page: (card) => this.safely(() => takePage(server, card)),
                 publish: (model) => this.safely(() => this.publish.open(model)), hear: (card) => this.safely(() => this.hear(card)) };
    this.repository = new Repository(server, words, (source, file) => this.use(source, file));
    this.arrival = new Arrival(server, words, go);
    this.layout = new Layout(server, words, (model, values) => this.keep(model, values));
    this.scored = new Scored(server, words, alert);
    this.publish = new Publish(server, words, alert, "publish");
    this.cards = new Cards(server, words, { ...go, forget: (card) => this.forget(card) });
  }

  async enter() {
    this.active = true;
    if (!byId("models")) return;
    this.listen();
    if (this.source) there("source", HTMLInputElement).value = this.source;
    this.source = null;
    await this.safely(async () => { await Promise.all([this.refresh(), this.suggest()]); });
  }

  leave() {
    this.active = false;
    this.hears.make();      // what is on its way would be heard in another tab
    this.hearing.stop();
  }

  /** The samples of a card, one after the other.
   * @param {import("../shared/types.js").Card} card */
  async hear(card) {
    const sounds = await this.hears.grant(async () => soundsIn(await this.server.post("studio/sounds", { recipes: samples(card, PICTURES) })));
    if (sounds) this.hearing.play(joined(sounds));
  }

  listen() {
    if (this.listening) return;
    this.listening = true;
    for (const [id, text] of Object.entries(texts(this.words))) there(id).textContent = text;
    byId("look-form")?.addEventListener("submit", (event) => { event.preventDefault(); this.look(there("source", HTMLInputElement).value); });
    const drop = there("model-drop");
    chosenIn(there("brought", HTMLInputElement), (files) => this.bring(files));
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    this.mounted();
  }

  /** What is here now; Explore's list of models follows. */
  async refresh() {
    const told = await this.lists.grant(() => this.server.ask("library/list"));
    if (!told) return;
    const { cards, most } = told;
    this.most = most;
    this.cards.show(cards);
    this.studio.known(cards);
  }

  async suggest() {
    if (there("worth").children.length) return;
    /** @type {Curated[]} */
    const models = (await this.server.ask("library/curated")).models;
    there("worth").replaceChildren(...models.map((one) => this.suggestion(one)));
  }

  /** @param {Curated} one */
  suggestion(one) {
    const facts = [one.kind, one.megabytes ? size(one.megabytes * 1e6) : "", say(this.words.licence, { licence: one.licence || this.words.not_said })];
    const look = make("button", { type: "button", className: "act", textContent: this.words.look, onclick: () => this.look(one.id, true),
                                  ariaLabel: `${this.words.look}: ${one.id}` });
    return make("article", { className: "card" }, make("h3", { textContent: one.makes }),
                make("p", { className: "quiet", textContent: one.id }), make("p", { className: "quiet", textContent: facts.filter(Boolean).join(" · ") }),
                make("div", { className: "acts" }, look));
  }

  /** Ask the Hub what a repository holds; the newest question wins.
   * @param {string} source
   * @param {boolean} [far] */
  async look(source, far = false) {
    there("source", HTMLInputElement).value = source;
    if (far) there("look-form").scrollIntoView({ block: "center" });
    await this.safely(() => this.repository.look(source));
  }

  /** Fetch it, and convert it where it is foreign.
   * @param {string} source
   * @param {string | null} file */
  use(source, file) { return this.take((tell) => this.server.told("library/open", JSON.stringify({ source, file }), tell)); }

  /** A file of a generator, and the config.json that belongs to it where there is one.
   * @param {File[]} files */
  async bring(files) {
    const settings = files.find((file) => file.name.endsWith("config.json")), weights = files.filter((file) => file !== settings);
    if (!files.length) return;
    await this.there;
    there("model-drop").classList.remove("over");
    await this.safely(async () => {
      if (weights.length !== 1) throw this.server.sentence(this.words.one_file);
      const [file] = weights, { name } = file;
      if (file.size > this.most) throw this.server.sentence(say(this.words.file_too_large, { name, size: size(this.most) }));
      const path = `library/file?name=${encodeURIComponent(name)}&config=${settings?.size ?? 0}`;
      await this.take((tell) => this.server.told(path, new Blob(settings ? [settings, file] : [file]), tell, (done) => tell({ done, words: say(this.words.sending_file, { name }) })));
    });
  }

  /** Do what takes a while, and tell how it goes. What fails leaves the model in use alone.
   * @param {(tell: (line: Told) => void) => Promise<{ model: Model }>} work */
  async take(work) {
    if (this.busy) return this.alert.say(this.words.one_by_one);
    this.busy = true;
    there("arrived").hidden = true;
    this.alert.clear("deed");
    try {
      this.tell({ done: null, words: this.words.opening_model });
      const { model } = await work((line) => this.tell(line));
      this.repository.close();
      this.studio.opened(model);
      await this.refresh();
      await this.arrival.show(model);
    } catch (error) { this.alert.show(error); } finally {
      this.busy = false;
      there("way").hidden = true;
      this.repository.enable(true);
    }
  }

  /** A model in another layout, as one of its own.
   * @param {{ id: string, revision?: string | null }} given
   * @param {Record<string, any>} values */
  keep({ id, revision }, values) {
    return this.take(async () => {
      const told = await this.server.ask("library/layout/save", { id, rev: revision, values });
      this.layout.close();
      return told;
    });
  }

  /** @param {Told} given */
  tell({ done, words }) {
    this.repository.enable(false);
    there("way").hidden = false;
    there("way-words").textContent = words;
    const bar = there("way-bar", HTMLProgressElement);
    if (done === null) bar.removeAttribute("value");
    else bar.value = done;
  }

  /** Lead to another tab with a model.
   * @param {Tab} tab
   * @param {string} id */
  go(tab, id) { return this.safely(() => this.studio.goWith(id, tab)); }

  /** @param {Card} card */
  async forget(card) {
    await this.safely(async () => {
      await this.cards.leave(card.id);
      try {
        await this.server.ask("library/forget", { id: card.id });
        if (there("arrived").dataset.model === card.id) there("arrived").hidden = true;
        this.layout.close(card.id);
        this.scored.close(card.id);
        this.publish.close(card.id);
      } finally { await this.refresh(); }
      await this.studio.gone(card.id);
    });
  }

  /** @param {() => Promise<unknown>} work */
  async safely(work) {
    try { return await work(); } catch (error) { this.alert.show(error); }
  }
}
