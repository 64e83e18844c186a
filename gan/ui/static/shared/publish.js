// Publishing a model on the Hub: its name there, who sees it, its licence, as whom, and how the push goes.

import { byId, make, say, there } from "./page.js";

/** @typedef {import("./server.js").Server} Server */
/** @typedef {import("./alert.js").Alert} Alert */
/** @typedef {import("./types.js").Words} Words */
/** @typedef {import("./types.js").Publishing} Publishing */
/** What is to be published. @typedef {{ id: string, revision?: string | null, title: string, makes?: string }} Subject */

export class Publish {
  /** What the panel is open for.
   * @type {Subject | null} */
  subject = null;
  busy = false;

  /** `place` is the id of the section that is filled; where the page has none, nothing can be published.
   * @param {Server} server
   * @param {Words} words
   * @param {Alert} alert
   * @param {string} place */
  constructor(server, words, alert, place) {
    this.server = server;
    this.words = words;
    this.alert = alert;
    this.place = place;
  }

  /** Whether models can be published here. */
  get there() { return Boolean(byId(this.place)); }

  /** @param {Subject} subject */
  async open(subject) {
    if (this.busy) return;
    this.subject = subject;
    const query = new URLSearchParams({ model: subject.id, rev: subject.revision ?? "" });
    const told = await this.server.ask(`publish/about?${query}`);
    if (this.subject !== subject) return;
    this.show(subject, told);
  }

  /** @param {string} [id] */
  close(id = this.subject?.id) {
    if (this.busy || !this.there || !this.subject || this.subject.id !== id) return;
    this.subject = null;
    there(this.place).hidden = true;
    there(this.place).replaceChildren();
  }

  /** @param {Subject} subject
   * @param {Publishing} told */
  show(subject, told) {
    const { words } = this, place = there(this.place);
    const head = make("h3", { textContent: say(words.publish_of, { title: subject.title }), tabIndex: -1 });
    const close = make("button", { type: "button", className: "mini", textContent: words.layout_close, onclick: () => this.close() });
    const form = make("form", { className: "publish-form" }, this.what(subject), this.seen(told), this.name(), this.licence(told), ...this.person(told),
                      make("button", { type: "submit", className: "act main", textContent: words.publish_do }));
    form.onsubmit = (event) => { event.preventDefault(); this.push(subject, form); };
    place.replaceChildren(make("div", { className: "scored-head" }, head, close), make("p", { className: "quiet", textContent: words.publish_info }),
                          make("p", { className: "quiet", textContent: this.terms(told) }), told.who ? form : this.signIn(),
                          make("p", { className: "publish-told quiet", role: "status" }), make("progress", { max: 1, value: 0, hidden: true, ariaLabel: words.publish_do }));
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
    head.focus({ preventScroll: true });
  }

  /** @param {Publishing} told */
  terms({ base, terms, unsaid }) {
    if (!base) return this.words.publish_own;
    return say(unsaid ? this.words.publish_unsaid : this.words.publish_base, { base, terms });
  }

  /** No page can paint words.
   * @param {Subject} subject */
  what({ makes }) {
    const { words } = this;
    /** @type {[string, string, boolean][]} */
    const space = (makes ?? "picture") !== "picture" ? [] : [["space", words.publish_space, false]];
    return choices(words.publish_what, "what", [["model", words.publish_model, false], ...space]);
  }

  name() {
    return labelled(this.words.publish_repo, this.words.publish_repo_info,
                    make("input", { name: "repo", className: "field", type: "text", required: true, maxLength: 193, placeholder: "user/name", autocomplete: "off", spellcheck: false }));
  }

  /** @param {Publishing} told */
  seen({ unsaid }) {
    const { words } = this;
    return choices(words.publish_seen, "seen", [["private", words.publish_private, false], ["public", words.publish_public, unsaid]]);
  }

  /** @param {Publishing} told */
  licence({ choices: all, usual }) {
    const options = all.map(({ id, title }) => make("option", { value: id, textContent: title, selected: id === usual }));
    const first = usual ? [] : [make("option", { value: "", textContent: this.words.publish_choose, selected: true })];
    return labelled(this.words.look_licence, "", make("select", { name: "licence", className: "field", required: true }, ...first, ...options));
  }

  /** As whom: a token is typed where nobody is signed in, or where it is to be somebody else.
   * @param {Publishing} told */
  person({ who, shared }) {
    const { words } = this;
    if (shared) return [make("p", { className: "quiet", textContent: say(words.publish_as, { name: who }) })];
    const token = make("input", { name: "token", className: "field", type: "password", required: who === "token", maxLength: 400, autocomplete: "off" });
    return [labelled(words.publish_token, who === "here" ? words.publish_token_here : words.publish_token_info, token)];
  }

  /** Where several people share a Space each signs in as themselves: in a tab of its own, since the Hub's pages show in no frame. */
  signIn() {
    return make("p", {}, make("a", { className: "act", href: "login/huggingface", target: "_blank", textContent: this.words.publish_sign_in }));
  }

  /** @param {Subject} subject
   * @param {HTMLFormElement} form */
  async push(subject, form) {
    if (this.busy) return;
    const data = new FormData(form), place = there(this.place), repo = String(data.get("repo")).trim();
    const told = /** @type {HTMLElement} */ (place.querySelector(".publish-told")), bar = /** @type {HTMLProgressElement} */ (place.querySelector("progress"));
    const body = JSON.stringify({ model: subject.id, rev: subject.revision ?? "", repo, public: data.get("seen") === "public", space: data.get("what") === "space",
                                  licence: data.get("licence"), token: data.get("token") ?? "" });
    this.enable(form, false);
    bar.hidden = false;
    this.alert.clear("deed");
    try {
      const { published } = await this.server.told("publish/push", body, ({ done, words }) => {
        told.textContent = words;
        if (done === null) bar.removeAttribute("value");
        else bar.value = done;
      });
      const link = make("a", { href: published.url, target: "_blank", rel: "noopener noreferrer", textContent: this.words.open_hub });
      told.replaceChildren(`${say(published.created ? this.words.publish_new : this.words.publish_again, { repo })} `, link);
      /** @type {HTMLInputElement | null} */
      const token = form.querySelector("[name=token]");
      if (token) token.value = "";
    } catch (error) {
      told.textContent = "";
      this.alert.show(error);
    } finally {
      bar.hidden = true;
      this.enable(form, true);
    }
  }

  /** @param {HTMLFormElement} form
   * @param {boolean} on */
  enable(form, on) {
    this.busy = !on;
    for (const one of form.querySelectorAll("button")) one.disabled = !on;
  }
}

/** One of a few, the first of them chosen: rows of its value, what it is called, and whether it cannot be had.
 * @param {string} legend
 * @param {string} name
 * @param {[string, string, boolean][]} rows */
function choices(legend, name, rows) {
  return make("fieldset", { className: "files" }, make("legend", { textContent: legend }), ...rows.map(([value, text, disabled], i) =>
    make("label", {}, make("input", { type: "radio", name, value, checked: i === 0, disabled }), make("span", { textContent: text }))));
}

/** @param {string} text
 * @param {string} info
 * @param {HTMLElement} field */
function labelled(text, info, field) {
  return make("label", { className: "labelled" }, make("span", { textContent: text }), field, ...(info ? [make("span", { className: "quiet", textContent: info })] : []));
}
