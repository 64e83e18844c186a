// Files that a person drops or chooses: a saved picture is returned to, one's own is looked for, a model is opened, and training pictures are
// taken to Train.

import { elementOf, openTab, there } from "./page.js";
import { Sentence } from "./server.js";

/** @typedef {import("../studio.js").Studio} Studio */

const PNG = [0x89, 0x50, 0x4e, 0x47];      // how its files begin
const MOST_FILE = 20_000_000;              // bytes of a picture
const MODEL = /\.(zip|safetensors|pt|pth|pkl|pickle|bin|ckpt|h5|hdf5|keras|onnx)$/i;      // what is opened in Models, wherever it is dropped

export class Files {
  /** @param {Studio} studio */
  constructor(studio) { this.studio = studio; }

  listen() {
    const saved = there("png-file", HTMLInputElement);
    saved.addEventListener("change", () => {
      this.openFile(saved.files?.[0]);
      saved.value = "";      // so that the same file can be chosen again
    });
    const own = there("own-picture", HTMLInputElement);
    own.addEventListener("change", () => {
      const [file] = own.files ?? [];
      own.value = "";
      if (file) this.studio.safely(() => this.find(file));
    });
    document.addEventListener("dragover", (event) => { if (event.dataTransfer?.types.includes("Files")) event.preventDefault(); });
    document.addEventListener("drop", (event) => this.dropped(event));
  }

  /** @param {DragEvent} event */
  dropped(event) {
    const { studio } = this, transfer = event.dataTransfer, file = transfer?.files[0], at = elementOf(event);
    if (!transfer || !file || at?.closest(".file-preview")) return;
    event.preventDefault();
    if (studio.models.active && at?.closest("#scored")) return studio.safely(() => studio.models.scored.dropped(transfer));
    if (studio.train.active) return studio.safely(() => studio.train.dropped(transfer));
    if (studio.models.active || MODEL.test(file.name)) {
      const files = [...transfer.files];      // a drop must be read at once
      studio.moreModels();
      return studio.models.bring(files);
    }
    return studio.safely(() => this.openOrFind(file));
  }

  /** A picture that was saved here is returned to, any other is looked for in the model.
   * @param {File} file */
  async openOrFind(file) {
    const saved = await isPng(file);
    if (!saved && !file.type.startsWith("image/")) return this.openFile(file);
    try {
      if (saved) return await this.openSaved(file);
    } catch (error) { if (error.code !== "no-recipe") throw error; }
    return this.find(file);
  }

  /** Look for a picture of one's own.
   * @param {File} file */
  async find(file) {
    if (file.size > MOST_FILE) throw new Sentence(this.studio.words.too_large);
    openTab("explore");
    return this.studio.explore.seek.find(file);
  }

  /** Return to the picture of a saved PNG.
   * @param {File | undefined} file */
  openFile(file) { return this.studio.safely(async () => { if (file) await this.openSaved(file); }); }

  /** @param {File} file */
  async openSaved(file) {
    if (file.size > MOST_FILE) throw new Sentence(this.studio.words.not_png);
    const there = await this.studio.explore.goTo(async () => {
      const { studio: _, ...recipe } = await this.studio.server.open(file);
      return /** @type {const} */ ([recipe, null]);
    });
    if (!there) return;
    openTab("explore");
    this.studio.explore.note(this.studio.words.returned);
  }

  chooseOwn() { there("own-picture").click(); }

  chooseFile() { there("png-file").click(); }
}

/** Whether a file begins as PNGs do, whatever it is called.
 * @param {Blob} file */
async function isPng(file) {
  const begin = new Uint8Array(await file.slice(0, PNG.length).arrayBuffer());
  return PNG.every((byte, i) => begin[i] === byte);
}
