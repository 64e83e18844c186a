// The recipe on the screen, its past and its future. Recipes are plain tables as the app writes them (studio/recipes.py).

const MOST_UNDO = 200;
const LINK = { model: "model", revision: "rev", seed: "seed", label: "class", psi: "psi", noise: "noise",
               noise_seed: "nseed", directions: "d", overrides: "z", walk: "walk", blend: "blend", cutoff: "cutoff",
               layer_psi: "lpsi", layer_noise: "lnoise", style: "style", mix: "mix" };
/** What makes the w of a picture, and so what a mix takes of its second picture. */
const STYLE = ["seed", "label", "psi", "cutoff", "directions", "overrides", "walk", "layer_psi"];
const DEFAULT = { seed: 0, psi: 1, noise: "const", noise_seed: 0 };

/** A recipe without what is as it would be anyway, its keys in one order: equal pictures give equal text. */
export function tidy(recipe) {
  const made = {};
  for (const key of Object.keys(LINK)) {
    let value = recipe[key];
    if (key === "directions" && value) {
      value = value.slice();
      while (value.length && !value[value.length - 1]) value.pop();
    }
    if (key === "blend" && value?.every((amount) => amount === 1)) value = [];      // the trained model itself
    if (key === "layer_noise") value = value?.filter(([, strength]) => strength !== 1);      // as trained
    if ((key === "style" || key === "mix") && !recipe.mix?.some(Boolean)) continue;      // nothing is mixed
    if (key === "style") value = styleOf(value);
    if (value === undefined || value === null || value === DEFAULT[key] || (Array.isArray(value) && !value.length)) continue;
    made[key] = value;
  }
  return made;
}

/** A picture as the second one of a mix. */
export function styleOf(recipe) {
  const made = tidy(recipe);
  return Object.fromEntries(STYLE.filter((key) => key in made).map((key) => [key, made[key]]));
}

/** A list of pairs, sorted, in which `number` has this value. */
export function withPair(pairs, number, value) {
  return [...(pairs ?? []).filter(([other]) => other !== number), [number, value]].sort((a, b) => a[0] - b[0]);
}

export const text = (recipe) => JSON.stringify(tidy(recipe));

/** The query of a link to the picture. */
export function query(recipe) {
  const items = Object.entries(tidy(recipe)).map(([key, value]) => {
    if (key === "style") value = query(value);
    if (Array.isArray(value)) value = value.map((v) => (Array.isArray(v) ? v.join(":") : v)).join(",");
    return `${LINK[key]}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3A/g, ":").replace(/%2F/g, "/")}`;
  });
  return items.join("&");
}

/** The part of the address that is a recipe: our short names only. */
export function fromAddress(search) {
  const known = new Set(Object.values(LINK));
  const kept = [...new URLSearchParams(search)].filter(([key]) => known.has(key));
  return new URLSearchParams(kept).toString();
}

/** The recipe now, and how it came about. */
export class History {
  constructor(recipe) { this.recipe = tidy(recipe); this.past = []; this.future = []; this.mark = text(recipe); }

  /** Change the recipe; it becomes a step that can be undone once `commit` is called. */
  edit(patch) { this.recipe = tidy({ ...this.recipe, ...patch }); }

  commit() {
    const now = text(this.recipe);
    if (now === this.mark) return false;
    this.past.push(this.mark);
    if (this.past.length > MOST_UNDO) this.past.shift();
    this.future = [];
    this.mark = now;
    return true;
  }

  /** Where "undo" or "redo" would lead to, or null. What was changed and not yet made a step becomes one. */
  peek(way) {
    const fresh = this.commit(), to = (way === "undo" ? this.past : this.future).at(-1);
    return to === undefined || (fresh && way === "redo") ? null : JSON.parse(to);
  }

  undo() { this.commit(); return this.step(this.past, this.future); }

  redo() { return this.commit() ? false : this.step(this.future, this.past); }

  step(from, to) {
    if (!from.length) return false;
    to.push(this.mark);
    this.mark = from.pop();
    this.recipe = JSON.parse(this.mark);
    return true;
  }
}

/** Numbers that look drawn at random but are the same for the same text: neighbours stay put under undo. */
export function seedsOf(told, count) {
  let h = 2166136261;
  for (let i = 0; i < told.length; i++) h = Math.imul(h ^ told.charCodeAt(i), 16777619);
  return Array.from({ length: count }, () => {
    h = Math.imul(h ^ (h >>> 15), 2246822519) + 0x9e3779b9 | 0;
    h ^= h >>> 13;
    return h >>> 0;
  });
}
