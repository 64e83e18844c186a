// What a run starts from and the pictures it learns from, which are of one kind: pictures, words or sounds.

import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";

import { Pictures } from "../../../gan/ui/static/shared/pictures.js";
import { Plan } from "../../../gan/ui/static/train/plan.js";
import { emptyPage } from "../later.js";

const WORDS = { makes: "text", count: 300, side: 0, channels: 0, sentences: [] }, SOUNDS = { makes: "sound", count: 40, side: 64, channels: 1, sentences: [] }, PICTURES = { count: 40, side: 32, channels: 3, sentences: [], classes: ["hat", "no hat"] };
const BASES = [{ id: "cats", title: "Cats", side: 32, channels: 3, any_classes: true }, { id: "names", title: "Names", makes: "text", any_classes: true },
               { family: "dcgan", about: "" }, { family: "words", about: "", makes: "text" }, { family: "sounds", about: "", makes: "sound" },
               { id: "hits", title: "Hits", makes: "sound", side: 16, channels: 1, any_classes: true }];

let page, asked, plan, pictures, budget, sets, side, classes, drawn, named;

beforeEach(() => {
  page = emptyPage();
  asked = [];
  sets = {};
  const words = { sending: "", base_classes: "{count}", first_pictures: "first", misfit_pictures: "pictures, but words", misfit_words: "words, but pictures", misfit_sounds: "sounds, but pictures", misfit_pictures_sounds: "pictures, but sounds", measuring: "measuring" };
  const server = {
    async ask(path, body) {
      asked.push(path);
      if (path === "train/plan") ({ classes } = body);
      if (path === "train/start") { named = body.title; return { id: "run" }; }
      if (path === "train/drawn") { drawn = body; sets.drawn = ["drawn.png"]; return { id: "drawn" }; }
      if (path === "train/set") return { id: `set${Object.keys(sets).push(sets[`set${Object.keys(sets).length + 1}`] = [])}` };
      const id = path.split("/")[2];
      if (path === "train/plan") return { presets: { quick: { steps: 1, train: {} } }, pair: true, idle: [] };
      if (path === "train/bases") return { bases: BASES };
      if (path.endsWith("/read")) { ({ side } = body); return {}; }
      return { status: "ready", report: sets[id].every((name) => name.endsWith(".txt")) ? WORDS : sets[id].every((name) => name.endsWith(".wav")) ? { ...SOUNDS, side } : PICTURES };
    },
    async sendFile(path) { sets[path.split("/")[2]].push(path.split("name=")[1]); },
  };
  const alert = { clear() {}, show(error) { throw error; } };
  pictures = new Pictures(server, words, alert, () => plan.shape, () => changed(), () => plan.misfits);
  Object.assign(pictures, { tell() {}, showSheet() {}, show(report) { this.report = report; changed(); } });
  plan = new Plan(server, words, alert, pictures, {});
  pictures.others = () => plan.forgetExample();
  plan.say = (said) => { budget = said; };
  Object.assign(plan, { bases: BASES, base: BASES[0], plan: { presets: { quick: { steps: 1, train: {} } } } });
  const nothing = document.getElementById;
  document.getElementById = (id) => (id === "base-note" ? {} : nothing(id));
});

afterEach(() => { clearTimeout(plan.waiting); page.restore(); });

/** What Train does where there are other pictures. */
const following = [];
function changed() {
  if (pictures.ready) following.push(plan.follow().then(() => plan.replan(true)));
  else plan.changed();
}

test("the price of the base before is not asked for any more", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  await give("a.png");
  const chosen = plan.chooseBase("scratch:words");      // what it means is being asked for
  t.mock.timers.tick(1000);
  await chosen;
  assert.equal(asked.includes("train/budget"), false);
});

async function give(...names) {
  await pictures.take(names.map((name) => ({ name })));
  while (following.length) await following.shift();      // what comes may be read again for the base that it brings
}
const reads = () => asked.filter((path) => path.endsWith("/read")).length;

test("a base of words keeps the pictures, and says what it needs; back at the one before nothing is read again", async () => {
  await give("a.png");
  assert.deepEqual([plan.key, budget, plan.ready], ["cats", "measuring", true]);
  for (const key of ["names", "scratch:words"]) {
    await plan.chooseBase(key);
    assert.deepEqual([plan.key, pictures.id, budget, plan.ready], [key, "set1", "pictures, but words", false]);
  }
  await plan.chooseBase("cats");
  assert.deepEqual([pictures.report, budget, reads()], [PICTURES, "measuring", 1]);
});

test("what the presets mean is asked for the classes of the pictures, once these are there", async () => {
  await plan.replan();
  assert.equal(classes, undefined);
  await give("a.png");
  assert.equal(classes, 2);
});

test("new files of the other kind bring their base with them", async () => {
  await give("words.txt");
  assert.deepEqual([plan.key, budget], ["scratch:words", "measuring"]);
  await plan.chooseBase("cats");
  assert.deepEqual([plan.key, pictures.id, budget], ["cats", "set1", "words, but pictures"]);
  await plan.chooseBase("names");
  assert.deepEqual([plan.key, budget, reads()], ["names", "measuring", 1]);
});

test("a list of words takes the place of the pictures that a base of words has no use for", async () => {
  await give("a.png");
  await plan.chooseBase("scratch:words");
  await give("words.txt");
  assert.deepEqual([plan.key, pictures.id, sets.set2, budget], ["scratch:words", "set2", ["words.txt"], "measuring"]);
});

/** As a click on it does. */
async function example(name, ...starts) {
  const begun = plan.suggest(starts);
  await pictures.draw({ example: name });
  await begun;
  while (following.length) await following.shift();
}

test("an example brings what it goes best with, for as long as it is there", async () => {
  await example("letters", "gone", "scratch:dcgan");
  assert.deepEqual([plan.key, drawn], ["scratch:dcgan", { example: "letters", base: "", side: 64, channels: 0 }]);
  await example("faces", "cats", "scratch:dcgan");
  assert.equal(plan.key, "cats");      // the first that is here
  await example("letters", "scratch:dcgan");
  const read = reads();
  await give("a.png");
  assert.deepEqual([plan.key, budget, reads()], ["cats", "measuring", read + 1]);      // own pictures go on from a model again
  await example("letters", "scratch:dcgan");
  await give("words.txt");
  assert.deepEqual([plan.key, budget], ["scratch:words", "measuring"]);
  await example("letters", "scratch:dcgan");      // where a base of words cannot stay
  assert.equal(plan.key, "scratch:dcgan");
});

test("what a person has chosen to start from stays, whatever is drawn or given", async () => {
  await plan.pickBase("scratch:dcgan");
  await example("faces", "cats");
  assert.equal(plan.key, "scratch:dcgan");
  await plan.pickBase("scratch:words");
  await example("faces", "cats");
  assert.equal(plan.key, "cats");      // which a base of words cannot be drawn for
  await plan.pickBase("scratch:dcgan");
  await give("a.png");
  assert.equal(plan.key, "scratch:dcgan");
});

test("grey pictures are read in one channel for a new pair, and again in three for a model of colour", async () => {
  await plan.pickBase("scratch:dcgan");
  await give("a.png");
  Object.assign(pictures.report = { ...PICTURES, side: 64 }, { channels: 1, colour: 0 });
  assert.equal(pictures.fits(), true);
  pictures.report.channels = 3;
  assert.equal(pictures.fits(), false);      // as they were read for another model
  pictures.report.colour = 1;
  assert.equal(pictures.fits(), true);
});

test("a run without a name is called by its example and what it starts from", async () => {
  plan.words = { ...plan.words, run_untitled: "From {model}", run_from_scratch: "From scratch: {model}", run_of_example: "{example} · {start}" };
  plan.pins = { ofModel: () => [] };
  for (const [key, title, name] of [["cats", "", "Faces · From Cats"], ["scratch:dcgan", " ", "Faces · From scratch: dcgan"], ["cats", "Mine", "Mine"]]) {
    await plan.chooseBase(key);
    await plan.start(title, "Faces");
    assert.equal(named, name);
  }
  await plan.start("");
  assert.equal(named, "From Cats");
});

test("a base that is chosen while files are about to be read has them read once more, not at the same time", async () => {
  let reading = 0, most = 0, second;
  const { server } = pictures, ask = server.ask.bind(server);
  server.ask = async (path, body) => {
    if (!path.endsWith("/read")) return ask(path, body);
    most = Math.max(most, ++reading);
    second ??= pictures.again();      // while the first order is on its way
    await new Promise((done) => setTimeout(done, 5));
    reading--;
    return ask(path, body);
  };
  await give("a.png");
  await second;
  assert.deepEqual([most, reads(), pictures.report], [1, 2, PICTURES]);
});

test("WAV files bring the family of sounds with them, and are kept where pictures are needed", async () => {
  await give("kick.wav", "hat.WAV".toLowerCase());
  assert.deepEqual([plan.key, budget, plan.shape], ["scratch:sounds", "measuring", { base: "", side: 64, channels: 1 }]);
  await plan.chooseBase("cats");
  assert.deepEqual([plan.key, pictures.id, budget, plan.ready], ["cats", "set1", "sounds, but pictures", false]);
  const read = reads();
  await plan.chooseBase("scratch:sounds");
  assert.deepEqual([budget, reads()], ["measuring", read]);
  await plan.chooseBase("cats");
  await give("a.png");
  assert.deepEqual([plan.key, pictures.id, budget], ["cats", "set2", "measuring"]);
  await plan.chooseBase("scratch:sounds");
  assert.deepEqual([budget, plan.ready], ["pictures, but sounds", false]);
});

test("sounds are as long as those of their base, and are read anew for one of another length", async () => {
  await give("kick.wav");
  const read = reads();
  for (const [key, base, columns] of [["hits", "hits", 16], ["scratch:sounds", "", 64], ["hits", "hits", 16]]) {
    await plan.chooseBase(key);
    assert.deepEqual([plan.shape, pictures.report.side, budget], [{ base, side: columns, channels: 1 }, columns, "measuring"]);
  }
  assert.equal(reads(), read + 3);
});

test("a model that only this page has opened is as long as its sounds, not as its picture is wide", async () => {
  plan.form = { fill() {}, idle() {}, changes: () => ({}) };
  plan.wanted = "bells";
  await plan.enter([{ id: "bells", title: "Bells", makes: "sound", pair: true, width: 128, height: 128, side: 32, channels: 3, classes: [], any_classes: true }]);
  assert.deepEqual([plan.key, plan.shape], ["bells", { base: "bells", side: 32, channels: 1 }]);
});

test("colour comes first where nobody has chosen, greys and other networks of classes do not", async () => {
  plan.form = { fill() {}, idle() {}, changes: () => ({}) };
  plan.base = undefined;
  const rows = [{ id: "letters", channels: 1, classes: ["A"], any_classes: true }, { id: "other", channels: 3, classes: ["a"], any_classes: false }, { id: "cats", channels: 3, classes: ["hat"], any_classes: true }];
  BASES.unshift(...rows.map((row) => ({ title: row.id, makes: "picture", pair: true, side: 32, ...row })));
  try {
    await plan.enter([]);
    assert.deepEqual([plan.key, plan.bases.some((base) => base.id === "other"), plan.bases[0].id], ["cats", false, "letters"]);
  } finally {
    BASES.splice(0, rows.length);
  }
});

test("a base that is not there any more gives way to the usual one, and one that is there is not chosen anew", async () => {
  plan.form = { fill() {}, idle() {}, changes: () => ({}) };
  const mine = { id: "mine", title: "Mine", makes: "picture", pair: true, width: 16, height: 16, side: 16, channels: 3, classes: [], any_classes: true };
  await plan.enter([mine]);
  await plan.chooseBase("mine");
  const plans = () => asked.filter((path) => path === "train/plan").length, before = plans();
  await plan.enter([mine]);
  assert.deepEqual([plan.key, plans()], ["mine", before]);
  await plan.enter([]);
  assert.deepEqual([plan.key, plans(), plan.bases.some(({ id }) => id === "mine")], ["cats", before + 1, false]);
});
