// The plan of a run: what it starts from, how long it goes, every knob of it, and what that costs before it is paid.

import { isText } from "../explore/reading.js";
import { KnobForm } from "../shared/settings_form.js";
import { NewestWins } from "../shared/newest.js";
import { byId, say, sync, there, update } from "../shared/page.js";
import { knob, schema } from "../shared/schema.js";
import { text } from "../shared/recipe.js";

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/alert.js").Alert} Alert */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/types.js").Model} Model */
/** @typedef {import("../shared/types.js").Base} Base */
/** @typedef {import("../shared/types.js").RunPlan} RunPlan */
/** @typedef {import("../shared/pictures.js").Pictures} Pictures */
/** @typedef {import("../shared/pins.js").Pins} Pins */

/** What a base is called among the choices. @param {Base} base */
const keyOf = (base) => base.id ?? (base.classic ? `classic:${base.classic}` : `scratch:${base.family}`);

const SOUND_SIDE = 64;      // columns of a sound of a new model: half a second
const REST = 500;      // milliseconds without a change before the price is asked for

export class Plan {
  /** What the run starts from.
   * @type {Base | null} */
  base = null;
  /** Pixels a side that a person has chosen for pictures from scratch.
   * @type {number | null} */
  chosenSide = null;
  preset = "quick";
  /** Whether a person has chosen what to start from. */
  byHand = false;
  /** What was taken because an example was.
   * @type {string | null} */
  suggested = null;
  /** @type {Base[]} */
  bases = [];
  /** @type {Base[]} */
  models = [];
  /** What the presets mean for the base.
   * @type {RunPlan | null} */
  plan = null;
  /** What the budget says that has to be.
   * @type {Record<string, any>} */
  must = {};
  /** The model that is to be started from when the tab is entered.
   * @type {string | null} */
  wanted = null;
  plans = new NewestWins();
  enters = new NewestWins();
  /** @type {KnobForm | null} */
  form = null;
  /** @type {AbortController | null} */
  abort = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  waiting;

  /** @param {Server} server
   * @param {Words} words
   * @param {Alert} alert
   * @param {Pictures} pictures
   * @param {Pins} pins */
  constructor(server, words, alert, pictures, pins) {
    this.server = server;
    this.words = words;
    this.alert = alert;
    this.pictures = pictures;
    this.pins = pins;
  }

  /** The bases, anew each time: more may be open now. `opened` are models that this page has opened.
   * @param {Model[]} opened */
  async enter(opened) {
    if (!this.form) {
      there("train-expert").firstElementChild?.replaceChildren(this.words.train_expert);
      this.form = new KnobForm(there("knobs"), () => this.changed());
      const device = knob("run", "device");
      this.form.build([knob("run", "steps"), ...(device.choices.length ? [device] : []), ...schema.train], "knob");
    }
    const told = await this.enters.grant(() => this.server.ask("train/bases"));
    if (!told) return;
    /** @type {Base[]} */
    const bases = told.bases;
    const extra = opened.filter((model) => !bases.some((base) => base.id === model.id) && (model.width === model.height || isText(model)))
      .map((model) => ({ id: model.id, title: model.title, makes: model.makes, pair: model.pair, side: model.side, channels: model.channels, classes: model.classes, any_classes: model.any_classes }));
    this.models = [...bases.filter((base) => base.id), ...extra];
    // Others would need pictures that are sorted into their classes.
    this.bases = [...this.models.filter((model) => model.any_classes), ...bases.filter((base) => base.family)];
    const before = this.key;
    this.byHand ||= this.bases.some((base) => base.id && base.id === this.wanted);
    this.base = this.bases.find((base) => base.id && base.id === this.wanted) ?? this.bases.find((base) => keyOf(base) === before) ?? this.usual;      // it may be gone
    this.wanted = null;
    sync("sync-base");
    sync("sync-sources");
    if (!this.plan || this.key !== before) await this.replan();
    if (this.key === before) return;
    if (!this.makesText) await this.pictures.again();      // pictures may have been chosen before there was a base
    await this.follow();
  }

  /** What one starts from unless another is chosen: makes pictures of colour, as most people's are. */
  get usual() { return this.bases.find((base) => base.id && (base.makes ?? "picture") === "picture" && base.channels === 3) ?? this.bases[0]; }

  get key() { return this.base ? keyOf(this.base) : ""; }

  /** Pixels a side of pictures from scratch. */
  get side() { return this.chosenSide ?? this.bases.find((base) => base.family && !base.classic && base.side)?.side ?? 64; }

  /** {base, side, channels}: what pictures are read for; in no channels they are read as they are, grey or in colour. Where words are to be made, too: which of both they are is seen once they are read,
      and a set of the other kind is kept, since another base may be chosen. */
  get shape() {
    const { id, classic, side, channels } = this.base ?? {};
    if (this.makesText) return { base: "", side: this.side, channels: 3 };
    if (this.makes === "sound") return { base: id ?? "", side: side ?? SOUND_SIDE, channels: 1 };
    return id || classic ? { base: id ?? "", side: side ?? this.side, channels: channels ?? 3 } : { base: "", side: this.side, channels: 0 };
  }

  /** Whether a run would make words. */
  get makesText() { return this.makes === "text"; }

  /** What a run would make. */
  get makes() { return this.base?.makes ?? "picture"; }

  /** Whether what is there is of another kind than what is to be made: pictures, words or sounds. */
  get misfits() {
    const { report } = this.pictures;
    return report !== null && (report.makes ?? "picture") !== this.makes;
  }

  /** Whether what is there can be learned from. */
  get ready() { return this.pictures.ready && !this.misfits; }

  /** Pictures, words and sounds need a base of their own kind: where new ones came and the one that is chosen is of another, the first that fits
      is taken. A base that is chosen after they came stays. */
  async follow() {
    const { report, fresh } = this.pictures, makes = report?.makes ?? "picture";
    if (!report) return;
    this.pictures.fresh = false;
    if (!fresh || !this.misfits) return;
    const fits = [this.usual, ...this.bases].find((base) => (base?.makes ?? "picture") === makes && (makes === "picture" || base?.family));
    if (fits) await this.chooseBase(keyOf(fits));
  }

  baseUpdates() {
    /** @param {Base} base */
    const name = (base) => (base.classic ? base.title : base.id ? (base.title === base.id ? base.id : `${base.title} (${base.id})`) : say(this.words.from_scratch, { family: base.family, about: base.about }));
    const choices = this.bases.map((base) => [name(base), keyOf(base)]);
    return [update({ choices, value: this.key }), update({ visible: !this.base?.id && !this.base?.classic && this.makes === "picture", value: this.side })];
  }

  sourceUpdate() {
    const models = this.models.filter((model) => model.makes === "picture");
    return update({ choices: models.map((model) => [model.title, model.id]), value: models[0]?.id });
  }

  /** A person's choice. @param {string} key */
  async pickBase(key) {
    if (key === this.key) return;      // Gradio tells once more what it was told
    this.byHand = true;
    await this.chooseBase(key);
  }

  /** The first of these that is here, unless a person has chosen something else for pictures or moved a knob; what is being drawn meanwhile
      is drawn for it.
   * @param {string[]} keys */
  async suggest(keys) {
    const key = keys.find((each) => this.bases.some((base) => keyOf(base) === each));
    const chosen = this.makes === "picture" && (this.byHand || Object.keys(this.form?.changes() ?? {}).length > 0);
    if (chosen || !key) return;
    this.suggested = key;
    if (key !== this.key) await this.rebase(key);
  }

  /** Other pictures come than the example for which the base was taken: they go on from what most do. */
  forgetExample() {
    const leftOver = this.suggested === this.key && !this.byHand && this.usual !== this.base;
    this.suggested = null;
    if (leftOver && this.usual) this.rebase(keyOf(this.usual)).catch((error) => this.alert.show(error));
  }

  /** @param {string} key */
  async rebase(key) {
    this.base = this.bases.find((base) => keyOf(base) === key) ?? this.base;
    this.pictures.fresh = false;
    this.askNoPrice();      // of the one before
    sync("sync-base");
    await this.replan();
  }

  /** @param {string} key */
  async chooseBase(key) {
    if (key === this.key) return;
    await this.rebase(key);
    if (!this.makesText) await this.pictures.again();      // words are the same for all, and pictures wait for another base
  }

  /** @param {number | string} side */
  async chooseSide(side) {
    this.chosenSide = Number(side);
    this.byHand = true;
    await this.pictures.again();
  }

  /** @param {string} name */
  async choosePreset(name) {
    this.preset = name;
    this.fill();
  }

  /** Ask what the presets mean for this base and so many pictures in so many classes; `keep` what a person has set by hand.
   * @param {boolean} [keep] */
  async replan(keep = false) {
    const { report } = this.pictures, { id, family, classic, about, classes = [] } = this.base ?? {};
    const body = { base: id ?? "", family: family ?? "", classic: classic ?? "", pictures: report?.count ?? 100, classes: report?.classes?.length };
    /** @type {RunPlan | null} */
    const plan = await this.plans.grant(() => this.server.ask("train/plan", body));
    if (!plan) return;
    this.plan = plan;
    there("base-note").textContent = [classic ? about ?? "" : "", plan.pair ? "" : this.words.base_alone,
      classes.length ? say(this.words.base_classes, { count: classes.length, first: classes[0], last: classes[classes.length - 1] }) : ""].filter(Boolean).join(" ");
    this.form?.idle(plan.idle, this.words.only_styles);
    this.fill(keep);
  }

  /** @param {boolean} [keep] */
  fill(keep = false) {
    if (!this.plan) return;
    const { steps, train } = this.plan.presets[this.preset];
    this.form?.fill({ steps, device: "auto", ...train }, keep);
    this.changed();
  }

  /** The settings as they would be in force. */
  get look() { return { ...this.plan?.presets[this.preset].train, ...this.form?.changes() }; }

  /** Something is different: other pictures on the sheet, another price. */
  changed() {
    this.must = {};
    this.pictures.showSheet(this.look);
    this.askNoPrice();
    const start = byId("do-start");
    if (start instanceof HTMLButtonElement) start.disabled = !this.ready;
    this.say(this.ready ? this.words.measuring : this.lacks);
    if (this.ready) this.waiting = setTimeout(() => this.price(), REST);
  }

  /** What has to be given first. */
  get lacks() {
    if (!this.misfits) return this.words.first_pictures;
    const { words } = this, given = this.pictures.report?.makes ?? "picture";
    /** @type {Record<string, string>} */
    const said = { "picture text": words.misfit_pictures, "text picture": words.misfit_words, "picture sound": words.misfit_pictures_sounds,
             "text sound": words.misfit_words_sounds, "sound picture": words.misfit_sounds, "sound text": words.misfit_sounds_words };
    return said[`${given} ${this.makes}`] ?? "";
  }

  /** What is sent to start the run, or to learn its price.
   * @param {string} [title] */
  order(title = "") {
    const { steps, device, ...train } = this.form?.changes() ?? {};
    const { id, family, classic } = this.base ?? {};
    return { set: this.pictures.id, base: id ?? "", family: family ?? "", classic: classic ?? "", preset: this.preset, title, device, train: { ...train, ...this.must },
             steps: steps ?? this.plan?.presets[this.preset].steps };
  }

  /** The price that was to be asked for, or was asked for, is not wanted any more. */
  askNoPrice() {
    clearTimeout(this.waiting);
    this.abort?.abort();
  }

  async price() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    try {
      const told = await this.server.ask("train/budget", this.order(), { signal });
      if (told.accumulate > 1) this.must = { accumulate: told.accumulate };
      this.say(told.busy ? `${told.sentence} ${this.words.measured_busy}` : told.sentence);
    } catch (error) {
      if (error.name !== "AbortError") this.say(error.message);
    }
  }

  /** @param {string} words */
  say(words) { byId("budget")?.replaceChildren(words); }

  /** Start the run -> its id. The pins of its base are in its grid.
   * @param {string} title
   * @param {string} [example] what its pictures are called
   * @returns {Promise<string>} */
  async start(title, example = "") {
    this.askNoPrice();
    const { base } = this, pins = this.pins.ofModel(base?.id ?? "").map((pin) => JSON.parse(text(pin)));
    const usual = say(base?.family && !base.classic ? this.words.run_from_scratch : this.words.run_untitled, { model: base?.title ?? base?.family });
    const name = title.trim() || (example ? say(this.words.run_of_example, { example, start: usual }) : usual);
    const { id } = await this.server.ask("train/start", { ...this.order(name), pins });
    return id;
  }
}
