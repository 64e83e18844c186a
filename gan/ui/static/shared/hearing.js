// Sounds as the app sends them, played one over the other without a click: what is newest fades in, what was there fades out.

/** @typedef {{ samples: Int16Array, rate: number }} Sound */

const SOFT = 0.004, AWAY = 0.02;      // seconds in which a sound comes and goes
const HEAD = 44;                      // bytes of a WAV file before its samples

/** Whether the samples of a model are sounds.
 * @param {{ makes?: string }} model */
export const isSound = (model) => model.makes === "sound";

/** The sounds of an answer of the app, in order.
 * @param {Response} answer
 * @returns {Promise<Sound[]>} */
export async function soundsIn(answer) {
  const count = Number(answer.headers.get("X-Count")), rate = Number(answer.headers.get("X-Rate"));
  const all = new Int16Array(await answer.arrayBuffer()), one = Number(answer.headers.get("X-Samples"));
  return Array.from({ length: count || 0 }, (_, i) => ({ samples: all.subarray(i * one, (i + 1) * one), rate }));
}

/** Several sounds one after the other.
 * @param {Sound[]} sounds
 * @returns {Sound} */
export function joined(sounds) {
  const samples = new Int16Array(sounds.reduce((sum, sound) => sum + sound.samples.length, 0));
  let at = 0;
  for (const sound of sounds) { samples.set(sound.samples, at); at += sound.samples.length; }
  return { samples, rate: sounds[0]?.rate ?? 16000 };
}

/** A WAV file of a sound, 16 bits, one channel.
 * @param {Sound} sound
 * @returns {Blob} */
export function wavOf({ samples, rate }) {
  const head = new DataView(new ArrayBuffer(HEAD)), bytes = samples.length * 2;
  /** @param {number} at
   * @param {string} text */
  const write = (at, text) => [...text].forEach((letter, i) => head.setUint8(at + i, letter.charCodeAt(0)));
  write(0, "RIFF"); head.setUint32(4, HEAD - 8 + bytes, true); write(8, "WAVEfmt "); head.setUint32(16, 16, true);
  head.setUint16(20, 1, true); head.setUint16(22, 1, true); head.setUint32(24, rate, true); head.setUint32(28, rate * 2, true);
  head.setUint16(32, 2, true); head.setUint16(34, 16, true); write(36, "data"); head.setUint32(40, bytes, true);
  return new Blob([head, new Int16Array(samples)], { type: "audio/wav" });
}

/** The lowest and highest sample of each of so many pieces, -1 to 1.
 * @param {Int16Array} samples
 * @param {number} count
 * @returns {[number, number][]} */
export function swings(samples, count) {
  return Array.from({ length: count }, (_, i) => {
    const some = samples.subarray(Math.floor(i * samples.length / count), Math.max(Math.floor((i + 1) * samples.length / count), Math.floor(i * samples.length / count) + 1));
    return some.reduce(([low, high], value) => [Math.min(low, value / 32768), Math.max(high, value / 32768)], /** @type {[number, number]} */ ([0, 0]));
  });
}

/** Draw the waves of a sound over the whole canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {Sound | null} sound */
export function drawWave(canvas, sound) {
  const times = window.devicePixelRatio || 1, width = Math.max(1, Math.round(canvas.clientWidth * times)), height = Math.max(1, Math.round(canvas.clientHeight * times));
  canvas.width = width;
  canvas.height = height;
  const pen = canvas.getContext("2d");
  if (!pen || !sound) return;
  pen.fillStyle = getComputedStyle(canvas).color;
  swings(sound.samples, width).forEach(([low, high], x) => pen.fillRect(x, (1 - high) / 2 * height, 1, Math.max(times, (high - low) / 2 * height)));
}

export class Hearing {
  /** @type {AudioContext | null} */
  context = null;
  /** What sounds now.
   * @type {{ source: AudioBufferSourceNode, gain: GainNode } | null} */
  now = null;
  /** How many sounds were played. */
  played = 0;

  /** Play a sound in the place of what sounds; from a second on, and so many seconds of it. Browsers let no page make a sound before
      somebody has touched it: until then nothing is played. `over` lets what sounds ring out.
   * @param {Sound} sound
   * @param {{ from?: number, seconds?: number, over?: boolean }} [how] */
  play({ samples, rate }, { from = 0, seconds, over = false } = {}) {
    if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
    if (!samples.length) return;
    this.context ??= new AudioContext();
    const { context } = this, source = context.createBufferSource(), gain = context.createGain();
    if (context.state === "suspended") void context.resume();
    const buffer = context.createBuffer(1, samples.length, rate), values = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i++) values[i] = samples[i] / 32768;
    if (!over) this.stop();
    source.buffer = buffer;
    source.connect(gain).connect(context.destination);
    const begin = context.currentTime, end = Math.min(seconds ?? Infinity, buffer.duration - from);
    gain.gain.setValueAtTime(from > 0 ? 0 : 1, begin);      // a sound begins where it begins: a fade would take its stroke away
    if (from > 0) gain.gain.linearRampToValueAtTime(1, begin + SOFT);
    if (seconds !== undefined && end > AWAY) {
      gain.gain.setValueAtTime(1, begin + end - AWAY);
      gain.gain.linearRampToValueAtTime(0, begin + end);
    }
    source.start(begin, from, Math.max(0, end));
    const mine = this.now = { source, gain };
    source.onended = () => { if (this.now === mine) this.now = null; };
    this.played++;
  }

  /** Let what sounds fade away. */
  stop() {
    if (!this.now || !this.context) return;
    const { source, gain } = this.now, at = this.context.currentTime;
    gain.gain.cancelScheduledValues(at);
    gain.gain.setTargetAtTime(0, at, AWAY / 4);
    source.stop(at + AWAY);
    this.now = null;
  }
}
