import type { LensDrawing } from '../lenses/LensDrawing.js';
import { OpticsError } from '../OpticsError.js';
import { sharedBytes, sharedFloats } from './arrays.js';
import type { Sheet } from './Burst.js';
import type { WorkingScene } from './workingScene.js';

/** Most sheets that a scene is cut into, beside those that objects make. */
const MAX_SHEETS = 20;
/** Difference of blur and parallax from sheet to sheet, photosites, near the focus plane. */
const SHEET_STEP = 0.75;
/** Blur from which steps grow in proportion to it, photosites. */
const BLUR_KNEE = 4;
/** Cells over the scene's range of blur, of which sheets are made. */
const HISTOGRAM = 256;
/** Nearest distance that a scene may have, m. */
const NEAREST_M = 0.01;
/** Half-width of the neighbourhood whose mean smooths what was filled in, samples. */
const FILL_REACH = 4;
/** Samples beyond the reach of blur and parallax that are filled in behind edges. */
const FILL_MARGIN = 8;
/** Sheet of hidden samples that no blur or movement brings to light. */
const NOTHING = 255;

/** A scene cut by distance, back to front. */
export interface CutScene {
  readonly sheets: readonly Pick<Sheet, 'depthM' | 'planes' | 'bounds' | 'covers'>[];
  /** Index of the sheet that is seen, per sample. */
  readonly visible: Uint8Array;
}

/** Diameter of a point's blur disc, photosites, negative behind the focus plane: thin lens, D v (1/d − 1/s). */
export function blurPhotosites(drawing: LensDrawing, pitchUm: number, depthM: number): number {
  // The working f-number is v / D, so D v = v² / N; mm² per m is µm.
  const scale = drawing.imageDistanceMm ** 2 / drawing.workingFNumber / pitchUm;
  return scale * (1 / depthM - 1 / drawing.focusDistanceM);
}

/** Blur and parallax on a scale on which they are seen evenly. */
const warped = (pixels: number): number => BLUR_KNEE * Math.asinh(pixels / BLUR_KNEE);

/**
 * Cuts a scene into sheets of about the same blur and parallax. Behind the edges of nearer sheets each gets what lies around: from front
 * to back the samples of the nearest sheet are taken away and the hole takes the distance of the nearest sample that is left
 * around it and colours that run smoothly in from there. So a blurred edge shows a plausible background, which no picture
 * of one point of view knows.
 * @param scene its planes are filled in and become the farthest sheet's: they are not the scene's any more
 * @param perPixel samples of the scene per pixel
 * @param objectsM distances of objects, m: what is nearer and what is farther do not share a sheet
 * @param movedM how far the camera moves across during the burst, m
 * @throws {OpticsError} for distances that are not above 0
 */
export function cutScene(
  scene: WorkingScene,
  drawing: LensDrawing,
  pitchUm: number,
  perPixel: number,
  movedM: number,
  objectsM: readonly number[],
): CutScene {
  const { width, height } = scene;
  const depthM = scene.depthM!;
  const size = width * height;
  let [least, most] = [Infinity, -Infinity];
  for (let i = 0; i < size; i++) {
    const d = depthM[i]!;
    if (!(d >= NEAREST_M)) {
      throw new OpticsError(
        `${d} m at column ${i % width}, row ${Math.floor(i / width)} is not possible; allowed are ${NEAREST_M} to Infinity.`,
        { field: 'scene.depthM' },
      );
    }
    const vergence = 1 / d;
    if (vergence < least) least = vergence;
    if (vergence > most) most = vergence;
  }
  const parallax = (movedM * drawing.imageDistanceMm * 1000) / pitchUm;
  const focus = 1 / drawing.focusDistanceM;
  const scaleAt = (vergence: number) =>
    warped(blurPhotosites(drawing, pitchUm, 1 / vergence) + parallax * (vergence - focus));
  const range = scaleAt(most) - scaleAt(least);
  const steps = Math.min(Math.max(Math.ceil(range / SHEET_STEP), 1), MAX_SHEETS);
  const cuts = [...new Set(objectsM.map((d) => 1 / d))];
  const count = steps + cuts.length;

  // Sheet by vergence: equal steps of the scale, looked up over a fine histogram.
  const cell = (most - least) / HISTOGRAM || 1;
  const sheetOfCell = Uint8Array.from({ length: HISTOGRAM + 1 }, (_, i) => {
    const share =
      (scaleAt(least + Math.min(i + 0.5, HISTOGRAM - 0.5) * cell) - scaleAt(least)) / (range || 1);
    return Math.min(Math.max(Math.floor(share * steps), 0), steps - 1);
  });
  const sheetOf = new Uint8Array(size);
  const samples = new Float64Array(count);
  const vergences = new Float64Array(count);
  for (let i = 0; i < size; i++) {
    const vergence = 1 / depthM[i]!;
    let sheet = sheetOfCell[Math.min(((vergence - least) / cell) | 0, HISTOGRAM)]!;
    for (const cut of cuts) if (vergence > cut) sheet++;
    sheetOf[i] = sheet;
    samples[sheet]!++;
    vergences[sheet]! += vergence;
  }
  // Sheets that hold nothing are left out.
  const kept = [...samples.keys()].filter((sheet) => samples[sheet]! > 0);
  const indexOf = new Uint8Array(count);
  for (const [index, sheet] of kept.entries()) indexOf[sheet] = index;
  const visible = sharedBytes(size);
  for (let i = 0; i < size; i++) visible[i] = indexOf[sheetOf[i]!]!;

  const blur = (vergence: number) => Math.abs(blurPhotosites(drawing, pitchUm, 1 / vergence));
  // What an edge's blur and the ground's own lay open, and what a movement of the camera does, both ways.
  const pixels = Math.max(blur(least), blur(most)) + 2 * parallax * (most - least);
  const reach = pixels * perPixel + FILL_MARGIN;
  const sheets: CutScene['sheets'][number][] = [];
  const remaining = new Uint8Array(visible);
  const { planes } = scene;
  for (let index = kept.length - 1; index >= 0; index--) {
    const sheetDepth = samples[kept[index]!]! / vergences[kept[index]!]!;
    if (index === 0) {
      sheets.unshift({ depthM: sheetDepth, planes, bounds: [0, 0, width, height], covers: 'all' });
      break;
    }
    sheets.unshift({
      depthM: sheetDepth,
      covers: 'partly',
      ...extract(planes, remaining, index, width, height),
    });
    fill(planes, remaining, index, reach, width, height);
  }
  return { sheets, visible };
}

/** The samples of one sheet with their coverage, in their bounding rectangle and a rim of two samples. */
function extract(
  planes: Float32Array,
  sheetOf: Uint8Array,
  index: number,
  width: number,
  height: number,
): Pick<Sheet, 'planes' | 'bounds'> & { readonly planes: Float32Array } {
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (sheetOf[i] !== index) continue;
      if (x < left) left = x;
      if (x >= right) right = x + 1;
      if (y < top) top = y;
      bottom = y + 1;
    }
  }
  const bounds = [
    Math.max(left - 2, 0),
    Math.max(top - 2, 0),
    Math.min(right + 2, width),
    Math.min(bottom + 2, height),
  ] as const;
  const [l, t, r, b] = bounds;
  const area = (r - l) * (b - t);
  const size = width * height;
  const out = sharedFloats(area * 4);
  for (let y = t, to = 0; y < b; y++) {
    for (let x = l, i = y * width + l; x < r; x++, i++, to++) {
      if (sheetOf[i] !== index) continue;
      out[to] = planes[i]!;
      out[area + to] = planes[size + i]!;
      out[2 * area + to] = planes[2 * size + i]!;
      out[3 * area + to] = 1;
    }
  }
  return { planes: out, bounds };
}

/**
 * Takes the samples of a sheet away: those within reach of what is left get sheet and colour of the nearest sample that is left (distances by two passes,
 * Borgefors 1986), then the colours' mean over what was filled around.
 */
function fill(
  planes: Float32Array,
  sheetOf: Uint8Array,
  index: number,
  farthest: number,
  width: number,
  height: number,
): void {
  const size = width * height;
  const nearest = new Int32Array(size);
  let count = 0;
  for (let i = 0; i < size; i++) if (sheetOf[i] === index || sheetOf[i] === NOTHING) count++;
  const holes = new Int32Array(count);
  for (let i = 0, k = 0; i < size; i++) {
    nearest[i] = i;
    if (sheetOf[i] !== index && sheetOf[i] !== NOTHING) continue;
    nearest[i] = -1;
    holes[k++] = i;
  }
  const improve = (i: number, dx: number, dy: number): void => {
    const x = i % width;
    const y = (i - x) / width;
    if (x + dx < 0 || x + dx >= width || y + dy < 0 || y + dy >= height) return;
    const from = nearest[i + dy * width + dx]!;
    if (from < 0) return;
    const own = nearest[i]!;
    if (own < 0 || squaredDistance(from, x, y, width) < squaredDistance(own, x, y, width)) nearest[i] = from;
  };
  // A second round reaches behind concave outlines.
  for (let round = 0; round < 2; round++) {
    for (let k = 0; k < count; k++) {
      const i = holes[k]!;
      improve(i, -1, 0);
      improve(i, -1, -1);
      improve(i, 0, -1);
      improve(i, 1, -1);
    }
    for (let k = count - 1; k >= 0; k--) {
      const i = holes[k]!;
      improve(i, 1, 0);
      improve(i, 1, 1);
      improve(i, 0, 1);
      improve(i, -1, 1);
    }
  }
  const colours = new Float32Array(count * 3);
  for (let k = 0; k < count; k++) {
    const i = holes[k]!;
    const from = nearest[i]!;
    const x = i % width;
    const distance = Math.sqrt(squaredDistance(from, x, (i - x) / width, width));
    if (distance > farthest) {
      nearest[i] = -1;
      continue;
    }
    // Around the nearest sample the mean of its own sheet, the wider the farther away: streaks blend into a smooth ground.
    const reach = Math.min(FILL_REACH, 1 + (distance >> 2));
    const fx = from % width;
    const fy = (from - fx) / width;
    const own = sheetOf[from]!;
    const right = Math.min(fx + reach, width - 1);
    const bottom = Math.min(fy + reach, height - 1);
    let [weight, r, g, b] = [0, 0, 0, 0];
    for (let v = Math.max(fy - reach, 0); v <= bottom; v++) {
      for (let at = v * width + Math.max(fx - reach, 0); at <= v * width + right; at++) {
        if (sheetOf[at] !== own) continue;
        weight++;
        r += planes[at]!;
        g += planes[size + at]!;
        b += planes[2 * size + at]!;
      }
    }
    colours[k * 3] = r / weight;
    colours[k * 3 + 1] = g / weight;
    colours[k * 3 + 2] = b / weight;
  }
  for (let k = 0; k < count; k++) {
    const i = holes[k]!;
    const from = nearest[i]!;
    if (from < 0) {
      sheetOf[i] = NOTHING;
      continue;
    }
    sheetOf[i] = sheetOf[from]!;
    for (let c = 0; c < 3; c++) planes[c * size + i] = colours[k * 3 + c]!;
  }
}

function squaredDistance(sample: number, x: number, y: number, width: number): number {
  const sx = sample % width;
  const dy = (sample - sx) / width - y;
  return (sx - x) * (sx - x) + dy * dy;
}
