// One run on the screen: how far it is, what the doctor says, what can be done. It asks rarely, and not at all unseen.

import { drawCurves } from "./curves.js";
import { KnobForm } from "../shared/knobs.js";
import { Moments } from "./moments.js";
import { NewestWins } from "../shared/newest.js";
import { byId, say } from "../shared/page.js";
import { schema } from "../shared/schema.js";
import { Scores } from "../shared/scores.js";

const UNSURE = ["learning", "improving", "unmeasured", "warming"];
const ENDED = ["done", "stopped", "failed", "interrupted"];
const WHILE = {      // which buttons there are, by what the run is doing
  "run-pause": (s) => s.status === "running" && s.mine,
  "run-resume": (s) => s.status === "paused" && s.mine,
  "run-stop": (s) => (s.live || s.status === "waiting") && s.mine,
  "run-continue": (s) => ENDED.includes(s.status) && s.mine,
  "run-explore": (s, view) => view.snapshots?.length > 0,
  "run-download": (s, view) => view.snapshots?.length > 0,
  "run-branch": (s, view) => view.snapshots?.length > 0,
  "run-link": () => true,
  "run-delete": (s) => !s.live && s.mine,
};

export class RunView {
  /** `left()` is called when the run is gone, `moved(id)` when there is another one to see. */
  constructor(server, words, alert, left, moved) {
    Object.assign(this, { server, words, alert, left, moved, id: null, view: null, visits: new NewestWins(), looks: new NewestWins(), moments: new Moments(words), scores: new Scores(server, words, "scores-panel") });
  }

  open(id) {
    this.visits.make();
    this.looks.make();
    Object.assign(this, { id, view: null, sure: false, awaited: 0, formKey: null });
    this.moments.listen();
    this.moments.open(id);
    this.listen();
    drawCurves(byId("curves"), null, this.words);
    for (const place of ["run-title", "run-facts", "run-told", "run-pictures", "doctor-words", "grid-caption"]) byId(place).textContent = "";
    byId("doctor").hidden = true;
    this.showParts(false);
    this.scores.close();
  }

  /** What there is only once a run has begun. */
  showParts(begun) { for (const part of ["run-two", "run-scores", "time-machine"]) byId(part)?.classList.toggle("gone", !begun); }

  close() {
    this.visits.make();
    this.looks.make();
    this.id = null;
    this.scores.close();
  }

  listen() {
    if (this.form) return;
    this.form = new KnobForm(byId("change-knobs"), () => this.dirty());
    this.form.build(schema.train.filter((row) => row.live), "change");
    byId("change").firstElementChild.textContent = this.words.change_settings;
    byId("change-info").textContent = this.words.change_info;
    byId("do-change").textContent = this.words.apply;
    byId("scores-title").textContent = this.words.scores;
    byId("scores-info").textContent = this.words.scores_info;
    byId("do-change").onclick = () => this.safely(async () => { await this.change(this.form.changes()); });
    byId("do-run-delete").addEventListener("blur", () => { this.sure = false; if (this.view) this.relabel(this.view.state); });
    byId("remedy").onclick = () => this.safely(() => this.remedy());
    this.dirty();
  }

  dirty() { byId("do-change").disabled = !Object.keys(this.form.changes()).length; }

  /** Ask how it goes and show it. */
  async look() {
    const id = this.id;
    const view = await this.looks.grant(() => this.server.ask(`train/run/${id}?watch=${document.hidden ? 0 : 1}`));
    if (!view) return;
    this.view = view;
    this.show(view);
    if (view.begun) await this.moments.take(view);
  }

  show(view) {
    const s = view.state;
    byId("run-title").textContent = s.title || say(this.words.run_untitled, { model: s.model });
    chip(byId("run-status"), s, this.words);
    byId("run-facts").textContent = this.facts(s);
    const bar = byId("run-progress");
    bar.value = s.until ? Math.min(1, s.step / s.until) : 0;
    bar.hidden = s.status === "waiting" || !s.until;
    byId("run-told").textContent = [this.told(s), ...(view.notes ?? [])].filter(Boolean).join(" ");
    byId("run-pictures").textContent = this.pictures(view);
    for (const [name, there] of Object.entries(WHILE)) byId(`do-${name}`)?.classList.toggle("gone", !there(s, view));
    this.relabel(s);
    this.showParts(view.begun);
    if (!view.begun) return;
    this.showDoctor(view);
    drawCurves(byId("curves"), view, this.words);
    this.showForm(s);
    if (!this.scores.subject || (this.scores.told && (view.snapshots.at(-1) ?? null) !== this.scores.told.step)) this.scores.open({ run: this.id });
  }

  relabel(s) {
    const name = s.status === "done" ? this.words.train_on : s.saved ? this.words.run_continue : this.words.run_again;
    if (byId("do-run-continue")) byId("do-run-continue").textContent = name;
    if (byId("do-run-stop")) byId("do-run-stop").textContent = s.status === "waiting" ? this.words.run_leave : this.words.run_stop;
    if (byId("do-run-delete")) byId("do-run-delete").textContent = this.sure ? this.words.really : this.words.run_delete;
  }

  facts(s) {
    const left = s.seconds_left === null ? "" : say(this.words.time_left, { time: time(s.seconds_left, this.words) });
    return [
      s.until ? say(this.words.step_of, { step: s.step, all: s.until }) : say(this.words.at_step, { step: s.step }), left,
      s.pictures ? say(this.words.speed, { pictures: s.pictures.toFixed(s.pictures < 10 ? 1 : 0), steps: s.speed.toPrecision(2) }) : "",
      s.minutes ? say(this.words.trained_for, { time: time(60 * s.minutes, this.words) }) : "",
      s.device, s.memory ? `${(s.memory / 1e9).toFixed(1)} GB` : "",
    ].filter(Boolean).join(" · ");
  }

  told(s) {
    if (s.status === "interrupted" && !s.saved) return this.words.cut_off_early;
    if (s.status === "interrupted") return [say(this.words.cut_off, { step: s.step, saved: s.saved }), s.last_words].filter(Boolean).join(" ");
    if (s.status === "waiting") return s.position === 1 ? this.words.next_in_line : say(this.words.in_line, { n: s.position - 1 });
    return s.sentence;
  }

  /** Who can see what it learns from, where that is a question. */
  pictures({ shared, state }) {
    if (!shared) return "";
    if (state.sees) return this.words.pictures_mine;
    return state.mine ? this.words.pictures_branched : this.words.pictures_others;
  }

  showDoctor({ diagnosis, state }) {
    const box = byId("doctor"), offer = Object.keys(state.offer ?? {}).length ? state.offer : null;
    box.hidden = state.status === "failed" && !offer;      // why is said above; here is what can be done
    box.className = `doctor ${state.status === "failed" || diagnosis.severity > 0.5 ? "bad" : diagnosis.verdict === "healthy" ? "fine" : UNSURE.includes(diagnosis.verdict) ? "" : "fair"}`;
    byId("doctor-words").textContent = state.status === "failed" ? state.sentence : [diagnosis.sentence, ...diagnosis.others].join(" ");
    const remedy = offer ? say(this.words.offer_split, { n: offer.accumulate }) : state.live ? diagnosis.remedy?.label : null;
    byId("remedy").hidden = !remedy || !state.mine;
    byId("remedy").textContent = remedy ?? "";
    byId("remedy").disabled = state.applied < this.awaited;      // what was asked for last is not made yet
  }

  /** What is in force, unless a person is changing it. */
  showForm(s) {
    byId("change")?.classList.toggle("gone", !s.live || !s.mine);
    const key = JSON.stringify([s.train, s.applied]);      // what was refused shows again what holds
    if (key === this.formKey || !Object.keys(s.train).length) return;
    this.formKey = key;
    this.form.idle(this.view.idle, this.words.only_styles);
    this.form.fill(s.train);
    this.dirty();
  }

  act(what, values = {}) { return this.server.ask(`train/run/${this.id}/${what}`, values).then(async (told) => { await this.look(); return told; }); }

  async change(values) {
    this.awaited = this.view.state.applied + 1;
    await this.act("change", values);
    this.alert.clear("deed");
    byId("do-change").disabled = true;
  }

  /** What the doctor, or a lack of memory, suggests. */
  async remedy() {
    const { state, diagnosis } = this.view;
    byId("remedy").disabled = true;
    if (Object.keys(state.offer ?? {}).length) {
      await this.act("change", state.offer);
      await this.act("continue");
    } else if (diagnosis.remedy) await this.change(diagnosis.remedy.changes);
  }

  /** A run that is done goes on for as long as it went; others to where they were meant to end. */
  goOn() {
    const s = this.view.state;
    return this.act("continue", s.status === "done" ? { steps: s.step + (s.until || s.step) } : {});
  }

  /** The snapshot at or before the moment that is looked at. */
  get snapshot() {
    const steps = this.view?.snapshots ?? [], at = this.moments.step ?? Infinity;
    return steps.findLast((step) => step <= at) ?? steps[0];
  }

  async branch() {
    const here = this.visits.standing(), { id } = await this.server.ask(`train/run/${this.id}/branch`, { step: this.snapshot });
    if (here()) this.moved(id);      // nobody is led away from what was opened meanwhile
  }

  /** Asked for twice, the run goes. */
  async remove() {
    if (!this.sure) {
      this.sure = true;
      this.relabel(this.view.state);
      return;
    }
    const here = this.visits.standing();
    await this.server.ask(`train/run/${this.id}/delete`, {});
    if (here()) this.left();
  }

  async safely(work) {
    try { this.alert.clear("deed"); return await work(); } catch (error) { this.alert.show(error); await this.look().catch(() => {}); }
  }
}

/** What a run is doing, in a word. */
export function chip(place, s, words) {
  place.className = `chip ${s.status}`;
  place.textContent = words[`status_${s.status}`] + (s.position ? ` (${s.position})` : "");
}

function time(seconds, words) {
  const whole = Math.round(seconds), minutes = Math.floor(whole / 60), rest = whole % 60;
  if (minutes >= 60) return say(words.hours, { h: Math.floor(minutes / 60), m: minutes % 60 });
  return minutes ? say(words.minutes, { m: minutes, s: rest }) : say(words.seconds, { s: rest });
}
