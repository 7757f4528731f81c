import { noiseOf } from '../../noise/noiseOf.js';
import { defineStage, type ParameterSet, type PlanContext } from '../../stage.js';
import type { PlacedPass } from '../lens-shading/placed.js';
import { patternAt } from '../linearise/tables.js';
import { shadingGain, writeGain } from './gain.js';
import { greensDisagree } from './greens.js';
import { SIDE } from './reference.js';
import { levelsOf, packTable, planesBasis, quadBasis, stabiliserOf, thresholdsOf } from './tables.js';

const parameters = {
  luminance: {
    kind: 'number',
    min: 0,
    max: 2,
    step: 0.05,
    default: 1,
    flag: 'denoise',
    help: 'How much luminance noise is taken out: 1 as much as the noise model says there is, 0 none.',
  },
  chroma: {
    kind: 'number',
    min: 0,
    max: 2,
    step: 0.05,
    default: 1,
    flag: 'denoise-chroma',
    help: 'The same for colour noise.',
  },
} as const satisfies ParameterSet;

/** Quads from one block to the next before demosaicing, and pixels after it: finer takes its time like its demosaic. */
const STEPS = { fast: { before: 3, after: 4 }, best: { before: 1, after: 1 } } as const;
/** Strengths of a pass for the parameter's 1: before demosaicing, after it, and where it is the only one. */
const STRENGTHS = { fast: { before: 0.9, after: 0.8 }, best: { before: 0.85, after: 0.9 } } as const;
/** Interpolation has made noise of neighbours alike, which a block takes for structure. */
const ALONE = { 'x-trans': 1.6, planes: 1.3 } as const;

/** A threshold above every energy. */
const NOTHING_STAYS = 1e30;

interface Plan {
  readonly table: number;
  readonly step: number;
  /** What lens shading has multiplied light and noise by. */
  readonly gain: readonly PlacedPass[] | undefined;
}

/** Bytes of the gains of one plane of a tile. */
const gainBytes = (stride: number, height: number): number => (stride * height + 16) * 4;

/** The noise of balanced values by colour, and how bright a grey is once it is stabilised. */
function balancedNoise({ frame, balance }: PlanContext) {
  const { profiles } = noiseOf(frame);
  const noise = profiles.map(({ scale, offset }, c) => ({
    scale: scale * balance[c]!,
    offset: offset * balance[c]! ** 2,
  }));
  const grey = noise.map(({ scale, offset }) => 1 / stabiliserOf({ scale, offset }, false).square ** 0.5) as [
    number,
    number,
    number,
  ];
  return noise.some(({ scale, offset }) => scale > 0 || offset > 0) ? { noise, grey } : undefined;
}

/** Takes noise out of a Bayer mosaic, where it is still independent from photosite to photosite. */
export const denoise = defineStage({
  name: 'denoise',
  title: 'Denoise',
  parameters,
  works: 'mosaic',
  plan({ luminance, chroma }, context): Plan | undefined {
    const { frame, recipe, place, assume } = context;
    if (luminance + chroma > 0 && noiseOf(frame).source === 'picture')
      assume('the file has no noise profile: noise is estimated from the picture');
    if (frame.cfa?.kind !== 'bayer' || luminance + chroma === 0) return undefined;
    const model = balancedNoise(context);
    if (model === undefined) return undefined;
    const colours = patternAt(frame, 2);
    const strengths = [luminance, luminance, chroma, chroma].map(
      (strength) => STRENGTHS[recipe.demosaic.quality].before * strength,
    );
    const thresholds = thresholdsOf(strengths);
    // The second axis is the difference of the greens, and the first frequency its mean, which else is never changed.
    if (greensDisagree(frame)) thresholds[SIDE * SIDE] = NOTHING_STAYS;
    const table = packTable({
      stabilisers: colours.map((c) => stabiliserOf(model.noise[c]!, true)),
      basis: quadBasis(model.grey, colours),
      thresholds,
      levels: levelsOf(frame.noiseMap, 2),
    });
    return {
      table: place(table),
      step: STEPS[recipe.demosaic.quality].before,
      gain: shadingGain(context, 'mosaic'),
    };
  },
  // A block reaches as far beyond a photosite as its own side, less the quad that they share.
  halo: () => 2 * (SIDE - 1),
  scratch: ({ gain }: Plan, stride, height, kernels) =>
    kernels.denoiseMosaicScratch(stride, height) + (gain === undefined ? 0 : gainBytes(stride, height)),
  run({ table, step, gain }, tile, kernels) {
    const { mosaic, stride, width, height, left, top } = tile;
    if (gain === undefined) {
      kernels.denoiseMosaic(mosaic, stride, width, height, left, top, step, table, tile.scratch);
      return;
    }
    const gains = tile.scratch;
    writeGain(gain, -1, gains, tile, kernels);
    kernels.denoiseGain(mosaic, gains, stride * 4, width, height, true);
    const scratch = gains + gainBytes(stride, height);
    kernels.denoiseMosaic(mosaic, stride, width, height, left, top, step, table, scratch);
    kernels.denoiseGain(mosaic, gains, stride * 4, width, height, false);
  },
});

/** Takes out what is left after demosaicing, and everything where there is no Bayer mosaic; by the same parameters. */
export const denoiseColour = defineStage({
  name: 'denoise-colour',
  title: 'Denoise colour',
  parameters: {},
  works: 'local',
  plan(_values, context): Plan | undefined {
    const { frame, recipe, place } = context;
    const { luminance, chroma } = recipe.denoise;
    if (luminance + chroma === 0 || (frame.samplesPerPixel === 1 && frame.cfa === undefined))
      return undefined;
    const model = balancedNoise(context);
    if (model === undefined) return undefined;
    const kind = frame.cfa?.kind;
    const strength =
      kind === 'bayer'
        ? STRENGTHS[recipe.demosaic.quality].after
        : ALONE[kind === 'x-trans' ? kind : 'planes'];
    const table = packTable({
      // A mean has been taken out of the noise before: the second pass may not do it again.
      stabilisers: model.noise.map((noise) => stabiliserOf(noise, kind !== 'bayer')),
      basis: planesBasis(model.grey),
      thresholds: thresholdsOf([luminance, chroma, chroma].map((parameter) => strength * parameter)),
      levels: levelsOf(frame.noiseMap, 1),
    });
    return {
      table: place(table),
      step: STEPS[recipe.demosaic.quality].after,
      gain: shadingGain(context, 'planes'),
    };
  },
  halo: () => SIDE - 1,
  scratch: ({ gain }: Plan, stride, height, kernels) =>
    kernels.denoisePlanesScratch(stride, height) + (gain === undefined ? 0 : 3 * gainBytes(stride, height)),
  run({ table, step, gain }, tile, kernels) {
    const halo = SIDE - 1;
    const { planeStride, stride, innerWidth, innerHeight, inner, place } = tile;
    const [left, top] = [place.x - 0.5 - halo, place.y - 0.5 - halo];
    const [width, height] = [innerWidth + 2 * halo, innerHeight + 2 * halo];
    const origin = inner - (halo * stride + halo) * 4;
    const bytes = gain === undefined ? 0 : gainBytes(stride, tile.height);
    const scaled = (divide: boolean): void => {
      for (const plane of new Set(gain?.map((pass) => pass.plane))) {
        const gains = tile.scratch + plane * bytes;
        if (divide) writeGain(gain!, plane, gains, tile, kernels);
        const at = gains + ((top - tile.top) * stride + left - tile.left) * 4;
        kernels.denoiseGain(origin + plane * planeStride, at, stride * 4, width, height, divide);
      }
    };
    scaled(true);
    const scratch = tile.scratch + 3 * bytes;
    kernels.denoisePlanes(origin, planeStride, stride * 4, width, height, left, top, step, table, scratch);
    scaled(false);
  },
});
