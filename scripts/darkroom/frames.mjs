// The frames that docs/darkroom.md is illustrated with: the sample, and what the twin takes.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  drawChart,
  drawLens,
  findCamera,
  findIlluminant,
  findLens,
  findPicture,
  findSensitivities,
  illuminantRgb,
  paraxialFigures,
  sensorModelOf,
} from '../../packages/optics/dist/index.js';
import { openRaw } from '../../packages/raw/dist/index.js';
import { takeFrame } from '../frame.mjs';
import { root } from '../setup.mjs';

const SAMPLE = join(root, 'samples', 'gopro-hero7.dng');
/** A quarter of a 1/2.5-inch sensor, whose pictures at night are noisy. */
const TELE = sensorModelOf(findCamera('xiaomi-14-ultra/tele'));
const SMALL = { ...TELE, width: TELE.width / 2, height: TELE.height / 2 };
const LARGE = sensorModelOf(findCamera('sony-ilce-7rm2/85mm'));

/** The portrait, which is taken twice. */
let sitter;

function picture(name, width) {
  return findPicture(name).render({ width, height: (width * 3) / 4, rays: 2 });
}

async function sample() {
  if (!existsSync(SAMPLE))
    throw new Error(`${SAMPLE} is missing: the darkroom's pictures are made from it. Check it out again.`);
  return openRaw(readFileSync(SAMPLE));
}

/** Two stops less light on the same samples. */
async function dim() {
  const frame = await sample();
  return {
    ...frame,
    samples: frame.samples.map((value) => value / 4),
    noiseProfile: frame.noiseProfile.map(({ scale, offset }) => ({ scale: scale / 4, offset: offset / 16 })),
  };
}

/** Every thousandth photosite, at no regular places, made as bright as half of white. */
async function hot() {
  const frame = await sample();
  const samples = frame.samples.slice();
  // A linear congruential generator (Numerical Recipes), so that the picture is the same every time.
  let place = 1;
  for (let i = 0; i < samples.length / 1000; i++) {
    place = (1664525 * place + 1013904223) % 2 ** 32;
    const at = Math.floor((place / 2 ** 32) * samples.length);
    samples[at] = Math.max(samples[at], frame.whiteLevel[0] / 2);
  }
  return { ...frame, samples };
}

async function street() {
  const { frame } = await takeFrame(picture('night-street', 1440), {
    model: SMALL,
    focalLengthMm: 1.9,
    fNumber: 1.8,
    focusDistanceM: 14,
    lux: 30,
    timeS: 1 / 30,
  });
  return frame;
}

async function portrait(illuminant) {
  sitter ??= picture('portrait', 960);
  const { frame } = await takeFrame(sitter, {
    model: { ...LARGE, width: 1200, height: 900, pitchUm: 30 },
    focalLengthMm: 75,
    fNumber: 4,
    focusDistanceM: 1.2,
    lux: 400,
    timeS: 1 / 60,
    illuminant,
  });
  return frame;
}

/** A frame under lamps whose camera was left at daylight. */
async function lamplight() {
  const white = illuminantRgb(findIlluminant('D55').spectrum, findSensitivities(LARGE.sensitivities));
  const most = Math.max(...white);
  return { ...(await portrait('A')), asShotNeutral: white.map((value) => value / most) };
}

async function lines() {
  const model = { ...LARGE, width: 2400, height: 1600, pitchUm: 13 };
  const { scene } = drawChart('line-grid', { width: 4800, height: 3200, lines: 25, lineWidth: 16 });
  const lens = findLens('nikkor-z-14-f4');
  const { frame } = await takeFrame(scene, {
    model,
    focusDistanceM: 10,
    lux: 5000,
    timeS: 1 / 30,
    focalLengthMm: paraxialFigures(lens).focalLengthMm,
    fNumber: 5.6,
    draw: ({ imageRadiusMm, fNumber, focusDistanceM }) =>
      drawLens(lens, { imageRadiusMm, fNumber, focusDistanceM, depthsM: [focusDistanceM] }),
  });
  return frame;
}

/** Each frame by the name that the views give it. */
export const FRAMES = {
  gopro: sample,
  hot,
  dim,
  street,
  portrait: () => portrait('D65'),
  lamplight,
  lines,
};
