import type { Vector3 } from '../../colour/matrix3.js';
import type { CubeLut } from './cube.js';
import type { Look } from './Look.js';
import { rendering } from './reference.js';

/** Entries along each axis of a look's table. */
export const LOOK_SIZE = 29;

/**
 * A look's table over the cube root of linear Rec.2020, as cube roots: identity is exact, and dark colours, whose channels
 * lie close to each other, get as many entries as they have just noticeable differences.
 */
export function lookTable(look: Look, strength: number): Float32Array {
  const render = rendering(look, strength);
  const table = new Float32Array(LOOK_SIZE ** 3 * 4);
  const light = Float64Array.from({ length: LOOK_SIZE }, (_, i) => (i / (LOOK_SIZE - 1)) ** 3);
  let at = 0;
  for (const b of light)
    for (const g of light)
      for (const r of light) {
        const out = render([r, g, b]);
        for (let channel = 0; channel < 3; channel++) table[at + channel] = Math.cbrt(out[channel]!);
        at += 4;
      }
  return table;
}

/** A file's table as the kernels want it: triples padded to four floats, or curves one after the other. */
export function cubeTable({ kind, size, data }: CubeLut): Float32Array {
  const count = data.length / 3;
  if (kind === '1d') return Float32Array.from(data, (_, i) => data[(i % size) * 3 + Math.floor(i / size)]!);
  const table = new Float32Array(count * 4);
  for (let i = 0; i < count; i++) table.set(data.subarray(i * 3, i * 3 + 3), i * 4);
  return table;
}

/** Factors and summands from values to numbers of entries. */
export function domainOf(min: Vector3, max: Vector3, size: number): Float32Array {
  const scale = min.map((low, i) => (size - 1) / (max[i]! - low));
  return Float32Array.from([...scale, ...scale.map((factor, i) => -min[i]! * factor)]);
}
