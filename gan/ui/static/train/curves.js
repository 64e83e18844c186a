// Curves of a run as small SVG charts: no library, a few hundred points each, readable in light and dark.

import { measured } from "../shared/numbers.js";

/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/types.js").RunView} RunView */
/** @typedef {import("../shared/types.js").Curves} Curves */
/** @typedef {(number | null)[]} Values */
/** @typedef {{ key: string, from: "curves" | "signals", lines: string[], fixed?: [number, number], line?: number, percent?: boolean, log?: boolean,
 *   on?: (values: Values, train?: Record<string, any>) => boolean }} Chart */

const WIDTH = 320, HEIGHT = 96;
const NS = "http://www.w3.org/2000/svg";

/** What is drawn, from which of the view's tables; `fixed` holds the range that is always shown, `line` a value to compare with.
    `on` tells from the curve and from the settings in force whether a chart is there; without it, always. */
const CHARTS = /** @type {Chart[]} */ ([
  { key: "losses", from: "curves", lines: ["loss_d", "loss_g"] },
  { key: "accuracy", from: "curves", lines: ["accuracy_real", "accuracy_fake"], fixed: [0, 1], line: 0.5, percent: true },
  { key: "signals", from: "signals", lines: ["diversity", "nearest"], fixed: [0, 1], line: 1 },
  { key: "augment", from: "curves", lines: ["augment_p"], fixed: [0, 1], percent: true, on: (values, train) => train?.ada_target > 0 || moves(values) },
  { key: "path", from: "curves", lines: ["path_length"], on: (values) => values.some((value) => value !== null) },
  { key: "gradients", from: "curves", lines: ["grad_norm_d", "grad_norm_g"], log: true },
]);

/** Draw all charts into `place`; words are the page's.
 * @param {HTMLElement | null} place
 * @param {RunView | null} view
 * @param {Words} words */
export function drawCurves(place, view, words) {
  if (!place) return;
  const charts = CHARTS.filter(({ on, from, lines }) => !on || on(view?.[from]?.[lines[0]] ?? [], view?.state.train));
  place.replaceChildren(...charts.map((chart) => figure(chart, view?.[chart.from], words)));
}

/** @param {Values} values */
const moves = (values) => values.some((value) => value !== values[0]);

/** @param {Chart} chart
 * @param {Curves | undefined} table
 * @param {Words} words */
function figure(chart, table, words) {
  const made = document.createElement("figure"), caption = document.createElement("figcaption");
  const name = document.createElement("strong");
  name.textContent = words[`curve_${chart.key}`];
  caption.append(name, ...chart.lines.map((line, i) => legend(words[`curve_${line}`], table?.[line], i, chart)));
  const info = document.createElement("p");
  info.className = "quiet";
  info.textContent = words[`curve_${chart.key}_info`];
  made.append(caption, svg(chart, table), info);
  return made;
}

/** @param {string} word
 * @param {Values | undefined} values
 * @param {number} i
 * @param {Chart} chart */
function legend(word, values, i, chart) {
  const made = document.createElement("span"), last = values?.findLast((value) => value !== null) ?? undefined;
  made.className = `legend line${i}`;
  made.textContent = last === undefined ? word : `${word} ${shown(last, chart)}`;
  return made;
}

/** @param {number} value
 * @param {Chart} chart */
const shown = (value, chart) => (chart.percent ? `${Math.round(100 * value)} %` : measured(value));

/** @param {Chart} chart
 * @param {Curves | undefined} table */
function svg(chart, table) {
  const made = document.createElementNS(NS, "svg");
  made.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  made.setAttribute("preserveAspectRatio", "none");
  made.setAttribute("aria-hidden", "true");      // the legend tells the newest values in words
  const steps = table?.step ?? [];
  if (!steps.length) return made;
  /** @param {number} value */
  const scale = (value) => (chart.log ? Math.log10(Math.max(value, 1e-6)) : value);
  const all = chart.lines.flatMap((line) => table?.[line] ?? []).flatMap((value) => (value === null ? [] : scale(value)));
  const [low, high] = bounds(all, chart.fixed);
  /** @param {number} step */
  const x = (step) => (step - steps[0]) / (steps[steps.length - 1] - steps[0] || 1) * WIDTH;
  /** @param {number} value */
  const y = (value) => HEIGHT - 3 - (Math.min(Math.max(scale(value), low), high) - low) / (high - low || 1) * (HEIGHT - 6);
  if (chart.line !== undefined) made.append(path(`M0 ${y(chart.line)}H${WIDTH}`, "middle"));
  chart.lines.forEach((line, i) => made.append(path(course(steps, table?.[line] ?? [], x, y), `line${i}`)));
  return made;
}

/** The range to show: not stretched by the few largest values, which would make all others flat.
 * @param {number[]} values
 * @param {[number, number] | undefined} fixed */
function bounds(values, fixed) {
  const sorted = [...values].sort((a, b) => a - b);
  /** @param {number} share */
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))] ?? 0;
  const low = Math.min(at(0.02), fixed?.[0] ?? Infinity), high = Math.max(at(0.98), fixed?.[1] ?? -Infinity);
  return [low, high > low ? high : low + 1];
}

/** @param {number[]} steps
 * @param {Values} values
 * @param {(step: number) => number} x
 * @param {(value: number) => number} y */
function course(steps, values, x, y) {
  let pen = "M";
  if (steps.length === 1) return values[0] === null ? "" : `M0 ${y(values[0]).toFixed(1)}H${WIDTH}`;      // one value is level
  return steps.map((step, i) => {
    const value = values[i];
    if (value === null) { pen = "M"; return ""; }      // no number: a gap
    const word = `${pen}${x(step).toFixed(1)} ${y(value).toFixed(1)}`;
    pen = "L";
    return word;
  }).join("");
}

/** @param {string} course
 * @param {string} kind */
function path(course, kind) {
  const made = document.createElementNS(NS, "path");
  made.setAttribute("d", course);
  made.setAttribute("class", kind);
  made.setAttribute("vector-effect", "non-scaling-stroke");
  return made;
}
