import type { Lens } from './Lens.js';
import { paraxialFigures } from './paraxial.js';

/** A figure that a lens's source states, and what first-order optics makes of its prescription. */
export interface PublishedFigure {
  readonly lens: string;
  readonly figure: 'focal length' | 'f-number' | 'back focus';
  readonly stated: number;
  readonly computed: number;
  /** How far they may lie apart, relative to what is stated. */
  readonly tolerance: number;
  /** Why the tolerance is wider than {@link PUBLISHED_TOLERANCE}. */
  readonly note?: string;
}

/** What published figures are reproduced within, where they have enough digits. */
export const PUBLISHED_TOLERANCE = 0.001;
/** f-numbers are rounded to the series and to an open aperture's own tolerance: ISO 517 allows 5 %. */
const F_NUMBER_TOLERANCE = 0.05;

/** A figure that its source's own prescription does not bear out, by how much, and why. */
interface Discrepancy {
  readonly lens: string;
  readonly figure: PublishedFigure['figure'];
  readonly tolerance: number;
  readonly why: string;
}

/**
 * Sources that contradict themselves. Each is worked out: for every one another figure of the same source (its back focus,
 * its authors' ray trace) comes out of the prescription within {@link PUBLISHED_TOLERANCE}, so that the stated figure is
 * what is off.
 */
const DISCREPANCIES: readonly Discrepancy[] = [
  {
    lens: 'ACL3026U',
    figure: 'focal length',
    tolerance: 0.023,
    why: 'the name’s f = 26.5 mm is not that of the file’s surfaces; their focus lies at the file’s image plane, and the catalogue has 26 mm',
  },
  {
    lens: '50 mm f/1.4, seven',
    figure: 'back focus',
    tolerance: 0.005,
    why: 'its focal length comes out within 0.002 %, its back focus lies 0.18 mm before the paraxial focus and 0.13 mm before the smallest axial spot; why is not known',
  },
  {
    lens: '(Lowenthal)',
    figure: 'back focus',
    tolerance: 0.0015,
    why: 'the table’s indices have three decimals, which is ±0.2 % of this back focus',
  },
  {
    lens: 'lentil lens 0003',
    figure: 'focal length',
    tolerance: 0.14,
    why: 'a nominal 100 mm; the authors’ own trace of the table gives 85.9 mm',
  },
  {
    lens: 'lentil lens 0005',
    figure: 'focal length',
    tolerance: 0.08,
    why: 'the authors changed a radius of the patent’s table; their own trace gives 15.1 mm',
  },
  {
    lens: 'lentil lens 0007',
    figure: 'focal length',
    tolerance: 0.022,
    why: 'a nominal inch; the authors’ own trace of the table gives 25.96 mm',
  },
  {
    lens: 'lentil lens 0008',
    figure: 'focal length',
    tolerance: 0.034,
    why: 'the authors’ own trace of the table gives 52.8 mm',
  },
  {
    lens: 'lentil lens 0012',
    figure: 'focal length',
    tolerance: 0.23,
    why: 'the authors mark the table as discrepant; their own trace gives 126.6 mm',
  },
  {
    lens: 'lentil lens 0013',
    figure: 'focal length',
    tolerance: 0.0021,
    why: 'a nominal 100 mm; the authors mark the table as discrepant from the drawing',
  },
  {
    lens: 'lentil lens 0014',
    figure: 'focal length',
    tolerance: 0.62,
    why: 'no focal length of the table; its image plane lies at our paraxial focus within 0.1 %',
  },
];

/** Half a unit of the last digit of a decimal number, relative; 0 for numbers of more than four digits. */
function rounding(value: number): number {
  const [whole = '', fraction = ''] = String(value).split('.');
  if (whole.length + fraction.length > 4 + (whole === '0' ? 1 : 0)) return 0;
  return (0.5 * 10 ** -fraction.length) / Math.abs(value);
}

/**
 * Compares what a lens's source states with what its prescription gives, to first order at the design wavelength.
 * @param lens prescription with its stated figures
 * @returns one entry for each stated figure of focal length, f-number and back focus
 * @throws {OpticsError} where the lens has no focus
 */
export function publishedFigures(lens: Lens): PublishedFigure[] {
  const figures = paraxialFigures(lens);
  const rows: PublishedFigure[] = [];
  const add = (
    figure: PublishedFigure['figure'],
    stated: number | undefined,
    computed: number,
    usual: number,
    usualNote?: string,
  ): void => {
    if (stated === undefined) return;
    const row = { lens: lens.name, figure, stated, computed };
    const off = Math.abs(computed / stated - 1);
    const known = DISCREPANCIES.find(
      (one) => one.figure === figure && (lens.name.includes(one.lens) || lens.source.includes(one.lens)),
    );
    if (off <= PUBLISHED_TOLERANCE) rows.push({ ...row, tolerance: PUBLISHED_TOLERANCE });
    else if (known !== undefined) rows.push({ ...row, tolerance: known.tolerance, note: known.why });
    else if (figure !== 'f-number' && off <= rounding(stated))
      rows.push({ ...row, tolerance: rounding(stated), note: 'as far as the stated figure’s digits go' });
    else rows.push({ ...row, tolerance: usual, ...(usualNote === undefined ? {} : { note: usualNote }) });
  };
  add('focal length', lens.stated.focalLengthMm, Math.abs(figures.focalLengthMm), PUBLISHED_TOLERANCE);
  add(
    'f-number',
    lens.stated.fNumber,
    figures.fNumber,
    F_NUMBER_TOLERANCE,
    'nominal; the computed one is that of the stop’s clear radius',
  );
  add('back focus', lens.stated.backFocusMm, figures.backFocusMm, PUBLISHED_TOLERANCE);
  return rows;
}
