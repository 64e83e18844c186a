// The points of the lessons, and how many of their groups a generator has found.

import { Random } from "./random.js";

export const RADIUS = 1.5, SPREAD = 0.05, GROUPS = 8;
const REACH = 0.2, LEAST = 0.02;      // a group counts where so large a share of the samples lies so near

/** Eight groups on a circle, (count, 2). @param {number} count @param {number} seed @returns {Float64Array} */
export function ring(count = 4096, seed = 7) {
  const random = new Random(seed), points = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const [x, y] = centre(random.below(GROUPS));
    points[2 * i] = x + SPREAD * random.normal();
    points[2 * i + 1] = y + SPREAD * random.normal();
  }
  return points;
}

/** @param {number} group @returns {[number, number]} */
export function centre(group) {
  const angle = 2 * Math.PI * group / GROUPS;
  return [RADIUS * Math.cos(angle), RADIUS * Math.sin(angle)];
}

/** How many of the ring's groups the points (n, 2) have found, 0 to 8. @param {Float64Array} points */
export function groupsFound(points) {
  const counts = new Array(GROUPS).fill(0), n = points.length / 2;
  for (let i = 0; i < n; i++) {
    for (let group = 0; group < GROUPS; group++) {
      const [x, y] = centre(group);
      if (Math.hypot(points[2 * i] - x, points[2 * i + 1] - y) < REACH) counts[group]++;
    }
  }
  return counts.filter((count) => count >= LEAST * n).length;
}

/** A few thousand points near those that somebody drew, (n, 2). @param {[number, number][]} drawn */
export function around(drawn, count = 4096, seed = 7) {
  const random = new Random(seed), points = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const [x, y] = drawn[random.below(drawn.length)];
    points[2 * i] = x + SPREAD * random.normal();
    points[2 * i + 1] = y + SPREAD * random.normal();
  }
  return points;
}
