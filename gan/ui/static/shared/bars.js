// Shares side by side as bars, each with its 95 % interval: of classifiers, how many pictures they name right.

import { make } from "./page.js";

/** @typedef {import("./types.js").Bar} Bar */

/** A list, which reads as text too: the bars begin at 0 and end at 1.
 * @param {Bar[]} rows */
export function bars(rows) {
  return make("ul", { className: "bars" }, ...rows.map((row) => make("li", {}, make("span", {}, row.title), number(row), track(row))));
}

/** @param {Bar} row */
function number({ value, margin }) {
  const shown = `${(100 * value).toFixed(1)} %`;
  return make("span", { className: "bar-number" }, shown, ...(margin === null ? [] : [make("span", { className: "quiet" }, ` ± ${(100 * margin).toFixed(1)}`)]));
}

/** @param {Bar} row */
function track({ arm, value, margin }) {
  const fill = make("span", { className: `bar-fill of-${arm}` }), reach = make("span", { className: "bar-reach", hidden: margin === null });
  fill.style.width = percent(value);
  reach.style.left = percent(value - (margin ?? 0));
  reach.style.width = percent(Math.min(1, value + (margin ?? 0)) - Math.max(0, value - (margin ?? 0)));
  const whole = make("span", { className: "bar" }, fill, reach);
  whole.setAttribute("aria-hidden", "true");      // the number beside it says the same
  return whole;
}

/** @param {number} share */
const percent = (share) => `${100 * Math.min(1, Math.max(0, share))}%`;

/** Bars, and what they say.
 * @param {import("./types.js").Measured} measured */
export function measured({ bars: rows, verdicts, how, late }) {
  return [bars(rows), ...verdicts.map(({ words, verdict }) => make("p", { className: `verdict ${verdict.replaceAll(" ", "-")}` }, words)),
          ...(late ? [make("p", { className: "trouble" }, late)] : []), make("p", { className: "quiet" }, how)];
}
