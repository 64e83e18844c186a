// Be the critic: ten letters, real or made, judged by a person and by the discriminator.

import { make, penOf, say } from "../shared/page.js";

/** @typedef {import("./learn.js").Learn} Learn */
/** @typedef {{ round: string, side: number, pictures: { letter: string, grey: string }[] }} Dealt */
/** @typedef {{ nickname: string, right: number, its: number, of: number }} Score */
/** @typedef {{ real: boolean[], taken: boolean[], sure: number[], right: number, its: number, scores: Score[] | null }} Answer */

const NICKNAME = "gan-studio-nickname";

export class Critic {
  round = "";
  /** What the person says of each picture. @type {(boolean | null)[]} */
  guesses = [];
  /** Of all rounds so far. */
  total = { right: 0, its: 0, of: 0 };

  /** @param {Learn} learn @param {import("./learn.js").Lesson} lesson */
  constructor(learn, lesson) {
    const { words } = learn;
    this.learn = learn;
    this.lesson = lesson;
    this.words = words;
    this.cards = make("div", { className: "critic-cards" });
    this.compare = make("button", { type: "button", id: "critic-compare", className: "act main", onclick: () => learn.safely(() => this.answer()) }, words.critic_compare);
    this.more = make("button", { type: "button", id: "critic-more", className: "act", onclick: () => learn.safely(() => this.deal()) }, words.critic_more);
    this.nickname = make("input", { type: "text", id: "critic-nickname", className: "field", maxLength: 16, autocomplete: "off", value: kept() });
    this.name = make("label", { className: "critic-name", hidden: true }, words.critic_nickname, this.nickname);
    this.told = make("p", { className: "critic-told", role: "status" });
    this.board = make("div", { className: "critic-board" });
    const side = make("div", { className: "learn-side" }, learn.goal, learn.told, this.name, make("div", { className: "learn-buttons" }, this.compare, this.more), this.told, this.board);
    this.element = make("div", { className: "learn-room" }, this.cards, side);
  }

  async begin() {
    const [{ scores }] = await Promise.all([this.learn.server.ask("learn/critic/scores"), this.deal()]);
    this.name.hidden = !scores;
    this.list(scores);
  }

  leave() { /* nothing goes on by itself */ }

  /** Ten new pictures. */
  async deal() {
    this.more.disabled = true;
    try {
      /** @type {Dealt} */
      const { round, side, pictures } = await this.learn.server.ask("learn/critic/deal", {});
      this.round = round;
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
    const answer = await this.learn.server.ask("learn/critic/answer", { round: this.round, guesses: this.guesses, nickname });
    this.round = "";
    this.count();
    answer.real.forEach((real, i) => this.show(i, real, answer.taken[i], answer.sure[i]));
    const { total } = this, all = answer.real.length;
    total.right += answer.right;
    total.its += answer.its;
    total.of += all;
    const result = say(this.words.critic_result, { right: answer.right, its: answer.its, all });
    this.told.textContent = total.of > all ? say(this.words.critic_total, { right: total.right, its: total.its, of: total.of }) : "";
    this.learn.tell(`${result} ${this.lesson.said}`, true);
    this.learn.told.textContent = result;      // for screen readers
    this.list(answer.scores);
    this.more.focus();
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

  /** The class's scores. @param {Score[] | null} scores */
  list(scores) {
    if (!scores?.length) return this.board.replaceChildren();
    const { words } = this, percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`;
    const row = (/** @type {"td" | "th"} */ tag, /** @type {string[]} */ cells) => make("tr", {}, ...cells.map((cell) => make(tag, {}, cell)));
    this.board.replaceChildren(make("table", {}, make("caption", {}, words.critic_class),
      make("thead", {}, row("th", [words.critic_nickname, words.critic_you, words.critic_its, words.critic_rounds])),
      make("tbody", {}, ...scores.map(({ nickname, right, its, of }) => row("td", [nickname, percent(right / of), percent(its / of), String(of / 10)])))));
  }
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
