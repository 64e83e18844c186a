// Finding and filling what Gradio has put on the page. Components of a tab or panel that was never opened do not exist
// yet, so everything is looked up when it is needed.

/** The element of this id, or null where the page has none yet.
 * @param {string} id
 * @returns {HTMLElement | null} */
export const byId = (id) => document.getElementById(id);

/** The element of this id, where the page must have it: a misspelt id is an error.
 * @template {HTMLElement} E
 * @param {string} id
 * @param {new () => E} [kind] what it must be
 * @returns {E} */
export function there(id, kind) {
  const found = byId(id);
  if (!found || (kind && !(found instanceof kind))) throw new Error(`The page has no ${kind ? `${kind.name} ` : ""}#${id}.`);
  return /** @type {E} */ (found);
}

/** The canvas of this id, or null.
 * @param {string} id */
export const canvasOf = (id) => /** @type {HTMLCanvasElement | null} */ (byId(id));

/** The input in an element, or null.
 * @param {string} id
 * @param {string} [type]
 * @returns {HTMLInputElement | null} */
export const inputIn = (id, type) => byId(id)?.querySelector(type ? `input[type=${type}]` : "input") ?? null;

let filling = 0;

/** Whether an input event comes from `fill` and not from a person. */
export const isFilling = () => filling > 0;

/** The value of a native slider; its number box may hold what is out of range, the slider itself never does.
 * @param {string} id
 * @returns {number | undefined} */
export const sliderValue = (id) => inputIn(id, "range")?.valueAsNumber;

/** The value of a slider that is being moved.
 * @param {string} id
 * @returns {number} */
export const movedTo = (id) => sliderValue(id) ?? NaN;

/** Move a native slider; its thumb and number box follow, and no request is made.
 * @param {string} id
 * @param {number | string} value */
export const fillSlider = (id, value) => fill(inputIn(id, "range"), value);

/** Likewise the number box of a component without a slider.
 * @param {string} id
 * @param {number} value */
export const fillNumber = (id, value) => fill(inputIn(id, "number"), value);

/** Whether somebody is writing a number in it, and what is there so far is none that it takes: see numbers.js.
 * @param {HTMLInputElement} field */
const isUnfinished = (field) => field.type === "number" && field === document.activeElement && (!field.validity.valid || field.value === "");

/** @param {HTMLInputElement | null} field
 * @param {number | string} value */
function fill(field, value) {
  if (!field || field.value === String(value) || isUnfinished(field)) return;
  filling++;
  try {
    field.value = String(value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  } finally { filling--; }
}

/** Let Gradio run a hidden button's function, which sets choices, labels and limits of its components.
 * @param {string} id */
export function sync(id) { (byId(id)?.querySelector("button") ?? byId(id))?.click(); }

/** What a component is to become, as Gradio takes it.
 * @param {Record<string, unknown>} props
 * @returns {import("./types.js").Update} */
export const update = (props) => ({ __type__: "update", ...props });

/** Say to those who cannot see it what Gradio leaves out: that a group of radio buttons has the name above it, and that the texts above
    the parts of a tab are headings. */
export function nameParts() {
  for (const group of document.querySelectorAll("fieldset.block:not([aria-label])")) {
    const name = group.querySelector("[data-testid=block-info]")?.textContent?.trim();
    if (name) group.setAttribute("aria-label", name);
  }
  for (const text of document.querySelectorAll(".prose.head:not(.quiet) p:not([role])")) {
    text.setAttribute("role", "heading");
    text.setAttribute("aria-level", "2");
  }
}

/** Say in the address what is looked at, without a step back; the language and what Gradio keeps there stay.
 * @param {string} query */
export function setAddress(query) {
  const kept = [...new URLSearchParams(location.search)].filter(([key]) => key === "lang" || key.startsWith("__"));
  const all = [query, ...kept.map(([key, value]) => `${key}=${encodeURIComponent(value)}`)].filter(Boolean);
  history.replaceState(null, "", all.length ? `?${all.join("&")}` : location.pathname);
}

/** An element with properties, and what is in it: elements, or texts that stay texts.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties]
 * @param {(Node | string)[]} inside
 * @returns {HTMLElementTagNameMap[T]} */
export function make(tag, properties = {}, ...inside) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const name of ["role", "ariaLabel"]) if (properties[name]) made.setAttribute(name.replace("ariaL", "aria-l"), properties[name]);      // as not every browser does by itself
  made.append(...inside);
  return made;
}

/** Fill {name} in a sentence.
 * @param {string} sentence
 * @param {Record<string, any>} values
 * @returns {string} */
export const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** What to draw on a canvas with; every browser that has canvases has it.
 * @param {HTMLCanvasElement} canvas */
export const penOf = (canvas) => /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));

/** Show a picture at the size its canvas has on the screen, smoothly, or with hard edges for pixel art.
 * @param {HTMLCanvasElement | null} canvas
 * @param {ImageData} image
 * @param {boolean} pixelArt */
export function paint(canvas, image, pixelArt) {
  if (!canvas?.clientWidth) return;      // in a tab that is away it has no size: it is painted when the tab comes back
  const side = Math.max(1, Math.round(canvas.clientWidth * Math.min(window.devicePixelRatio || 1, 2)));
  const height = Math.max(1, Math.round(side * image.height / image.width));
  canvas.style.aspectRatio = `${image.width} / ${image.height}`;
  if (canvas.width !== side || canvas.height !== height) { canvas.width = side; canvas.height = height; }
  const pen = penOf(canvas);
  pen.imageSmoothingEnabled = !pixelArt;
  pen.imageSmoothingQuality = "high";
  pen.globalCompositeOperation = "copy";      // what is transparent now must not show the picture before
  pen.drawImage(small(image), 0, 0, side, height);
}

/** @type {HTMLCanvasElement | null} */
let scratch = null;

/** The picture on a canvas of its own size.
 * @param {ImageData} image */
function small(image) {
  scratch ??= document.createElement("canvas");
  if (scratch.width !== image.width || scratch.height !== image.height) {
    scratch.width = image.width;
    scratch.height = image.height;
  }
  penOf(scratch).putImageData(image, 0, 0);
  return scratch;
}

/** Put a picture into a small canvas at its own size; style sheets scale it.
 * @param {HTMLCanvasElement} canvas
 * @param {ImageData} image
 * @param {boolean} pixelArt */
export function putTile(canvas, image, pixelArt) {
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.classList.toggle("pixels", pixelArt);
  penOf(canvas).putImageData(image, 0, 0);
}

/** The canvas in a tile.
 * @param {Element} tile */
export const canvasIn = (tile) => /** @type {HTMLCanvasElement} */ (tile.querySelector("canvas"));

/** Button `i` of the `count` in a place that fills one by one: what is there already stays until its turn comes.
 * @param {string} id
 * @param {number} i
 * @param {number} count */
export function tileAt(id, i, count) {
  const place = byId(id);
  return tiles(place, Math.max(i + 1, Math.min(count, place?.children.length ?? 0)))[i];
}

/** A list of picture buttons in `place`: kept where there are enough, made where not. Returns the buttons.
 * @param {HTMLElement | null} place
 * @param {number} count
 * @returns {HTMLButtonElement[]} */
export function tiles(place, count) {
  if (!place) return [];
  while (place.children.length > count) place.lastChild?.remove();
  while (place.children.length < count) place.append(make("button", { type: "button", className: "tile" }, document.createElement("canvas")));
  return /** @type {HTMLButtonElement[]} */ ([...place.children]);
}
