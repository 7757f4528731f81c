/** A radius on another, both in the unit of the model. */
export type RadialMap = (radius: number) => number;

/** Distortion at one focal length: corrected radius to recorded radius, 1 being half of the shorter side. */
export interface DistortionCalibration {
  readonly focalLengthMm: number;
  readonly map: RadialMap;
}

/** Lateral colour at one focal length: radius in green to radius in red and blue, in the same unit. */
export interface LateralColourCalibration {
  readonly focalLengthMm: number;
  readonly red: RadialMap;
  readonly blue: RadialMap;
}

/**
 * Illumination at one focal length, aperture and distance: lensfun's `pa`, by which 1 + k1 r² + k2 r⁴ + k3 r⁶ of the
 * light is left, r being 1 at the sensor's corner.
 */
export interface VignettingCalibration {
  readonly focalLengthMm: number;
  readonly fNumber: number;
  readonly distanceM: number;
  readonly coefficients: readonly [k1: number, k2: number, k3: number];
}

/** What was measured of a lens. */
export interface LensCalibration {
  readonly distortion: readonly DistortionCalibration[];
  readonly lateralColour: readonly LateralColourCalibration[];
  readonly vignetting: readonly VignettingCalibration[];
}

/** lensfun's `poly3`: r (1 - k1 + k1 r²). */
export function poly3(k1: number): RadialMap {
  return (r) => r * (1 - k1 + k1 * r * r);
}

/** lensfun's `poly5`: r (1 + k1 r² + k2 r⁴). */
export function poly5(k1: number, k2: number): RadialMap {
  return (r) => r * (1 + r * r * (k1 + k2 * r * r));
}

/** lensfun's `ptlens`, that of PTLens and PanoTools: r (a r³ + b r² + c r + 1 - a - b - c). */
export function ptlens(a: number, b: number, c: number): RadialMap {
  return (r) => r * (((a * r + b) * r + c) * r + 1 - a - b - c);
}

/** lensfun's lateral colour `poly3`: r (b r² + c r + v); `linear` is v alone. */
export function lateralPoly3(v: number, c: number, b: number): RadialMap {
  return (r) => r * ((b * r + c) * r + v);
}

function terms(text: string): (index: number) => number {
  const values = text.split(',').map(Number);
  return (index) => values[index] ?? 0;
}

function distortionOf(model: string, text: string): DistortionCalibration {
  const at = terms(text);
  const map =
    model === '3' ? poly3(at(1)) : model === '5' ? poly5(at(1), at(2)) : ptlens(at(1), at(2), at(3));
  return { focalLengthMm: at(0), map };
}

function lateralColourOf(text: string): LateralColourCalibration {
  const at = terms(text);
  return {
    focalLengthMm: at(0),
    red: lateralPoly3(at(1), at(3), at(5)),
    blue: lateralPoly3(at(2), at(4), at(6)),
  };
}

function vignettingsOf(text: string): VignettingCalibration[] {
  const [focal, ...apertures] = text.split('@');
  return apertures.flatMap((aperture) => {
    const [fNumber, ...curves] = aperture.split('/');
    return curves.flatMap((curve) => {
      const comma = curve.indexOf(',');
      const at = terms(curve.slice(comma + 1));
      const coefficients = [at(0), at(1), at(2)] as const;
      return curve
        .slice(0, comma)
        .split('+')
        .map((distance) => ({
          focalLengthMm: Number(focal),
          fNumber: Number(fNumber),
          distanceM: Number(distance),
          coefficients,
        }));
    });
  });
}

/** Reads an entry's calibration from the database's text; focal lengths rise. */
export function readCalibration(text: string): LensCalibration {
  const items = text.split(' ');
  const byFocal = (a: { focalLengthMm: number }, b: { focalLengthMm: number }): number =>
    a.focalLengthMm - b.focalLengthMm;
  return {
    distortion: items
      .filter((item) => item.startsWith('D'))
      .map((item) => distortionOf(item[1]!, item.slice(2)))
      .sort(byFocal),
    lateralColour: items
      .filter((item) => item.startsWith('T'))
      .map((item) => lateralColourOf(item.slice(2)))
      .sort(byFocal),
    vignetting: items
      .filter((item) => item.startsWith('V'))
      .flatMap((item) => vignettingsOf(item.slice(1)))
      .sort(byFocal),
  };
}
