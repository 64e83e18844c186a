// What the app answers with, as the scripts use it. For the type checker alone (tests/static): browsers never ask for this file.

import type { Recipe } from "./recipe.js";

export type Words = Record<string, string>;

/** What a component of Gradio is to become: see `update` in page.js. */
export type Update = { __type__: "update" } & Record<string, unknown>;

/** A model in use: gan/studio/library/library.py, `about`. */
export interface Model {
  id: string;
  revision?: string | null;
  title: string;
  summary: string;
  data: string;
  licence: string;
  family: string;
  kind: string;
  /** What its samples are: "picture", "text". */
  makes: string;
  origin: string;
  guessed: string[];
  megabytes: number;
  pair: boolean;
  layout: boolean;
  channels: number;
  height: number;
  width: number;
  /** Of its samples: a sound has as many columns, whatever its picture has. */
  side: number;
  z_dim: number;
  classes: string[];
  any_classes: boolean;
  layers: number;
  first_fine: number;
  noise: boolean;
  noise_layers: number;
  psi: number;
  seed: number;
  pixel_art: boolean;
  directions: number;
  direction_names: string[];
  /** Whether it was measured that handles on its pictures reach their targets. */
  drags: boolean;
  run?: string | null;
  steps?: number[];
  /** What it was trained on from, where the two can be blended. */
  base?: { id: string; revision: string | null; title: string } | null;
  /** Bytes of what a browser needs to paint it, 0 where it cannot. */
  network?: number;
}

/** A model of the library: `Library.cards`. */
export interface Card {
  id: string;
  revision?: string | null;
  title: string;
  kind: string;
  makes: string;
  origin: string;
  licence: string;
  width: number;
  height: number;
  classes: number;
  any_classes: boolean;
  megabytes: number;
  seed: number;
  psi: number;
  pixel_art: boolean;
  layout: boolean;
  bundled: boolean;
  removable: boolean;
  loaded: boolean;
}

export interface Curated { id: string; makes: string; kind: string; megabytes: number | null; licence: string }

export interface RepositoryFile { name: string; size: number; readable: boolean; note: string }

/** What a repository of the Hub holds: `Models.look`. */
export interface Look { id: string; revision: string; licence: string; files: RepositoryFile[]; usual: string | null; chosen: string | null; trouble: string }

/** What there is to choose before a model is published: gan/ui/routes/publishing.py. */
export interface Publishing { title: string; base: string; terms: string; choices: { id: string; title: string }[]; usual: string; unsaid: boolean; shared: boolean; who: string }

/** What a person can start a run from: a model, or a family of networks. */
export interface Base { id?: string; title: string; pair: boolean; makes?: string; channels: number; classes?: string[]; any_classes?: boolean; side: number; family?: string; about?: string; classic?: string }

/** Training pictures that are here, and what to start from with them, as Plan calls it: the best first. */
export interface Example { name: string; title: string; starts: string[] }

export interface Preset { steps: number; train: Record<string, any> }

export interface RunPlan { presets: Record<string, Preset>; pair: boolean; family: string; idle: string[] }

/** gan/studio/runs/state.py, RunState, and whether it is live and this visitor's. */
export interface RunState {
  id: string;
  status: "waiting" | "running" | "paused" | "stopping" | "done" | "stopped" | "failed" | "interrupted";
  position: number;
  step: number;
  saved: number;
  until: number | null;
  minutes: number;
  seconds_left: number | null;
  speed: number;
  pictures: number;
  device: string;
  memory: number;
  sentence: string;
  title: string;
  model: string;
  applied: number;
  train: Record<string, any>;
  offer: Record<string, any>;
  live: boolean;
  mine: boolean;
  last_words?: string;
  /** Whether it is played in turns, on a card that is lent for them. */
  lent?: boolean;
  /** Whether this visitor may see the pictures it learns from. */
  sees?: boolean;
}

export interface Diagnosis {
  verdict: string;
  sentence: string;
  others: string[];
  severity: number;
  numbers: Record<string, any>;
  remedy: { label: string; changes: Record<string, any> } | null;
}

export type Curves = Record<string, (number | null)[]> & { step: number[] };

/** A run with all that is shown of it: `Workshop.view`. What is optional is there once it has begun. */
export interface RunView {
  state: RunState;
  begun: boolean;
  cells: (Recipe & { pin?: number })[];
  /** Whether several people use this studio. */
  shared?: boolean;
  notes?: string[];
  curves?: Curves;
  signals?: Curves;
  diagnosis?: Diagnosis;
  /** What its samples are: "picture", "text". */
  makes?: string;
  /** Whether they are to be enlarged with hard edges. */
  pixel_art?: boolean;
  grids?: number[];
  snapshots?: number[];
  idle?: string[];
}

export interface SetReport { makes?: string; count: number; side: number; channels: number; colour?: number; sentences: string[]; classes?: string[] }

/** A classifier's share of right answers: gan/training/more_data_report.py. */
export interface Bar { arm: string; title: string; value: number; margin: number | null }

/** What came of an experiment with a GAN's samples, in words and numbers. */
export interface Measured { bars: Bar[]; verdicts: { verdict: string; words: string }[]; how: string; late?: string }

/** How such an experiment is: gan/studio/scores/more_data.py. */
export interface MoreDataState { status: "none" | "waiting" | "running" | "failed" | "ready"; position?: number; done?: number | null; error?: string; report: Measured | null }

/** What pictures can be drawn from, instead of files. */
export type Source = { dataset: string } | { example: string } | { model: string; count: number };

export interface ScoreRow { name: string; title: string; help: string; value: number | null; margin: number | null; real: number | null; real_margin: number | null; floor: number | null; floor_margin: number | null; digits: number }

export interface Nearest { seed: number; apart: number | null }

export interface ScoreReport { samples: number; pictures: number; ratio: number | null; floor_ratio: number | null; makes: string; shaky: boolean; own: boolean; notes: string[]; copies: number | null; rows: ScoreRow[]; nearest: Nearest[] }

/** How the scores of one model or run are: gan/studio/scores/scores.py. */
export interface ScoreState {
  status: "none" | "waiting" | "running" | "failed" | "ready";
  position: number;
  done: number | null;
  error: string;
  may: boolean;
  step: number | null;
  scored: number | null;
  came: boolean;
  report: ScoreReport | null;
}

/** Whose scores: a run's, or a model's on a set of pictures. */
export interface Subject { run?: string; model?: string; rev?: string; set?: string }

/** A line of work that is told as it goes: gan/ui/routes/narration.py. */
export interface Told { done: number | null; words: string; recipe?: Recipe; handle?: [number, number] }

/** How small pictures are asked for: `small` in server.js. */
export interface Small { side?: number | null; most?: number }
