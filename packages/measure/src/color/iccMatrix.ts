import { MeasureError } from '../MeasureError.js';

/** A matrix profile: a curve per channel, then a matrix to XYZ D50. */
export interface MatrixProfile {
  /** Rows of the matrix from linear RGB to XYZ relative to D50. */
  readonly toXyzD50: readonly number[];
  /** Per channel: an encoded value to a linear one. */
  readonly curves: readonly ((value: number) => number)[];
}

const HEADER_LENGTH = 128;
const ENTRY_LENGTH = 12;
/** ICC profiles have about twenty tags; a count above is a broken file. */
const MAX_TAGS = 200;

function fault(what: string): MeasureError {
  return new MeasureError(`the ICC profile ${what}.`, { field: 'icc' });
}

/** Linear interpolation in a table over [0, 1], constant beyond its ends. */
function tableCurve(table: readonly number[]): (value: number) => number {
  const last = table.length - 1;
  return (value) => {
    const at = Math.min(Math.max(value, 0), 1) * last;
    const i = Math.min(Math.floor(at), last - 1);
    return table[i]! + (table[i + 1]! - table[i]!) * (at - i);
  };
}

/**
 * Reads a three-channel matrix profile (ICC.1:2022, 8.3.3: rXYZ, gXYZ, bXYZ, rTRC, gTRC, bTRC; curves of 10.6 and the
 * parametric types 0, 3 and 4 of 10.18).
 * @throws {MeasureError} where the profile is cut off, has no matrix (CMYK, grey, table profiles) or an unknown curve
 */
export function readMatrixProfile(icc: Uint8Array): MatrixProfile {
  const view = new DataView(icc.buffer, icc.byteOffset, icc.byteLength);
  const need = (end: number) => {
    if (end > icc.length) throw fault('is cut off');
  };
  const text = (at: number) => String.fromCharCode(...icc.subarray(at, at + 4));
  const fixed = (at: number) => {
    need(at + 4);
    return view.getInt32(at) / 65536;
  };
  need(HEADER_LENGTH + 4);
  const count = view.getUint32(HEADER_LENGTH);
  if (count > MAX_TAGS) throw fault(`claims to have ${count} tags`);
  need(HEADER_LENGTH + 4 + ENTRY_LENGTH * count);
  const tags = new Map<string, number>();
  for (let i = 0; i < count; i++) {
    const entry = HEADER_LENGTH + 4 + ENTRY_LENGTH * i;
    tags.set(text(entry), view.getUint32(entry + 4));
  }
  const tag = (name: string) => {
    const found = tags.get(name);
    if (found === undefined) throw fault(`has no ${name}: not a matrix profile`);
    need(found + 12);
    return found;
  };
  const columns = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => {
    const at = tag(name) + 8;
    return [fixed(at), fixed(at + 4), fixed(at + 8)];
  });
  const curve = (name: string): ((value: number) => number) => {
    const at = tag(name);
    if (text(at) === 'para') {
      const type = view.getUint16(at + 8);
      const lengths = [1, 3, 4, 5, 7];
      const p = Array.from({ length: lengths[type] ?? 0 }, (_, i) => fixed(at + 12 + 4 * i));
      const [g, a = 1, b = 0] = p as [number, number?, number?];
      if (type === 0) return (x) => Math.sign(x) * Math.abs(x) ** g;
      const [, , , c = 0, d = 0, e = 0, f = 0] = p;
      if (type === 3) return (x) => (x >= d ? (a * x + b) ** g : c * x);
      if (type === 4) return (x) => (x >= d ? (a * x + b) ** g + e : c * x + f);
      throw fault(`has a parametric curve of type ${type} in ${name}, which is not supported`);
    }
    if (text(at) !== 'curv') throw fault(`has no curve in ${name}`);
    const points = view.getUint32(at + 8);
    if (points === 0) return (x) => x;
    need(at + 12 + 2 * points);
    if (points === 1) {
      const gamma = view.getUint16(at + 12) / 256;
      return (x) => Math.sign(x) * Math.abs(x) ** gamma;
    }
    return tableCurve(Array.from({ length: points }, (_, i) => view.getUint16(at + 12 + 2 * i) / 65535));
  };
  return {
    toXyzD50: [0, 1, 2].flatMap((row) => columns.map((column) => column[row]!)),
    curves: ['rTRC', 'gTRC', 'bTRC'].map(curve),
  };
}
