// Pictures painted in the visitor's own browser, with the kernel that exported pages have (gan/export/page): a class costs the server nothing.
//
// The app paints until the network is here and was measured beside it; from then on whoever is faster. It is the same picture either way.

/** @typedef {import("./recipe.js").Recipe} Recipe */
/** @typedef {import("./types.js").Model} Model */
/** Who paints, as far as it is known, and the milliseconds that a picture takes there. @typedef {{ here: boolean, ms: number | null }} PaintedBy */

const KEPT = 3;                  // networks in memory, those used last
const MOST_BYTES = 32_000_000;   // of one network: larger ones are also slower here
const FRAME = 16;                // milliseconds from one drawing of the screen to the next: nobody sees who is faster within them
const WARM = 5, TRIED = 5;       // pictures before the kernel is compiled for good, and those that are measured
const REMEMBERED = 7;            // measurements
const AGAIN = 30;                // pictures of the app after which one is painted here, too: it may be faster by now
const RETRY = 30_000;            // milliseconds after which a network that did not come is asked for again
const LATE = 10_000;             // milliseconds after which an answer of the kernel is not waited for any more
const OF_A_RUN = 20;             // pictures of one moment of a run that the app paints before its network is fetched: each moment is another one

/** What a recipe may say here. Blending needs a second network, which only the app has. */
export const PAINTED = new Set(["model", "revision", "seed", "label", "w", "psi", "cutoff", "noise", "noise_seed", "directions", "own", "overrides", "walk",
                                "layer_psi", "layer_noise", "style", "mix"]);

/** How long a picture takes: the median of the last ones. */
class Pace {
  /** @type {number[]} */
  times = [];

  /** @param {number} ms */
  add(ms) { this.times = [...this.times, ms].slice(-REMEMBERED); }

  /** Milliseconds, null while unknown. */
  get ms() {
    const sorted = this.times.toSorted((a, b) => a - b);
    return sorted.length ? sorted[sorted.length >> 1] : null;
  }
}

/** The network of one model, in a thread of its own. */
class Network {
  here = new Pace();
  there = new Pace();
  /** Whether it was measured, and whether it cannot be used. */
  tried = false;
  failed = false;
  /** This browser cannot paint it; otherwise it failed at this time, on its way. */
  hopeless = false;
  failedAt = 0;
  /** Pictures of the app since the last one that was painted here. */
  since = 0;
  /** Whoever waits for an answer, in the order in which they asked.
   * @type {{ resolve: (told: any) => void, reject: (error: Error) => void }[]} */
  waiting = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  timer;

  /** @param {Model} model
   * @param {Worker} worker */
  constructor(model, worker) {
    this.model = model;
    this.worker = worker;
    worker.onerror = () => this.end();
    worker.onmessage = ({ data }) => {
      const next = this.waiting.shift();
      this.watch();
      if (data.failed) this.hopeless = !this.tried;
      if (data.failed) next?.reject(new Error(data.why));
      else next?.resolve(data);
    };
  }

  /** @param {object} told
   * @param {Transferable[]} [moved]
   * @returns {Promise<any>} */
  ask(told, moved = []) {
    return new Promise((resolve, reject) => {
      if (this.failed) return reject(new Error("ended"));
      this.waiting.push({ resolve, reject });
      if (this.waiting.length === 1) this.watch();
      this.worker.postMessage(told, moved);
    });
  }

  /** Whoever is first in line does not wait for ever: the app paints instead. What never painted here is not tried again. */
  watch() {
    clearTimeout(this.timer);
    if (this.waiting.length) this.timer = setTimeout(() => { this.hopeless = !this.tried; this.end(); }, LATE);
  }

  /** Take in what the app sent: see gan/export/network.py.
   * @param {ArrayBuffer} file */
  begin(file) {
    const length = Number(new DataView(file).getBigUint64(0, true)), header = JSON.parse(new TextDecoder().decode(new Uint8Array(file, 8, length)));
    return this.ask({ about: JSON.parse(header.__metadata__.about), file }, [file]);
  }

  /** The pictures, one after the other, until they are not wanted any more. Rejects where one cannot be painted here.
   * @param {Recipe[]} recipes
   * @param {() => boolean} wanted */
  async paint(recipes, wanted) {
    const images = [], { width, height } = this.model;
    this.since = 0;
    for (const recipe of recipes) {
      if (!wanted()) break;
      const began = performance.now(), { pixels } = await this.ask({ job: { recipe } });
      this.here.add(performance.now() - began);
      images.push(new ImageData(pixels, width, height));
    }
    return images;
  }

  /** Whether it paints as fast as the app does. */
  get isFast() { return this.tried && !this.failed && (this.since >= AGAIN || (this.here.ms ?? Infinity) <= Math.max(this.there.ms ?? 0, FRAME)); }

  /** Whether a recipe is of this model and says nothing that only the app understands, also where it says it wrongly.
   * @param {Recipe} recipe */
  paints(recipe) {
    const { id, revision, classes, layers, directions, z_dim } = this.model;
    /** @param {Recipe} one */
    const plain = (one) => Object.keys(one).every((name) => PAINTED.has(name)) && (one.label ?? 0) <= Math.max(0, classes.length - 1) &&
      (one.overrides ?? []).every(([value]) => value < z_dim) && (one.directions?.length ?? 0) <= directions && (one.layer_psi ?? []).every(([layer]) => layer < layers) && (one.label === undefined || one.label === null || classes.length > 0);
    return recipe.model === id && (recipe.revision ?? null) === (revision ?? null) && plain(recipe) && (!recipe.style || (layers > 1 && recipe.style.model === undefined && plain(recipe.style))) &&
      (recipe.layer_noise ?? []).every(([layer]) => layer < this.model.noise_layers);
  }

  /** Give its memory back; whoever waits is told that nothing comes. */
  end() {
    this.failed = true;
    this.failedAt = performance.now();
    this.worker.terminate();
    clearTimeout(this.timer);
    for (const { reject } of this.waiting.splice(0)) reject(new Error("ended"));
  }
}

export class BrowserPainter {
  /** By their models, those used last at the end.
   * @type {Map<string, Network>} */
  networks = new Map();
  /** How many pictures in a row the app has painted of one model. */
  row = { key: "", pictures: 0 };
  /** Told where somebody else may be painting from now on. */
  changed = () => {};

  /** @param {(model: Model) => Promise<ArrayBuffer>} fetched its network
   * @param {(recipe: Recipe) => Promise<unknown>} painted a picture of the app's
   * @param {() => Worker} worker */
  constructor(fetched, painted, worker = () => new Worker(new URL("studio/painting/worker.js", document.baseURI), { type: "module" })) {
    this.fetched = fetched;
    this.painted = painted;
    this.worker = worker;
  }

  /** Get the network of a model that somebody stays with, and measure it beside the app. Where anything of that fails the app paints.
   * @param {Model} model
   * @param {Recipe} recipe */
  async use(model, recipe) {
    const key = keyOf(model.id, model.revision), known = this.networks.get(key);
    if (known && known.failed && !known.hopeless && performance.now() > known.failedAt + RETRY) this.networks.delete(key);
    else if (known) {
      this.networks.delete(key);
      this.networks.set(key, known);
      return;
    }
    if (!model.network || model.network > MOST_BYTES || isSparing()) return;
    if (model.run && !(this.row.key === key && this.row.pictures >= OF_A_RUN)) return;
    const network = this.network(model);
    if (!network) return;
    this.networks.set(key, network);
    for (const [old, one] of [...this.networks].slice(0, -KEPT)) { this.networks.delete(old); one.end(); }
    try { await this.try(network, recipe); } catch { network.end(); }      // an old browser, the way to the app: that paints on
    this.changed();
  }

  /** @param {Model} model */
  network(model) {
    try { return new Network(model, this.worker()); } catch { return null; }      // the browser lets nobody begin a thread
  }

  /** @param {Network} network
   * @param {Recipe} recipe */
  async try(network, recipe) {
    await network.begin(await this.fetched(network.model));
    const plain = { model: recipe.model, seed: recipe.seed ?? 0, label: recipe.label ?? null };
    for (let i = 0; i < WARM + TRIED; i++) await network.paint([plain], () => true);
    network.here.times = network.here.times.slice(-TRIED);
    for (let i = 0; i < TRIED; i++) {
      const began = performance.now();
      await this.painted(recipe);
      network.there.add(performance.now() - began);
    }
    network.tried = true;
  }

  /** Who paints these pictures here, null where the app shall; `side`: pixels that they are asked for in, null for their own size.
   * @param {Recipe[]} recipes
   * @param {number | null} side */
  of(recipes, side) {
    const network = recipes.length ? this.networks.get(keyOf(recipes[0].model, recipes[0].revision)) : undefined;
    const fits = network?.isFast && (side === null || side === Math.max(network.model.width, network.model.height));
    return network && fits && recipes.every((recipe) => network.paints(recipe)) ? network : null;
  }

  /** The app has painted a picture of it in so many milliseconds.
   * @param {Recipe} recipe
   * @param {number} ms */
  took({ model, revision }, ms) {
    const key = keyOf(model, revision), network = this.networks.get(key);
    this.row = { key, pictures: this.row.key === key ? this.row.pictures + 1 : 1 };
    if (!network) return;
    network.there.add(ms);
    network.since++;
  }

  /** Who paints such a recipe now.
   * @param {Recipe} recipe
   * @returns {PaintedBy} */
  by(recipe) {
    const network = this.networks.get(keyOf(recipe.model, recipe.revision)), here = this.of([recipe], null) !== null;
    return { here, ms: (here ? network?.here.ms : network?.there.ms) ?? null };
  }
}

/** @param {string} id
 * @param {string | null | undefined} revision */
const keyOf = (id, revision) => `${id}@${revision ?? ""}`;

/** Whether this browser cannot compute here, or its visitor has told it to fetch little. */
const isSparing = () => typeof Worker === "undefined" || typeof WebAssembly === "undefined" || Boolean(/** @type {{ connection?: { saveData?: boolean } }} */ (navigator).connection?.saveData);
