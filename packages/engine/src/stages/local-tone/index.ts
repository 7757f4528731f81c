import { defineStage, type Overview, type ParameterSet, type PlanContext } from '../../stage.js';
import { exposureStops } from '../exposure/index.js';
import { sceneLuminance } from '../exposure/scene.js';
import { automaticStrength, compression } from './compression.js';
import { type BaseGrid, baseGrid, FIRST_LEVEL, gainsOf, LEVELS, LEVELS_PER_OCTAVE } from './grid.js';

const parameters = {
  strength: {
    kind: 'number',
    min: 0,
    max: 1,
    step: 0.05,
    default: null,
    flag: 'local-tone',
    help: 'How far bright and dark parts of the scene are brought together; automatic = as its contrast asks for.',
  },
  shadows: {
    kind: 'number',
    min: -1,
    max: 1,
    step: 0.05,
    default: 0,
    flag: 'shadows',
    help: 'Opens (positive) or deepens the dark parts of the scene.',
  },
  highlights: {
    kind: 'number',
    min: -1,
    max: 1,
    step: 0.05,
    default: 0,
    flag: 'highlights',
    help: 'Brightens (positive) or calms the bright parts of the scene.',
  },
  clarity: {
    kind: 'number',
    min: -1,
    max: 1,
    step: 0.05,
    default: 0,
    flag: 'clarity',
    help: 'Contrast of what is smaller than the parts of the scene: more (positive) or softer.',
  },
  dehaze: {
    kind: 'number',
    min: -1,
    max: 1,
    step: 0.05,
    default: 0,
    flag: 'dehaze',
    help: 'Takes a veil of haze or stray light away (positive) or lays one over the picture.',
  },
} as const satisfies ParameterSet;

interface Plan {
  readonly grid: number;
  readonly columns: number;
  readonly rows: number;
  /** Nodes per pixel of the picture. */
  readonly nodesPerPixelX: number;
  readonly nodesPerPixelY: number;
}

/** Clarity that comes with full strength: what parts lose in contrast is given back to what is within them. */
const CLARITY_BACK = 0.3;
/** Gains below this many stops everywhere are not worth a pass. */
const NOTHING_STOPS = 0.01;

/** The overview's grid seen from the picture, which may be corrected, straightened and cropped. */
function overPicture(grid: BaseGrid, overview: Overview, { picture }: PlanContext): BaseGrid {
  const long = Math.max(picture.width, picture.height);
  const most = Math.max(grid.columns, grid.rows);
  const columns = Math.max(Math.round((most * picture.width) / long), 1);
  const rows = Math.max(Math.round((most * picture.height) / long), 1);
  const base = new Float32Array(columns * rows * LEVELS);
  const dark = new Float32Array(columns * rows);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const [x, y] = overview.locate(
        ((i + 0.5) / columns) * picture.width,
        ((j + 0.5) / rows) * picture.height,
      );
      const u = Math.min(Math.max((x / overview.width) * grid.columns - 0.5, 0), grid.columns - 1);
      const v = Math.min(Math.max((y / overview.height) * grid.rows - 0.5, 0), grid.rows - 1);
      const left = Math.floor(u);
      const top = Math.floor(v);
      const right = Math.min(left + 1, grid.columns - 1);
      const below = Math.min(top + 1, grid.rows - 1);
      const fu = u - left;
      const fv = v - top;
      const node = j * columns + i;
      for (let corner = 0; corner < 4; corner++) {
        const from = (corner & 2 ? below : top) * grid.columns + (corner & 1 ? right : left);
        const weight = (corner & 1 ? fu : 1 - fu) * (corner & 2 ? fv : 1 - fv);
        dark[node]! += weight * grid.dark[from]!;
        for (let k = 0; k < LEVELS; k++) base[node * LEVELS + k]! += weight * grid.base[from * LEVELS + k]!;
      }
    }
  return { columns, rows, base, dark };
}

/** Four floats for each node and level, as the kernel wants them: the level's gain, the next's, both of the node to the right. */
function interleaved(gains: Float32Array, columns: number, rows: number): Float32Array {
  const out = new Float32Array(gains.length * 4);
  for (let node = 0; node < columns * rows; node++) {
    const right = node % columns === columns - 1 ? node : node + 1;
    for (let k = 0; k < LEVELS; k++) {
      const next = Math.min(k + 1, LEVELS - 1);
      const at = (node * LEVELS + k) * 4;
      out[at] = gains[node * LEVELS + k]!;
      out[at + 1] = gains[node * LEVELS + next]!;
      out[at + 2] = gains[right * LEVELS + k]!;
      out[at + 3] = gains[right * LEVELS + next]!;
    }
  }
  return out;
}

/** Brings bright and dark parts of a scene together without touching what is within them. */
export const localTone = defineStage({
  name: 'local-tone',
  title: 'Local tone',
  parameters,
  works: 'planes',
  needsOverview: ({ strength, shadows, highlights, clarity, dehaze }) =>
    strength !== 0 || shadows !== 0 || highlights !== 0 || clarity !== 0 || dehaze !== 0,
  plan(values, context): Plan | undefined {
    const { overview, picture, recipe, place } = context;
    const scene = sceneLuminance(context);
    if (overview === undefined || scene === undefined) return undefined;
    const gain = 2 ** exposureStops(recipe.exposure, context);
    const luminance = { ...scene, values: scene.values.map((v) => v * gain) };
    // A linear tone asks for the scene's own light.
    const wanted = recipe.tone.curve === 'linear' ? 0 : undefined;
    const strength = values.strength ?? wanted ?? automaticStrength(luminance);
    const base = compression(strength, values.shadows, values.highlights);
    if (
      strength === 0 &&
      values.shadows === 0 &&
      values.highlights === 0 &&
      values.clarity === 0 &&
      values.dehaze === 0
    )
      return undefined;
    const grid = overPicture(baseGrid(luminance), overview, context);
    const gains = gainsOf(grid, {
      base,
      clarity: values.clarity + CLARITY_BACK * strength,
      dehaze: values.dehaze,
    });
    if (gains.every((g) => Math.abs(Math.log2(g)) < NOTHING_STOPS)) return undefined;
    return {
      grid: place(interleaved(gains, grid.columns, grid.rows)),
      columns: grid.columns,
      rows: grid.rows,
      nodesPerPixelX: grid.columns / picture.width,
      nodesPerPixelY: grid.rows / picture.height,
    };
  },
  halo: () => 0,
  // A column's node, and how far beyond it: see the kernel.
  scratch: (_plan, stride) => stride * 8 + 64,
  run({ grid, columns, rows, nodesPerPixelX, nodesPerPixelY }: Plan, tile, kernels) {
    const { x, y, stepX, stepY } = tile.place;
    kernels.localTone(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      grid,
      columns,
      rows,
      LEVELS,
      FIRST_LEVEL,
      LEVELS_PER_OCTAVE,
      x,
      stepX,
      nodesPerPixelX,
      y,
      stepY,
      nodesPerPixelY,
      tile.scratch,
    );
  },
});
