import { noiseOf } from '../../noise/noiseOf.js';
import { defineStage, type ParameterSet, type PlanContext } from '../../stage.js';
import { patternAt } from '../linearise/tables.js';
import { SIDE } from './reference.js';
import { packTable, planesBasis, quadBasis, stabiliserOf, thresholdsOf } from './tables.js';

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
const STEPS = { fast: { before: 2, after: 4 }, best: { before: 1, after: 2 } } as const;
/** Strengths of a pass for the parameter's 1: before demosaicing, after it, and where it is the only one. */
const BEFORE = 0.9;
const AFTER = 0.8;
/** Interpolation has made noise of neighbours alike, which a block takes for structure. */
const ALONE = { 'x-trans': 1.3, planes: 1.2 } as const;

interface Plan {
  readonly table: number;
  readonly step: number;
}

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
    const strengths = [luminance, luminance, chroma, chroma].map((strength) => BEFORE * strength);
    const table = packTable({
      stabilisers: colours.map((c) => stabiliserOf(model.noise[c]!, true)),
      basis: quadBasis(model.grey, colours),
      thresholds: thresholdsOf(strengths),
    });
    return { table: place(table), step: STEPS[recipe.demosaic.quality].before };
  },
  // A block reaches as far beyond a photosite as its own side, less the quad that they share.
  halo: () => 2 * (SIDE - 1),
  scratch: (_plan, stride, height, kernels) => kernels.denoiseMosaicScratch(stride, height),
  run({ table, step }, { mosaic, stride, width, height, left, top, scratch }, kernels) {
    kernels.denoiseMosaic(mosaic, stride, width, height, left, top, step, table, scratch);
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
    const strength = kind === 'bayer' ? AFTER : ALONE[kind === 'x-trans' ? kind : 'planes'];
    const table = packTable({
      // A mean has been taken out of the noise before: the second pass may not do it again.
      stabilisers: model.noise.map((noise) => stabiliserOf(noise, kind !== 'bayer')),
      basis: planesBasis(model.grey),
      thresholds: thresholdsOf([luminance, chroma, chroma].map((parameter) => strength * parameter)),
    });
    return { table: place(table), step: STEPS[recipe.demosaic.quality].after };
  },
  halo: () => SIDE - 1,
  scratch: (_plan, stride, height, kernels) => kernels.denoisePlanesScratch(stride, height),
  run({ table, step }, tile, kernels) {
    const halo = SIDE - 1;
    const { planeStride, stride, innerWidth, innerHeight, inner, place, scratch } = tile;
    kernels.denoisePlanes(
      inner - (halo * stride + halo) * 4,
      planeStride,
      stride * 4,
      innerWidth + 2 * halo,
      innerHeight + 2 * halo,
      place.x - 0.5 - halo,
      place.y - 0.5 - halo,
      step,
      table,
      scratch,
    );
  },
});
