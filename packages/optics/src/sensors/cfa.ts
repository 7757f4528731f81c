import { type Cfa, makeCfa } from '@photosite/raw';
import { OpticsError } from '../OpticsError.js';
import type { CfaName, SensorModel } from './SensorModel.js';

interface Pattern {
  readonly side: number;
  readonly colours: readonly number[];
}

const bayer = (...colours: number[]): Pattern => ({ side: 2, colours });

/** Colours by photosite, row by row: 0 red, 1 green, 2 blue. */
const PATTERNS: { readonly [name in CfaName]: Pattern } = {
  rggb: bayer(0, 1, 1, 2),
  grbg: bayer(1, 0, 2, 1),
  gbrg: bayer(1, 2, 0, 1),
  bggr: bayer(2, 1, 1, 0),
  // biome-ignore format: as it lies on the sensor
  'quad-rggb': { side: 4, colours: [
    0, 0, 1, 1,
    0, 0, 1, 1,
    1, 1, 2, 2,
    1, 1, 2, 2,
  ] },
  // Fujifilm's array: 20 green, 8 red, 8 blue, every row and every column with all three.
  // biome-ignore format: as it lies on the sensor
  'x-trans': { side: 6, colours: [
    1, 2, 1, 1, 0, 1,
    0, 1, 0, 2, 1, 2,
    1, 2, 1, 1, 0, 1,
    1, 0, 1, 1, 2, 1,
    2, 1, 2, 0, 1, 0,
    1, 0, 1, 1, 2, 1,
  ] },
  // Without filters; every photosite counts as green, the channel by which sensitivities are stated.
  mono: { side: 1, colours: [1] },
};

/** All patterns by name. */
export const CFA_NAMES = Object.keys(PATTERNS) as readonly CfaName[];

function patternOf(name: CfaName): Pattern {
  const pattern = Object.hasOwn(PATTERNS, name) ? PATTERNS[name] : undefined;
  if (pattern !== undefined) return pattern;
  throw new OpticsError(`"${name}" is not a colour filter array; there are ${CFA_NAMES.join(', ')}.`, {
    field: 'cfa',
  });
}

/** The pattern that the samples have when `binning` photosites across and down are summed to one. */
function sampledPattern(name: CfaName, binning: 1 | 2): Pattern {
  const { side, colours } = patternOf(name);
  if (binning === 1 || side === 1) return { side, colours };
  if (name === 'quad-rggb') return PATTERNS.rggb;
  throw new OpticsError(
    `2 is not possible with ${name}; only quad-rggb and mono have equal neighbours to sum.`,
    {
      field: 'binning',
    },
  );
}

/**
 * The colour filter array of a sensor's samples, as raw frames carry it.
 * @param binning photosites across that are summed; 2 makes plain Bayer of quad Bayer
 * @throws {OpticsError} for an unknown name and for binning that would sum different colours
 */
export function cfaOf(name: CfaName, binning: 1 | 2 = 1): Cfa {
  const { side, colours } = sampledPattern(name, binning);
  return makeCfa(side, side, colours);
}

/** Colour of the sample at column `x`, row `y` (integers from 0): 0 red, 1 green, 2 blue. */
export function colorAt(name: CfaName, x: number, y: number, binning: 1 | 2 = 1): 0 | 1 | 2 {
  const { side, colours } = sampledPattern(name, binning);
  return colours[(y % side) * side + (x % side)] as 0 | 1 | 2;
}

/** Columns and rows of a sensor's samples: its photosites divided by the binning, odd ones at the border left out. */
export function samplesOf({ width, height, binning }: SensorModel): { width: number; height: number } {
  return { width: Math.floor(width / binning), height: Math.floor(height / binning) };
}
