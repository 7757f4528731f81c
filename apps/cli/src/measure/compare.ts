import {
  clamp01,
  D50,
  deltaE2000,
  encodeSrgb,
  type HdrFidelity,
  hdrFidelity,
  MeasureError,
  multiply3,
  psnr,
  type RgbImage,
  ssim,
  XYZ_D50_TO_SRGB,
  xyzToLab,
} from '@photosite/measure';
import { luminanceWeights, type MeasuredPicture, readPicture } from './pictures.js';

/** Flags of `photosite measure compare`. */
export interface CompareFlags {
  readonly border: number;
  /** Luminance of white, cd/m²: adds the measures for HDR. */
  readonly white?: number;
  readonly json?: boolean;
}

/** The picture as a screen shows it: sRGB values in 0 to 1. */
function encoded({ image, toXyzD50 }: MeasuredPicture): RgbImage {
  const data = new Float32Array(image.data.length);
  for (let i = 0; i < data.length; i += 3) {
    const rgb = multiply3(
      XYZ_D50_TO_SRGB,
      multiply3(toXyzD50, [image.data[i]!, image.data[i + 1]!, image.data[i + 2]!]),
    );
    for (let c = 0; c < 3; c++) data[i + c] = encodeSrgb(clamp01(rgb[c]!));
  }
  return { width: image.width, height: image.height, data };
}

/** Mean and largest ΔE2000 of pixels, under D50. */
function colorDifference(
  a: MeasuredPicture,
  b: MeasuredPicture,
  border: number,
): { mean: number; max: number } {
  const { width, height } = a.image;
  let [sum, max, count] = [0, 0, 0];
  const lab = ({ image, toXyzD50 }: MeasuredPicture, i: number) =>
    xyzToLab(multiply3(toXyzD50, [image.data[i]!, image.data[i + 1]!, image.data[i + 2]!]), D50);
  for (let y = border; y < height - border; y++) {
    for (let x = border; x < width - border; x++) {
      const i = (y * width + x) * 3;
      const difference = deltaE2000(lab(a, i), lab(b, i));
      sum += difference;
      max = Math.max(max, difference);
      count++;
    }
  }
  return { mean: sum / count, max };
}

/** Compares a picture with its truth and tells it as text or JSON. */
export async function comparePictures(
  referenceFile: string,
  file: string,
  flags: CompareFlags,
): Promise<string> {
  const reference = await readPicture(referenceFile);
  const picture = await readPicture(file);
  const { border, white, json = false } = flags;
  const [a, b] = [picture.image, reference.image];
  if (a.width !== b.width || a.height !== b.height) {
    throw new MeasureError(
      `${file} has ${a.width} × ${a.height} pixels, ${referenceFile} ${b.width} × ${b.height}; the sizes must match. Crop or scale one of them first.`,
    );
  }
  const [shown, truth] = [encoded(picture), encoded(reference)];
  const figures = {
    psnr: psnr(shown, truth, border),
    ssim: ssim(shown, truth, border),
    deltaE2000: colorDifference(picture, reference, border),
  };
  const inLight = ({ image }: MeasuredPicture): RgbImage => ({
    ...image,
    data: image.data.map((v) => v * white!),
  });
  const hdr: HdrFidelity | undefined =
    white === undefined
      ? undefined
      : hdrFidelity(inLight(picture), inLight(reference), luminanceWeights(reference));
  if (json) {
    // JSON has no infinity: equal pictures have null.
    return `${JSON.stringify({ reference: referenceFile, file, border, ...figures, ...(hdr && { hdr: { whiteCdM2: white, ...hdr } }) }, undefined, 2)}\n`;
  }
  const { mean, max } = figures.deltaE2000;
  const decibels = (value: number) => (Number.isFinite(value) ? `${value.toFixed(2)} dB` : 'equal');
  return [
    `${file} (${picture.interpretation})\nagainst ${referenceFile} (${reference.interpretation})\n\n`,
    `  PSNR, sRGB       ${decibels(figures.psnr)}\n`,
    `  SSIM, sRGB       ${figures.ssim.toFixed(4)}\n`,
    `  ΔE2000           mean ${mean.toFixed(3)}, largest ${max.toFixed(2)}\n`,
    ...(hdr === undefined
      ? []
      : [
          `  PU21-PSNR        ${decibels(hdr.puPsnr)} with white at ${white} cd/m²\n`,
          `  PU21-SSIM        ${hdr.puSsim.toFixed(4)}\n`,
          `  PQ-PSNR          ${decibels(hdr.pqPsnr)}\n`,
        ]),
  ].join('');
}
