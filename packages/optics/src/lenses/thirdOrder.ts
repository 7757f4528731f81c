import { SPECTRAL_LINES_NM } from './dispersion.js';
import type { Lens, Surface } from './Lens.js';
import { entrancePupil, paraxialLens, paraxialRay, stopOf } from './paraxial.js';

/** Seidel sums, mm, in Welford's signs: the wavefront at the edge of the pupil and field follows from them. */
export interface SeidelSums {
  /** S I: W₀₄₀ = S I / 8. */
  readonly spherical: number;
  /** S II: W₁₃₁ = S II / 2. */
  readonly coma: number;
  /** S III: W₂₂₂ = S III / 2. */
  readonly astigmatism: number;
  /** S IV: W₂₂₀ = (S III + S IV) / 4. */
  readonly petzval: number;
  /** S V: W₃₁₁ = S V / 2. */
  readonly distortion: number;
  /** C I, axial colour between the F and C lines: W₀₂₀ = C I / 2. */
  readonly axialColour: number;
  /** C II, lateral colour between the F and C lines: W₁₁₁ = C II. */
  readonly lateralColour: number;
}

/** Third-order aberrations of a lens. */
export interface ThirdOrder {
  /** By surface; they add up to the sums. */
  readonly surfaces: readonly SeidelSums[];
  readonly sums: SeidelSums;
  /** Lagrange invariant n (ū y − u ȳ), mm. */
  readonly lagrangeMm: number;
  /** Slope n'u' of the marginal ray at the image: transverse aberrations are derivatives of W over it. */
  readonly imageSlope: number;
  /** Radius of the curved surface that a lens free of astigmatism draws a plane on, mm; negative curves towards the lens. */
  readonly petzvalRadiusMm: number;
}

/** How the lens is used. */
export interface ThirdOrderOptions {
  /** Half field angle, radians, at the entrance pupil. */
  readonly fieldRad: number;
  /** Radius of the stop, mm; wide open where it is left out. */
  readonly stopRadiusMm?: number;
  /** Wavelength, nm; the design's own where it is left out. */
  readonly wavelengthNm?: number;
  /** Distance of the object before the first vertex, mm; what the lens is made for where it is left out. */
  readonly objectDistanceMm?: number;
}

const NONE: { [key in keyof SeidelSums]: number } = {
  spherical: 0,
  coma: 0,
  astigmatism: 0,
  petzval: 0,
  distortion: 0,
  axialColour: 0,
  lateralColour: 0,
};

/** Coefficient of r⁴ of a surface beyond the sphere of the same vertex curvature, 1/mm³. */
function fourthPower(surface: Surface, curvature: number): number {
  const c = 1 / surface.radiusMm;
  // The conic's own term, measured from the sphere of the vertex curvature, which an r² term changes.
  return (
    (surface.asphere[0] ?? 0) +
    (surface.radial?.[3] ?? 0) +
    ((1 + surface.conic) * c ** 3 - curvature ** 3) / 8
  );
}

/**
 * Third-order (Seidel) sums by surface, with conics, aspheres, mirrors and colour (W. T. Welford, Aberrations of Optical
 * Systems, 1986, ch. 8 to 10). Ideal thin lenses add nothing. Odd powers below r⁴ are left out: they have no third order.
 * @throws {OpticsError} where the lens has no stop or an index is unphysical
 */
export function thirdOrder(lens: Lens, options: ThirdOrderOptions): ThirdOrder {
  const wavelengthNm = options.wavelengthNm ?? lens.wavelengthNm;
  const paraxial = paraxialLens(lens, wavelengthNm);
  const { indices, curvaturesPerMm } = paraxial;
  const stopRadiusMm = options.stopRadiusMm ?? lens.surfaces[stopOf(lens)]?.semiDiameterMm ?? 0;
  const pupil = entrancePupil(paraxial, stopRadiusMm);
  const objectMm = options.objectDistanceMm ?? lens.objectDistanceMm ?? Number.POSITIVE_INFINITY;
  // Marginal ray through the pupil's edge, chief ray through its centre.
  const marginalSlope = Number.isFinite(objectMm) ? pupil.radiusMm / (objectMm + pupil.positionMm) : 0;
  const marginalHeight = Number.isFinite(objectMm) ? marginalSlope * objectMm : pupil.radiusMm;
  const chiefSlope = Math.tan(options.fieldRad);
  const marginal = paraxialRay(paraxial, marginalHeight, marginalSlope);
  const chief = paraxialRay(paraxial, -pupil.positionMm * chiefSlope, chiefSlope);
  const lagrangeMm = chiefSlope * (marginal.heightsMm[0] ?? 0) - marginalSlope * (chief.heightsMm[0] ?? 0);

  const red = paraxialLens(lens, SPECTRAL_LINES_NM.C).indices;
  const blue = paraxialLens(lens, SPECTRAL_LINES_NM.F).indices;
  const surfaces: SeidelSums[] = [];
  for (const [k, surface] of lens.surfaces.entries()) {
    const n = indices[k] ?? 1;
    const behind = indices[k + 1] ?? 1;
    const c = curvaturesPerMm[k] ?? 0;
    const y = marginal.heightsMm[k] ?? 0;
    const yChief = chief.heightsMm[k] ?? 0;
    const slope = marginal.slopes[k] ?? 0;
    const slopeBehind = marginal.slopes[k + 1] ?? 0;
    if (surface.idealPowerPerMm !== undefined) {
      surfaces.push(NONE);
      continue;
    }
    const a = n * c * y + slope;
    const aChief = n * c * yChief + (chief.slopes[k] ?? 0);
    // u/n before and behind, from n·u.
    const change = slopeBehind / behind ** 2 - slope / n ** 2;
    const inverse = 1 / behind - 1 / n;
    // An aspheric plate on top of the sphere.
    const plate = 8 * fourthPower(surface, c) * (behind - n);
    // (Ā/A) (S III + S IV) with A divided out: it is 0 where the marginal ray meets the surface squarely.
    const distortion =
      -(aChief ** 3) * y * (1 / behind ** 2 - 1 / n ** 2) +
      c * inverse * aChief * yChief * (2 * aChief * y - a * yChief);
    const spread = (at: number): number => ((blue[at] ?? 1) - (red[at] ?? 1)) / (indices[at] ?? 1);
    const colour = y * (spread(k + 1) - spread(k));
    surfaces.push({
      spherical: -(a ** 2) * y * change + plate * y ** 4,
      coma: -a * aChief * y * change + plate * y ** 3 * yChief,
      astigmatism: -(aChief ** 2) * y * change + plate * y ** 2 * yChief ** 2,
      petzval: -(lagrangeMm ** 2) * c * inverse,
      distortion: distortion + plate * y * yChief ** 3,
      axialColour: a * colour,
      lateralColour: aChief * colour,
    });
  }
  const sums = { ...NONE };
  for (const surface of surfaces)
    for (const key of Object.keys(NONE) as (keyof SeidelSums)[]) sums[key] += surface[key];
  return {
    surfaces,
    sums,
    lagrangeMm,
    imageSlope: marginal.slopes[marginal.slopes.length - 1] ?? 0,
    petzvalRadiusMm: -(lagrangeMm ** 2) / sums.petzval,
  };
}
