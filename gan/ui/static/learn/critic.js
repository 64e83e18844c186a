// Be the critic: ten letters, real or made, judged by a person and by two discriminators, today's and a beginner.

import { joined, make, penOf, say } from "../shared/page.js";

/** @typedef {import("./learn.js").Learn} Learn */
/** @typedef {{ round: string, side: number, pictures: { letter: string, grey: string }[] }} Dealt */
/** @typedef {{ nickname: string, right: number, its: number, of: number }} Score */
/** @typedef {"today" | "beginner"} Judge */
/** What a discriminator said. @typedef {{ taken: boolean[], sure: number[], right: number }} Judged */
/** The class's, and whether whoever asks may clear them. @typedef {{ scores: Score[] | null, clears: boolean }} Scores */
/** @typedef {Scores & { real: boolean[], right: number, judges: Record<Judge, Judged> }} Answer */

/** @type {Judge[]} */
const JUDGES = ["today", "beginner"];

const NICKNAME = "gan-studio-nickname";

export class Critic {
  round = "";
  /** What the person says of each picture. @type {(boolean | null)[]} */
  guesses = [];
  /** Whom the person plays against. @type {Judge} */
  judge = "today";
  /** What came of the round, once it is over. @type {Answer | null} */
  over = null;
  /** Of all rounds so far. */
  total = { right: 0, today: 0, beginner: 0, of: 0 };

  /** @param {Learn} learn @param {import("./learn.js").Lesson} lesson */
  constructor(learn, lesson) {
    const { words } = learn;
    this.learn = learn;
    this.lesson = lesson;
    this.words = words;
    this.cards = make("div", { className: "critic-cards" });
    this.opponents = make("div", { className: "learn-buttons critic-against", role: "group", ariaLabel: words.critic_against }, make("span", {}, words.critic_against), ...JUDGES.map((judge) => {
      const button = make("button", { type: "button", className: "act", id: `critic-${judge}`, onclick: () => this.playAgainst(judge) }, judge === "today" ? words.critic_today : words.critic_beginner);
      button.dataset.judge = judge;
      button.setAttribute("aria-pressed", String(judge === this.judge));
      return button;
    }));
    this.compare = make("button", { type: "button", id: "critic-compare", className: "act main", onclick: () => learn.safely(() => this.answer()) }, words.critic_compare);
    this.more = make("button", { type: "button", id: "critic-more", className: "act", onclick: () => learn.safely(() => this.deal()) }, words.critic_more);
    this.nickname = make("input", { type: "text", id: "critic-nickname", className: "field", maxLength: 16, autocomplete: "off", value: kept() });
    this.name = make("label", { className: "critic-name", hidden: true }, words.critic_nickname, this.nickname);
    this.told = make("p", { className: "critic-told", role: "status" });
    this.board = make("div", { className: "critic-board" });
    const side = make("div", { className: "learn-side" }, learn.goal, learn.told, this.name, make("div", { className: "learn-buttons" }, this.compare, this.more), this.told, this.board);
    this.element = make("div", { className: "learn-room" }, make("div", {}, this.opponents, this.cards), side);
  }

  async begin() {
    const [told] = await Promise.all([this.learn.server.ask("learn/critic/scores"), this.deal()]);
    this.name.hidden = !told.scores;
    this.list(told);
  }

  leave() { /* nothing goes on by itself */ }

  /** Ten new pictures. */
  async deal() {
    this.more.disabled = true;
    try {
      /** @type {Dealt} */
      const { round, side, pictures } = await this.learn.server.ask("learn/critic/deal", {});
      if (this.learn.activity !== this) return;      // another lesson is in front by now
      this.round = round;
      this.over = null;
      this.guesses = pictures.map(() => null);
      this.cards.replaceChildren(...pictures.map(({ letter, grey }, i) => this.card(letter, grey, side, i)));
      this.told.textContent = "";
      this.learn.tell(this.lesson.do);
      this.count();
    } finally { this.more.disabled = false; }
  }

  /** @param {string} letter @param {string} grey @param {number} side @param {number} i */
  card(letter, grey, side, i) {
    const name = say(this.words.critic_picture, { number: i + 1, letter });
    const canvas = make("canvas", { width: side, height: side, role: "img", ariaLabel: name });
    penOf(canvas).putImageData(greyImage(grey, side), 0, 0);
    const says = (/** @type {boolean} */ real) => {
      const text = real ? this.words.critic_real : this.words.critic_made;
      const button = make("button", { type: "button", className: "act", ariaLabel: `${name}: ${text}`, onclick: () => this.guess(i, real) }, text);
      button.dataset.real = String(real);
      button.setAttribute("aria-pressed", "false");
      return button;
    };
    return make("figure", { className: "critic-card" }, canvas, make("div", { className: "critic-says" }, says(true), says(false)), make("figcaption", {}));
  }

  /** @param {number} i @param {boolean} real */
  guess(i, real) {
    if (!this.round) return;
    this.guesses[i] = real;
    for (const button of this.cards.children[i].querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.real === String(real)));
    this.count();
  }

  count() {
    const done = this.guesses.filter((guess) => guess !== null).length;
    this.compare.disabled = done < this.guesses.length || !this.round;
    if (this.round) this.told.textContent = say(this.words.critic_judged, { done, all: this.guesses.length });
  }

  async answer() {
    const nickname = this.name.hidden ? "" : this.nickname.value.trim();
    keep(nickname);
    /** @type {Answer} */
    const answer = await this.learn.server.ask("learn/critic/answer", { round: this.round, guesses: this.guesses, judge: this.judge, nickname });
    if (this.learn.activity !== this) return;
    this.round = "";
    this.over = answer;
    this.count();
    const { total } = this;
    total.right += answer.right;
    for (const judge of JUDGES) total[judge] += answer.judges[judge].right;
    total.of += answer.real.length;
    this.compared();
    this.list(answer);
    this.more.focus();
  }

  /** Another opponent: of a round that is over, the same ten as that one saw them. @param {Judge} judge */
  playAgainst(judge) {
    this.judge = judge;
    for (const button of this.opponents.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.judge === judge));
    if (this.over) this.compared();
  }

  /** Who was right on what. */
  compared() {
    const { over, judge, total, words } = this;
    if (!over) return;
    const all = over.real.length, its = over.judges[judge];
    over.real.forEach((real, i) => this.show(i, real, its.taken[i], its.sure[i]));
    const result = say(judge === "today" ? words.critic_result_today : words.critic_result_beginner, { right: over.right, its: its.right, all });
    this.told.textContent = total.of > all ? say(words.critic_total, { right: total.right, its: total[judge], of: total.of }) : "";
    this.learn.tell(joined(result, this.lesson.said), true);
    this.learn.told.textContent = result;      // for screen readers
  }

  /** What a picture was, in words below it: a mark for each who was right. @param {number} i @param {boolean} real @param {boolean} taken @param {number} sure */
  show(i, real, taken, sure) {
    const card = this.cards.children[i], { words } = this;
    const line = (/** @type {string} */ who, /** @type {boolean} */ right) => make("span", { className: right ? "hit" : "miss" }, `${right ? "\u2713" : "\u2717"} ${who}`);
    card.classList.add(real ? "real" : "made");
    for (const button of card.querySelectorAll("button")) button.disabled = true;
    card.querySelector("figcaption")?.replaceChildren(
      make("b", {}, real ? words.critic_was_real : words.critic_was_made), line(words.critic_you, this.guesses[i] === real),
      line(say(words.critic_it, { sure: Math.round(100 * sure) }), taken === real));
  }

  /** The class's scores, and what empties them where one may. @param {Scores} told */
  list({ scores, clears }) {
    if (!scores?.length) return this.board.replaceChildren();
    const { words } = this, percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`;
    const row = (/** @type {"td" | "th"} */ tag, /** @type {string[]} */ cells) => make("tr", {}, ...cells.map((cell) => make(tag, {}, cell)));
    const clear = make("button", { type: "button", id: "critic-clear", className: "act", onclick: () => this.learn.safely(() => this.clear()) }, words.critic_clear);
    this.board.replaceChildren(make("table", {}, make("caption", {}, words.critic_class),
      make("thead", {}, row("th", [words.critic_nickname, words.critic_you, words.critic_its, words.critic_rounds])),
      make("tbody", {}, ...scores.map(({ nickname, right, its, of }) => row("td", [nickname, percent(right / of), percent(its / of), String(of / 10)])))), ...(clears ? [clear] : []));
  }

  /** Forget the class's scores: for whoever runs the studio. */
  async clear() { this.list(await this.learn.server.ask("learn/critic/clear", {})); }
}

/** A grey picture from its bytes in base 64. @param {string} text @param {number} side */
export function greyImage(text, side) {
  const image = new ImageData(side, side);
  [...atob(text)].forEach((letter, i) => image.data.set([letter.charCodeAt(0), letter.charCodeAt(0), letter.charCodeAt(0), 255], 4 * i));
  return image;
}

/** The nickname that was taken last in this browser. */
function kept() {
  try { return localStorage.getItem(NICKNAME) ?? ""; } catch { return ""; }      // private windows may forbid it
}

/** @param {string} nickname */
function keep(nickname) {
  try { localStorage.setItem(NICKNAME, nickname); } catch { /* then it is typed again */ }
}
