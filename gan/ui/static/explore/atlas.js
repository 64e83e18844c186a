// A map of what the model makes: pictures that look alike are neighbours. Go anywhere with a click, or draw a path and make a film of it.

import { byId, make, penOf, say, there } from "../shared/page.js";
import { NewestWins } from "../shared/newest.js";
import { tidy } from "../shared/recipe.js";
import { Sentence } from "../shared/server.js";

/** @typedef {import("./explore.js").Explore} Explore */
/** @typedef {import("../shared/recipe.js").Recipe} Recipe */

const CELL = 64;                     // pixels of one picture's width at most
const WORD = 128;                    // likewise of a word's, which is read
const MOST_STOPS = 12;               // keyframes of a path that was drawn

export class Atlas {
  side = 0;
  /** What stands in each cell, row by row.
   * @type {Recipe[]} */
  cells = [];
  /** Of which model and class it is.
   * @type {string | null} */
  of = null;
  /** The pictures alone.
   * @type {HTMLCanvasElement | null} */
  ground = null;
  /** Where the picture on the screen is, in cells.
   * @type {{ x: number, y: number } | null} */
  at = null;
  /** The cell that the keys have reached. */
  cursor = 0;
  /** Whether a path is being drawn, and its cells. */
  drawing = false;
  /** @type {number[]} */
  path = [];
  maps = new NewestWins();
  places = new NewestWins();

  /** @param {Explore} explore
   * @param {() => void} film opens the tab of films */
  constructor(explore, film) {
    this.explore = explore;
    this.words = explore.words;
    this.film = film;
  }

  get open() { return byId("atlas")?.hasAttribute("open") ?? false; }

  modelChanged() {
    const panel = byId("atlas");
    if (!panel) return;
    this.build(panel);
    this.maps.make();
    Object.assign(this, { of: null, at: null, cells: [], path: [], cursor: 0, ground: null });
    there("atlas-map", HTMLCanvasElement).width = there("atlas-map", HTMLCanvasElement).height = 1;
    there("atlas-film", HTMLButtonElement).disabled = true;
  }

  /** The recipe rests: the map is of its class, and it has a place on it. */
  async rest() {
    if (!this.open) return;
    const { model, recipe } = this.explore, of = JSON.stringify([model.id, model.revision ?? null, recipe.label ?? null]);
    if (of !== this.of && !await this.fetch(of)) return;
    const place = await this.places.grant(async () => (await this.explore.server.post("studio/atlas/here", { recipe })).json());
    if (!place) return;
    this.at = place;
    this.draw();
  }

  /** @param {string} of
   * @returns {Promise<boolean>} */
  async fetch(of) {
    const { explore } = this, { model, recipe, server } = explore;
    const query = new URLSearchParams({ id: model.id, rev: model.revision ?? "", class: String(recipe.label ?? "") });
    this.tell(this.words.atlas_begins);
    const told = await this.maps.grant(() => server.get(`studio/atlas?${query}`)).catch((error) => { this.tell(""); throw error; });
    if (!told) return false;
    this.of = of;
    this.side = told.side;
    this.cells = told.seeds.map((/** @type {number} */ seed) => tidy({ ...explore.opening(model), label: recipe.label, seed }));
    Object.assign(this, { at: null, path: [], cursor: Math.min(this.cursor, this.cells.length - 1) });
    await this.paint(this.maps.standing());
    return true;
  }

  /** @param {() => boolean} wanted */
  async paint(wanted) {
    const { model, server, small } = this.explore, cell = cellOf(model);
    const ground = this.ground = make("canvas", { width: this.side * cell.width, height: this.side * cell.height }), pen = penOf(ground);
    const one = make("canvas");
    await server.each(this.cells, small, wanted, (image, i) => {
      Object.assign(one, { width: image.width, height: image.height });
      penOf(one).putImageData(image, 0, 0);
      pen.drawImage(one, i % this.side * cell.width, Math.floor(i / this.side) * cell.height, cell.width, cell.height);
      if (i % this.side === this.side - 1) this.draw();
    });
    this.tell(this.drawing ? this.words.atlas_path_info : "");
  }

  // On the page

  /** @param {HTMLElement} panel */
  build(panel) {
    if (panel.childElementCount) return;
    const { words } = this;
    const map = make("canvas", { id: "atlas-map", tabIndex: 0, role: "application", ariaLabel: words.atlas_map, width: 1, height: 1 });
    const path = make("button", { type: "button", className: "act", id: "atlas-path", textContent: words.atlas_path });
    const film = make("button", { type: "button", className: "act main", id: "atlas-film", textContent: words.atlas_film, disabled: true });
    path.setAttribute("aria-pressed", "false");
    path.onclick = () => this.turn(!this.drawing);
    film.onclick = () => this.makeFilm();
    panel.append(make("summary", { textContent: words.atlas }), make("p", { className: "quiet", textContent: words.atlas_info }), map,
                 make("p", { id: "atlas-told", className: "quiet", role: "status" }), make("div", { className: "acts" }, path, film));
    panel.addEventListener("toggle", () => this.rest().catch((error) => this.explore.alert.show(error)));
    map.onpointerdown = (event) => { if (this.drawing) { map.setPointerCapture(event.pointerId); this.path = []; this.visit(this.cellOf(event)); } };
    map.onpointermove = (event) => { if (this.drawing && event.buttons) this.visit(this.cellOf(event)); };
    map.onclick = (event) => { if (!this.drawing) this.go(this.cellOf(event)); };
    map.onkeydown = (event) => this.key(event);
    map.onfocus = map.onblur = () => this.draw();
  }

  /** @param {MouseEvent} event
   * @returns {number} */
  cellOf(event) {
    const area = there("atlas-map").getBoundingClientRect();
    /** @param {number} share */
    const at = (share) => Math.max(0, Math.min(this.side - 1, Math.floor(share * this.side)));
    return at((event.clientY - area.top) / area.height) * this.side + at((event.clientX - area.left) / area.width);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.side, ArrowDown: this.side }[event.key], to = this.cursor + (by ?? 0);
    if (by !== undefined) {
      const row = Math.floor(this.cursor / this.side), same = Math.abs(by) > 1 || Math.floor(to / this.side) === row;
      if (this.cells[to] && same) this.cursor = to;
      this.tell(say(this.words.sheet_one, { seed: this.cells[this.cursor]?.seed ?? 0 }));
    } else if (event.key === "Enter" || event.key === " ") {
      if (this.drawing) this.visit(this.cursor);
      else this.go(this.cursor);
    } else return;
    event.preventDefault();
    this.draw();
  }

  /** @param {number} cell */
  go(cell) {
    const recipe = this.cells[cell];
    this.cursor = cell;
    if (recipe) this.explore.go(recipe).catch((error) => this.explore.alert.show(error));
  }

  /** @param {boolean} drawing */
  turn(drawing) {
    this.drawing = drawing;
    this.path = [];
    there("atlas-path").setAttribute("aria-pressed", String(drawing));
    there("atlas-map").classList.toggle("drawing", drawing);
    this.tell(drawing ? this.words.atlas_path_info : "");
    this.draw();
  }

  /** @param {number} cell */
  visit(cell) {
    if (!this.cells[cell] || this.path.at(-1) === cell) return;
    this.path.push(cell);
    this.cursor = cell;
    this.tell(say(this.words.atlas_path_has, { n: stops(this.path).length }));
    this.draw();
  }

  makeFilm() {
    const { pins, alert } = this.explore;
    if (!pins.addAll(stops(this.path).map((cell) => this.cells[cell]))) { alert.show(new Sentence(this.words.pins_full)); return; }
    this.turn(false);
    this.film();
  }

  /** @param {string} words */
  tell(words) { there("atlas-told").textContent = words; }

  draw() {
    const map = byId("atlas-map"), { ground } = this;
    if (!(map instanceof HTMLCanvasElement) || !ground) return;
    there("atlas-film", HTMLButtonElement).disabled = stops(this.path).length < 2;
    if (map.width !== ground.width || map.height !== ground.height) {
      Object.assign(map, { width: ground.width, height: ground.height });
      map.style.aspectRatio = `${ground.width} / ${ground.height}`;
    }
    const pen = penOf(map), width = ground.width / this.side, height = ground.height / this.side;
    const short = Math.min(width, height), line = Math.max(2, short / 14);
    pen.drawImage(ground, 0, 0);
    /** @param {number} i
     * @returns {[number, number]} */
    const middle = (i) => [(i % this.side + 0.5) * width, (Math.floor(i / this.side) + 0.5) * height];
    const stroke = () => {
      for (const [colour, lineWidth] of /** @type {[string, number][]} */ ([["#ffffff", 2.2 * line], ["#4f46e5", line]])) {
        Object.assign(pen, { strokeStyle: colour, lineWidth, lineJoin: "round", lineCap: "round" });
        pen.stroke();
      }
    };
    if (document.activeElement === map && this.cells.length) {
      pen.beginPath();
      pen.rect(this.cursor % this.side * width + line, Math.floor(this.cursor / this.side) * height + line, width - 2 * line, height - 2 * line);
      stroke();
    }
    if (this.path.length) {
      pen.beginPath();
      this.path.forEach((i) => pen.lineTo(...middle(i)));
      stroke();
      for (const i of stops(this.path)) { pen.beginPath(); pen.arc(...middle(i), short / 7, 0, 2 * Math.PI); stroke(); }
    }
    if (this.at) { pen.beginPath(); pen.arc(this.at.x * width, this.at.y * height, short / 3, 0, 2 * Math.PI); stroke(); }
  }
}

/** The size of a cell: pictures keep their proportions.
 * @param {Pick<import("../shared/types.js").Model, "width" | "height" | "makes">} model */
export function cellOf({ width, height, makes }) {
  const across = Math.min(makes === "text" ? WORD : CELL, width);
  return { width: across, height: Math.max(1, Math.round(across * height / width)) };
}

/** The cells of a path that become keyframes: all, or as many as a film likes, evenly.
 * @param {number[]} path
 * @returns {number[]} */
export function stops(path) {
  if (path.length <= MOST_STOPS) return path;
  return Array.from({ length: MOST_STOPS }, (_, i) => path[Math.round(i * (path.length - 1) / (MOST_STOPS - 1))]);
}
