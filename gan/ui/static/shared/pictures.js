// The pictures to train on: dropped, chosen, from the Hub or from another model; sent, read, and what there is to say of them.

import { NewestWins } from "./newest.js";
import { byId, say } from "./page.js";

const AT_ONCE = 4;            // files on their way
const MOST_FILES = 25000;
const LOOK = 400;             // milliseconds between two looks at how the reading goes

export class Pictures {
  /** `shape()` tells {base, side} that the pictures are read for, `changed()` is called when there is another report or none. */
  constructor(server, words, alert, shape, changed) {
    Object.assign(this, { server, words, alert, shape, changed, id: null, source: null, report: null, turns: new NewestWins(), sending: null, unsent: [] });
  }

  listen() {
    const drop = byId("drop");
    if (!drop || this.listening) return;
    this.listening = true;
    this.enable();
    byId("drop-words").textContent = this.words.drop_pictures;
    byId("sheet-augmented-words").textContent = this.words.sheet_augmented;
    for (const id of ["pictures-input", "folder-input"]) {
      byId(id).addEventListener("change", (event) => { this.take([...event.target.files]); event.target.value = ""; });
    }
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.classList.add("over"); });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    byId("sheet-augmented").addEventListener("change", () => this.showSheet());
  }

  /** Examples for whoever has no pictures: a click takes one. */
  offer(examples) {
    const place = byId("examples");
    if (!place || place.childElementCount) return;
    const words = Object.assign(document.createElement("p"), { className: "quiet", textContent: this.words.no_pictures });
    place.setAttribute("aria-label", this.words.no_pictures);
    place.append(words, ...examples.map(({ name, title }) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "example" });
      const picture = Object.assign(document.createElement("img"), { src: `studio/train/example/${name}.webp`, alt: "", loading: "lazy" });
      button.append(picture, Object.assign(document.createElement("span"), { textContent: title }));
      button.onclick = () => this.draw({ example: name });
      return button;
    }));
  }

  /** What can be cleared must be there. */
  enable() { byId("do-clear-pictures").disabled = !this.source; }

  get ready() { return this.report !== null; }

  async dropped(transfer) {
    byId("drop")?.classList.remove("over");
    await this.take(await filesIn(transfer));
  }

  /** Send files, to those that came before, and read all. */
  async take(files) {
    const wanted = files.filter((file) => !file.name.startsWith(".")).slice(0, MOST_FILES);
    if (!wanted.length) return;
    if (this.sending?.()) return void this.unsent.push(...wanted);
    const stands = this.sending = this.turns.make();
    this.unsent = wanted;
    this.alert.clear("pictures");
    try {
      if (this.source !== "files" || !this.id) {
        const { id } = await this.server.ask("train/set", {});
        if (!stands()) return;
        this.id = id;
      }
      this.source = "files";
      await this.send(stands);
      if (stands()) await this.read(stands);
    } catch (error) { this.fail(error, stands); }
  }

  /** Send what is to be sent, and what is given meanwhile. */
  async send(stands) {
    let done = 0, begun = 0;
    const work = async () => {
      while (this.unsent.length && stands()) {
        const file = this.unsent.shift();
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
    return this.report !== null && this.report.side === side && this.report.channels === channels;
  }

  async read(stands) {
    this.forget();
    const id = this.id;
    while ((await this.server.ask(`train/set/${id}`)).status === "reading") {      // for another base, or before more files came
      await pause();
      if (!stands()) return;
    }
    if (!stands()) return;
    await this.server.ask(`train/set/${id}/read`, this.shape());
    await this.follow(stands);
  }

  /** Pictures of a dataset on the Hub, {dataset}, of an example, {example}, or of another model, {model, count}. */
  async draw(source) {
    const stands = this.turns.make();
    this.alert.clear("pictures");
    try { await this.drawn(source, stands); } catch (error) { this.fail(error, stands); }
  }

  async drawn(source, stands) {
    this.source = source;
    this.forget();
    this.tell(this.words.fetching, null);
    const { id } = await this.server.ask("train/drawn", { ...source, ...this.shape() });
    if (!stands()) return;
    this.id = id;
    await this.follow(stands);
  }

  async follow(stands) {
    for (;;) {
      const told = await this.server.ask(`train/set/${this.id}`);
      if (!stands()) return;
      if (told.status === "ready") return this.show(told.report);
      if (told.status !== "reading") throw this.server.sentence(told.error ?? this.words.pictures_gone);
      this.tell(told.words || say(this.words.reading, { n: told.done }), null);
      await pause();
    }
  }

  fail(error, stands) {
    if (!stands()) return;
    this.turns.make();      // whatever else is on its way stops
    if (this.source !== "files" || this.report === null) this.id = this.source = null;
    this.tell("", 1);
    this.alert.show(error, "pictures");
    this.changed();
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
    if (byId("report")) byId("report").hidden = true;
    this.changed();
  }

  show(report) {
    this.report = report;
    this.tell("", 1);
    byId("findings").replaceChildren(...report.sentences.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
    byId("report").hidden = false;
    this.changed();
  }

  /** What the networks will see; with the box ticked as the discriminator gets them. `look` holds the settings in force. */
  showSheet(look = this.look ?? {}) {
    this.look = look;
    if (!this.report || !byId("set-sheet")) return;
    const query = new URLSearchParams({ of: this.report.count, side: this.report.side });
    if (byId("sheet-augmented").checked) {
      query.set("augment", (look.augment ?? []).join(","));
      query.set("p", look.augment_p ?? 1);
      query.set("mirror", look.mirror ? "on" : "off");
    }
    const address = `train/set/${this.id}/sheet.webp?${query}`, image = byId("set-sheet");
    if (address !== this.sheet) this.fetchSheet(address, image);
    image.alt = byId("sheet-title").textContent = this.words.sheet_title;
  }

  /** The sheet is for whoever gave the pictures: an address in an <img> would not say who asks. */
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

  /** A word on what is going on; `share` null where nobody knows how much is left. */
  tell(words, share) {
    byId("upload-told").textContent = words;
    const bar = byId("upload-progress");
    bar.hidden = share === 1;
    if (share === null) bar.removeAttribute("value");
    else bar.value = share;
  }
}

const pause = () => new Promise((resolve) => setTimeout(resolve, LOOK));

/** All files of a drop, those of dropped folders too. */
async function filesIn(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.length) return [...transfer.files];
  const found = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry, found) {
  if (found.length >= MOST_FILES) return;
  if (entry.isFile) found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
  else if (entry.isDirectory) {
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return;
      for (const one of some) await walk(one, found);
    }
  }
}
