import type { CameraModel } from '../../colour/camera.js';
import { apply, multiply, type Vector3 } from '../../colour/matrix3.js';
import { REC2020, rgbToXyz, xyzD50ToRgb } from '../../colour/spaces.js';
import type { Overview, PlanContext, SceneWhite } from '../../stage.js';

/** From this share of white on a channel of the overview counts as clipped, fully from the second one on. */
const CLIP_START = 0.9;
const CLIP_END = 0.99;

/** Longest side that is looked at: light varies slowly, and every pixel costs the first picture time. */
const LONG_SIDE = 200;

/** Luminance over the overview. */
export interface SceneLuminance {
  readonly width: number;
  readonly height: number;
  /** `width × height` values of linear light, row by row. */
  readonly values: Float32Array;
}

/** Every how many pixels of the overview, each way, are looked at. */
export function overviewStep({ width, height }: Pick<Overview, 'width' | 'height'>): number {
  return Math.max(Math.round(Math.max(width, height) / LONG_SIDE), 1);
}

/** Several stages ask for the same. */
const known = new WeakMap<
  Overview,
  { readonly white: SceneWhite; readonly camera: CameraModel; readonly luminance: SceneLuminance }
>();

/**
 * Luminance of the overview's pixels in the working space, before exposure: white-balanced and through the camera's
 * matrix. Where a channel clips, the largest balanced one stands for the light, as the highlights stage would have it.
 * Undefined where there is no overview.
 */
export function sceneLuminance({ overview, white, camera }: PlanContext): SceneLuminance | undefined {
  if (overview === undefined) return undefined;
  const last = known.get(overview);
  if (last?.white === white && last.camera === camera) return last.luminance;
  const luminance = luminanceOf(overview, white, camera);
  known.set(overview, { white, camera, luminance });
  return luminance;
}

function luminanceOf(overview: Overview, white: SceneWhite, camera: CameraModel): SceneLuminance {
  const { pixels } = overview;
  const { neutral } = white;
  const toRec2020 = multiply(xyzD50ToRgb(REC2020), camera.balancedToXyzD50(white.chromaticity, neutral));
  const toLuminance = rgbToXyz(REC2020).slice(3, 6) as unknown as Vector3;
  // One row of the product of both matrices is all that luminance needs.
  const weights = [0, 1, 2].map((column) => {
    const unit: Vector3 = [Number(column === 0), Number(column === 1), Number(column === 2)];
    const rgb = apply(toRec2020, unit);
    return (toLuminance[0] * rgb[0] + toLuminance[1] * rgb[1] + toLuminance[2] * rgb[2]) / neutral[column]!;
  });
  const [wr, wg, wb] = weights as [number, number, number];
  const [gr, gg, gb] = neutral.map((n) => 1 / n) as [number, number, number];
  const step = overviewStep(overview);
  const width = Math.max(Math.floor(overview.width / step), 1);
  const height = Math.max(Math.floor(overview.height / step), 1);
  const values = new Float32Array(width * height);
  const first = step >> 1;
  for (let y = 0, i = 0; y < height; y++) {
    const row = Math.min(y * step + first, overview.height - 1) * overview.width;
    for (let x = 0; x < width; x++, i++) {
      const k = (row + Math.min(x * step + first, overview.width - 1)) * 3;
      const r = pixels[k]!;
      const g = pixels[k + 1]!;
      const b = pixels[k + 2]!;
      const luminance = wr * r + wg * g + wb * b;
      const share = (Math.max(r, g, b) - CLIP_START) / (CLIP_END - CLIP_START);
      const top = Math.max(r * gr, g * gg, b * gb);
      values[i] = share <= 0 ? luminance : luminance + Math.min(share, 1) * Math.max(top - luminance, 0);
    }
  }
  return { width, height, values };
}
