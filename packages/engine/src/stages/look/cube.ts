/** A colour look-up table from a `.cube` file. */
export interface CubeLut {
  readonly title?: string;
  /** `3d`: R, G and B together; `1d`: a curve for each. */
  readonly kind: '1d' | '3d';
  /** Entries along each axis. */
  readonly size: number;
  /** Input values of the first and of the last entry, by channel. */
  readonly domainMin: readonly [number, number, number];
  readonly domainMax: readonly [number, number, number];
  /** Triples R, G, B: `size³` with R changing fastest, or `size`. */
  readonly data: Float32Array;
}

/** A look-up table that can't be read: names the line. */
export class LutError extends Error {
  override readonly name = 'LutError';

  /**
   * @param line counted from 1; 0 where the whole file is meant
   * @param problem what is wrong and what is allowed
   */
  constructor(
    readonly line: number,
    problem: string,
  ) {
    super(line === 0 ? problem : `line ${line}: ${problem}`);
  }
}

/** Sizes that the Cube LUT Specification 1.0 allows. */
export const CUBE_SIZES = { '1d': [2, 65536], '3d': [2, 256] } as const;
/** Values beyond these are damage; the specification demands floats that 32 bits hold. */
const LARGEST_VALUE = 1e30;
/** A narrower domain is damage, and would take differences of 32-bit floats to the ends of the table. */
const LEAST_DOMAIN = 1e-6;

type Triple = readonly [number, number, number];

function numbers(words: readonly string[], count: number, line: number): readonly number[] {
  const values = words.map(Number);
  const written = words.every((word) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(word));
  if (words.length !== count || !written || !values.every((value) => Math.abs(value) <= LARGEST_VALUE))
    throw new LutError(line, `${count} numbers are expected, not "${words.join(' ').slice(0, 60)}".`);
  return values;
}

function triple(words: readonly string[], line: number): Triple {
  return numbers(words, 3, line) as unknown as Triple;
}

/**
 * Reads a `.cube` file by Adobe's Cube LUT Specification 1.0: TITLE, LUT_1D_SIZE or LUT_3D_SIZE, DOMAIN_MIN, DOMAIN_MAX, comments
 * and the triples. LUT_1D_INPUT_RANGE and LUT_3D_INPUT_RANGE, which Resolve writes, are read as a domain; other keywords are
 * refused.
 * @throws {LutError} naming the line
 */
export function parseCube(text: string): CubeLut {
  let title: string | undefined;
  let shape: { readonly kind: CubeLut['kind']; readonly size: number } | undefined;
  let domainMin: Triple = [0, 0, 0];
  let domainMax: Triple = [1, 1, 1];
  let data: Float32Array | undefined;
  let filled = 0;
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i++) {
    const content = lines[i]!.trim();
    if (content === '' || content.startsWith('#')) continue;
    const line = i + 1;
    const words = content.split(/\s+/);
    const keyword = /^[A-Z]/i.test(content) ? words[0]! : undefined;
    if (keyword === undefined) {
      if (shape === undefined)
        throw new LutError(line, 'LUT_1D_SIZE or LUT_3D_SIZE must come before the values.');
      data ??= new Float32Array(3 * (shape.kind === '3d' ? shape.size ** 3 : shape.size));
      if (filled === data.length)
        throw new LutError(line, `more than the ${data.length / 3} entries of the table.`);
      data.set(triple(words, line), filled);
      filled += 3;
      continue;
    }
    if (data !== undefined) throw new LutError(line, `${keyword.slice(0, 40)} must come before the values.`);
    switch (keyword) {
      case 'TITLE':
        title = content
          .slice('TITLE'.length)
          .trim()
          .replace(/^"(.*)"$/, '$1');
        break;
      case 'LUT_1D_SIZE':
      case 'LUT_3D_SIZE': {
        if (shape !== undefined) throw new LutError(line, 'the size stands twice.');
        const kind = keyword === 'LUT_1D_SIZE' ? '1d' : '3d';
        const size = Number(words[1]);
        const [least, most] = CUBE_SIZES[kind];
        if (words.length !== 2 || !(Number.isInteger(size) && size >= least && size <= most))
          throw new LutError(line, `the size must be a whole number from ${least} to ${most}.`);
        shape = { kind, size };
        break;
      }
      case 'DOMAIN_MIN':
        domainMin = triple(words.slice(1), line);
        break;
      case 'DOMAIN_MAX':
        domainMax = triple(words.slice(1), line);
        break;
      case 'LUT_1D_INPUT_RANGE':
      case 'LUT_3D_INPUT_RANGE': {
        const [low, high] = numbers(words.slice(1), 2, line) as [number, number];
        [domainMin, domainMax] = [
          [low, low, low],
          [high, high, high],
        ];
        break;
      }
      default:
        throw new LutError(line, `the keyword ${keyword.slice(0, 40)} is not known.`);
    }
  }
  if (shape === undefined) throw new LutError(0, 'not a .cube table: LUT_1D_SIZE or LUT_3D_SIZE is missing.');
  const expected = shape.kind === '3d' ? shape.size ** 3 : shape.size;
  if (data === undefined || filled < data.length)
    throw new LutError(lines.length, `the file ends after ${filled / 3} of ${expected} entries.`);
  if (domainMin.some((low, channel) => !(domainMax[channel]! - low >= LEAST_DOMAIN)))
    throw new LutError(0, 'DOMAIN_MIN must lie below DOMAIN_MAX in every channel.');
  return { ...(title !== undefined && { title }), ...shape, domainMin, domainMax, data };
}
