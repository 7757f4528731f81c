import type { Opcode } from '@photosite/raw';
import { inRange } from '../checks.js';
import type { LensDrawing, RadialTable } from '../lenses/LensDrawing.js';
import { solveLinear } from '../linearAlgebra.js';
import { OpticsError } from '../OpticsError.js';
import { cfaOf, samplesOf } from './cfa.js';
import type { SensorModel } from './SensorModel.js';

/** DNG version that introduced GainMap and WarpRectilinear. */
const SINCE = '1.3.0.0';
/** Sizes of a gain map, of which the first that suffices is taken. */
const MAP_SIZES = [
  { columns: 17, rows: 13 },
  { columns: 33, rows: 25 },
  { columns: 65, rows: 49 },
  { columns: 129, rows: 97 },
] as const;
/** How far the lines between a map's points may be from the lens's own shading, relative. */
const MAP_TOLERANCE = 0.0025;
/** Least illumination that is still lifted, relative to the centre: ten stops. */
const LEAST_LIGHT = 1e-3;
/** Places from the centre to the corner where a warp is fitted. */
const FIT_PLACES = 512;
/** Coefficients kr0 to kr3 of WarpRectilinear. */
const RADIAL_TERMS = 4;

/** A value of a table between its entries, linear; the last one beyond its end. */
function tableAt({ stepMm, values }: RadialTable, radiusMm: number): number {
  const place = Math.min(radiusMm / stepMm, values.length - 1);
  const index = Math.min(Math.floor(place), Math.max(values.length - 2, 0));
  const low = values[index]!;
  return low + (place - index) * ((values[index + 1] ?? low) - low);
}

/** Sides of the picture that a sensor's samples cover, mm. */
function sidesMm(sensor: SensorModel): { widthMm: number; heightMm: number } {
  const { width, height } = samplesOf(sensor);
  const sampleMm = (sensor.pitchUm * sensor.binning) / 1000;
  return { widthMm: width * sampleMm, heightMm: height * sampleMm };
}

/** Throws where a table is empty, has no step, or ends before the sensor's corner. */
function checkTable(field: string, { stepMm, values }: RadialTable, cornerMm: number): void {
  inRange(`${field}.values.length`, values.length, 2, 1e6);
  const reachMm = stepMm * (values.length - 1);
  // The corner itself may miss the last entry by a rounding.
  if (reachMm >= cornerMm * (1 - 1e-9) && Number.isFinite(reachMm)) return;
  throw new OpticsError(
    `The table reaches ${reachMm} mm; it has to reach the sensor's corner at ${cornerMm.toFixed(3)} mm.`,
    { field },
  );
}

interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly gains: Float32Array;
}

/** The gains against a shading on the coarsest grid that follows it. */
function gainGrid(illumination: RadialTable, widthMm: number, heightMm: number): Grid {
  const gainAt = (across: number, down: number) =>
    1 / tableAt(illumination, Math.hypot((across - 0.5) * widthMm, (down - 0.5) * heightMm));
  let grid: Grid | undefined;
  for (const { columns, rows } of MAP_SIZES) {
    const gains = Float32Array.from({ length: columns * rows }, (_, i) =>
      gainAt((i % columns) / (columns - 1), Math.floor(i / columns) / (rows - 1)),
    );
    grid = { columns, rows, gains };
    let error = 0;
    // Lines between points are farthest from the gain in the cells' middles.
    for (let row = 0; row < rows - 1; row++) {
      for (let column = 0; column < columns - 1; column++) {
        const i = row * columns + column;
        const middle = (gains[i]! + gains[i + 1]! + gains[i + columns]! + gains[i + columns + 1]!) / 4;
        const exact = gainAt((column + 0.5) / (columns - 1), (row + 0.5) / (rows - 1));
        error = Math.max(error, Math.abs(middle / exact - 1));
      }
    }
    if (error <= MAP_TOLERANCE) break;
  }
  return grid!;
}

/**
 * The gain maps that undo a lens's shading, for OpcodeList2 (DNG 1.6, chapter 7, GainMap). A Bayer mosaic gets one for each
 * of its four positions, as camera files have it and RawTherapee and darktable ask for; other patterns get one for all.
 * Maps have 17 × 13 points, or more where the shading is too steep to be followed within 0.25 %, up to 129 × 97.
 * @throws {OpticsError} where the illumination ends before the corner or is 0 there, which no gain can undo
 */
export function shadingGainMaps(sensor: SensorModel, illumination: RadialTable): Opcode[] {
  const { width, height } = samplesOf(sensor);
  const { widthMm, heightMm } = sidesMm(sensor);
  checkTable('illumination', illumination, Math.hypot(widthMm, heightMm) / 2);
  for (const [i, light] of illumination.values.entries()) {
    inRange(`illumination.values[${i}]`, light, LEAST_LIGHT, 1 / LEAST_LIGHT);
  }
  const { columns, rows, gains } = gainGrid(illumination, widthMm, heightMm);
  const bayer = cfaOf(sensor.cfa, sensor.binning).kind === 'bayer';
  const pitch = bayer ? 2 : 1;
  return Array.from({ length: pitch * pitch }, (_, position) => ({
    kind: 'GainMap',
    dngVersion: SINCE,
    optional: true,
    previewSkip: false,
    area: {
      top: Math.floor(position / pitch),
      left: position % pitch,
      bottom: height,
      right: width,
      plane: 0,
      planes: 1,
      rowPitch: pitch,
      colPitch: pitch,
    },
    mapPointsV: rows,
    mapPointsH: columns,
    mapSpacingV: 1 / (rows - 1),
    mapSpacingH: 1 / (columns - 1),
    mapOriginV: 0,
    mapOriginH: 0,
    mapPlanes: 1,
    gains,
  }));
}

/** A warp and how well it says what the lens does. */
export interface FittedWarp {
  readonly opcode: Opcode;
  /** Greatest distance from the lens's own distortion within the picture, samples, over R, G, B. */
  readonly errorPx: number;
}

/** kr0 to kr3 and the greatest error, relative to the corner's distance, of one colour's table. */
function fitRadial(table: RadialTable, cornerMm: number): { radial: number[]; error: number } {
  const normal = Array.from({ length: RADIAL_TERMS }, () => new Array<number>(RADIAL_TERMS).fill(0));
  const right = new Array<number>(RADIAL_TERMS).fill(0);
  // Places crowd toward the corner as Chebyshev's do, which brings least squares close to the least greatest error.
  const places = Array.from({ length: FIT_PLACES }, (_, i) =>
    Math.sin((Math.PI / 2) * ((i + 1) / FIT_PLACES)),
  );
  for (const r of places) {
    const source = tableAt(table, r * cornerMm) / cornerMm;
    const terms = Array.from({ length: RADIAL_TERMS }, (_, k) => r ** (2 * k + 1));
    for (let row = 0; row < RADIAL_TERMS; row++) {
      for (let k = 0; k < RADIAL_TERMS; k++) normal[row]![k]! += terms[row]! * terms[k]!;
      right[row]! += terms[row]! * source;
    }
  }
  const radial = solveLinear(normal, right);
  let error = 0;
  for (const r of places) {
    const fitted = radial.reduce((sum, coefficient, k) => sum + coefficient * r ** (2 * k + 1), 0);
    error = Math.max(error, Math.abs(fitted - tableAt(table, r * cornerMm) / cornerMm));
  }
  return { radial, error };
}

/**
 * The warp that undoes a lens's distortion and lateral colour, for OpcodeList3 (DNG 1.6, chapter 7, WarpRectilinear). The
 * opcode says for each place of the corrected picture where it lies in the recorded one, which is just what
 * `LensDrawing.distortion` says; radii are in units of the distance from the centre to the farthest corner. The scale is
 * the ideal lens's: with pincushion distortion the corrected corners come from beyond the recorded picture.
 * @throws {OpticsError} where a table ends before the sensor's corner
 */
export function distortionWarp(sensor: SensorModel, distortion: LensDrawing['distortion']): FittedWarp {
  const { widthMm, heightMm } = sidesMm(sensor);
  const cornerMm = Math.hypot(widthMm, heightMm) / 2;
  const fits = distortion.map((table, i) => {
    checkTable(`distortion[${i}]`, table, cornerMm);
    return fitRadial(table, cornerMm);
  });
  const sampleMm = (sensor.pitchUm * sensor.binning) / 1000;
  return {
    opcode: {
      kind: 'WarpRectilinear',
      dngVersion: SINCE,
      optional: true,
      previewSkip: false,
      coefficients: fits.map(({ radial }) => [...radial, 0, 0]),
      center: [0.5, 0.5],
    },
    errorPx: (Math.max(...fits.map(({ error }) => error)) * cornerMm) / sampleMm,
  };
}
