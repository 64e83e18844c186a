// Finding and filling what Gradio has put on the page. Components of a tab or panel that was never opened do not exist
// yet, so everything is looked up when it is needed.

export const byId = (id) => document.getElementById(id);

const input = (id, type) => byId(id)?.querySelector(`input[type=${type}]`);

let filling = 0;

/** Whether an input event comes from `fill` and not from a person. */
export const isFilling = () => filling > 0;

/** The value of a native slider; its number box may hold what is out of range, the slider itself never does. */
export const sliderValue = (id) => input(id, "range")?.valueAsNumber;

/** Move a native slider; its thumb and number box follow, and no request is made. */
export const fillSlider = (id, value) => fill(input(id, "range"), value);

export const fillNumber = (id, value) => fill(input(id, "number"), value);

function fill(field, value) {
  if (!field || field.value === String(value)) return;
  filling++;
  try {
    field.value = String(value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  } finally { filling--; }
}

/** Let Gradio run a hidden button's function, which sets choices, labels and limits of its components. */
export const sync = (id) => byId(id)?.querySelector("button")?.click() ?? byId(id)?.click();

export const update = (props) => ({ __type__: "update", ...props });

/** Say in the address what is looked at, without a step back; the language and what Gradio keeps there stay. */
export function setAddress(query) {
  const kept = [...new URLSearchParams(location.search)].filter(([key]) => key === "lang" || key.startsWith("__"));
  const all = [query, ...kept.map(([key, value]) => `${key}=${encodeURIComponent(value)}`)].filter(Boolean);
  history.replaceState(null, "", all.length ? `?${all.join("&")}` : location.pathname);
}

/** An element with properties, and what is in it: elements, or texts that stay texts. */
export function make(tag, properties = {}, ...inside) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const name of ["role", "ariaLabel"]) if (properties[name]) made.setAttribute(name.replace("ariaL", "aria-l"), properties[name]);      // as not every browser does by itself
  made.append(...inside);
  return made;
}

/** Fill {name} in a sentence. */
export const say = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/** Show a picture at the size its canvas has on the screen, smoothly, or with hard edges for pixel art. */
export function paint(canvas, image, pixelArt) {
  if (!canvas?.clientWidth) return;      // in a tab that is away it has no size: it is painted when the tab comes back
  const side = Math.max(1, Math.round(canvas.clientWidth * Math.min(window.devicePixelRatio || 1, 2)));
  const height = Math.max(1, Math.round(side * image.height / image.width));
  canvas.style.aspectRatio = `${image.width} / ${image.height}`;
  if (canvas.width !== side || canvas.height !== height) { canvas.width = side; canvas.height = height; }
  const context = canvas.getContext("2d");
  context.imageSmoothingEnabled = !pixelArt;
  context.imageSmoothingQuality = "high";
  context.globalCompositeOperation = "copy";      // what is transparent now must not show the picture before
  context.drawImage(small(image), 0, 0, side, height);
}

let scratch = null;

function small(image) {
  scratch ??= document.createElement("canvas");
  if (scratch.width !== image.width || scratch.height !== image.height) {
    scratch.width = image.width;
    scratch.height = image.height;
  }
  scratch.getContext("2d").putImageData(image, 0, 0);
  return scratch;
}

/** Put a picture into a small canvas at its own size; style sheets scale it. */
export function putTile(canvas, image, pixelArt) {
  canvas.width = image.width;
  canvas.height = image.height;
  canvas.classList.toggle("pixels", pixelArt);
  canvas.getContext("2d").putImageData(image, 0, 0);
}

/** Button `i` of the `count` in a place that fills one by one: what is there already stays until its turn comes. */
export function tileAt(id, i, count) {
  const place = byId(id);
  return tiles(place, Math.max(i + 1, Math.min(count, place?.children.length ?? 0)))[i];
}

/** A list of picture buttons in `place`: kept where there are enough, made where not. Returns the buttons. */
export function tiles(place, count) {
  if (!place) return [];
  while (place.children.length > count) place.lastChild.remove();
  while (place.children.length < count) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tile";
    button.append(document.createElement("canvas"));
    place.append(button);
  }
  return [...place.children];
}
