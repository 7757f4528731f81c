const FLOAT = new Float32Array(1);
const BITS = new Int32Array(FLOAT.buffer);

/**
 * The logarithm of a positive number to base 2 as its 32-bit float shows it: exact at powers of two and straight between
 * them, at most 0.0861 below the true one. The kernel gets it for one instruction.
 */
export function floatLog2(value: number): number {
  FLOAT[0] = value;
  return BITS[0]! / 2 ** 23 - 127;
}

/** The number of which {@link floatLog2} is this. */
export function floatExp2(logarithm: number): number {
  BITS[0] = Math.round((logarithm + 127) * 2 ** 23);
  return FLOAT[0]!;
}
