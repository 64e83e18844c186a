// The presenter's switch: all but the picture and chosen controls is away, with a sentence on top. A link can open like that.

import { byId, make, there } from "../shared/page.js";
import { query } from "../shared/recipe.js";

/** @typedef {import("./explore.js").Explore} Explore */

const ONLY = "only", SAY = "say";        // in the address
const LONGEST = 200;                     // characters of the sentence

export class Present {
  /** @param {Explore} explore */
  constructor(explore) {
    this.explore = explore;
    this.words = explore.words;
  }

  get on() { return document.body.hasAttribute("data-present"); }

  /** The panel in which one chooses, once it is on the page; a link may have chosen already. */
  modelChanged() {
    const panel = byId("present");
    if (!panel) return;
    if (!panel.childElementCount) this.build(panel);
    const kept = new Set(this.chosen());
    there("present-list").replaceChildren(...this.controls().map(([id, name]) => {
      const box = make("input", { type: "checkbox", value: id, checked: kept.has(id) });
      return make("label", {}, box, name);
    }));
    if (this.on) this.start(controlsIn(document.body.getAttribute("data-present") ?? ""));
  }

  /** A link that was opened has chosen. */
  begin() {
    const asked = new URLSearchParams(location.search), chosen = controlsIn(asked.get(ONLY) ?? "");
    if (asked.has(ONLY) && byId("present")) this.start(chosen, (asked.get(SAY) ?? "").slice(0, LONGEST));
  }

  /** What can be chosen: [its name in links, what people call it].
   * @returns {[string, string][]} */
  controls() {
    const { model } = this.explore, { words } = this;
    /** @type {[string, string][]} */
    const found = [["seed", words.seed], ["psi", words.psi]];
    if (model.classes.length) found.splice(1, 0, ["class", words.class]);
    for (let i = 0; i < model.directions; i++) found.push([`d${i}`, this.explore.directionName(i)]);
    found.push(["own", words.own]);
    return found;
  }

  chosen() { return [...byId("present-list")?.querySelectorAll("input") ?? []].filter((box) => box.checked).map((box) => box.value); }

  /** @param {HTMLElement} panel */
  build(panel) {
    const { words } = this;
    const say = make("input", { type: "text", id: "present-say", maxLength: LONGEST, placeholder: words.present_say, ariaLabel: words.present_say });
    /** @param {string} id
     * @param {string} text
     * @param {() => unknown} onclick */
    const act = (id, text, onclick) => make("button", { type: "button", className: "act", id, textContent: text, onclick });
    panel.append(make("summary", { textContent: words.present }), make("p", { className: "quiet", textContent: words.present_info }),
                 make("div", { id: "present-list" }), say,
                 make("div", { className: "acts" }, act("present-go", words.present_go, () => this.go()), act("present-link", words.copy, () => this.copy())));
    const bar = make("div", { id: "present-bar" }, make("p", { id: "present-said", role: "heading", ariaLevel: "1" }), act("present-leave", words.present_leave, () => this.leave()));
    there("tabs").before(bar);
    document.addEventListener("keydown", (event) => { if (event.key === "Escape" && this.on) this.leave(); });
  }

  get sentence() { return there("present-say", HTMLInputElement).value.trim(); }

  go() {
    this.start(this.chosen(), this.sentence);
    const address = this.address();
    history.replaceState(history.state, "", address);
    there("present-leave").focus();
  }

  /** The link that opens what is on the screen with the chosen controls. */
  address() {
    const asked = new URLSearchParams({ [ONLY]: this.chosen().join(","), ...(this.sentence && { [SAY]: this.sentence }) });
    return `?${query(this.explore.recipe)}&${String(asked).replaceAll("%2C", ",")}`;
  }

  async copy() {
    const { explore, words } = this;
    try { await navigator.clipboard.writeText(new URL(this.address(), location.href).href); explore.note(words.copied); }
    catch { explore.note(words.copy_failed); }
  }

  /** @param {string[]} chosen
   * @param {string} [sentence] undefined to leave it as it is */
  start(chosen, sentence) {
    if (sentence !== undefined) there("present-said").textContent = sentence;
    there("present-said").setAttribute("aria-label", there("present-said").textContent || document.title);      // the page's own heading is away
    document.body.setAttribute("data-present", chosen.join(" "));
    for (const part of byId("right")?.children ?? []) part.toggleAttribute("data-away", !chosen.some((id) => part.querySelector(`#${boxOf(id)}`)));
    this.explore.show();
  }

  leave() {
    document.body.removeAttribute("data-present");
    const address = new URL(location.href);
    for (const key of [ONLY, SAY]) address.searchParams.delete(key);
    history.replaceState(history.state, "", address);
    this.explore.remember();
    this.explore.show();
  }
}

/** The box that a control is in.
 * @param {string} id */
const boxOf = (id) => (id === "own" ? "own-body" : id.replace(/^d(?=\d)/, "direction"));

/** The controls that a link chooses; what is none of them is left out.
 * @param {string} text
 * @returns {string[]} */
export const controlsIn = (text) => text.split(/[ ,]/).filter((id) => /^(seed|psi|class|own|d[0-7])$/.test(id));
