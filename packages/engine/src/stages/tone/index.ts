import { defineStage, type ParameterSet, type PlanContext, type ValuesOf } from '../../stage.js';
import { exposureStops } from '../exposure/index.js';
import { sceneLuminance } from '../exposure/scene.js';
import {
  SCENE_GREY,
  sceneWhiteLevel,
  tabulated,
  toneCurve,
  withBlacks,
  withoutVeil,
  withPoints,
} from './curve.js';

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
    default: 1.5,
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
  whites: {
    kind: 'number',
    min: -1,
    max: 1,
    step: 0.05,
    unit: 'stops',
    default: 0,
    flag: 'whites',
    help: 'Lets less light (positive) or more become the white of the natural curve.',
  },
  blacks: {
    kind: 'number',
    min: -1,
    max: 1,
    step: 0.05,
    default: 0,
    flag: 'blacks',
    help: 'Opens (positive) or deepens the darkest tones.',
  },
  blackPoint: {
    kind: 'number',
    min: 0,
    max: 0.2,
    step: 0.005,
    default: null,
    flag: 'black-point',
    help: 'Light that becomes black in the natural curve, as a share of white; automatic = most of what veils the whole scene.',
  },
  points: {
    kind: 'curve',
    default: null,
    flag: 'tone-curve',
    help: 'A curve of your own on top, from display value to display value; colours keep their hue.',
  },
  vibrance: {
    kind: 'number',
    min: -1,
    max: 1,
    step: 0.05,
    default: 0,
    flag: 'vibrance',
    help: 'More or less saturation of the colours that have little of it.',
  },
  saturation: {
    kind: 'number',
    min: -1,
    max: 1,
    step: 0.05,
    default: 0,
    flag: 'saturation',
    help: 'More or less saturation of all colours; -1 is grey.',
  },
} as const satisfies ParameterSet;

interface Plan {
  /** Address of the tabulated curve, or 0 for none. */
  readonly table: number;
  readonly vibrance: number;
  readonly saturation: number;
}

/**
 * How much of its share of the largest channel the smallest one keeps in the dark: 0 is the curve for each, whose contrast
 * makes colours more saturated and their noise louder; 1 keeps saturation as it is in the scene.
 */
export const KEEP_SATURATION = 0.7;

/** What is darker than this share of the scene's pixels is black; the rest of it is a veil of stray light or haze. */
const DARKEST = 0.01;
/** How much of a veil is taken, and at most: fog stays fog. */
const VEIL_TAKEN = 0.35;
const MOST_VEIL = 0.05;

/** The even veil over a scene at its final exposure. */
function veilOf(context: PlanContext): number {
  const scene = sceneLuminance(context);
  if (scene === undefined) return 0;
  const darkest = scene.values.toSorted()[Math.floor(DARKEST * scene.values.length)] ?? 0;
  const exposed = darkest * 2 ** exposureStops(context.recipe.exposure, context);
  return Math.min(Math.max(VEIL_TAKEN * exposed, 0), MOST_VEIL);
}

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

function naturalCurve(
  { contrast, brightness, whites, blackPoint }: ValuesOf<typeof parameters>,
  context: PlanContext,
): (x: number) => number {
  const white = sceneWhiteLevel(context.white.neutral) * 2 ** -whites;
  const curve = toneCurve({ contrast, white, grey: SCENE_GREY * 2 ** -brightness });
  const veil = blackPoint ?? veilOf(context);
  return veil === 0 ? curve : withoutVeil(curve, veil, white);
}

/** The curve that a recipe asks for; undefined for the straight line. */
function displayCurve(
  values: ValuesOf<typeof parameters>,
  context: PlanContext,
): ((x: number) => number) | undefined {
  const { blacks, points } = values;
  const fromProfile = values.curve === 'profile' ? profileCurve(context) : undefined;
  if (values.curve === 'profile' && fromProfile === undefined)
    context.assume('no tone curve in the file: the natural one is used');
  if (values.curve === 'linear' && blacks === 0 && points === null) return undefined;
  const chosen =
    values.curve === 'linear'
      ? (x: number) => Math.min(x, 1)
      : (fromProfile ?? naturalCurve(values, context));
  const deepened = blacks === 0 ? chosen : withBlacks(chosen, blacks);
  return points === null ? deepened : withPoints(deepened, points);
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
  needsOverview: ({ curve, blackPoint }) => curve !== 'linear' && blackPoint === null,
  plan(values, context): Plan | undefined {
    const { vibrance, saturation } = values;
    const curve = displayCurve(values, context);
    if (curve === undefined && vibrance === 0 && saturation === 0) return undefined;
    return { table: curve === undefined ? 0 : context.place(tabulated(curve)), vibrance, saturation };
  },
  halo: () => 0,
  scratch: () => 0,
  run({ table, vibrance, saturation }: Plan, tile, kernels) {
    const area = [tile.inner, tile.planeStride, tile.stride * 4, tile.innerWidth, tile.innerHeight] as const;
    if (table !== 0) kernels.tone(...area, table, KEEP_SATURATION);
    if (vibrance !== 0 || saturation !== 0) kernels.chroma(...area, vibrance, saturation);
  },
});
