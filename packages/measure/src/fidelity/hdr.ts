import { checkSameSize } from '../checks.js';
import { MeasureError } from '../MeasureError.js';
import { luminanceOf, type Plane, REC709_LUMINANCE } from '../Plane.js';
import type { RgbImage } from '../RgbImage.js';
import { encodePq } from './pq.js';
import { psnrOfPlanes } from './psnr.js';
import { encodePu21 } from './pu21.js';
import { ssimOfPlanes } from './ssim.js';

/** How near a picture of absolute luminance is to its truth. */
export interface HdrFidelity {
  /** PSNR in dB of PU21 values, with a peak of 256: the value of 100 cd/m², the white of a common display. */
  readonly puPsnr: number;
  /** SSIM of PU21 values, with a dynamic range of 256. */
  readonly puSsim: number;
  /** PSNR in dB of PQ code values, with a peak of 1. */
  readonly pqPsnr: number;
}

/** What counts as the peak in perceptually uniform units (Mantiuk and Azimi 2021). */
const PU_PEAK = 256;

function mapPlane({ width, height, data }: Plane, curve: (value: number) => number): Plane {
  return { width, height, data: data.map(curve) };
}

/**
 * Compares the luminances of two pictures in perceptually uniform encodings; linear values that differ by orders of
 * magnitude are no base for PSNR or SSIM.
 * @param image linear RGB in cd/m²: a picture whose white is 1 has to be multiplied by its display's white
 * @param truth the same, of the same size
 * @param luminanceWeights weights of R, G and B in the luminance; those of Rec.709 where left out
 * @throws {MeasureError} where sizes differ or the truth is nowhere above 0.005 cd/m²
 */
export function hdrFidelity(
  image: RgbImage,
  truth: RgbImage,
  luminanceWeights: readonly number[] = REC709_LUMINANCE,
): HdrFidelity {
  checkSameSize(image, truth);
  const planes = [luminanceOf(image, luminanceWeights), luminanceOf(truth, luminanceWeights)] as const;
  if (!planes[1].data.some((value) => value > 0.005)) {
    throw new MeasureError('the truth is black throughout; values are expected in cd/m².', {
      field: 'truth',
    });
  }
  const both = (curve: (luminance: number) => number) =>
    planes.map((plane) => mapPlane(plane, curve)) as [Plane, Plane];
  const pu = both((luminance) => encodePu21(luminance) / PU_PEAK);
  return {
    puPsnr: psnrOfPlanes(...pu),
    puSsim: ssimOfPlanes(...pu),
    pqPsnr: psnrOfPlanes(...both(encodePq)),
  };
}
