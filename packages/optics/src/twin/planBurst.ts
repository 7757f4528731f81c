import { inRange, positive } from '../checks.js';
import { photositeKernel } from '../lenses/photositeKernel.js';
import { OpticsError } from '../OpticsError.js';
import type { Scene } from '../scenes/Scene.js';
import { type ClampedSamples, toCameraRgb } from '../scenes/toCameraRgb.js';
import { samplesOf } from '../sensors/cfa.js';
import { checkSensor } from '../sensors/checkSensor.js';
import { gainForIso } from '../sensors/Readout.js';
import { electronsPerWhite } from '../spectra/electrons.js';
import { findIlluminant } from '../spectra/illuminants.js';
import { findSensitivities } from '../spectra/sensitivities.js';
import type { BurstPlan, BurstSettings, FrameExposure, Sheet, TwinCamera } from './Burst.js';
import { FrameGeometry, lensMapOf, poseByTime } from './FrameGeometry.js';
import { flickerMean } from './flicker.js';
import { handMotion } from './hand.js';
import { drawingAt } from './kernelGrid.js';
import { checkObject } from './objects.js';
import { cutScene } from './sheets.js';
import { workingScene } from './workingScene.js';

/** Most frames of a burst. */
const MAX_FRAMES = 1000;
/** Most moving objects. */
const MAX_OBJECTS = 100;
/** Most steps of a bracket and their range, EV. */
const MAX_STEPS = 100;
const STEP_RANGE_EV = 20;
/** Longest exposure and interval, s. */
const LONGEST_S = 3600;
/** Most samples of the working scene: 16 million in three planes of floats are 192 MB. */
const MAX_WORKING_SAMPLES = 16e6;
/**
 * Most samples of the working scene per pixel: finer ones are means of what lies in them. Sampled at this distance, cubic
 * B-splines keep a lamp's energy within sinc⁴(0.8) = 0.3 % a harmonic wherever it falls.
 */
const FINEST = 1.25;
/** Columns of the picture that flare is computed from. */
const COARSE_COLUMNS = 128;
/** Points along each border of the frame that the framing looks at. */
const BORDER_POINTS = 16;
/** Times at which the camera's movement over the burst is looked at. */
const MOVEMENT_POINTS = 64;
/** Kernels wider than this many pixels are computed on a coarser grid where nothing in them is fine. */
const WIDE_KERNEL = 33;
/** Coarsest grid: 2^5 pixels. */
const MAX_LEVEL = 5;
/** Cells that half of the light must spread over from the centre, on the coarser grid. */
const CORE_CELLS = 4;

/** Numbers of the settings, checked. */
function checkSettings(settings: BurstSettings, camera: TwinCamera): void {
  const { frames, exposureSteps = [0], objects = [], flare, hand } = settings;
  if (!Number.isInteger(frames)) inRange('frames', Number.NaN, 1, MAX_FRAMES);
  inRange('frames', frames, 1, MAX_FRAMES);
  inRange('illuminanceLux', settings.illuminanceLux, 0, 1e9);
  inRange('exposureTimeS', positive('exposureTimeS', settings.exposureTimeS), 1e-7, LONGEST_S);
  inRange('intervalS', settings.intervalS, 0, LONGEST_S);
  inRange('exposureSteps.length', exposureSteps.length, 1, MAX_STEPS);
  for (const [i, ev] of exposureSteps.entries())
    inRange(`exposureSteps[${i}]`, ev, -STEP_RANGE_EV, STEP_RANGE_EV);
  gainForIso(camera.sensor, settings.iso);
  inRange('transmission', positive('transmission', camera.transmission), 0, 1);
  inRange('seed', settings.seed, 0, 2 ** 32 - 1);
  inRange('objects.length', objects.length, 0, MAX_OBJECTS);
  for (const [i, object] of objects.entries()) checkObject(object, `objects[${i}]`);
  if (flare) {
    inRange('flare.veil', flare.veil, 0, 0.5);
    inRange('flare.ghost', flare.ghost, 0, 0.1);
  }
  if (hand) handMotion(hand);
  if (settings.flicker) flickerMean(settings.flicker, 0, settings.exposureTimeS);
}

/** Columns and rows of the frames. */
function frameSize(camera: TwinCamera, crop: BurstSettings['cropTo']): { width: number; height: number } {
  const all = samplesOf(camera.sensor);
  if (crop === undefined) return all;
  for (const side of ['width', 'height'] as const) {
    inRange(`cropTo.${side}`, crop[side], 2, all[side]);
    // The centre must stay between two samples and the pattern's first colour where it was.
    if (crop[side] % 2 !== 0)
      throw new OpticsError(`${crop[side]} is not possible; it has to be even.`, { field: `cropTo.${side}` });
  }
  return { width: crop.width, height: crop.height };
}

function exposuresOf(camera: TwinCamera, settings: BurstSettings): FrameExposure[] {
  const { sensor, drawing, transmission } = camera;
  const { exposureSteps = [0], frames, intervalS } = settings;
  const { spectrum } = findIlluminant(settings.illuminant);
  const perSecond = electronsPerWhite({
    sensor,
    illuminant: spectrum,
    illuminanceLux: settings.illuminanceLux,
    exposureTimeS: 1,
    workingFNumber: drawing.workingFNumber,
    transmission,
  });
  let startS = 0;
  return Array.from({ length: frames }, (_, index) => {
    const ev = exposureSteps[index % exposureSteps.length]!;
    const exposureTimeS = settings.exposureTimeS * 2 ** ev;
    const [r, g, b] = perSecond;
    const exposure: FrameExposure = {
      startS,
      exposureTimeS,
      iso: settings.iso,
      ev,
      electronsPerWhite: [r * exposureTimeS, g * exposureTimeS, b * exposureTimeS],
    };
    // A frame can't begin before the last one is exposed and read.
    startS += Math.max(intervalS, exposureTimeS + sensor.readoutS);
    return exposure;
  });
}

/**
 * How coarse the grid may be on which a distance is blurred: kernels of large discs are wide, but nothing in them is fine.
 * Judged by the lens alone, at the centre and out in the field.
 */
function levelFor(camera: TwinCamera, depthM: number, pitchUm: number, radiusMm: number): number {
  const drawing = drawingAt(camera.drawing, depthM, pitchUm);
  let level = 0;
  for (const xMm of [0, radiusMm / 2, radiusMm]) {
    const { size, weights } = photositeKernel(drawing, {
      xMm,
      yMm: 0,
      depthM,
      channel: 1,
      pitchUm,
      energy: 0.99,
    });
    const half = (size - 1) / 2;
    const rings = new Float64Array(half + 1);
    for (let y = 0, i = 0; y < size; y++)
      for (let x = 0; x < size; x++, i++)
        rings[Math.max(Math.abs(x - half), Math.abs(y - half))]! += weights[i]!;
    let core = 0;
    for (let sum = rings[0]!; sum < 0.5 && core < half; sum += rings[++core]!);
    const finest = Math.max(0, Math.floor(Math.log2(core / CORE_CELLS)));
    const wanted = Math.max(0, Math.ceil(Math.log2(size / WIDE_KERNEL)));
    const here = Math.min(finest, wanted, MAX_LEVEL);
    level = xMm === 0 ? here : Math.min(level, here);
  }
  return level;
}

/**
 * Plans a burst: the scene in the camera's colours on a grid that is not finer than the frames need, cut by distance, with
 * everything that a thread needs to expose any frame. The scene covers all frames: it is scaled so that no corner of any
 * frame, wherever the hand turns it, lies outside.
 * @throws {OpticsError} for numbers that are not possible, unknown names and arrays that do not fit
 */
export function planBurst(scene: Scene, camera: TwinCamera, settings: BurstSettings): BurstPlan {
  checkSensor(camera.sensor);
  checkSettings(settings, camera);
  inRange('scene.width', scene.width, 1, 65535);
  inRange('scene.height', scene.height, 1, 65535);
  if (scene.depthM && scene.depthM.length !== scene.width * scene.height) {
    throw new OpticsError(
      `${scene.depthM.length} distances for ${scene.width} × ${scene.height} samples; there has to be one each.`,
      { field: 'scene.depthM' },
    );
  }
  const { drawing, sensor } = camera;
  const { width, height } = frameSize(camera, settings.cropTo);
  const pitchUm = sensor.pitchUm * sensor.binning;
  const pitchMm = pitchUm / 1000;

  let clamped: ClampedSamples = { notFinite: 0, negative: 0, outsideCamera: 0 };
  const rgb = toCameraRgb(
    scene,
    findSensitivities(sensor.sensitivities),
    findIlluminant(settings.illuminant).spectrum,
    (found) => {
      clamped = found;
    },
  );

  const exposures = exposuresOf(camera, settings);
  const bare: BurstPlan = {
    camera,
    settings,
    width,
    height,
    pitchUm,
    sceneWidth: 1,
    sceneHeight: 1,
    sceneStepMm: [1, 1],
    resampling: 0,
    sheets: [],
    coarse: { width: 1, height: 1, planes: new Float32Array(3) },
    exposures,
    clamped,
  };
  const reach = framing(bare, scene.depthM);
  const stepMm = Math.max(
    (2 * reach[0]) / Math.max(scene.width - 1, 1),
    (2 * reach[1]) / Math.max(scene.height - 1, 1),
  );
  // Samples per pixel: as the scene has them, unless they are more than the frames can show or memory should hold.
  const perPixel = pitchMm / stepMm;
  const samples = scene.width * scene.height;
  const scale = Math.min(1, FINEST / perPixel, Math.sqrt(MAX_WORKING_SAMPLES / samples));
  const sceneWidth = Math.max(Math.round(scene.width * scale), 1);
  const sceneHeight = Math.max(Math.round(scene.height * scale), 1);
  const working = workingScene(rgb, scene.width, scene.height, scene.depthM, sceneWidth, sceneHeight);
  const coarseWidth = Math.min(COARSE_COLUMNS, scene.width);
  const coarseHeight = Math.min(
    Math.max(Math.round((coarseWidth * scene.height) / scene.width), 1),
    scene.height,
  );
  const coarse = workingScene(rgb, scene.width, scene.height, undefined, coarseWidth, coarseHeight);
  const density = (perPixel * sceneWidth) / scene.width;

  const radiusMm = (Math.hypot(width, height) / 2) * pitchMm;
  const cut =
    scene.depthM &&
    cutScene(
      working,
      drawing,
      pitchUm,
      density,
      movementM(bare),
      (settings.objects ?? []).map(({ distanceM }) => distanceM ?? drawing.focusDistanceM),
    );
  const base = cut?.sheets ?? [
    {
      depthM: drawing.focusDistanceM,
      planes: working.planes,
      bounds: [0, 0, sceneWidth, sceneHeight] as const,
      covers: 'all' as const,
    },
  ];
  const levels = new Map<number, number>();
  const levelAt = (depthM: number): number => {
    let level = levels.get(depthM);
    if (level === undefined) {
      level = levelFor(camera, depthM, pitchUm, radiusMm);
      levels.set(depthM, level);
    }
    return level;
  };
  const sheets: Sheet[] = base.map((sheet) => ({ ...sheet, level: levelAt(sheet.depthM), objects: [] }));
  for (const [index, { distanceM }] of (settings.objects ?? []).entries()) {
    if (distanceM === undefined && !cut) {
      sheets[0] = { ...sheets[0]!, objects: [...sheets[0]!.objects, index] };
      continue;
    }
    const depthM = distanceM ?? drawing.focusDistanceM;
    // In front of everything that is not nearer; the farthest sheet of the scene is behind all objects.
    const place = sheets.findIndex((sheet, i) => i > 0 && sheet.depthM < depthM);
    sheets.splice(place < 0 ? sheets.length : place, 0, {
      depthM,
      bounds: [0, 0, 0, 0],
      covers: 'partly',
      level: levelAt(depthM),
      objects: [index],
    });
  }
  const visible = cut && visibleBySheet(cut.visible, sheets, working.depthM!);
  return {
    ...bare,
    sceneWidth,
    sceneHeight,
    sceneStepMm: [(stepMm * scene.width) / sceneWidth, (stepMm * scene.height) / sceneHeight],
    // Cell and filter together are as wide as a photosite: variance (B/3 + 1/12)/density² = 1/12.
    resampling: Math.min(Math.max((density * density - 1) / 4, 0), 1),
    sheets,
    coarse: { width: coarseWidth, height: coarseHeight, planes: coarse.planes },
    clamped,
    ...(visible && { visible }),
  };
}

/** The scene's sheets have new indices where objects have come between them. */
function visibleBySheet(
  indices: Uint8Array,
  sheets: readonly Sheet[],
  depthM: Float32Array,
): { sheet: Uint8Array; depthM: Float32Array } {
  const places = sheets.flatMap((sheet, i) => (sheet.planes ? [i] : []));
  for (let i = 0; i < indices.length; i++) indices[i] = places[indices[i]!]!;
  return { sheet: indices, depthM };
}

/** Greatest distance across from where the burst began, m, looked at about as often as a hand trembles. */
function movementM(plan: BurstPlan): number {
  const poseAt = poseByTime(plan);
  const start = poseAt(0);
  const last = plan.exposures[plan.exposures.length - 1]!;
  const end = last.startS + last.exposureTimeS + plan.camera.sensor.readoutS;
  let most = 0;
  for (let i = 0; i <= MOVEMENT_POINTS; i++) {
    const pose = poseAt((end * i) / MOVEMENT_POINTS);
    most = Math.max(most, Math.hypot(pose.xM - start.xM, pose.yM - start.yM));
  }
  return most;
}

/** How far from its centre the scene's ideal image is seen by any frame, mm across and down. */
function framing(plan: BurstPlan, depthM: Float32Array | undefined): [number, number] {
  const { width, height, camera } = plan;
  const depths = new Set([camera.drawing.focusDistanceM]);
  if (depthM) {
    let nearest = Infinity;
    for (const depth of depthM) if (depth < nearest) nearest = depth;
    if (nearest > 0) depths.add(nearest);
    depths.add(Infinity);
  }
  const lens = lensMapOf(plan);
  const byTime = poseByTime(plan);
  let [x, y] = [0, 0];
  for (let index = 0; index < plan.exposures.length; index++) {
    const geometry = new FrameGeometry(plan, index, lens, byTime);
    for (const depth of depths) {
      for (let i = 0; i <= BORDER_POINTS; i++) {
        const column = ((width - 1) * i) / BORDER_POINTS;
        const row = Math.round(((height - 1) * i) / BORDER_POINTS);
        for (const [c, r] of [
          [column, 0],
          [column, height - 1],
          [0, row],
          [width - 1, row],
        ] as const) {
          for (const channel of [0, 1, 2]) {
            const [sx, sy] = geometry.scenePlace(depth, channel, c, r);
            x = Math.max(x, Math.abs(sx));
            y = Math.max(y, Math.abs(sy));
          }
        }
      }
    }
  }
  return [x, y];
}
