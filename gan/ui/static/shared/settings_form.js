// Forms made from the property table of a run (gan/training/config.py): one field for each knob, with its range and help.

/** @typedef {import("./schema.js").Knob} Knob */
/** Something to set a knob with. @typedef {{ element: HTMLElement & { disabled?: boolean }, write: (value: any) => void, read: () => any }} Control */
/** And all that stands around it. @typedef {Control & { box: HTMLElement, tell: (why: string | null) => void }} Field */

/** @param {Knob} knob
 * @returns {string} */
const range = (knob) => [knob.low !== null && knob.high !== null ? `${knob.low} – ${knob.high}` : "", knob.unit].filter(Boolean).join(" ");

export class KnobForm {
  /** @type {Map<string, Field>} */
  fields = new Map();
  /** What holds, by name.
   * @type {Record<string, any>} */
  given = {};

  /** `changed` is called after a person has moved something.
   * @param {HTMLElement} place
   * @param {() => void} [changed] */
  constructor(place, changed = () => {}) {
    this.place = place;
    this.changed = changed;
  }

  /** Make the fields of these knobs.
   * @param {Knob[]} rows
   * @param {string} prefix */
  build(rows, prefix) {
    this.fields = new Map(rows.map((knob) => [knob.name, field(knob, `${prefix}-${knob.name}`, () => this.moved(knob.name))]));
    this.place.replaceChildren(...[...this.fields.values()].map((one) => one.box));
  }

  /** Show these values; what a person moves from here on is a change. `keep` the changes that there are.
   * @param {Record<string, any>} values
   * @param {boolean} [keep] */
  fill(values, keep = false) {
    const kept = keep ? this.changes() : {};
    this.given = values;
    for (const [name, one] of this.fields) if (name in values) one.write(kept[name] ?? values[name]);
  }

  /** Say of the knobs with these names, and of no others, why they do nothing; what was typed into them is forgotten.
   * @param {string[]} names
   * @param {string} why */
  idle(names, why) {
    for (const [name, one] of this.fields) {
      one.element.disabled = names.includes(name);
      if (one.element.disabled && name in this.given) one.write(this.given[name]);
      one.tell(one.element.disabled ? why : null);
    }
  }

  /** A person has moved a field; one that was left without a number shows again what holds.
   * @param {string} name */
  moved(name) {
    const one = this.fields.get(name);
    if (one && one.read() === null && name in this.given) one.write(this.given[name]);
    this.changed();
  }

  /** The values that differ from those that were filled in. */
  changes() {
    /** @type {Record<string, any>} */
    const found = {};
    for (const [name, one] of this.fields) {
      const value = one.read();
      if (value !== null && name in this.given && JSON.stringify(value) !== JSON.stringify(this.given[name])) found[name] = value;
    }
    return found;
  }
}

/** @param {Knob} knob
 * @param {string} id
 * @param {() => void} changed
 * @returns {Field} */
function field(knob, id, changed) {
  const box = document.createElement("div");
  box.className = "knob";
  const make = knob.many ? several : knob.choices.length ? choice : knob.kind === "bool" ? toggle : knob.kind === "str" ? line : number;
  const one = make(knob, id);
  const label = knob.many ? document.createElement("span") : Object.assign(document.createElement("label"), { htmlFor: id });
  label.textContent = knob.title;
  const help = document.createElement("p");
  help.className = "quiet";
  help.id = `${id}-help`;
  /** @type {string | null} */
  let idle = null;      // why it does nothing, where it does nothing
  const say = () => { help.textContent = idle ?? [knob.help, knob.helps[one.read()], range(knob) && `(${range(knob)})`].filter(Boolean).join(" "); };
  /** @param {string | null} why */
  const tell = (why) => { idle = why; say(); };
  /** @param {any} value */
  const write = (value) => { one.write(value); say(); };
  say();
  one.element.setAttribute("aria-describedby", help.id);
  one.element.addEventListener("change", () => { say(); changed(); });
  box.append(label, one.element, help);
  return { ...one, box, tell, write };
}

/** @param {Knob} knob
 * @param {string} id
 * @returns {Control} */
function number(knob, id) {
  const element = Object.assign(document.createElement("input"), { type: "number", id, step: knob.kind === "int" ? "1" : "any" });
  if (knob.low !== null) element.min = String(knob.low);
  if (knob.high !== null) element.max = String(knob.high);
  return { element, write: (value) => { element.value = value ?? ""; }, read: () => (Number.isFinite(element.valueAsNumber) ? element.valueAsNumber : null) };
}

/** @param {Knob} knob
 * @param {string} id
 * @returns {Control} */
function line(knob, id) {
  const element = Object.assign(document.createElement("input"), { type: "text", id });
  return { element, write: (value) => { element.value = value ?? ""; }, read: () => element.value };
}

/** @param {Knob} knob
 * @param {string} id
 * @returns {Control} */
function toggle(knob, id) {
  const element = Object.assign(document.createElement("input"), { type: "checkbox", id });
  return { element, write: (value) => { element.checked = value; }, read: () => element.checked };
}

/** @param {Knob} knob
 * @param {string} id
 * @returns {Control} */
function choice(knob, id) {
  const element = Object.assign(document.createElement("select"), { id });
  element.append(...knob.choices.map((name) => new Option(knob.labels[name], name)));
  return { element, write: (value) => { element.value = value; }, read: () => element.value };
}

/** @param {Knob} knob
 * @param {string} id
 * @returns {Control} */
function several(knob, id) {
  const element = Object.assign(document.createElement("div"), { id, className: "several" });
  element.setAttribute("role", "group");
  element.setAttribute("aria-label", knob.title);
  const boxes = knob.choices.map((name) => {
    const label = document.createElement("label"), box = Object.assign(document.createElement("input"), { type: "checkbox", value: name });
    label.append(box, ` ${knob.labels[name]}`);
    element.append(label);
    return box;
  });
  return {
    element,
    write: (value) => boxes.forEach((box) => { box.checked = (value ?? []).includes(box.value); }),
    read: () => boxes.filter((box) => box.checked).map((box) => box.value),
  };
}
