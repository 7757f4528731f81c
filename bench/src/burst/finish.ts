import type { Engine, PartialRecipe } from '@photosite/engine';
import type { RgbImage } from '@photosite/measure';
import type { RawFrame } from '@photosite/raw';

/** Camera RGB as it comes from the demosaic, without denoising. */
export const PLAIN: PartialRecipe = { denoise: { luminance: 0, chroma: 0 }, defects: { detect: false } };

/** Develops a frame to linear camera RGB, white level 1. */
export async function cameraRgb(
  engine: Engine,
  frame: RawFrame,
  recipe: PartialRecipe = PLAIN,
): Promise<RgbImage> {
  const development = engine.open(frame);
  try {
    const { width, height, pixels, release } = await development.render({ as: 'camera-rgb', recipe });
    const data = Float32Array.from(pixels);
    release();
    return { width, height, data };
  } finally {
    development.close();
  }
}

/** Linear Rec.2020 to linear sRGB (ITU-R BT.2087-0, the inverse of its matrix M2). */
const REC2020_TO_SRGB = [
  1.660491, -0.5876411, -0.0728499, -0.1245505, 1.1328999, -0.0083494, -0.0181508, -0.1005789, 1.1187297,
];

/** Develops a frame whose camera sees linear sRGB as far as light goes: denoised, not sharpened, without tone. */
export async function finishedLight(engine: Engine, frame: RawFrame): Promise<RgbImage> {
  const development = engine.open(frame);
  try {
    const { width, height, pixels, release } = await development.render({ as: 'linear-rec2020' });
    const data = new Float32Array(pixels.length);
    for (let i = 0; i < data.length; i += 3)
      for (let c = 0; c < 3; c++)
        for (let k = 0; k < 3; k++) data[i + c]! += REC2020_TO_SRGB[c * 3 + k]! * pixels[i + k]!;
    release();
    return { width, height, data };
  } finally {
    development.close();
  }
}

/** The default finish with all that changes tones left out. */
const EVEN: PartialRecipe = { tone: { curve: 'linear' }, localTone: { strength: 0 }, look: { strength: 0 } };

/** The sRGB encoding undone (IEC 61966-2-1). */
function decoded(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** Develops a frame by the defaults, denoised and sharpened, but without tone, to linear light. */
export async function sharpenedLight(engine: Engine, frame: RawFrame): Promise<RgbImage> {
  const development = engine.open(frame);
  try {
    const { width, height, pixels, release } = await development.render({ format: 'float32', recipe: EVEN });
    const data = Float32Array.from(pixels, decoded);
    release();
    return { width, height, data };
  } finally {
    development.close();
  }
}
