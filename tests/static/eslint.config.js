// The page's own scripts: mistakes only, no taste. Formatting is left to whoever writes.

import js from "@eslint/js";
import globals from "globals";

export default [
  js.configs.recommended,
  { languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser }, linterOptions: { reportUnusedDisableDirectives: "error" } },
  { files: ["tests/**"], languageOptions: { globals: globals.node } },
  { rules: { "no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", ignoreRestSiblings: true }], eqeqeq: "error", "no-var": "error", "prefer-const": ["error", { destructuring: "all" }],
             "no-shadow": "off", "no-implicit-globals": "error", "no-return-assign": "off" } },
];
