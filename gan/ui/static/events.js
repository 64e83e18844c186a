// What Gradio's components ask the scripts to do (gan/ui/parts.py, script), by name: the one table of these. What a function returns is
// what becomes of the components that its event names.

/** @typedef {import("./studio.js").Studio} Studio */

/** @satisfies {Record<string, (studio: Studio, ...values: any[]) => unknown>} */
export const EVENTS = {
  // Explore
  undo: ({ explore }) => explore.undo(),
  redo: ({ explore }) => explore.redo(),
  reset: ({ explore }) => explore.reset(),
  dice: ({ explore }) => explore.dice(),
  nextSeed: ({ explore }) => explore.nextSeed(),
  previousSeed: ({ explore }) => explore.previousSeed(),
  chooseModel: ({ explore }, id) => explore.chooseModel(id),
  chooseClass: ({ explore }, label) => explore.chooseClass(label),
  chooseNoise: ({ explore }, noise) => explore.chooseNoise(noise),
  sheetMore: ({ explore }) => explore.sheetMore(),
  sheetBack: ({ explore }) => explore.sheetBack(),
  pickerUpdates: ({ explore }) => explore.pickerUpdates(),
  modelUpdate: ({ explore }) => explore.modelUpdate(),
  directionUpdates: ({ explore }) => explore.directionUpdates(),
  openMix: ({ explore }) => explore.mix.openMix(),
  closeMix: ({ explore }) => explore.mix.closeMix(),
  openLayers: ({ explore }) => explore.layers.openLayers(),
  closeLayers: ({ explore }) => explore.layers.closeLayers(),
  openExpert: ({ explore }) => explore.expert.openExpert(),
  closeExpert: ({ explore }) => explore.expert.closeExpert(),
  pageBefore: ({ explore }) => explore.expert.pageBefore(),
  pageAfter: ({ explore }) => explore.expert.pageAfter(),
  latentUpdates: ({ explore }) => explore.expert.latentUpdates(),
  pin: (studio) => studio.pin(),
  save: (studio) => studio.save(),
  copy: (studio) => studio.copy(),
  chooseFile: (studio) => studio.chooseFile(),
  chooseOwn: (studio) => studio.chooseOwn(),
  moreModels: (studio) => studio.moreModels(),

  // Interpolate
  play: ({ film }) => film.play(),
  chooseWay: ({ film }, path, easing, loop) => film.chooseWay(path, easing, loop),
  chooseFormat: ({ film }, kind) => film.chooseFormat(kind),
  filmUpdates: ({ film }) => film.filmUpdates(),
  playUpdate: ({ film }) => film.playUpdate(),
  scrubUpdate: ({ film }) => film.scrubUpdate(),
  filmPlan: ({ film }, plan, kind, fps, side) => film.filmPlan(plan, kind, fps, side),
  addRandom: ({ film }) => film.addRandom(),
  addSeeds: ({ film }, typed) => film.addSeeds(typed),
  clearPins: ({ pins }) => pins.clear(),

  // Train
  turnAsked: ({ train }) => train.run.turnAsked(),
  turnOver: ({ train }) => train.run.turnOver(),
  choosePictures: ({ train }) => train.choosePictures(),
  chooseFolder: ({ train }) => train.chooseFolder(),
  clearPictures: ({ train }) => train.clearPictures(),
  takeDataset: ({ train }, name) => train.takeDataset(name),
  takeModel: ({ train }, model) => train.takeModel(model),
  chooseBase: ({ train }, key) => train.plan.chooseBase(key),
  chooseSide: ({ train }, side) => train.plan.chooseSide(side),
  choosePreset: ({ train }, name) => train.plan.choosePreset(name),
  baseUpdates: ({ train }) => train.plan.baseUpdates(),
  sourceUpdate: ({ train }) => train.plan.sourceUpdate(),
  startRun: ({ train }, title) => train.startRun(title),
  pauseRun: ({ train }) => train.run.tell("pause"),
  resumeRun: ({ train }) => train.run.tell("resume"),
  stopRun: ({ train }) => train.run.tell("stop"),
  continueRun: ({ train }) => train.run.safely(() => train.run.goOn()),
  branchRun: ({ train }) => train.run.safely(() => train.run.branch()),
  deleteRun: ({ train }) => train.run.safely(() => train.run.remove()),
  downloadRun: ({ train }) => train.downloadRun(),
  takeRunPage: ({ train }) => train.takeRunPage(),
  publishRun: ({ train }) => train.publishRun(),
  copyRunLink: ({ train }) => train.copyRunLink(),
  exploreRun: ({ train }) => train.exploreRun(),

  // All tabs
  enter: (studio, tab) => studio.enter(tab),
};
