// What a repository of the Hub holds: its files, licence and commit, before anything large is fetched.

import { size } from "./cards.js";
import { NewestWins } from "../shared/newest.js";
import { make, say, there } from "../shared/page.js";

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {import("../shared/types.js").Look} Look */
/** @typedef {import("../shared/types.js").RepositoryFile} RepositoryFile */

const OTHERS = 40;      // files that are not read: so many are named

export class Repository {
  /** The file that is chosen.
   * @type {string | null} */
  file = null;
  looks = new NewestWins();

  /** @param {Server} server
   * @param {Words} words
   * @param {(source: string, file: string | null) => unknown} use */
  constructor(server, words, use) {
    this.server = server;
    this.words = words;
    this.use = use;
  }

  /** @param {string} source */
  async look(source) {
    const place = there("look"), stands = this.looks.make();
    place.hidden = false;
    place.replaceChildren(make("p", { className: "quiet", textContent: this.words.looking }));
    try {
      const look = await this.server.ask("library/look", { source });
      if (stands()) this.show(look);
    } catch (error) {
      if (!stands()) return;
      place.hidden = true;
      throw error;
    }
  }

  close() {
    this.looks.make();
    there("look").hidden = true;
  }

  /** @param {boolean} on */
  enable(on) {
    for (const one of there("look").querySelectorAll("button, input")) /** @type {HTMLButtonElement | HTMLInputElement} */ (one).disabled = !on;
  }

  /** @param {Look} look */
  show(look) {
    this.file = look.chosen;
    const page = make("a", { href: `https://huggingface.co/${look.id}`, target: "_blank", rel: "noopener noreferrer", textContent: this.words.open_hub });
    const facts = make("dl", {}, ...this.fact(this.words.look_licence, look.licence || this.words.licence_unknown),
                       ...this.fact(this.words.look_commit, look.revision.slice(0, 10)));
    there("look").replaceChildren(
      make("h3", { textContent: look.id }), facts, make("p", { className: "quiet" }, `${this.words.others_work} `, page),
      ...(look.chosen ? this.choice(look) : [make("p", { className: "trouble", textContent: look.trouble })]), ...this.rest(look));
  }

  /** @param {string} name
   * @param {string} value */
  fact(name, value) { return [make("dt", { textContent: name }), make("dd", { textContent: value })]; }

  /** The files that can be read, one of them chosen, and the button.
   * @param {Look} look */
  choice(look) {
    const use = make("button", { type: "button", id: "do-use", className: "act main", onclick: () => this.use(`${look.id}@${look.revision}`, this.another(look)) });
    const name = () => {
      const file = look.files.find((one) => one.name === this.file);
      use.textContent = say(this.words.use_size, { size: size(file?.size ?? 0) });
    };
    const rows = look.files.filter((file) => file.readable).map((file) => this.row(file, name));
    name();
    return [make("fieldset", { className: "files" }, make("legend", { textContent: this.words.look_files }), ...rows), use];
  }

  /** @param {RepositoryFile} file
   * @param {() => void} changed */
  row(file, changed) {
    const pick = make("input", { type: "radio", name: "file", value: file.name, checked: file.name === this.file,
                                 onchange: () => { this.file = file.name; changed(); } });
    return make("label", {}, pick, make("span", { textContent: file.name }),
                make("span", { className: "quiet", textContent: [size(file.size), file.note].filter(Boolean).join(" · ") }));
  }

  /** The file to ask for where it is not the usual one: the app then keeps the result as this person's own.
   * @param {Look} look */
  another(look) { return this.file === look.usual ? null : this.file; }

  /** @param {Look} look */
  rest(look) {
    const others = look.files.filter((file) => !file.readable);
    if (!others.length) return [];
    const lines = others.slice(0, OTHERS).map((file) => make("li", { textContent: [file.name, size(file.size), file.note].filter(Boolean).join(" · ") }));
    return [make("details", { className: "rest" }, make("summary", { textContent: say(this.words.look_rest, { n: others.length }) }), make("ul", {}, ...lines))];
  }
}
