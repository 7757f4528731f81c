import { inRange } from '../checks.js';
import { MeasureError } from '../MeasureError.js';
import { valueAt } from '../sharpness/curve.js';
import type { MtfCurve } from '../sharpness/slantedEdge.js';

/** How a picture is looked at. */
export interface Viewing {
  /** Height of the picture in pixels. */
  readonly heightPx: number;
  /** Height at which it is shown or printed, mm. */
  readonly heightMm: number;
  /** Distance of the eye, mm. */
  readonly distanceMm: number;
}

/** Coefficients of the luminance contrast sensitivity: a·νᶜ·exp(−b·ν); its constant factor cancels in an acutance. */
const [A, B, C] = [75, 0.2, 0.8];
/** Beyond 60 cycles per degree the sensitivity is below 1/1000 of its peak. */
const HIGHEST = 60;
const STEP = 0.01;

/**
 * Sensitivity of the eye to luminance contrast at `frequency` cycles per degree, as CPIQ has it (IEEE 1858-2016; Baxter,
 * Cao, Eliasson and Phillips, "Development of the I3A CPIQ spatial metrics", Proc. SPIE 8293, 2012). In arbitrary units.
 */
export function contrastSensitivity(frequency: number): number {
  return A * frequency ** C * Math.exp(-B * frequency);
}

/** Pixels per degree of the eye's field: a degree spans distance · π/180 at the picture. */
export function pixelsPerDegree({ heightPx, heightMm, distanceMm }: Viewing): number {
  inRange('heightPx', heightPx, 1, 1e6);
  inRange('heightMm', heightMm, 1, 1e6);
  inRange('distanceMm', distanceMm, 1, 1e6);
  return (heightPx / heightMm) * distanceMm * (Math.PI / 180);
}

/**
 * Acutance: the share of what the eye could see that an MTF passes, ∫ MTF·CSF dν / ∫ CSF dν (IEEE 1858-2016; Baxter et
 * al. 2012). With the MTF of a texture it is the texture acutance, with an edge's the edge acutance. Frequencies beyond
 * half a cycle per pixel are not in the picture and count as 0; the MTF of the screen or the print is not in it.
 * @returns 1 for a picture that keeps all that can be seen; above for a sharpened one
 */
export function acutance(curve: MtfCurve, viewing: Viewing): number {
  if (curve.frequencies.length < 2) throw new MeasureError('the curve has no points.', { field: 'curve' });
  const scale = pixelsPerDegree(viewing);
  let [passed, all] = [0, 0];
  for (let v = STEP / 2; v < HIGHEST; v += STEP) {
    const sensitivity = contrastSensitivity(v);
    all += sensitivity;
    const perPixel = v / scale;
    if (perPixel <= 0.5) passed += sensitivity * valueAt(curve, perPixel);
  }
  return passed / all;
}
