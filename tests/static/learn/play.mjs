// Plays a game of given weights on given batches and prints the weights that come of it: tests/static/test_game.py compares.
import { readFileSync } from "node:fs";
import { Game } from "../../../gan/ui/static/learn/game.js";
import { Recorder } from "../../../gan/ui/static/learn/recorder.js";

const { rules, g, d, batches, data, seen } = JSON.parse(readFileSync(0, "utf8"));
const numbers = (list) => Float64Array.from(list.flat(2));
const game = new Game(numbers([data]), rules);
for (const [network, values] of [[game.generator, g], [game.discriminator, d]]) network.values.forEach((to, i) => to.set(numbers([values[i]])));
const told = [], recorder = new Recorder(game, numbers([seen]));
for (const { real, z, between, zG } of batches) {
  game.stepD(numbers([real]), game.generator.output(numbers([z])), between && numbers([between]));
  game.stepG(numbers([zG]));
  recorder.see();
  told.push([game.told.loss, game.lossG, game.told.right, game.told.caught, game.told.penalty, game.told.norm, game.normG]);
}
const lists = (network) => network.values.map((values) => [...values]);
console.log(JSON.stringify({ g: lists(game.generator), d: lists(game.discriminator), told, steps: recorder.steps, measured: recorder.measured() }));
