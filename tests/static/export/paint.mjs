// Pictures of an exported page, painted here with its own scripts. In: {"folder", "jobs": [{"query"} or {"from", "to", "t"}]}; out: RGBA bytes as
// base64, one after the other, and the milliseconds that each took.

import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const { folder, jobs } = JSON.parse(readFileSync(0, "utf8")), home = pathToFileURL(`${folder}/`);
const [{ Model }, { readWeights }, { read, query }] = await Promise.all(["model.js", "weights.js", "recipe.js"].map((name) => import(new URL(name, home).href)));
const file = readFileSync(new URL("model.safetensors", home)), about = JSON.parse(readFileSync(new URL("model.json", home), "utf8"));
const model = new Model(about, readWeights(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength)));
const limits = { ...about, directions: model.directions.length }, blank = { ...model.recipe({}), psi: 1, seed: 0, label: null };
const pictures = [], took = [], links = [];
for (const { query: text, from, to, t } of jobs) {
  const [a, b] = [text ?? from, to ?? ""].map((one) => read(one, limits, blank)), began = performance.now();
  pictures.push(Buffer.from(text === undefined ? model.between(a, b, t) : model.picture(a)));
  took.push(performance.now() - began);
  links.push(query(a));
}
process.stdout.write(JSON.stringify({ pictures: Buffer.concat(pictures).toString("base64"), took, links }));
