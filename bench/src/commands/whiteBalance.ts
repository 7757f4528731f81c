import { CameraModel, estimateNeutral } from '@photosite/engine';
import { angularError } from '@photosite/measure';
import {
  type CameraRgb,
  COLOR_CHECKER_REFLECTANCES,
  cameraCalibrations,
  cameraRgbOf,
  ILLUMINANTS,
  type Illuminant,
  illuminantRgb,
  RandomStream,
  SENSITIVITIES,
  type Sensitivities,
  type Spectrum,
  trainingReflectances,
} from '@photosite/optics';
import { median } from '../statistics.js';
import { alignTable } from '../table.js';

/** Scenes that are made, unless fewer are asked for. */
const SCENES = 400;
/** Patches of a scene, from the fewest to the most. */
const PATCHES = [8, 48] as const;
/** A scene's pixels, and their noise: variance per light, as at a middling ISO of a small sensor. */
const PIXELS = 2400;
const NOISE_VARIANCE_PER_LIGHT = 1e-4;
/** Standard deviation of the camera's own white about the true one, in ln(R/G) and ln(B/G): about 4 degrees. */
const AS_SHOT_SPREAD = 0.16;
const SEED = 20;
/** Lines of one colour leave no colours to balance; light E is none that one meets. */
const LEFT_OUT = ['sodium-low-pressure', 'mercury', 'E'];

/** Angular errors of one way of finding the white over all scenes, degrees. */
export interface WhiteBalanceRow {
  readonly method: string;
  readonly median: number;
  readonly mean: number;
  readonly worst: number;
  readonly scenes: number;
}

interface Scene {
  readonly camera: CameraModel;
  readonly neutral: CameraRgb;
  readonly asShot: CameraRgb;
  readonly pixels: Float32Array;
}

function mondrian(
  index: number,
  surfaces: readonly Spectrum[],
  lights: readonly Illuminant[],
  cameras: readonly { readonly model: CameraModel; readonly sensitivities: Sensitivities }[],
): Scene {
  const stream = new RandomStream().start(SEED, index, 0, 0);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(stream.uniform() * list.length)]!;
  const { model, sensitivities } = pick(cameras);
  const { spectrum } = pick(lights);
  const neutral = illuminantRgb(spectrum, sensitivities);
  const count = PATCHES[0] + Math.floor(stream.uniform() * (PATCHES[1] - PATCHES[0] + 1));
  const patches = Array.from({ length: count }, () => {
    const [a, b] = [pick(surfaces), pick(surfaces)].map((s) => cameraRgbOf(s, spectrum, sensitivities));
    // Half of the patches are of one surface, the others of two in any proportion.
    const share = stream.uniform() < 0.5 ? 0 : stream.uniform();
    const shade = 0.2 + 0.6 * stream.uniform();
    return {
      rgb: a!.map((value, i) => shade * (value * (1 - share) + b![i]! * share)),
      area: 0.05 - Math.log(1 - stream.uniform()),
    };
  });
  const total = patches.reduce((sum, { area }) => sum + area, 0);
  const pixels: number[] = [];
  for (const { rgb, area } of patches)
    for (let k = Math.max(Math.round((area / total) * PIXELS), 1); k > 0; k--) {
      const light = 0.85 + 0.3 * stream.uniform();
      for (const value of rgb) {
        const clean = Math.max(value * light, 0);
        pixels.push(clean + Math.sqrt(NOISE_VARIANCE_PER_LIGHT * clean) * stream.normal());
      }
    }
  return {
    camera: model,
    neutral,
    asShot: [
      neutral[0] * Math.exp(AS_SHOT_SPREAD * stream.normal()),
      neutral[1],
      neutral[2] * Math.exp(AS_SHOT_SPREAD * stream.normal()),
    ],
    pixels: Float32Array.from(pixels),
  };
}

function meanOf(pixels: Float32Array, power: number): number[] {
  const sums = [0, 0, 0];
  pixels.forEach((value, i) => {
    sums[i % 3]! += Math.max(value, 0) ** power;
  });
  return sums.map((sum) => sum ** (1 / power));
}

/**
 * Scenes of flat patches with measured reflectances under measured lights, seen by measured cameras; the automatic white
 * beside simple ones. The surfaces are those on which the engine's model of surfaces was not fitted.
 */
export function measureWhiteBalance(most = SCENES): WhiteBalanceRow[] {
  const surfaces = [
    ...trainingReflectances().filter((_, i) => i % 2 === 1),
    ...COLOR_CHECKER_REFLECTANCES.map(({ reflectance }) => reflectance),
  ];
  const lights = Object.values(ILLUMINANTS).filter(({ name }) => !LEFT_OUT.includes(name));
  const cameras = Object.values(SENSITIVITIES)
    .filter(({ scale }) => scale === 'camera')
    .map((sensitivities) => ({
      sensitivities,
      model: new CameraModel({ color: { calibrations: [...cameraCalibrations(sensitivities)] } }),
    }));
  const methods: Readonly<Record<string, (scene: Scene) => readonly number[] | undefined>> = {
    'grey world': ({ pixels }) => meanOf(pixels, 1),
    'shades of grey (norm 6)': ({ pixels }) => meanOf(pixels, 6),
    'as shot (simulated)': ({ asShot }) => asShot,
    'photosite auto, no as-shot': ({ pixels, camera }) =>
      estimateNeutral({ width: pixels.length / 3, height: 1, pixels }, camera, undefined),
    'photosite auto': ({ pixels, camera, asShot }) =>
      estimateNeutral({ width: pixels.length / 3, height: 1, pixels }, camera, asShot),
  };
  const scenes = Math.min(most, SCENES);
  const made = Array.from({ length: scenes }, (_, i) => mondrian(i, surfaces, lights, cameras));
  return Object.entries(methods).map(([method, find]) => {
    const errors = made.map((scene) => angularError(find(scene) ?? [1, 1, 1], scene.neutral));
    return {
      method,
      median: median(errors),
      mean: errors.reduce((sum, error) => sum + error, 0) / errors.length,
      worst: Math.max(...errors),
      scenes,
    };
  });
}

/** One table of all methods. */
export function formatWhiteBalance(rows: readonly WhiteBalanceRow[]): string {
  return alignTable(
    ['white, angular error in degrees', 'median', 'mean', 'worst', 'scenes'],
    rows.map(({ method, median: middle, mean, worst, scenes }) => [
      method,
      middle.toFixed(2),
      mean.toFixed(2),
      worst.toFixed(1),
      String(scenes),
    ]),
  );
}
