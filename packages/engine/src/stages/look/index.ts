import {
  DISPLAY_P3,
  REC2020,
  type RgbSpace,
  rgbToRgb,
  rgbToXyz,
  SRGB,
  srgbDecode,
  srgbEncode,
} from '../../colour/spaces.js';
import type { Kernels } from '../../kernel-module.js';
import { defineStage, type ParameterSet, type PlanContext } from '../../stage.js';
import type { CubeLut } from './cube.js';
import { LOOKS, type LookName } from './looks.js';
import { cubeTable, domainOf, LOOK_SIZE, lookTable } from './table.js';

const NAMES = Object.keys(LOOKS) as LookName[];

const parameters = {
  name: {
    kind: 'choice',
    choices: NAMES,
    default: 'clear',
    flag: 'look',
    help: `The rendering: ${NAMES.map((name) => `${name} (${LOOKS[name].title})`).join('; ')}.`,
  },
  strength: {
    kind: 'number',
    min: 0,
    max: 1.5,
    step: 0.05,
    default: 1,
    flag: 'look-strength',
    help: 'How much of the look: 0 is none, 1 as it is meant, more is overdone.',
  },
  lut: {
    kind: 'asset',
    asset: 'colour table',
    default: null,
    flag: 'lut',
    help: 'A colour table (.cube) that is applied after the look, on display values.',
  },
  lutSpace: {
    kind: 'choice',
    choices: ['srgb', 'display-p3'],
    default: 'srgb',
    flag: 'lut-space',
    help: 'What the colour table was made for: encoded sRGB (also known as Rec.709) values, or Display P3.',
  },
} as const satisfies ParameterSet;

/** A table in the kernels' memory with all that its kernel wants. */
interface PlacedTable {
  readonly table: number;
  readonly size: number;
  readonly domain: number;
  readonly encode: number;
  readonly decode: number;
}

interface PlacedLut extends PlacedTable {
  readonly kind: CubeLut['kind'];
  /** Addresses of the matrices into the table's space and back, and of its luminance weights. */
  readonly there: number;
  readonly back: number;
  readonly weights: number;
}

interface Plan {
  readonly look: PlacedTable | undefined;
  readonly lut: PlacedLut | undefined;
}

const SPACES: Readonly<Record<(typeof parameters.lutSpace.choices)[number], RgbSpace>> = {
  srgb: SRGB,
  'display-p3': DISPLAY_P3,
};
const CURVE_ENTRIES = 1025;
/** Tables of looks, the latest ones last: a preview renders the same look again and again. */
const compiled = new Map<string, Float32Array>();
const KEPT_TABLES = 4;

function compiledLook(name: LookName, strength: number): Float32Array {
  const key = `${name} ${strength}`;
  const table = compiled.get(key) ?? lookTable(LOOKS[name], strength);
  compiled.delete(key);
  compiled.set(key, table);
  for (const oldest of compiled.keys()) {
    if (compiled.size <= KEPT_TABLES) break;
    compiled.delete(oldest);
  }
  return table;
}

function placeLook(name: LookName, strength: number, { place }: PlanContext): PlacedTable | undefined {
  // The measured colours are what comes in.
  if (name === 'faithful' || strength === 0) return undefined;
  return {
    table: place(compiledLook(name, strength)),
    size: LOOK_SIZE,
    domain: place(domainOf([0, 0, 0], [1, 1, 1], LOOK_SIZE)),
    encode: 0,
    decode: 0,
  };
}

function placeLut(lut: CubeLut, space: RgbSpace, { place }: PlanContext): PlacedLut {
  const curve = (f: (x: number) => number): number =>
    place(Float32Array.from({ length: CURVE_ENTRIES }, (_, i) => f(i / (CURVE_ENTRIES - 1))));
  return {
    kind: lut.kind,
    table: place(cubeTable(lut)),
    size: lut.size,
    domain: place(domainOf(lut.domainMin, lut.domainMax, lut.size)),
    encode: curve((root) => srgbEncode(root * root)),
    decode: curve(srgbDecode),
    there: place(Float32Array.from(rgbToRgb(REC2020, space))),
    back: place(Float32Array.from(rgbToRgb(space, REC2020))),
    weights: place(Float32Array.from(rgbToXyz(space).slice(3, 6))),
  };
}

/** What kernels for planes take first. */
type Area = readonly [planes: number, planeStride: number, rowStride: number, width: number, height: number];

function throughLut(lut: PlacedLut, area: Area, kernels: Kernels): void {
  kernels.colourMatrix(...area, lut.there);
  kernels.displayGamut(...area, lut.weights);
  const kernel = lut.kind === '3d' ? kernels.lookTable : kernels.lookCurves;
  kernel(...area, lut.table, lut.size, lut.domain, lut.encode, lut.decode);
  kernels.colourMatrix(...area, lut.back);
}

/** A rendering intent, and a table of the person's own, on display light in the working space. */
export const look = defineStage({
  name: 'look',
  title: 'Look',
  parameters,
  works: 'planes',
  plan(values, context): Plan | undefined {
    const plan = {
      look: placeLook(values.name, values.strength, context),
      lut: context.lut && placeLut(context.lut, SPACES[values.lutSpace], context),
    };
    return plan.look === undefined && plan.lut === undefined ? undefined : plan;
  },
  halo: () => 0,
  scratch: () => 0,
  run({ look: placed, lut }: Plan, tile, kernels) {
    const area: Area = [tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight];
    if (placed !== undefined)
      kernels.lookTable(...area, placed.table, placed.size, placed.domain, placed.encode, placed.decode);
    if (lut !== undefined) throughLut(lut, area, kernels);
  },
});
