// The page's own scripts: mistakes only, no taste. Formatting is left to whoever writes.

import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  { languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser } },
];
