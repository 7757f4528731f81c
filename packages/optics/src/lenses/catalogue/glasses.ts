import { OpticsError } from '../../OpticsError.js';
import { refractiveIndex } from '../glass.js';
import type { Medium } from '../Lens.js';
import { GLASS_LINES } from './glasses.generated.js';

/** Media that the makers' lists lack, with their sources. */
const OTHERS: Readonly<Record<string, Medium>> = {
  // I. H. Malitson, J. Opt. Soc. Am. 55, 1205 (1965).
  SILICA: {
    kind: 'sellmeier',
    b: [0.6961663, 0.4079426, 0.8974794],
    c: [0.0684043 ** 2, 0.1162414 ** 2, 9.896161 ** 2],
    name: 'SILICA',
  },
  // I. H. Malitson, Appl. Opt. 2, 1103 (1963).
  CAF2: {
    kind: 'sellmeier',
    b: [0.5675888, 0.4710914, 3.8484723],
    c: [0.050263605 ** 2, 0.1003909 ** 2, 34.64904 ** 2],
    name: 'CAF2',
  },
  // Schott data sheet of August 1993.
  B270: {
    kind: 'table',
    wavelengthsNm: [435.83, 479.99, 486.13, 546.07, 587.56, 643.85, 656.27],
    indices: [1.5341, 1.5297, 1.5292, 1.5251, 1.523, 1.5207, 1.5203],
    name: 'B270',
  },
  // Plastics, as in the common lens design programs' lists.
  PMMA: { kind: 'abbe', nd: 1.491756, vd: 57.4408, name: 'PMMA' },
  POLYCARB: { kind: 'abbe', nd: 1.58547, vd: 29.9092, name: 'POLYCARB' },
  POLYSTYR: { kind: 'abbe', nd: 1.590481, vd: 30.8669, name: 'POLYSTYR' },
};

/**
 * Moulded glasses, whose index is some thousandths below the annealed one's. No catalogue at hand states by how much; both
 * differences are inferred from lens files that ask for them, see README.md: the planes on which these lenses draw the
 * smallest spot on the axis are where the files have their image planes.
 */
const MOULDED: Readonly<Record<string, { readonly annealed: string; readonly lower: number }>> = {
  // The lens file of Thorlabs 354710-C, in focus at 1550 nm; its focal length of 1.49 mm comes out with it.
  'D-ZK3M': { annealed: 'D-ZK3', lower: 0.00258 },
  // US 8,427,765, Zemax file.
  'L-TIM28_MOLD': { annealed: 'L-TIM28', lower: 0.0051 },
};

/** Where the tables of moulded glasses have their entries, nm. */
const TABLE_NM = [365, 405, 436, 486, 546, 588, 656, 707, 852, 1014, 1300, 1550, 2000];

/** Other names of glasses: where the arsenic-free N- version has the same dispersion as its predecessor. */
const SAME: Readonly<Record<string, string>> = {
  BK7: 'N-BK7',
  K5: 'N-K5',
  'C79-80': 'SILICA',
  F_SILICA: 'SILICA',
  ACRYLIC: 'PMMA',
};

let byName: Map<string, string> | undefined;

function lineOf(name: string): string | undefined {
  if (byName === undefined) {
    byName = new Map();
    for (const lines of Object.values(GLASS_LINES))
      for (const line of lines.split('\n')) byName.set(line.slice(0, line.indexOf(' ')), line);
  }
  return byName.get(name);
}

/**
 * A glass by its maker's name (`N-BK7`, `S-LAH58`, `TAFD30`), or by a six-digit code (`517642`: nd 1.517, vd 64.2).
 * The catalogues of Schott, Ohara, Hoya, Hikari, Sumita and CDGM, at 20 to 25 °C, relative to air.
 * @returns undefined where the name is not known
 */
export function findGlass(name: string): Medium | undefined {
  const asked = name.trim().toUpperCase();
  const known = SAME[asked] ?? asked;
  const other = OTHERS[known];
  if (other !== undefined) return other;
  const moulded = MOULDED[known];
  const annealed = moulded === undefined ? undefined : findGlass(moulded.annealed);
  if (moulded !== undefined && annealed !== undefined)
    return {
      kind: 'table',
      wavelengthsNm: TABLE_NM,
      indices: TABLE_NM.map((wavelengthNm) => refractiveIndex(annealed, wavelengthNm) - moulded.lower),
      name: known,
    };
  const line = lineOf(known);
  if (line !== undefined) {
    const [, kind, ...rest] = line.split(' ');
    const numbers = rest.map(Number);
    return kind === 'S'
      ? {
          kind: 'sellmeier',
          b: numbers.filter((_, k) => k % 2 === 0),
          c: numbers.filter((_, k) => k % 2 === 1),
          name: known,
        }
      : {
          kind: 'powers',
          a: numbers.filter((_, k) => k === 0 || k % 2 === 1),
          powers: [0, ...numbers.filter((_, k) => k > 0 && k % 2 === 0)],
          name: known,
        };
  }
  const code = /^(\d{3})\.?(\d{3})$/.exec(known);
  if (code === null) return undefined;
  const vd = Number(code[2]) / 10;
  return vd > 0 ? { kind: 'abbe', nd: 1 + Number(code[1]) / 1000, vd, name: known } : undefined;
}

/** Where a glass is asked for. */
export interface GlassPlace {
  readonly file?: string;
  readonly line?: number;
  readonly field?: string;
}

/**
 * A glass by name or code, see {@link findGlass}.
 * @throws {OpticsError} where the name is not known
 */
export function glass(name: string, place: GlassPlace = {}): Medium {
  const found = findGlass(name);
  if (found !== undefined) return found;
  throw new OpticsError(
    `the glass ${JSON.stringify(name.slice(0, 40))} is not known; give its index nd and Abbe number vd, or a six-digit code such as 517642.`,
    place,
  );
}
