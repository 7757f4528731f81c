import { OpticsError } from '../OpticsError.js';
import { rgbToCameraMatrix } from '../spectra/calibration.js';
import { type CameraRgb, cameraRgbOf } from '../spectra/cameraRgb.js';
import type { Spectrum } from '../spectra/Spectrum.js';
import type { Sensitivities } from '../spectra/sensitivities.js';
import type { RgbScene, Scene, SpectralScene } from './Scene.js';

/** Samples that a camera cannot record as they are. */
export interface ClampedSamples {
  /** Samples of the scene with a value that is no finite number, or a chart's share beyond [0,1]: taken as 0 or 1. */
  readonly notFinite: number;
  /** Samples of the scene with a finite value below 0: those values are taken as 0. */
  readonly negative: number;
  /** Samples of a colour that no light gives in this camera (a channel below 0): the channel is 0. */
  readonly outsideCamera: number;
}

/**
 * Camera RGB of every material of a chart under a light, relative to the greatest channel of white.
 * @param illuminant relative spectral power
 */
export function scenePalette(
  { materials }: Pick<SpectralScene, 'materials'>,
  sensitivities: Sensitivities,
  illuminant: Spectrum,
): readonly CameraRgb[] {
  return materials.map((material) => cameraRgbOf(material, illuminant, sensitivities));
}

/**
 * A scene in the camera's eyes: what an ideal lens would bring onto the sensor, `width * height * 3` values R, G, B, rows
 * top to bottom, relative to the greatest channel of a white diffuser under the light: times the greatest of
 * `electronsPerWhite` they are photo-electrons. Charts go by their materials' spectra, RGB scenes by
 * {@link rgbToCameraMatrix}. No other array of the scene's size is made.
 * @param illuminant relative spectral power
 * @param onClamped told once how many samples were clamped
 * @throws {OpticsError} for arrays that do not fit the scene's size
 */
export function toCameraRgb(
  scene: Scene,
  sensitivities: Sensitivities,
  illuminant: Spectrum,
  onClamped?: (clamped: ClampedSamples) => void,
): Float32Array {
  const samples = scene.width * scene.height;
  const arrays: readonly (readonly [string, number, number])[] =
    scene.kind === 'rgb'
      ? [['rgb', scene.rgb.length, samples * 3]]
      : (['first', 'second', 'mix'] as const).map((name) => [name, scene[name].length, samples]);
  for (const [field, length, wanted] of arrays)
    if (length !== wanted || wanted === 0)
      throw new OpticsError(
        `${length} values for ${scene.width} × ${scene.height} samples; there have to be ${wanted}, and at least one sample.`,
        { field: `scene.${field}` },
      );
  if (scene.kind === 'rgb') return fromRgb(scene, sensitivities, illuminant, onClamped);
  return fromMaterials(scene, sensitivities, illuminant, onClamped);
}

function fromRgb(
  { rgb, width, height }: RgbScene,
  sensitivities: Sensitivities,
  illuminant: Spectrum,
  onClamped: ((clamped: ClampedSamples) => void) | undefined,
): Float32Array {
  const [m0, m1, m2, m3, m4, m5, m6, m7, m8] = rgbToCameraMatrix(sensitivities, illuminant);
  const out = new Float32Array(width * height * 3);
  let notFinite = 0;
  let negative = 0;
  let outsideCamera = 0;
  for (let at = 0; at < out.length; at += 3) {
    let r = rgb[at]!;
    let g = rgb[at + 1]!;
    let b = rgb[at + 2]!;
    // The sum is finite for all but broken samples: one test for the three.
    if (r + g + b - (r + g + b) !== 0) {
      notFinite++;
      if (!Number.isFinite(r)) r = 0;
      if (!Number.isFinite(g)) g = 0;
      if (!Number.isFinite(b)) b = 0;
    }
    if (r < 0 || g < 0 || b < 0) {
      negative++;
      r = Math.max(r, 0);
      g = Math.max(g, 0);
      b = Math.max(b, 0);
    }
    const red = m0 * r + m1 * g + m2 * b;
    const green = m3 * r + m4 * g + m5 * b;
    const blue = m6 * r + m7 * g + m8 * b;
    if (red < 0 || green < 0 || blue < 0) outsideCamera++;
    out[at] = red > 0 ? red : 0;
    out[at + 1] = green > 0 ? green : 0;
    out[at + 2] = blue > 0 ? blue : 0;
  }
  onClamped?.({ notFinite, negative, outsideCamera });
  return out;
}

function fromMaterials(
  scene: SpectralScene,
  sensitivities: Sensitivities,
  illuminant: Spectrum,
  onClamped: ((clamped: ClampedSamples) => void) | undefined,
): Float32Array {
  const { first, second, mix, width, height } = scene;
  const palette = Float64Array.from(scenePalette(scene, sensitivities, illuminant).flat());
  const out = new Float32Array(width * height * 3);
  let notFinite = 0;
  for (let i = 0; i < mix.length; i++) {
    const a = first[i]! * 3;
    const b = second[i]! * 3;
    let share = mix[i]!;
    if (!(share >= 0 && share <= 1)) {
      notFinite++;
      share = share > 1 ? 1 : 0;
    }
    for (let c = 0; c < 3; c++) {
      const value = palette[a + c]! + share * (palette[b + c]! - palette[a + c]!);
      out[i * 3 + c] = value > 0 ? value : 0;
    }
  }
  onClamped?.({ notFinite, negative: 0, outsideCamera: 0 });
  return out;
}
