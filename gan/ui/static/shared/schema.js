// What a picture, a film and a run are made of, as the app tells (gan/ui/schema.py). Nothing here or elsewhere in the scripts names a
// range, a default or a short name of a link a second time.

/** @typedef {{ name: string, kind: "int" | "float" | "bool" | "str" | "pairs" | "recipe", many: boolean, optional: boolean,
 *   title: string, labels: Record<string, string>, default: unknown, help: string, low: number | null, high: number | null, step: number | null, unit: string, choices: string[],
 *   helps: Record<string, string>, most: number, live: boolean, costly: boolean, link: string, of_w: boolean,
 *   trailing: number | null, neutral: number | null }} Knob */

/** @typedef {{ recipe: Knob[], path: Knob[], run: Knob[], train: Knob[], most_keyframes: number }} Schema */

/** @type {Schema} */
export const schema = { recipe: [], path: [], run: [], train: [], most_keyframes: 0 };

/** Take what the app tells, before anything is made of it.
 * @param {Schema} told */
export function learn(told) { Object.assign(schema, told); }

/** The row of a knob.
 * @param {"recipe" | "path" | "run" | "train"} table
 * @param {string} name
 * @returns {Knob} */
export function knob(table, name) {
  const row = schema[table].find((one) => one.name === name);
  if (!row) throw new Error(`The ${table} has no ${name}.`);
  return row;
}

/** Its lowest, highest and next value, as a slider takes them.
 * @param {"recipe" | "path" | "run" | "train"} table
 * @param {string} name
 * @param {number} [step] where the table says none */
export function range(table, name, step = 1) {
  const { low, high, step: own } = knob(table, name);
  return { min: low ?? -Infinity, max: high ?? Infinity, step: own ?? step };
}

/** The highest seed. */
export const lastSeed = () => knob("recipe", "seed").high ?? 0;
