// What the page asks of the app. Every answer that is not a picture or a table is an Error with a sentence in it.

import { BrowserPainter } from "./browser_painter.js";
import { text } from "./recipe.js";

/** @typedef {import("./recipe.js").Recipe} Recipe */

/** What a person reads where something went wrong; `code` tells scripts which it is (gan/errors.py), "offline" where nobody answers. */
export class Sentence extends Error {
  /** @param {string} words
   * @param {string} [code] */
  constructor(words, code = "") {
    super(words);
    this.code = code;
  }
}

const HEAD = { "content-type": "application/json" };
const WHO = "gan-studio-visitor";
const MOST = 16, PIXELS = 2 ** 18;      // of the small pictures in one request, and of what a model paints for it
const MOST_SPARE = 60;
const TEXT_TILE = 320;                  // likewise of words, which are wide
const TILE = 128;                       // pixels: small pictures are never asked for larger

/** How to ask for small pictures of a model, {side: pixels, null for the model's own; most: how many in one request}.

Small requests, so that nobody's dragging waits behind them: a picture of 1024 pixels takes longer than 16 of 128.
 * @param {{ width: number, height: number, makes?: string }} model
 * @returns {import("./types.js").Small} */
export function small({ width, height, makes }) {
  const tile = makes === "text" ? TEXT_TILE : TILE;
  return { side: Math.max(width, height) > tile ? tile : null, most: Math.max(1, Math.min(MOST, Math.floor(PIXELS / (width * height)))) };
}

/** How many small pictures of a model in one request that others do not wait behind: see `spare`.
 * @param {{ width: number, height: number }} model */
export const most = ({ width, height }) => Math.max(1, Math.min(MOST_SPARE, Math.floor(PIXELS / (width * height))));

/** The answer to a request, or a Sentence. `offline` is what to say where nobody answers.
 * @param {string} url
 * @param {RequestInit} options
 * @param {string} offline */
async function ask(url, options, offline) {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Sentence(offline, "offline");
  }
  if (answer.ok) return answer;
  throw refusal(await answer.text(), offline);
}

/** What an answer that refuses something says; where it is none of our routes', that nobody answers.
 * @param {string} text
 * @param {string} offline */
function refusal(text, offline) {
  try {
    const { error, code } = JSON.parse(text);
    if (error) return new Sentence(error, code);
  } catch { /* no JSON */ }
  return new Sentence(offline, "offline");
}

export class Server {
  /** @param {import("./types.js").Words} words */
  constructor(words) {
    this.words = words;
    this.visitor = visitor();
    this.browser = new BrowserPainter((model) => this.network(model), (recipe) => this.rendered([recipe], null));
  }

  /** @param {string} words
   * @param {string} [code] */
  sentence(words, code) { return new Sentence(words, code); }

  /** Ask for a table below studio/, with a body or without, as this visitor.
   * @param {string} path
   * @param {object} [body]
   * @param {RequestInit} [options]
   * @returns {Promise<any>} */
  async ask(path, body, options = {}) {
    const head = { ...(body && HEAD), "x-visitor": this.visitor };
    const sent = body ? { method: "POST", body: JSON.stringify(body) } : {};
    return (await ask(`studio/${path}`, { ...sent, headers: head, ...options }, this.words.offline)).json();
  }

  /** @param {string} path
   * @param {Blob} file */
  sendFile(path, file) {
    return ask(`studio/${path}`, { method: "POST", body: file, headers: { "x-visitor": this.visitor } }, this.words.offline);
  }

  /** The bytes of a file below studio/ that only this visitor may see: an <img> would not say who asks.
   * @param {string} path
   * @param {RequestInit} [options] */
  async blob(path, options = {}) { return (await ask(`studio/${path}`, { headers: { "x-visitor": this.visitor }, ...options }, this.words.offline)).blob(); }

  /** Ask for work that is told line by line (narration.py) -> its last line. `sent` hears how much of the body is on its way.
   * @param {string} path
   * @param {string | Blob} body
   * @param {(line: import("./types.js").Told) => void} tell
   * @param {(share: number) => void} [sent]
   * @param {AbortSignal} [signal]
   * @returns {Promise<any>} */
  told(path, body, tell, sent = () => {}, signal = undefined) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();      // fetch does not say how far it has sent
      let at = 0;
      /** @type {any} */
      let last = {};
      const read = () => {
        for (let end; (end = request.responseText.indexOf("\n", at)) >= 0; at = end + 1) {
          last = JSON.parse(request.responseText.slice(at, end));
          if (last.words) tell(last);
        }
      };
      request.open("POST", `studio/${path}`);
      request.setRequestHeader("x-visitor", this.visitor);
      if (typeof body === "string") request.setRequestHeader("content-type", "application/json");
      request.upload.onprogress = (event) => sent(event.loaded / event.total);
      request.onprogress = () => { if (request.status === 200) read(); };
      request.onerror = () => reject(new Sentence(this.words.offline, "offline"));
      request.onload = () => {
        if (request.status === 200) read();
        if (last.model || last.published || last.found || last.dragged) resolve(last);
        else reject(refusal(request.status === 200 ? JSON.stringify(last) : request.responseText, this.words.offline));
      };
      signal?.addEventListener("abort", () => { request.abort(); reject(new DOMException("", "AbortError")); });
      request.send(body);
    });
  }

  /** @param {string} url
   * @returns {Promise<any>} */
  get(url) { return ask(url, {}, this.words.offline).then((answer) => answer.json()); }

  /** @param {string} url
   * @param {object} body
   * @param {RequestInit} [options] */
  post(url, body, options = {}) {
    return ask(url, { method: "POST", headers: { ...HEAD, "x-visitor": this.visitor }, body: JSON.stringify(body), ...options }, this.words.offline);
  }

  /** The recipe in a PNG file.
   * @param {Blob} file
   * @returns {Promise<any>} */
  open(file) { return ask("studio/open", { method: "POST", body: file }, this.words.offline).then((answer) => answer.json()); }

  /** The network of a model, for this browser to paint with: gan/ui/routes/networks.py.
   * @param {import("./types.js").Model} model */
  async network({ id, revision }) {
    const answer = await ask(`studio/network.safetensors?${new URLSearchParams({ id, rev: revision ?? "" })}`, {}, this.words.offline);
    return answer.arrayBuffer();
  }

  /** Pictures, in order. This is where they are asked for, all of them: this browser paints them where it is as fast as the app, which
      paints them otherwise, and says what is wrong with them. Fewer may come where they are not wanted any more.
   * @param {Recipe[]} recipes
   * @param {number | null} side
   * @param {() => boolean} [wanted]
   * @param {{ spare?: boolean }} [more]
   * @param {RequestInit} [options]
   * @returns {Promise<ImageData[]>} */
  async painted(recipes, side, wanted = () => true, more = {}, options = {}) {
    const here = this.browser.of(recipes, side);
    const images = await here?.paint(recipes, wanted).catch(() => null);
    if (images) return images;
    const began = performance.now(), made = await this.rendered(recipes, side, more, options);
    if (recipes.length === 1 && side === null) this.browser.took(recipes[0], performance.now() - began);
    return made;
  }

  /** The app's own pictures.
   * @param {Recipe[]} recipes
   * @param {number | null} side
   * @param {{ spare?: boolean }} [more]
   * @param {RequestInit} [options] */
  async rendered(recipes, side, more = {}, options = {}) {
    const answer = await this.post("studio/render", { recipes, size: side, ...more }, options);
    return cut(new Uint8ClampedArray(await answer.arrayBuffer()), size(answer));
  }

  /** `show(ImageData, i)` of each recipe, in order, as they arrive; see `small`. What is not `wanted()` any more is neither
      asked for nor shown. Whether all were shown.
   * @param {Recipe[]} recipes
   * @param {import("./types.js").Small} how
   * @param {() => boolean} wanted
   * @param {(image: ImageData, i: number) => void} show */
  async each(recipes, { side = null, most = MOST }, wanted, show) {
    for (let at = 0; at < recipes.length; at += most) {
      if (!wanted()) return false;
      const images = await this.painted(recipes.slice(at, at + most), side, wanted);
      if (!wanted()) return false;
      images.forEach((image, i) => show(image, at + i));
    }
    return true;
  }

  /** The picture of each recipe, in order, when all are there.
   * @param {Recipe[]} recipes
   * @param {import("./types.js").Small} [how] */
  async pictures(recipes, how = {}) {
    /** @type {ImageData[]} */
    const all = [];
    await this.each(recipes, how, () => true, (image) => all.push(image));
    return all;
  }

  /** Pictures that can be done without, by the texts of their recipes: the app paints them between others, refuses them ("busy") where
      somebody waits, and stops where `signal` says so.
   * @param {Recipe[]} recipes
   * @param {number | null} side
   * @param {number} most in one request
   * @param {AbortSignal} signal */
  async spare(recipes, side, most, signal) {
    /** @type {Map<string, ImageData>} */
    const found = new Map();
    for (let at = 0; at < recipes.length; at += most) {
      const some = recipes.slice(at, at + most);
      const images = await this.painted(some, side, () => !signal.aborted, { spare: true }, { signal });
      signal.throwIfAborted();
      images.forEach((image, i) => found.set(text(some[i]), image));
    }
    return found;
  }

  /** Pictures of a model in another layout: see gan/ui/routes/models.py.
   * @param {object} body */
  async preview(body) {
    const answer = await this.post("studio/library/layout/preview", body);
    return cut(new Uint8ClampedArray(await answer.arrayBuffer()), size(answer));
  }

  /** The frames of a film, told one by one as they arrive.
   * @param {object} path
   * @param {AbortSignal} signal
   * @param {(image: ImageData, index: number, count: number) => void} onFrame */
  async film(path, signal, onFrame) {
    const answer = await this.post("studio/film", path, { signal });
    const shape = size(answer);
    const bytes = shape.width * shape.height * 4;
    const count = Number(answer.headers.get("X-Count"));
    const reader = /** @type {ReadableStream<Uint8Array>} */ (answer.body).getReader();
    let frame = new Uint8ClampedArray(bytes), filled = 0, index = 0;
    for (;;) {
      const { done, value } = await reader.read().catch((error) => {
        throw error.name === "AbortError" ? error : new Sentence(this.words.offline, "offline");
      });
      if (done) break;
      for (let at = 0; at < value.length;) {
        const take = Math.min(bytes - filled, value.length - at);
        frame.set(value.subarray(at, at + take), filled);
        filled += take;
        at += take;
        if (filled === bytes) {
          onFrame(new ImageData(frame, shape.width, shape.height), index++, count);
          frame = new Uint8ClampedArray(bytes);
          filled = 0;
        }
      }
    }
    if (index < count) throw new Sentence(this.words.offline, "offline");
  }
}

/** The secret by which the app knows whose runs are whose: made here, kept in this browser, and shown to nobody else. */
function visitor() {
  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  try {
    const known = localStorage.getItem(WHO) ?? fresh();
    localStorage.setItem(WHO, known);
    return known;
  } catch { return fresh(); }      // private windows may forbid it: then it lasts until the page is left
}

/** @param {Response} answer */
function size(answer) {
  return { width: Number(answer.headers.get("X-Width")), height: Number(answer.headers.get("X-Height")) };
}

/** The pictures in raw bytes, one after the other.
 * @param {Uint8ClampedArray} bytes
 * @param {{ width: number, height: number }} size */
function cut(bytes, { width, height }) {
  const one = width * height * 4;
  return Array.from({ length: bytes.length / one }, (_, i) => new ImageData(bytes.slice(i * one, (i + 1) * one), width, height));
}
