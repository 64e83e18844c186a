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

/** The element that an event is about, where it is about one.
 * @param {Event} event */
export const elementOf = (event) => (event.target instanceof Element ? event.target : null);

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

/** Whether somebody is writing a number in it, or beside it where it is a slider, and what is there so far is none that is taken: see
    numbers.js.
 * @param {HTMLInputElement} field */
function isUnfinished(field) {
  const box = field.type === "range" ? field.closest(".live")?.querySelector("input[type=number]") : field;
  return box === document.activeElement && box instanceof HTMLInputElement && box.type === "number" && (!box.validity.valid || box.value === "");
}

/** Bring a slider to what was just written in the number box beside it. Gradio does so after the event: what is filled in between would
    put back what was there before.
 * @param {HTMLInputElement} box */
export function bringSlider(box) { fill(box.closest(".live")?.querySelector("input[type=range]") ?? null, box.value); }

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

/** Whether anything can be dropped here: fingers alone drag no files. */
export const canDrop = () => matchMedia("(any-pointer: fine)").matches;

/** What a person chooses in an input of files, also before there was anybody to hear of it; the same files can be chosen again.
 * @param {HTMLInputElement} input
 * @param {(files: File[]) => unknown} take */
export function chosenIn(input, take) {
  const look = () => {
    const files = [...input.files ?? []];
    input.value = "";
    if (files.length) take(files);
  };
  input.addEventListener("change", look);
  look();
}

/** The picture that came with the page itself (gan/ui/first_look.py) gives way to what the scripts have made. */
export const uncover = () => byId("first-look")?.remove();

const TABS = { explore: "explore", film: "interpolate", train: "train", models: "models", learn: "learn" };

/** Bring a tab to the front, as a click on its name does; where there is no room for all names, Gradio has it in a menu, without an id.
 * @param {import("../studio.js").Tab} tab */
export function openTab(tab) {
  const button = byId(`tab-${TABS[tab]}-button`);
  if (button) return button.click();
  const name = document.querySelectorAll("#tabs > .tab-wrapper > .tab-container[aria-hidden=true] button")[Object.keys(TABS).indexOf(tab)]?.textContent;
  const others = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#tabs > .tab-wrapper .overflow-dropdown button"));
  [...others].find((one) => one.textContent === name)?.click();
}

/** Say to those who cannot see it what Gradio leaves out: that a group of radio buttons has the name above it, and that the texts above
    the parts of a tab are headings; and leave out what they would hear twice. */
export function nameParts() {
  for (const group of document.querySelectorAll("fieldset.block:not([aria-label])")) {
    const name = group.querySelector("[data-testid=block-info]")?.textContent?.trim();
    if (name) group.setAttribute("aria-label", name);
  }
  for (const icon of document.querySelectorAll("footer img")) icon.setAttribute("alt", "");      // what it shows stands beside it
  for (const text of document.querySelectorAll(".prose.head:not(.quiet) p:not([role])")) {
    text.setAttribute("role", "heading");
    text.setAttribute("aria-level", "2");
  }
}

/** Likewise in what Gradio opens over the page, its settings and the description of its API: icons without names, names that are not
    what stands on the button, items without lists, code that only a mouse can scroll.
 * @param {import("./types.js").Words} words */
export function nameDialogs(words) {
  for (const icon of document.querySelectorAll(".api-docs button img[alt]")) icon.setAttribute("alt", "");      // the words stand beside it
  for (const button of document.querySelectorAll(".api-docs button")) {
    if (button.textContent?.trim()) button.removeAttribute("aria-label");
    else if (button.matches(".copy-button")) button.setAttribute("aria-label", words.copy_text);
    else if (button.closest(".banner-wrap")) button.setAttribute("aria-label", words.layout_close);
  }
  for (const item of document.querySelectorAll(".api-docs li")) if (!item.closest("ul, ol, [role=list]")) item.parentElement?.setAttribute("role", "list");
  for (const code of document.querySelectorAll(".api-docs pre:not([tabindex])")) code.setAttribute("tabindex", "0");
}

/** Do it after each change of what is on the page, once for all that change together.
 * @param {() => void} act */
export function afterChanges(act) {
  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; act(); });
  }).observe(document.body, { childList: true, subtree: true });
}

/** Say in the address what is looked at, null where it stays; the language and what Gradio keeps there stay anyway. With `step`, Back
    leads to what was there before.
 * @param {string | null} query
 * @param {unknown} state what the browser keeps with the address
 * @param {boolean} step */
export function setAddress(query, state, step) {
  const kept = [...new URLSearchParams(location.search)].filter(([key]) => ["lang", "only", "say"].includes(key) || key.startsWith("__"));
  const all = [query, ...kept.map(([key, value]) => `${key}=${encodeURIComponent(value)}`)].filter(Boolean);
  const address = query === null ? location.search || location.pathname : all.length ? `?${all.join("&")}` : location.pathname;
  try { history[step ? "pushState" : "replaceState"](state, "", address); } catch (error) {
    if (error.name !== "SecurityError") throw error;      // Safari takes no more than a hundred in half a minute: the next one tells all
  }
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

/** What samples of a kind are called: pictures, sounds or words.
 * @param {import("./types.js").Words} words
 * @param {string} [makes] */
export const named = (words, makes = "picture") => words[`things_${makes}`];

/** A whole number with its thousands apart, as the page's language has it.
 * @param {number} n */
export const grouped = (n) => n.toLocaleString(document.documentElement.lang);

/** So many of them.
 * @param {import("./types.js").Words} words
 * @param {string | undefined} makes
 * @param {number} n */
export const counted = (words, makes = "picture", n) => say(words[`count_${makes}`], { n: grouped(n) });

/** Sentences one after the other, without those that are empty. After a full stop of Chinese there is no space.
 * @param {string[]} sentences */
export const joined = (...sentences) => sentences.filter(Boolean).join(" ").replaceAll(/(?<=[。！？]) /g, "");

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
