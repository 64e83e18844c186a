// The lesson "Break it, mend it": a broken game, what the doctor of training says of it, and a remedy that somebody chooses,
// played beside it. The doctor is that of Train: it is sent what was recorded here.

import { NewestWins } from "../shared/newest.js";
import { grouped, joined, make, say } from "../shared/page.js";
import { USUAL } from "./game.js";

/** @typedef {import("./learn.js").Learn} Learn */
/** @typedef {import("./learn.js").Break} Break */
/** `cured`: how many of the measured games it cured, where that is known.
 * @typedef {{ id: string, title: string, mend: Partial<import("./game.js").Rules>, cured?: number }} Remedy */
/** @typedef {{ sentence: string, others: string[], verdict: string, severity: number, remedy: { label: string, changes: Record<string, any> } | null }} Word what the doctor says */

const DOCTORS = "doctor";      // the id of the doctor's own remedy
const LONG = 2;                // times as many steps as usual are waited for a remedy: tests/bench/lessons.py waits as long

export class Wall {
  /** What it is mended with, null until somebody chose. @type {Remedy | null} */
  remedy = null;
  /** What the doctor says of the broken game and of the mended one, null before. @type {(Word | null)[]} */
  says = [null, null];
  /** Of which games it was asked. */
  asked = [false, false];
  visits = new NewestWins();

  /** @param {Learn} learn @param {string} part the breakdown that is chosen, "" for the first */
  constructor(learn, part) {
    this.learn = learn;
    this.lesson = learn.lesson;
    this.broken = learn.lesson.breaks.find(({ id }) => id === part) ?? learn.lesson.breaks[0];
    this.breaks = make("div", { className: "breaks", role: "group", ariaLabel: learn.words.learn_breaks }, ...this.lesson.breaks.map((one) => {
      const button = make("button", { type: "button", className: "break", onclick: () => this.choose(one) }, make("strong", {}, one.title), make("span", {}, one.about));
      button.dataset.id = one.id;
      return button;
    }));
    this.doctor = make("div", { className: "doctor learn-doctor", hidden: true });
    this.remedies = make("div", { className: "learn-buttons remedies", role: "group", ariaLabel: learn.words.learn_remedies });
    this.clinic = make("div", { className: "learn-clinic" }, this.doctor, this.remedies);
  }

  /** What is played now: the broken game, and once a remedy is chosen the mended one beside it. */
  get games() {
    const { broken, remedy } = this, games = [{ title: broken.title, rules: broken.rules }];
    return remedy ? [...games, { title: remedy.title, rules: { ...broken.rules, ...remedy.mend } }] : games;
  }

  /** What is to be done now. */
  get task() {
    const { words } = this.learn, { steps } = this.lesson.reached;
    return this.remedy ? say(words.learn_compare, { steps: grouped(steps ?? 0) }) : this.lesson.do;
  }

  /** Break it in this way. @param {Break} one */
  choose(one) {
    this.broken = one;
    this.remedy = null;
    this.says = [null, null];
    this.learn.remember(one.id);
    this.play();
  }

  /** Play it again, and the mended one beside it. @param {Remedy} remedy */
  mend(remedy) {
    this.remedy = remedy;
    this.says = [this.says[0], null];
    this.play();
  }

  /** Begin, in sight: on a phone what was clicked is a screen away from the points. */
  play() {
    this.learn.begin();
    this.learn.play();
    this.learn.stages.scrollIntoView({ block: "nearest" });
  }

  /** The games begin anew. */
  begin() {
    this.visits.make();
    this.asked = [Boolean(this.says[0]), false];
    this.show();
  }

  /** Another lesson: what the doctor still says is for nobody. */
  leave() { this.visits.make(); }

  /** Other numbers: what the doctor said was of others. */
  again() {
    this.says = [null, null];
    this.begin();
  }

  show() {
    const { words } = this.learn, { remedy } = this;
    for (const button of this.breaks.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.id === this.broken.id));
    const told = this.games.flatMap(({ title }, i) => this.says[i] ? [make("p", {}, make("b", {}, `${title}: `), this.sentence(/** @type {Word} */ (this.says[i])))] : []);
    this.doctor.replaceChildren(make("h3", {}, words.learn_doctor), ...told);
    this.doctor.hidden = !told.length;
    const shown = !this.lesson.doctor || this.asked[0] || remedy;
    const held = [...this.remedies.querySelectorAll("button")].find((one) => one === document.activeElement)?.dataset.id;      // the keyboard stays where it is
    this.remedies.replaceChildren(...(shown ? [make("span", {}, words.learn_remedies), ...this.offered.map((one) => {
      const button = make("button", { type: "button", className: "act remedy", onclick: () => this.mend(one) }, one.id === DOCTORS ? say(words.learn_doctors, { remedy: one.title }) : one.title);
      button.dataset.id = one.id;
      button.setAttribute("aria-pressed", String(one.id === remedy?.id));
      return button;
    })] : []));
    if (held) [...this.remedies.querySelectorAll("button")].find(({ dataset }) => dataset.id === held)?.focus({ preventScroll: true });
  }

  /** @param {Word} word */
  sentence({ sentence, others, remedy }) {
    const { words } = this.learn, unplayable = remedy && !playable(remedy.changes);
    return joined(sentence, ...others, unplayable ? say(words.learn_doctor_would, { remedy: remedy.label }) : "");
  }

  /** What may be tried, the best first: what cures any of the breakdowns and changes this one, and what the doctor suggests. @returns {Remedy[]} */
  get offered() {
    const { broken, lesson: { breaks } } = this, suggested = this.says[0]?.remedy, known = Object.keys(broken.cured);
    const each = [broken, ...breaks].filter((one, i, all) => all.findIndex(({ mended }) => mended === one.mended) === i);
    const kept = known.length ? known.flatMap((id) => breaks.find((one) => one.id === id) ?? []) : each;
    /** @type {Remedy[]} */
    const offered = kept.map(({ id, mended, mend }) => ({ id, title: mended, mend, cured: broken.cured[id] }));
    if (!suggested || !playable(suggested.changes)) return offered;
    const cured = broken.doctors.find(({ changes }) => same(changes, suggested.changes))?.cured, at = offered.findIndex((one) => (one.cured ?? 0) < (cured ?? 0));
    return offered.toSpliced(at < 0 ? offered.length : at, 0, { id: DOCTORS, title: suggested.label, mend: suggested.changes, cured });
  }

  /** Called while it is played: the doctor looks when it is time, and what was reached is said. */
  judge() {
    const { learn, lesson, remedy } = this, { reached } = lesson, { words } = learn, [table, mended] = learn.tables;
    if (lesson.doctor && !this.asked[0] && table.steps >= lesson.doctor) this.consult(0);
    if (!remedy || !mended || learn.reached || table.steps < (reached.steps ?? 0)) return;
    if (lesson.doctor && !this.asked[1]) this.consult(1);
    const own = this.broken.id === remedy.id, { trials } = lesson;
    const often = trials && remedy.cured !== undefined ? say(words.learn_trials, { cured: remedy.cured, trials }) : "";
    if (mended.found < (reached.groups ?? 0)) {
      const late = table.steps >= LONG * (reached.steps ?? 0), { found } = mended;
      learn.tell(late ? joined(say(words.learn_no_cure, { found }), often, words.learn_try_another) : say(words.learn_not_yet, { found }));
      return;
    }
    learn.reached = true;
    const verdict = say(words.learn_verdict, { broken: table.best, mended: mended.best });
    learn.tell(joined(verdict, own ? this.broken.why : "", often), true);
  }

  /** Let the doctor look at a game: the broken one waits meanwhile for a remedy. @param {number} which */
  consult(which) {
    const { learn } = this, table = learn.tables[which], alone = !this.remedy, here = this.visits.standing();
    this.asked[which] = true;
    if (alone) learn.pause();
    return learn.safely(async () => {
      try {
        /** @type {Word} */
        const word = await learn.server.ask("learn/doctor", { rules: table.game.rules, ...table.recorder?.told });
        if (!here()) return;
        this.says[which] = word;
        learn.told.textContent = word.sentence;      // for screen readers
      } finally {
        if (here()) this.show();
        if (here() && alone) learn.tell(learn.words.learn_choose_remedy);
      }
    });
  }
}

/** Whether both change the same. @param {Record<string, any>} a @param {Record<string, any>} b */
function same(a, b) { return Object.keys({ ...a, ...b }).every((name) => a[name] === b[name]); }

/** Whether a game of points knows these settings. @param {Record<string, any>} changes */
function playable(changes) { return Object.keys(changes).every((name) => name in USUAL); }
