// The page of a model: it begins here.

import { Explore } from "./explore.js";
import { make } from "./parts.js";
import { Painter } from "./painter.js";

/** @typedef {import("./model.js").About} About */

const LANGUAGE = "gan-studio-language";

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {string} name */
async function fetched(name) {
  const answer = await fetch(name);
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return answer;
}

async function begin() {
  const worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  const weights = fetched("model.safetensors").then((answer) => answer.arrayBuffer());      // the largest, on its way while all else is
  weights.catch(() => {});      // what is wrong is said by whoever waits for them
  /** @type {About} */
  const about = await (await fetched("model.json")).json();
  /** @param {string} word */
  const failed = (word) => {
    const told = byId("told");
    told.textContent = about.texts[document.documentElement.lang].words[word];
    told.classList.add("wrong");
  };
  const painter = new Painter(worker, failed);
  painter.begin(about, weights);
  const explore = new Explore(about, painter);
  explore.show(chosenLanguage(about), location.search);
  offerLanguages(about, (tag) => {
    remember(tag);
    explore.show(tag, explore.link());
  });
}

/** The language of the visitor, as far as the page speaks it: the one chosen here before, or the browser's first that is near.
 * @param {About} about */
function chosenLanguage({ texts }) {
  const wanted = [remembered(), ...navigator.languages].filter(Boolean).map(String), tags = Object.keys(texts);
  for (const tag of wanted) {
    const found = tags.find((one) => one === tag) ?? tags.find((one) => one.split("-")[0] === tag.split("-")[0]);
    if (found) return found;
  }
  return tags[0];
}

/** @param {About} about
 * @param {(tag: string) => void} to */
function offerLanguages({ texts }, to) {
  const select = /** @type {HTMLSelectElement} */ (byId("language"));
  select.replaceChildren(...Object.entries(texts).map(([value, { name }]) => make("option", { value, lang: value, textContent: name })));
  select.value = document.documentElement.lang;
  select.addEventListener("change", () => to(select.value));
}

/** Browsers may keep nothing for this page: then the next visit begins in the browser's language again.
 * @param {string} tag */
function remember(tag) { try { localStorage.setItem(LANGUAGE, tag); } catch { return; } }

function remembered() { try { return localStorage.getItem(LANGUAGE); } catch { return null; } }

begin().catch((error) => { byId("told").textContent = `This page could not be opened (${error.message}). It needs a web server: python -m http.server in its folder is one.`; });
