// gemm.wat as the two binaries that gan/export/page/gemm.js holds as base64. Printed: node assemble.mjs > ../../../gan/export/web/gemm.js

import { readFileSync } from "node:fs";
import wabt from "wabt";

const MADD = /\(\$madd (\((?:[^()]|\([^()]*\))*\)) (\((?:[^()]|\([^()]*\))*\)) (\([^()]*\))\)/g;
const HEAD = `// gemm.wat, assembled by tests/static/export/assemble.mjs; a test assembles it anew and compares.

`;

const { parseWat } = await wabt();

/** @param {string} text */
function assembled(text) {
  const module = parseWat("gemm.wat", text, { simd: true, relaxed_simd: true });
  const { buffer } = module.toBinary({});
  module.destroy();
  return Buffer.from(buffer).toString("base64");
}

const text = readFileSync(new URL("../../../gan/export/page/gemm.wat", import.meta.url), "utf8");
const binaries = { plain: text.replace(MADD, "(f32x4.add $3 (f32x4.mul $1 $2))"), relaxed: text.replaceAll("($madd ", "(f32x4.relaxed_madd ") };
for (const [name, source] of Object.entries(binaries)) {
  const base64 = assembled(source).match(/.{1,140}/g)?.map((line) => `  "${line}"`).join(" +\n");
  process.stdout.write(`${name === "plain" ? HEAD : "\n"}export const ${name.toUpperCase()} =\n${base64};\n`);
}
