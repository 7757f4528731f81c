/** The medium behind a surface; indices are relative to air. */
export type Medium =
  | { readonly kind: 'air' }
  /** The same index at every wavelength, where a file says no more. */
  | { readonly kind: 'constant'; readonly index: number }
  /** Index at the d line (587.5618 nm) and Abbe number. */
  | { readonly kind: 'abbe'; readonly nd: number; readonly vd: number; readonly name?: string }
  /** n² = 1 + Σ B λ² / (λ² − C), λ in µm. */
  | {
      readonly kind: 'sellmeier';
      readonly b: readonly number[];
      readonly c: readonly number[];
      readonly name?: string;
    }
  /** n² = Σ a λ^power, λ in µm: the formula of Schott's older catalogues, Hoya, Hikari and Sumita. */
  | {
      readonly kind: 'powers';
      readonly a: readonly number[];
      readonly powers: readonly number[];
      readonly name?: string;
    }
  /** Measured pairs, interpolated. */
  | {
      readonly kind: 'table';
      readonly wavelengthsNm: readonly number[];
      readonly indices: readonly number[];
      readonly name?: string;
    };

/** A surface of revolution about the axis; light comes from the left (front). */
export interface Surface {
  /** Radius of curvature, mm, positive where its centre lies to the right; Infinity is a plane. */
  readonly radiusMm: number;
  /** Conic constant: 0 sphere, −1 paraboloid. */
  readonly conic: number;
  /** Coefficients of r⁴, r⁶, r⁸, … in mm^(1−power), added to the conic's sag; empty for spheres. */
  readonly asphere: readonly number[];
  /** Coefficients of r¹, r², r³, … in mm^(1−power), added to the sag as well; for files that state other powers. */
  readonly radial?: readonly number[];
  /** Distance along the axis to the next surface, mm. */
  readonly thicknessMm: number;
  /** What lies behind the surface; of a mirror, the medium that light goes back into. */
  readonly medium: Medium;
  /** A mirror: thicknesses behind an odd number of mirrors are negative. */
  readonly reflects?: boolean;
  /** Radius of the clear aperture, mm; rays beyond it are lost. */
  readonly semiDiameterMm: number;
  /** The aperture stop: exactly one surface of a lens, its semi-diameter is the stop wide open. */
  readonly stop: boolean;
  /** Radius of a central obscuration, mm: rays within it are lost. */
  readonly obscurationMm?: number;
  /** An ideal thin lens of this power, 1/mm, in place of a refracting surface: a plane whose medium stays the same. */
  readonly idealPowerPerMm?: number;
}

/** What a lens file or patent says about itself, for tests and display. */
export interface StatedFigures {
  readonly focalLengthMm?: number;
  readonly fNumber?: number;
  readonly backFocusMm?: number;
  readonly halfFieldDegrees?: number;
  readonly imageHeightMm?: number;
}

/** A lens prescription, front to rear; the last thickness is the back focal distance to the image plane for infinity. */
export interface Lens {
  readonly name: string;
  /** Patent, book or file. */
  readonly source: string;
  readonly surfaces: readonly Surface[];
  /** Design wavelength, nm. */
  readonly wavelengthNm: number;
  /** Distance of the object before the first surface that the lens is made for, mm; absent is infinity. */
  readonly objectDistanceMm?: number;
  readonly stated: StatedFigures;
}
