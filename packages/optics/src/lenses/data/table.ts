import type { Lens, Surface } from '../Lens.js';

/** What a row of a table adds to a sphere of glass. */
export interface RowExtras {
  readonly stop?: boolean;
  readonly conic?: number;
  readonly asphere?: readonly number[];
  readonly radial?: readonly number[];
}

/**
 * A row as patents print it: radius in mm (0 is a plane), distance to the next surface in mm, index at the d line and Abbe
 * number of what lies behind (0 and 0: air; an Abbe number of 0: the index alone is known), clear radius in mm.
 */
export type Row = readonly [
  radiusMm: number,
  thicknessMm: number,
  nd: number,
  vd: number,
  semiDiameterMm: number,
  extras?: RowExtras,
];

/** A lens from its table. */
export function lensOfTable(about: Omit<Lens, 'surfaces' | 'wavelengthNm'>, rows: readonly Row[]): Lens {
  return {
    ...about,
    wavelengthNm: 587.5618,
    surfaces: rows.map(
      ([radius, thicknessMm, nd, vd, semiDiameterMm, extras = {}]): Surface => ({
        radiusMm: radius === 0 ? Number.POSITIVE_INFINITY : radius,
        conic: extras.conic ?? 0,
        asphere: extras.asphere ?? [],
        ...(extras.radial === undefined ? {} : { radial: extras.radial }),
        thicknessMm,
        medium:
          nd === 0 ? { kind: 'air' } : vd === 0 ? { kind: 'constant', index: nd } : { kind: 'abbe', nd, vd },
        semiDiameterMm,
        stop: extras.stop ?? false,
      }),
    ),
  };
}
