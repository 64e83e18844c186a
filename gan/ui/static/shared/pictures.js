// The pictures to train on: dropped, chosen, from the Hub or from another model; sent, read, and what there is to say of them.

import { NewestWins } from "./newest.js";
import { byId, canDrop, chosenIn, say, there } from "./page.js";

/** @typedef {import("./server.js").Server} Server */
/** @typedef {import("./alert.js").Alert} Alert */
/** @typedef {import("./newest.js").Stands} Stands */
/** @typedef {import("./types.js").Words} Words */
/** @typedef {import("./types.js").Source} Source */
/** @typedef {import("./types.js").SetReport} SetReport */

const WORDS = ".txt";         // files of words: gan/studio/data/word_lists.py
const SOUNDS = /\.wave?$/i;    // and of sounds: gan/studio/data/sound_sets.py
const AT_ONCE = 4;            // files on their way
const MOST_FILES = 25000;
const LOOK = 400;             // milliseconds between two looks at how the reading goes
const OFFLINE = 2000;         // likewise, where nobody answers
const GONE = "no-set";        // gan/errors.py
const UNREADABLE = "unreadable";

export class Pictures {
  /** The set of this app, what it is drawn from, and what was found in it.
   * @type {string | null} */
  id = null;
  /** @type {"files" | Source | null} */
  source = null;
  /** @type {SetReport | null} */
  report = null;
  /** The set that could be read once: what its files are worth is known.
   * @type {string | null} */
  proven = null;
  turns = new NewestWins();
  /** Whether the files on their way are still wanted.
   * @type {Stands | null} */
  sending = null;
  /** @type {File[]} */
  unsent = [];
  /** Whether they came after a person chose the base last. */
  fresh = false;
  /** The settings in force.
   * @type {Record<string, any>} */
  look = {};
  /** Until the newest reading is ordered.
   * @type {Promise<void>} */
  beginning = Promise.resolve();
  /** Called when pictures are to come that are no example, before anything is read. */
  others = () => {};
  listening = false;
  /** Where the sheet that is shown comes from.
   * @type {string | null} */
  sheet = null;

  /** `shape()` tells {base, side, channels} that the pictures are read for, `changed()` is called when there is another report or none, `misfits()`
      tells whether words are there where pictures are needed, or whatever else does not fit.
   * @param {Server} server
   * @param {Words} words
   * @param {Alert} alert
   * @param {() => { base: string, side: number, channels: number }} shape
   * @param {() => void} changed
   * @param {() => boolean} [misfits] */
  constructor(server, words, alert, shape, changed, misfits = () => false) {
    this.server = server;
    this.words = words;
    this.alert = alert;
    this.shape = shape;
    this.changed = changed;
    this.misfits = misfits;
  }

  listen() {
    const drop = byId("drop");
    if (!drop || this.listening) return;
    this.listening = true;
    this.enable();
    there("drop-words").textContent = canDrop() ? this.words.drop_pictures : this.words.tap_pictures;
    there("sheet-augmented-words").textContent = this.words.sheet_augmented;
    for (const id of ["pictures-input", "folder-input"]) chosenIn(there(id, HTMLInputElement), (files) => this.take(files));
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    there("sheet-augmented").addEventListener("change", () => this.showSheet());
  }

  /** Examples for whoever has no pictures: a click takes one.
   * @param {import("./types.js").Example[]} examples
   * @param {(example: import("./types.js").Example) => void} take */
  offer(examples, take) {
    const place = byId("examples");
    if (!place || place.childElementCount) return;
    const words = Object.assign(document.createElement("p"), { className: "quiet", textContent: this.words.no_pictures });
    place.setAttribute("aria-label", this.words.no_pictures);
    place.append(words, ...examples.map((example) => {
      const { name, title } = example;
      const button = Object.assign(document.createElement("button"), { type: "button", className: "example" });
      const picture = Object.assign(document.createElement("img"), { src: `studio/train/example/${name}.webp`, alt: title, loading: "lazy" });
      const below = Object.assign(document.createElement("span"), { textContent: title });
      below.setAttribute("aria-hidden", "true");      // the picture is called the same
      button.append(picture, below);
      button.onclick = () => take(example);
      return button;
    }));
  }

  /** What can be cleared must be there. */
  enable() { there("do-clear-pictures", HTMLButtonElement).disabled = !this.source; }

  /** The name of the example that is there. */
  get example() { return this.source instanceof Object && "example" in this.source ? this.source.example : null; }

  get ready() { return this.report !== null; }

  /** @param {DataTransfer} transfer */
  async dropped(transfer) {
    byId("drop")?.classList.remove("over");
    await this.take(await filesIn(transfer));
  }

  /** Send files, to those that came before, and read all.
   * @param {File[]} files */
  async take(files) {
    const wanted = files.filter((file) => !file.name.startsWith(".")).slice(0, MOST_FILES);
    if (!wanted.length) return;
    this.fresh = true;
    if (this.sending?.()) return void this.unsent.push(...wanted);
    const stands = this.sending = this.turns.make();
    this.unsent = wanted;
    this.alert.clear("pictures");
    try {
      if (this.source !== "files" || !this.id || this.replacedBy(wanted)) {
        const { id } = await this.server.ask("train/set", {});
        if (!stands()) return;
        this.id = id;
        this.others();
        this.fresh = true;      // also for another base
        this.forget();
      }
      this.source = "files";
      await this.send(stands);
      if (stands()) await this.read(stands);
    } catch (error) { this.fail(error, stands); }
  }

  /** Whether these files take the place of those that are there, which are of no use to the base: a list of words instead of pictures, or
      the other way round.
   * @param {File[]} files */
  replacedBy(files) {
    const words = files.every((file) => file.name.toLowerCase().endsWith(WORDS)), sounds = files.every((file) => SOUNDS.test(file.name));
    return this.misfits() && (words ? "text" : sounds ? "sound" : "picture") !== (this.report?.makes ?? "picture");
  }

  /** Send what is to be sent, and what is given meanwhile.
   * @param {Stands} stands */
  async send(stands) {
    let done = 0, begun = 0;
    const work = async () => {
      while (this.unsent.length && stands()) {
        const file = /** @type {File} */ (this.unsent.shift());
        begun++;
        await this.server.sendFile(`train/set/${this.id}/file?name=${encodeURIComponent(file.name)}`, file);
        const all = begun + this.unsent.length;
        if (stands()) this.tell(say(this.words.sending, { n: ++done, all }), done / all);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (this.sending === stands) this.sending = null;
  }

  /** Read what came for the base that is chosen now, or have it drawn anew. */
  async again() {
    if (!this.source || this.fits() || this.sending?.()) return;
    const stands = this.turns.make();
    try {
      if (this.source === "files") await this.read(stands);
      else await this.drawn(this.source, stands);
    } catch (error) { this.fail(error, stands); }
  }

  fits() {
    const { side, channels } = this.shape();
    if (this.report?.makes === "text") return true;      // words have no size
    if (this.report && this.misfits()) return true;      // they wait for another base
    if (!this.report || this.report.side !== side) return false;
    return this.report.channels === (channels || (this.report.colour ? 3 : 1));
  }

  /** @param {Stands} stands */
  async read(stands) {
    this.forget();
    await this.patiently(() => this.beginReading(stands), stands);
    if (stands()) await this.follow(stands);
  }

  /** Have it read for the base that is chosen now, once nobody reads it for another one, or without the files that came last. One after the
      other: whoever has asked whether it is being read orders it before the next asks.
   * @param {Stands} stands */
  beginReading(stands) {
    const begun = this.beginning.then(() => this.orderReading(stands));
    this.beginning = begun.catch(() => {});
    return begun;
  }

  /** @param {Stands} stands */
  async orderReading(stands) {
    while ((await this.server.ask(`train/set/${this.id}`)).status === "reading") {
      await pause();
      if (!stands()) return;
    }
    if (stands()) await this.server.ask(`train/set/${this.id}/read`, this.shape());
  }

  /** What `ask` gives. Where nobody answers that is said, and asked again: what was sent is at the app. Null once it does not stand.
   * @template T
   * @param {() => Promise<T>} ask
   * @param {Stands} stands
   * @returns {Promise<T | null>} */
  async patiently(ask, stands) {
    while (stands()) {
      try { return await ask(); } catch (error) {
        if (error.code !== "offline" || !stands()) throw error;
        this.tell(error.message, null);
      }
      await pause(OFFLINE);
    }
    return null;
  }

  /** Pictures of a dataset on the Hub, {dataset}, of an example, {example}, or of another model, {model, count}.
   * @param {Source} source */
  async draw(source) {
    const stands = this.turns.make();
    if (!("example" in source)) this.others();
    this.fresh = true;
    this.alert.clear("pictures");
    try { await this.drawn(source, stands); } catch (error) { this.fail(error, stands); }
  }

  /** @param {Source} source
   * @param {Stands} stands */
  async drawn(source, stands) {
    this.source = source;
    this.forget();
    this.tell(this.words.fetching, null);
    const { id } = await this.server.ask("train/drawn", { ...source, ...this.shape() });
    if (!stands()) return;
    this.id = id;
    await this.follow(stands);
  }

  /** @param {Stands} stands */
  async follow(stands) {
    for (;;) {
      const told = await this.patiently(() => this.server.ask(`train/set/${this.id}`), stands);
      if (!told || !stands()) return;
      if (told.status === "ready") return this.show(told.report);
      if (told.status === "empty" && this.source === "files") return this.read(stands);      // the app began anew meanwhile
      if (told.status !== "reading") throw this.server.sentence(told.error ?? this.words.pictures_gone, UNREADABLE);
      this.tell(told.words || say(this.words.reading, { n: told.done }), null);
      await pause();
    }
  }

  /** @param {any} error
   * @param {Stands} stands */
  fail(error, stands) {
    if (!stands()) return;
    const keeps = this.keeps(error, stands);
    this.turns.make();      // whatever else is on its way stops
    if (!keeps) {
      this.id = this.source = null;
      this.forget();
    }
    this.tell("", 1);
    this.alert.show(error, "pictures");
    this.changed();
  }

  /** Whether what is there stays of use, whatever went wrong: it can be learned from; or it is files that all came, of which nothing says
      that none can be read.
   * @param {any} error
   * @param {Stands} stands */
  keeps(error, stands) {
    if (error.code === GONE) return false;
    if (this.report) return true;
    if (this.source !== "files" || !this.id) return false;
    return this.proven === this.id || (this.sending !== stands && error.code !== UNREADABLE);
  }

  clear() {
    this.turns.make();
    this.id = this.source = null;
    this.alert.clear("pictures");
    this.forget();
    this.tell("", 1);
    this.changed();
  }

  forget() {
    this.report = null;
    const place = byId("report");
    if (place) place.hidden = true;
    this.changed();
  }

  /** @param {SetReport} report */
  show(report) {
    this.report = report;
    this.proven = this.id;
    this.tell("", 1);
    there("findings").replaceChildren(...report.sentences.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
    there("report").hidden = false;
    this.changed();
  }

  /** What the networks will see; with the box ticked as the discriminator gets them. `look` holds the settings in force.
   * @param {Record<string, any>} [look] */
  showSheet(look = this.look) {
    this.look = look;
    if (!this.report || !byId("set-sheet")) return;
    const query = new URLSearchParams({ of: String(this.report.count), side: String(this.report.side) });
    if (there("sheet-augmented", HTMLInputElement).checked) {
      query.set("augment", (look.augment ?? []).join(","));
      query.set("p", String(look.augment_p ?? 1));
      query.set("mirror", look.mirror ? "on" : "off");
    }
    const address = `train/set/${this.id}/sheet.webp?${query}`, image = there("set-sheet", HTMLImageElement);
    if (address !== this.sheet) this.fetchSheet(address, image);
    image.alt = there("sheet-title").textContent = this.report.makes === "text" ? this.words.sheet_words : this.words.sheet_title;
    there("sheet-augmented").parentElement?.classList.toggle("gone", (this.report.makes ?? "picture") !== "picture");
  }

  /** The sheet is for whoever gave the pictures: an address in an <img> would not say who asks.
   * @param {string} address
   * @param {HTMLImageElement} image */
  async fetchSheet(address, image) {
    this.sheet = address;
    try {
      const picture = URL.createObjectURL(await this.server.blob(address));
      if (address !== this.sheet) return URL.revokeObjectURL(picture);
      URL.revokeObjectURL(image.src);
      image.src = picture;
      image.dataset.address = address;      // which it shows
    } catch (error) {
      if (address !== this.sheet) return;
      this.sheet = null;
      this.alert.show(error, "pictures");
    }
  }

  /** A word on what is going on; `share` null where nobody knows how much is left.
   * @param {string} words
   * @param {number | null} share */
  tell(words, share) {
    there("upload-told").textContent = words;
    const bar = there("upload-progress", HTMLProgressElement);
    bar.hidden = share === 1;
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
  }
}

const pause = (rest = LOOK) => new Promise((resolve) => setTimeout(resolve, rest));

/** All files of a drop, those of dropped folders too.
 * @param {DataTransfer} transfer
 * @returns {Promise<File[]>} */
async function filesIn(transfer) {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  if (!entries.length) return [...transfer.files];
  /** @type {File[]} */
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

/** @param {FileSystemEntry} entry
 * @param {File[]} found */
async function walk(entry, found) {
  if (found.length >= MOST_FILES) return;
  if (entry.isFile) found.push(await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject)));
  else if (entry.isDirectory) {
    const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
    for (;;) {
      /** @type {FileSystemEntry[]} */
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return;
      for (const one of some) await walk(one, found);
    }
  }
}
