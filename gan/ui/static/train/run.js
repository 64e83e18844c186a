// One run on the screen: how far it is, what the doctor says, what can be done. It asks rarely, and not at all unseen.

import { drawCurves } from "./curves.js";
import { KnobForm } from "../shared/settings_form.js";
import { Moments } from "./moments.js";
import { NewestWins } from "../shared/newest.js";
import { Publish } from "../shared/publish.js";
import { byId, say, sync, there } from "../shared/page.js";
import { schema } from "../shared/schema.js";
import { Scores, scoresInfo } from "../shared/scores.js";

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/alert.js").Alert} Alert */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/types.js").RunState} State */
/** @typedef {import("../shared/types.js").RunView} View */

const QUIET = ["learning", "improving", "unmeasured", "warming", "ahead"];      // neither well nor wrong
const ENDED = ["done", "stopped", "failed", "interrupted"];
const NOTED = 5000;           // milliseconds for which a word on what a person did stands
const PATIENCE = 10_000;      // milliseconds in which the worker is expected to heed what it was told
/** Which buttons there are, by what the run is doing.
 * @type {Record<string, (s: State, view: View) => boolean>} */
const WHILE = {
  "run-pause": (s) => s.status === "running" && s.mine && !s.lent,
  "run-resume": (s) => s.status === "paused" && s.mine,
  "run-stop": (s) => (s.live || s.status === "waiting") && s.mine,
  "run-continue": (s) => ENDED.includes(s.status) && s.mine,
  "run-explore": (s, view) => kept(view),
  "run-download": (s, view) => kept(view),
  "run-page": (s, view) => kept(view) && paints(view),
  "run-publish": (s, view) => kept(view) && s.mine,
  "run-branch": (s, view) => kept(view),
  "run-link": () => true,
  "run-delete": (s) => !s.live && s.mine,
};

/** Whether its samples are pictures, which a page can paint: gan/export/network.py. @param {View} view */
const paints = (view) => (view.makes ?? "picture") === "picture";

/** Whether there is a model to take away. @param {View} view */
const kept = (view) => Boolean(view.snapshots?.length);

export class RunView {
  /** @type {string | null} */
  id = null;
  /** What was told of it last.
   * @type {View | null} */
  view = null;
  visits = new NewestWins();
  looks = new NewestWins();
  /** The question of how it goes that is on its way.
   * @type {AbortController | null} */
  asking = null;
  /** Whether it is being deleted: nobody asks how it goes then. */
  deleting = false;
  /** Whether deleting it has been asked for once. */
  sure = false;
  /** The number of the change that is waited for. */
  awaited = 0;
  /** How the run stood when it was told something, and until when another state of it is expected. */
  lastWord = { stood: "", until: 0 };
  /** A word on what a person did, and until when it stands in place of how the run goes. */
  noted = { words: "", until: 0 };
  /** Which settings the form shows.
   * @type {string | null} */
  formKey = null;
  /** @type {KnobForm | null} */
  form = null;
  /** The run whose turn on a card that is lent has been asked for: see gan/ui/zero_gpu.py.
   * @type {string | null} */
  turn = null;

  /** `left()` is called when the run is gone, `moved(id)` when there is another one to see, `acted()` when it was told
   * something.
   * @param {Server} server
   * @param {Words} words
   * @param {Alert} alert
   * @param {() => void} left
   * @param {(id: string) => void} moved
   * @param {() => void} acted */
  constructor(server, words, alert, left, moved, acted) {
    this.server = server;
    this.words = words;
    this.alert = alert;
    this.left = left;
    this.moved = moved;
    this.acted = acted;
    this.moments = new Moments(words);
    this.scores = new Scores(server, words, "scores-panel");
    this.publishing = new Publish(server, words, alert, "run-publish");
  }

  /** @param {string} id */
  open(id) {
    this.visits.make();
    this.takeBack();
    this.id = id;
    this.view = this.formKey = null;
    this.sure = false;
    this.awaited = 0;
    this.noted.until = 0;
    this.moments.listen();
    this.moments.open(id);
    this.listen();
    drawCurves(byId("curves"), null, this.words);
    for (const place of ["run-title", "run-facts", "run-told", "run-pictures", "doctor-words", "grid-caption"]) there(place).textContent = "";
    there("run-told").textContent = this.words.run_loading;
    for (const name of Object.keys(WHILE)) byId(`do-${name}`)?.classList.add("gone");      // which there are depends on what it is doing
    there("doctor").hidden = true;
    this.showParts(false);
    this.publishing.close();
    this.scores.close();
  }

  /** What there is only once a run has begun, or once it has drawn its first grid.
   * @param {boolean} begun
   * @param {boolean} [drawn] */
  showParts(begun, drawn = false) {
    for (const part of ["run-two", "run-scores"]) byId(part)?.classList.toggle("gone", !begun);
    byId("time-machine")?.classList.toggle("gone", !drawn);
  }

  close() {
    this.visits.make();
    this.takeBack();
    this.id = null;
    this.scores.close();
  }

  listen() {
    if (this.form) return;
    const form = this.form = new KnobForm(there("change-knobs"), () => this.dirty());
    form.build(schema.train.filter((row) => row.live), "change");
    there("change").firstElementChild?.replaceChildren(this.words.change_settings);
    there("change-info").textContent = this.words.change_info;
    there("do-change").textContent = this.words.apply;
    there("scores-title").textContent = this.words.scores;
    there("do-change").onclick = () => this.safely(async () => { await this.change(form.changes()); });
    // Gradio hears of a click after this: the second of a double click is no answer to what the first one asks.
    there("do-run-delete").addEventListener("click", (event) => { if (event.detail > 1) event.stopImmediatePropagation(); }, true);
    there("do-run-delete").addEventListener("blur", () => { this.sure = false; if (this.view) this.relabel(this.view.state); });
    there("remedy").onclick = () => this.safely(() => this.remedy());
    this.dirty();
  }

  dirty() { there("do-change", HTMLButtonElement).disabled = !Object.keys(this.form?.changes() ?? {}).length; }

  /** Nobody waits any more for what was asked of how it goes. */
  takeBack() {
    this.looks.make();
    this.asking?.abort();
  }

  /** Ask how it goes and show it. */
  async look() {
    if (this.deleting) return;
    this.asking?.abort();
    const id = this.id, { signal } = this.asking = new AbortController();
    const view = await this.looks.grant(() => this.server.ask(`train/run/${id}?watch=${document.hidden ? 0 : 1}`, undefined, { signal }));
    if (!view) return;
    this.view = view;
    this.show(view);
    const { status, lent, mine } = view.state;
    if (lent && mine && status === "waiting" && !this.turn && byId("take-turn")) { this.turn = id; sync("take-turn"); }
    if (view.begun) await this.moments.take(view);
  }

  /** Whose turn is asked for, as the app reads it. */
  turnAsked() { return JSON.stringify({ run: this.turn, visitor: this.server.visitor }); }

  turnOver() { this.turn = null; }

  /** @param {View} view */
  show(view) {
    const s = view.state;
    there("run-title").textContent = s.title || say(this.words.run_untitled, { model: s.model });
    chip(there("run-status"), s, this.words);
    there("run-facts").textContent = this.facts(s);
    const bar = there("run-progress", HTMLProgressElement);
    bar.value = s.until ? Math.min(1, s.step / s.until) : 0;
    bar.hidden = s.status === "waiting" || !s.until;
    there("run-told").textContent = performance.now() < this.noted.until ? this.noted.words : [this.told(s), ...(view.notes ?? [])].filter(Boolean).join(" ");
    there("run-pictures").textContent = this.pictures(view);
    for (const [name, wanted] of Object.entries(WHILE)) byId(`do-${name}`)?.classList.toggle("gone", !wanted(s, view));
    this.relabel(s);
    this.showParts(view.begun, view.begun && Boolean(view.grids?.length));
    if (!view.begun) return;
    this.showDoctor(view);
    there("scores-info").textContent = scoresInfo(this.words, view.makes);
    drawCurves(byId("curves"), view, this.words);
    this.showForm(view);
    if (!this.scores.subject || (this.scores.told && (view.snapshots?.at(-1) ?? null) !== this.scores.told.step)) this.scores.open({ run: s.id }, view.pixel_art);
  }

  /** @param {string} words */
  note(words) {
    this.noted = { words, until: performance.now() + NOTED };
    there("run-told").textContent = words;
  }

  /** @param {State} s */
  relabel(s) {
    const name = s.status === "done" ? this.words.train_on : s.saved ? this.words.run_continue : this.words.run_again;
    byId("do-run-continue")?.replaceChildren(name);
    byId("do-run-stop")?.replaceChildren(s.status === "waiting" ? this.words.run_leave : this.words.run_stop);
    byId("do-run-delete")?.replaceChildren(this.sure ? this.words.really : this.words.run_delete);
  }

  /** @param {State} s */
  facts(s) {
    const left = s.seconds_left === null ? "" : say(this.words.time_left, { time: time(s.seconds_left, this.words) });
    return [
      s.until ? say(this.words.step_of, { step: s.step, all: s.until }) : say(this.words.at_step, { step: s.step }), left,
      s.pictures ? say(this.words.speed, { pictures: s.pictures.toFixed(s.pictures < 10 ? 1 : 0), steps: s.speed.toPrecision(2) }) : "",
      s.minutes ? say(this.words.trained_for, { time: time(60 * s.minutes, this.words) }) : "",
      s.device, s.memory ? `${(s.memory / 1e9).toFixed(1)} GB` : "",
    ].filter(Boolean).join(" · ");
  }

  /** @param {State} s */
  told(s) {
    if (s.status === "interrupted" && !s.saved) return this.words.cut_off_early;
    if (s.status === "interrupted") return [say(this.words.cut_off, { step: s.step, saved: s.saved }), s.last_words].filter(Boolean).join(" ");
    if (s.status === "waiting" && !s.lent) return s.position === 1 ? this.words.next_in_line : say(this.words.in_line, { n: s.position - 1 });
    return s.sentence;
  }

  /** Who can see what it learns from, where that is a question.
   * @param {View} given */
  pictures({ shared, state }) {
    if (!shared) return "";
    if (state.sees) return this.words.pictures_mine;
    return state.mine ? this.words.pictures_branched : this.words.pictures_others;
  }

  /** @param {View} given */
  showDoctor({ diagnosis, state }) {
    if (!diagnosis) return;
    const box = there("doctor"), offer = Object.keys(state.offer ?? {}).length ? state.offer : null;
    box.hidden = state.status === "failed" && !offer;      // why is said above; here is what can be done
    box.className = `doctor ${state.status === "failed" || diagnosis.severity > 0.5 ? "bad" : diagnosis.verdict === "healthy" ? "fine" : QUIET.includes(diagnosis.verdict) ? "" : "fair"}`;
    there("doctor-words").textContent = state.status === "failed" ? state.sentence : [diagnosis.sentence, ...diagnosis.others].join(" ");
    const remedy = offer ? say(this.words.offer_split, { n: offer.accumulate }) : state.live ? diagnosis.remedy?.label : null;
    there("remedy").hidden = !remedy || !state.mine;
    there("remedy").textContent = remedy ?? "";
    there("remedy", HTMLButtonElement).disabled = state.applied < this.awaited;      // what was asked for last is not made yet
  }

  /** What is in force, unless a person is changing it.
   * @param {View} given */
  showForm({ state: s, idle }) {
    byId("change")?.classList.toggle("gone", !s.live || !s.mine);
    const key = JSON.stringify([s.train, s.applied]);      // what was refused shows again what holds
    if (key === this.formKey || !this.form || !Object.keys(s.train).length) return;
    this.formKey = key;
    this.form.idle(idle ?? [], this.words.only_styles);
    this.form.fill(s.train);
    this.dirty();
  }

  /** @param {string} what
   * @param {Record<string, any>} [values] */
  async act(what, values = {}) {
    const stood = standing(this.view), told = await this.server.ask(`train/run/${this.id}/${what}`, values);
    this.lastWord = { stood, until: performance.now() + PATIENCE };
    await this.look();
    this.acted();
    return told;
  }

  /** Whether it was told something that it has not heeded yet, and is about to. */
  get hesitates() { return standing(this.view) === this.lastWord.stood && performance.now() < this.lastWord.until; }

  /** @param {Record<string, any>} values */
  async change(values) {
    this.awaited = (this.view?.state.applied ?? 0) + 1;
    try { await this.act("change", values); } catch (error) {
      this.awaited = 0;      // nobody may have heard it
      throw error;
    }
    this.alert.clear("deed");
    there("do-change", HTMLButtonElement).disabled = true;
  }

  /** What the doctor, or a lack of memory, suggests. */
  async remedy() {
    if (!this.view) return;
    const { state, diagnosis } = this.view;
    there("remedy", HTMLButtonElement).disabled = true;
    if (Object.keys(state.offer ?? {}).length) {
      await this.act("change", state.offer);
      await this.act("continue");
    } else if (diagnosis?.remedy) await this.change(diagnosis.remedy.changes);
  }

  /** A run that is done goes on for as long as it went; others to where they were meant to end. */
  goOn() {
    const s = this.view?.state;
    return this.act("continue", s?.status === "done" ? { steps: s.step + (s.until || s.step) } : {});
  }

  /** The snapshot at or before the moment that is looked at. */
  get snapshot() {
    const steps = this.view?.snapshots ?? [], at = this.moments.step ?? Infinity;
    return steps.findLast((step) => step <= at) ?? steps[0];
  }

  /** The model of the moment that is looked at. */
  async publish() {
    const { id, snapshot, view } = this;
    if (id && view && snapshot !== undefined) await this.publishing.open({ id, revision: String(snapshot), title: say(this.words.publish_step, { title: there("run-title").textContent, step: snapshot }), makes: view.makes });
  }

  async branch() {
    const here = this.visits.standing(), { id } = await this.server.ask(`train/run/${this.id}/branch`, { step: this.snapshot });
    if (here()) this.moved(id);      // nobody is led away from what was opened meanwhile
  }

  /** Asked for twice, the run goes. */
  async remove() {
    if (!this.sure) {
      this.sure = true;
      if (this.view) this.relabel(this.view.state);
      return;
    }
    const here = this.visits.standing();
    this.takeBack();      // it would be answered that there is no such run
    this.deleting = true;
    try { await this.server.ask(`train/run/${this.id}/delete`, {}); } finally { this.deleting = false; }
    if (here()) this.left();
  }

  /** Say "pause", "resume" or "stop" to it.
   * @param {string} what */
  tell(what) { return this.safely(() => this.act(what)); }

  /** Do it, or say why not and show how the run really is.
   * @param {() => Promise<unknown>} work */
  async safely(work) {
    try { this.alert.clear("deed"); return await work(); } catch (error) { this.alert.show(error); await this.look().catch(() => {}); }
  }
}

/** What of a run changes once it has heeded somebody.
 * @param {View | null} view */
function standing(view) { return view ? JSON.stringify([view.state.status, view.state.applied]) : ""; }

/** What a run is doing, in a word.
 * @param {HTMLElement} place
 * @param {Pick<State, "status" | "position">} s
 * @param {Words} words */
export function chip(place, s, words) {
  place.className = `chip ${s.status}`;
  place.textContent = words[`status_${s.status}`] + (s.position ? ` (${s.position})` : "");
}

/** @param {number} seconds
 * @param {Words} words */
function time(seconds, words) {
  const whole = Math.round(seconds), minutes = Math.floor(whole / 60), rest = whole % 60;
  if (minutes >= 60) return say(words.hours, { h: Math.floor(minutes / 60), m: minutes % 60 });
  return minutes ? say(words.minutes, { m: minutes, s: rest }) : say(words.seconds, { s: rest });
}
