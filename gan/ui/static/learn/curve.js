// The numbers of a game, and small pictures of how they went.

import { make } from "../shared/page.js";

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} title @param {number[][]} lines @param {string[]} names @param {[number, number]} [range] */
function curve(title, lines, names, range) {
  const figure = make("figure", {}, make("figcaption", {}, make("b", {}, title), ...names.map((name, i) => make("span", { className: `legend line${i}` }, name))));
  const svg = document.createElementNS(SVG, "svg"), all = lines.flat();
  const [low, high] = range ?? [Math.min(0, ...all), Math.max(1e-3, ...all)];
  svg.setAttribute("viewBox", "0 0 320 84");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  lines.forEach((line, i) => {
    const path = document.createElementNS(SVG, "path"), far = Math.max(line.length - 1, 1);
    path.setAttribute("class", `line${i}`);
    path.setAttribute("fill", "none");
    path.setAttribute("d", line.map((value, x) => `${x ? "L" : "M"}${(320 * x / far).toFixed(1)},${(82 - 80 * (value - low) / (high - low || 1)).toFixed(1)}`).join(""));
    svg.append(path);
  });
  figure.append(svg);
  return figure;
}

/** The numbers of the last step. @param {Record<string, string>} words @param {import("./table.js").Table} table */
export function numbersOf(words, { game }) {
  const percent = (/** @type {number} */ share) => `${Math.round(100 * share)} %`, number = (/** @type {number} */ value) => value.toFixed(3);
  const rows = [[words.learn_loss_d, number(game.told.loss)], [words.learn_loss_g, number(game.lossG)],
    [words.learn_right, percent(game.told.right)], [words.learn_caught, percent(game.told.caught)]];
  return rows.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]);
}

/** How they went. @param {Record<string, string>} words @param {import("./table.js").Table} table */
export function curvesOf(words, { curves }) {
  return [curve(words.learn_losses, [curves.lossD, curves.lossG], [words.learn_loss_d, words.learn_loss_g]),
    curve(words.learn_rightness, [curves.right, curves.caught], [words.learn_right, words.learn_caught], [0, 1])];
}
