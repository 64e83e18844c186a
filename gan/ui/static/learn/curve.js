// A small picture of how some numbers went.

import { make } from "../shared/page.js";

const SVG = "http://www.w3.org/2000/svg";

/** @param {string} title @param {number[][]} lines @param {string[]} names @param {[number, number]} [range] */
export function curve(title, lines, names, range) {
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
