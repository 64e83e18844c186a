// The way a person has come: each sensible step is an entry of the browser's history, so that Back and Forward lead along it and a
// reload finds where they were. What cannot be in a link, such as the tab, lies in the entry's own state.

import { NewestWins } from "./newest.js";
import { setAddress } from "./page.js";
import { text } from "./recipe.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {import("../studio.js").Tab} Tab */
/** Where somebody is: the tab, the picture of Explore, the run that is watched and the lesson.
 * @typedef {{ tab: Tab, recipe?: Recipe, run?: string | null, lesson?: string | null }} Place */

export class Trail {
  /** What the last step was made with: the same slider moved again makes no second step.
   * @type {string | null} */
  by = null;
  /** Whether the browser leads somewhere at the moment: what changes on the way is no step. */
  leading = false;

  /** Where the browser says that we are; a reload keeps it, a link that is opened has none.
   * @returns {Place | null} */
  get place() {
    const state = history.state;
    return state && typeof state === "object" && "tab" in state ? state : null;
  }

  /** This is where the page opens.
   * @param {Place} place */
  begin(place) { setAddress(null, place, false); }

  /** Somebody is somewhere else now; `query` is the address of it, null where the address stays. Where nothing can be seen to have
      changed, and where the same thing is moved on (`by`), that is no step.
   * @param {Partial<Place>} change
   * @param {string | null} query
   * @param {string | null} [by] */
  to(change, query, by = null) {
    if (this.leading) return;
    const before = this.place, now = { .../** @type {Place} */ ({ tab: "explore" }), ...before, ...change };
    const other = before !== null && isWhole(before) && seen(before) !== seen(now), on = by !== null && by === this.by;
    if (other) this.by = by;
    setAddress(query, now, other && !on);
  }

  /** Follow the browser's Back or Forward with `work`; what is moved after it is a step of its own. Whether it was followed to its end,
      and not overtaken by the next one.
   * @param {() => unknown} work */
  async follow(work) {
    const stands = this.#follows.make();
    this.leading = true;
    this.by = null;
    try { await work(); } finally { if (stands()) this.leading = false; }
    return stands();
  }

  #follows = new NewestWins();
}

/** Whether all is known of a place; at first its picture is not.
 * @param {Place} place */
const isWhole = ({ tab, recipe }) => tab !== "explore" || recipe !== undefined;

/** What can be seen at a place, as a text.
 * @param {Place} place */
function seen({ tab, recipe, run, lesson }) {
  if (tab === "explore") return JSON.stringify([tab, recipe && text(recipe)]);
  return JSON.stringify([tab, tab === "train" ? run ?? null : tab === "learn" ? lesson ?? null : null]);
}
