/** A matrix profile: a curve per channel, then a matrix to XYZ D50. */
export interface MatrixProfile {
  /** Rows of the matrix from linear RGB to XYZ relative to D50. */
  readonly toXyzD50: readonly number[];
  /** Per channel: an encoded value to a linear one. */
  readonly curves: readonly ((value: number) => number)[];
}

const HEADER_LENGTH = 128;

/** Reads a three-channel matrix profile (ICC.1:2022, 8.3.3: rXYZ, gXYZ, bXYZ, rTRC, gTRC, bTRC). */
export function readMatrixProfile(icc: Uint8Array): MatrixProfile {
  const view = new DataView(icc.buffer, icc.byteOffset, icc.byteLength);
  const text = (at: number) => String.fromCharCode(...icc.subarray(at, at + 4));
  const fixed = (at: number) => view.getInt32(at) / 65536;
  const tags = new Map<string, { at: number; length: number }>();
  const count = view.getUint32(HEADER_LENGTH);
  for (let i = 0; i < count; i++) {
    const entry = HEADER_LENGTH + 4 + 12 * i;
    tags.set(text(entry), { at: view.getUint32(entry + 4), length: view.getUint32(entry + 8) });
  }
  const tag = (name: string) => {
    const found = tags.get(name);
    if (found === undefined) throw new Error(`the ICC profile has no ${name}: not a matrix profile`);
    return found.at;
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
      throw new Error(`parametric curve ${type} in ${name} is not supported`);
    }
    const points = view.getUint32(at + 8);
    if (points === 0) return (x) => x;
    if (points === 1) {
      const gamma = view.getUint16(at + 12) / 256;
      return (x) => Math.sign(x) * Math.abs(x) ** gamma;
    }
    throw new Error(`a table of ${points} points in ${name} is not supported`);
  };
  return {
    toXyzD50: [0, 1, 2].flatMap((row) => columns.map((column) => column[row]!)),
    curves: ['rTRC', 'gTRC', 'bTRC'].map(curve),
  };
}
