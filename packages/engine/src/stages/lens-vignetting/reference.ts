/**
 * The gain over the squared distance from the centre in units of the radius, read linearly as the kernel does.
 * @param table gains at 0, 1/perUnit, 2/perUnit …; beyond the last but one, that one holds
 */
export function gainAt(table: Float32Array, perUnit: number, squaredRadius: number): number {
  const last = table.length - 2;
  const at = Math.min(squaredRadius * perUnit, last);
  const k = Math.trunc(at);
  const slope = Math.fround(table[k + 1]! - table[k]!);
  return Math.fround(table[k]! + Math.fround(slope * Math.fround(at - k)));
}
