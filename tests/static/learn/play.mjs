// Plays a game of given weights on given batches and prints the weights that come of it: tests/static/test_game.py compares.
import { readFileSync } from "node:fs";
import { Game } from "../../../gan/ui/static/learn/game.js";

const { rules, g, d, batches } = JSON.parse(readFileSync(0, "utf8"));
const numbers = (list) => Float64Array.from(list.flat(2));
const game = new Game(new Float64Array([0, 0]), rules);
for (const [network, values] of [[game.generator, g], [game.discriminator, d]]) network.values.forEach((to, i) => to.set(numbers([values[i]])));
const told = [];
for (const { real, z, between, zG } of batches) {
  game.stepD(numbers([real]), game.generator.output(numbers([z])), between && numbers([between]));
  game.stepG(numbers([zG]));
  told.push([game.told.loss, game.lossG, game.told.right, game.told.caught]);
}
const lists = (network) => network.values.map((values) => [...values]);
console.log(JSON.stringify({ g: lists(game.generator), d: lists(game.discriminator), told }));
