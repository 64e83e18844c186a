// The wall of the lesson "Break it, mend it": what one can break, and what may cure it.

import { make } from "../shared/page.js";

/** @typedef {import("./learn.js").Learn} Learn */
/** @typedef {import("./learn.js").Break} Break */

/** The breakdowns that one can cause. @param {Learn} learn */
export function breaksOf(learn) {
  return make("div", { className: "breaks", role: "group", ariaLabel: learn.words.learn_breaks }, ...learn.lesson.breaks.map((one) => {
    const button = make("button", { type: "button", className: "break", onclick: () => learn.choose(one) }, make("strong", {}, one.title), make("span", {}, one.about));
    button.dataset.id = one.id;
    return button;
  }));
}

/** What cures any of them: to be tried on the one that is broken, too. @param {Learn} learn */
export function remediesOf(learn) {
  const titles = [...new Set(learn.lesson.breaks.map(({ mended }) => mended))];
  return make("div", { className: "learn-buttons", role: "group", ariaLabel: learn.words.learn_remedies }, make("span", {}, learn.words.learn_remedies), ...titles.map((title) => {
    const button = make("button", { type: "button", className: "act remedy", onclick: () => learn.choose(/** @type {Break} */ (learn.broken), title) }, title);
    button.dataset.id = title;
    return button;
  }));
}
