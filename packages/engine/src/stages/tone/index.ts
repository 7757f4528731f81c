import { defineStage, type ParameterSet, type PlanContext } from '../../stage.js';
import { tabulated, toneCurve } from './curve.js';

const parameters = {
  curve: {
    kind: 'choice',
    choices: ['natural', 'linear', 'profile'],
    default: 'natural',
    flag: 'tone',
    help: "Scene to display: natural (gentle contrast, soft highlights), linear (none), or the file's own curve.",
  },
  contrast: {
    kind: 'number',
    min: 0.8,
    max: 2.5,
    step: 0.05,
    default: 1.45,
    flag: 'contrast',
    help: 'Contrast around middle grey of the natural curve; 1 is flat.',
  },
  brightness: {
    kind: 'number',
    min: -3,
    max: 3,
    step: 0.05,
    unit: 'stops',
    default: 0,
    flag: 'brightness',
    help: 'Moves middle grey of the natural curve while black and white stay.',
  },
} as const satisfies ParameterSet;

interface Plan {
  /** Address of the tabulated curve. */
  readonly table: number;
}

/** Where the scene's middle grey lies below sensor white in most exposures: 3.1 stops, near ISO 12232's 18 % over its half-stop of headroom. */
export const SCENE_GREY = 0.115;
/**
 * How much of its share of the largest channel the smallest one keeps in the dark: 0 is the curve for each, whose contrast
 * makes colours more saturated and their noise louder; 1 keeps saturation as it is in the scene.
 */
export const KEEP_SATURATION = 0.7;
/** More light above white than this is not asked of the curve. */
const LARGEST_WHITE = 4;

function profileCurve(context: PlanContext): ((x: number) => number) | undefined {
  const points = context.frame.color.toneCurve;
  if (points === undefined || points.length < 4) return undefined;
  return (x) => {
    let i = 2;
    while (i < points.length - 2 && points[i]! < x) i += 2;
    const [x0, y0, x1, y1] = [points[i - 2]!, points[i - 1]!, points[i]!, points[i + 1]!];
    const t = x1 > x0 ? Math.min(Math.max((x - x0) / (x1 - x0), 0), 1) : 1;
    return y0 + (y1 - y0) * t;
  };
}

/**
 * A global curve from scene to display light that keeps hue: it maps a pixel's largest channel, takes the smallest
 * one along so that dark and middle tones keep their saturation, and leaves the middle one its place between them. Bright
 * colours fade to white gently because the curve's shoulder brings their channels together.
 */
export const tone = defineStage({
  name: 'tone',
  title: 'Tone',
  parameters,
  works: 'planes',
  plan(values, context): Plan | undefined {
    if (values.curve === 'linear') return undefined;
    const fromProfile = values.curve === 'profile' ? profileCurve(context) : undefined;
    if (values.curve === 'profile' && fromProfile === undefined)
      context.assume('no tone curve in the file: the natural one is used');
    // Where all channels clip the picture shall be white, however far the brightest one reaches above 1.
    const clip = Math.max(...context.white.neutral.map((n) => 1 / n));
    const curve =
      fromProfile ??
      toneCurve({
        contrast: values.contrast,
        white: Math.min(clip, LARGEST_WHITE),
        grey: SCENE_GREY * 2 ** -values.brightness,
      });
    return { table: context.place(tabulated(curve)) };
  },
  halo: () => 0,
  scratch: () => 0,
  run({ table }: Plan, tile, kernels) {
    const area = [tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight] as const;
    kernels.tone(...area, table, KEEP_SATURATION);
  },
});
