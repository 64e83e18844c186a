// The layout of a model whose file did not say all of it: settings by layer beside pictures that follow them.

import { KnobForm } from "../shared/settings_form.js";
import { make, putTile, say, there } from "../shared/page.js";
import { Newest, NewestWins } from "../shared/newest.js";

/** @typedef {import("../shared/server.js").Server} Server */
/** @typedef {import("../shared/types.js").Words} Words */
/** @typedef {Pick<import("../shared/types.js").Model, "id" | "revision" | "title" | "pixel_art">} Shown */
/** The settings of one layer. @typedef {{ key: string, title: string, fields: (import("../shared/schema.js").Knob & { value: any })[] }} Row */
/** By layer and setting. @typedef {Record<string, Record<string, any>>} Values */

const SEEDS = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const REST = 250;      // milliseconds without a change before the pictures follow

export class Layout {
  /** @type {Shown | null} */
  model = null;
  /** By layer.
   * @type {Map<string, KnobForm>} */
  forms = new Map();
  /** @type {Row[]} */
  rows = [];
  painted = 0;
  wishes = new NewestWins();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  waiting;

  /** `keep(id, revision, values)` makes a model of it.
   * @param {Server} server
   * @param {Words} words
   * @param {(model: Shown, values: Values) => unknown} keep */
  constructor(server, words, keep) {
    this.server = server;
    this.words = words;
    this.keep = keep;
    /** @type {Newest<Values>} */
    this.painter = new Newest((values) => this.paint(values), (error) => this.say(error.message));
  }

  /** @param {Shown} model */
  async open(model) {
    const query = `id=${encodeURIComponent(model.id)}&rev=${encodeURIComponent(model.revision ?? "")}`;
    const told = await this.wishes.grant(() => this.server.ask(`library/layout?${query}`));
    if (!told) return;
    this.model = model;
    this.show(told.rows, model);
    there("layout").scrollIntoView({ block: "start" });
  }

  /** @param {string} [id] */
  close(id = this.model?.id) {
    if (this.model?.id !== id) return;
    this.model = null;
    there("layout").hidden = true;
  }

  /** @param {Row[]} rows
   * @param {Shown} model */
  show(rows, model) {
    const { words } = this, place = there("layout");
    /** @param {string} textContent
     * @param {() => unknown} onclick
     * @param {string} id
     * @param {string} [className] */
    const act = (textContent, onclick, id, className = "act") => make("button", { type: "button", id, className, textContent, onclick });
    this.forms.clear();
    const parts = rows.map((row) => this.part(row));
    place.hidden = false;
    place.replaceChildren(
      make("h3", { textContent: say(words.layout_of, { title: model.title }) }), make("p", { className: "quiet", textContent: words.layout_info }),
      make("div", { className: "layout-two" },
           make("div", { className: "layout-see" }, make("div", { id: "layout-grid", className: "tiles" }), make("p", { id: "layout-told", role: "status" }),
                make("div", { className: "acts" }, act(words.layout_keep, () => this.keep(model, this.values), "do-layout-keep", "act main"),
                     act(words.reset, () => this.reset(), "do-layout-reset"), act(words.layout_close, () => this.close(), "do-layout-close"))),
           make("div", { className: "layout-rows" }, ...parts)));
    for (const [key, form] of this.forms) form.build(rows.find((row) => row.key === key)?.fields ?? [], `layout-${key || "all"}`);
    this.reset(rows);
  }

  /** The settings of one layer, or of the whole.
   * @param {Row} given */
  part({ key, title }) {
    const place = make("div", { className: "knobs" });
    this.forms.set(key, new KnobForm(place, () => this.changed()));
    return make("fieldset", {}, make("legend", { textContent: title }), place);
  }

  /** {layer: {setting: value}}: what differs from the model as it is. */
  get values() {
    const changed = [...this.forms].map(([key, form]) => [key, form.changes()]);
    return Object.fromEntries(changed.filter(([, values]) => Object.keys(values).length));
  }

  /** @param {Row[]} [rows] */
  reset(rows = this.rows) {
    this.rows = rows;
    for (const { key, fields } of rows) this.forms.get(key)?.fill(Object.fromEntries(fields.map(({ name, value }) => [name, value])));
    this.changed();
  }

  changed() {
    const { values } = this, same = !Object.keys(values).length;
    for (const button of ["do-layout-keep", "do-layout-reset"]) there(button, HTMLButtonElement).disabled = same;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.painter.want(values), REST);
  }

  /** @param {Values} values */
  async paint(values) {
    const { model } = this;
    if (!model) return;
    const images = await this.server.preview({ id: model.id, rev: model.revision, values, seeds: SEEDS });
    if (this.model !== model) return;
    there("layout-grid").replaceChildren(...images.map((image, i) => {
      const canvas = make("canvas", { role: "img", ariaLabel: say(this.words.card_picture, { title: model.title, seed: SEEDS[i] }) });
      putTile(canvas, image, model.pixel_art);
      return canvas;
    }));
    this.painted++;
    this.say("");
  }

  /** What cannot be is said beside the pictures, which stay as they were.
   * @param {string} words */
  say(words) {
    if (!this.model) return;
    there("layout-told").textContent = words;
    there("layout-grid").classList.toggle("stale", words !== "");
    if (words) there("do-layout-keep", HTMLButtonElement).disabled = true;
  }
}
