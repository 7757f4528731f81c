import { clamp01, encodeSrgb, mapImage, psnr, type RgbImage, ssim } from '@photosite/measure';

/** Pixels dropped at each picture's border: neighbours on the sheet bleed into one another there. */
const BORDER = 16;

/** Means over the pictures of a set. */
export interface QualityScore {
  /** PSNR on linear values in dB. */
  readonly linear: number;
  /** PSNR on sRGB-encoded values in dB. */
  readonly encoded: number;
  /** SSIM on sRGB-encoded values, mean of the three channels. */
  readonly ssim: number;
}

/** A truth picture, linear and sRGB-encoded. */
export interface Truth {
  readonly linear: RgbImage;
  readonly encoded: RgbImage;
}

/** Encoded as a display would show it. */
export const toDisplay = (image: RgbImage) => mapImage(image, (value) => encodeSrgb(clamp01(value)));

/** How near a picture is to its truth. */
export function score(image: RgbImage, truth: Truth): QualityScore {
  const linear = mapImage(image, clamp01);
  const encoded = toDisplay(image);
  return {
    linear: psnr(linear, truth.linear, BORDER),
    encoded: psnr(encoded, truth.encoded, BORDER),
    ssim: ssim(encoded, truth.encoded, BORDER),
  };
}

/** Means over pictures. */
export function meanScore(scores: readonly QualityScore[]): QualityScore {
  const mean = (key: keyof QualityScore) => scores.reduce((sum, s) => sum + s[key], 0) / scores.length;
  return { linear: mean('linear'), encoded: mean('encoded'), ssim: mean('ssim') };
}

/** The figures of a table, and how they are shown. */
export const METRICS = [
  { key: 'linear', title: 'PSNR on linear values, dB', digits: 2 },
  { key: 'encoded', title: 'PSNR on sRGB-encoded values, dB', digits: 2 },
  { key: 'ssim', title: 'SSIM on sRGB-encoded values, mean of the channels', digits: 4 },
] as const;
