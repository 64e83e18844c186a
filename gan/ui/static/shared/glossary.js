// What the field's words mean, one sentence each, where a word is met: a small button beside it opens the sentence. The Learn tab lists
// them all.

import { make, say, there } from "./page.js";

/** Beside what the button of a word stands: behind a label, at the end of a paragraph or a cell. All words have `term_` and `about_` rows
 * in the languages. @type {Record<string, string>} */
const PLACES = {
  seed: "#seed [data-testid=block-info]",
  latent: "#expert .prose p",
  truncation: "#psi [data-testid=block-info], #layers-body .layers-top label",
  direction: "#directions .prose.head p",
  noise: "#noise [data-testid=block-info]",
  layers: "#layers-body > p.quiet, #mix-body > p.quiet",
  spherical: "#path [data-testid=block-info]",
  easing: "#easing [data-testid=block-info]",
  generator: "#learn-g, #train-new > .block:first-child .prose p",
  discriminator: "#learn-d",
  pretrained: "#base [data-testid=block-info]",
  frechet: ".score-name.frechet",
};
const EDGE = 8, WIDEST = 320;      // pixels

export class Glossary {
  note = make("div", { id: "term-note", className: "term-note", role: "status" });
  /** The button whose sentence is open.
   * @type {HTMLButtonElement | null} */
  opener = null;

  /** @param {import("./types.js").Words} words */
  constructor(words) {
    this.words = words;
    this.note.setAttribute("popover", "manual");      // above all, whatever cuts its parents off
  }

  /** Begin. What comes to the page later gets its buttons from `place`. */
  listen() {
    there("skip").after(this.note);      // the one part of the page that is always there
    this.place();
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.opener) return;
      event.stopPropagation();      // it closes this and nothing else
      this.close();
    }, true);
    document.addEventListener("pointerdown", ({ target }) => {
      if (target instanceof Node && !this.note.contains(target) && !this.opener?.contains(target)) this.close();
    }, true);
    document.addEventListener("focusin", ({ target }) => { if (target !== this.opener) this.close(); });
    for (const event of ["scroll", "resize"]) window.addEventListener(event, () => this.moveNote(), true);
  }

  /** Put a button beside each word that is on the page and has none. */
  place() {
    if (this.opener && !this.opener.isConnected) this.close();
    for (const [term, where] of Object.entries(PLACES)) {
      for (const element of document.querySelectorAll(where)) if (!element.querySelector(".term") && !element.nextElementSibling?.matches(".term")) this.put(term, element);
    }
  }

  /** @param {string} term
   * @param {Element} element */
  put(term, element) {
    const button = this.button(term), label = element.closest("label"), input = label?.querySelector("input");
    if (label && input && !label.htmlFor) label.htmlFor = input.id ||= `${term}-input`;      // else the label would be the button's
    if (element.matches("p, .score-name")) element.append(" ", button);
    else element.after(button);
  }

  /** @param {string} term */
  button(term) {
    const button = make("button", { type: "button", className: "term", textContent: "?", ariaLabel: say(this.words.term_what, { term: this.words[`term_${term}`] }) });
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-controls", this.note.id);
    button.onclick = (event) => {
      event.preventDefault();      // it may stand in a label or a heading that opens something
      event.stopPropagation();
      if (this.opener === button) this.close();
      else this.open(button, term);
    };
    return button;
  }

  /** @param {HTMLButtonElement} button
   * @param {string} term */
  open(button, term) {
    this.close();
    this.opener = button;
    button.setAttribute("aria-expanded", "true");
    button.setAttribute("aria-describedby", this.note.id);
    this.note.showPopover?.();
    this.note.classList.add("open");
    this.note.replaceChildren(make("b", { textContent: this.words[`term_${term}`] }), make("p", { textContent: this.words[`about_${term}`] }));
    this.moveNote();
  }

  close() {
    const { opener } = this;
    if (!opener) return;
    this.opener = null;
    opener.setAttribute("aria-expanded", "false");
    opener.removeAttribute("aria-describedby");
    this.note.hidePopover?.();
    this.note.classList.remove("open");
    this.note.replaceChildren();
  }

  /** Below the button, or above it where there is more room. */
  moveNote() {
    if (!this.opener) return;
    const { left, top, bottom } = this.opener.getBoundingClientRect(), { clientWidth: room, clientHeight: high } = document.documentElement;
    const width = Math.min(WIDEST, room - 2 * EDGE), { style } = this.note;
    Object.assign(style, { width: `${width}px`, left: `${Math.max(EDGE, Math.min(left - EDGE, room - width - EDGE))}px` });
    const { height } = this.note.getBoundingClientRect(), below = bottom + EDGE;
    style.top = `${below + height <= high || top < height ? below : top - height - EDGE}px`;
  }

  /** All words, for the Learn tab. */
  list() {
    const rows = Object.keys(PLACES).flatMap((term) => [make("dt", { textContent: this.words[`term_${term}`] }), make("dd", { textContent: this.words[`about_${term}`] })]);
    return make("details", { id: "glossary", className: "more" }, make("summary", { textContent: this.words.glossary }), make("dl", {}, ...rows));
  }
}
