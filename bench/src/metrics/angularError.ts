/** The angle in degrees between two RGB vectors: the usual measure of a white-balance estimate. */
export function angularError(first: readonly number[], second: readonly number[]): number {
  // atan2 of the cross and the dot product keeps its precision for small angles, where acos loses half its digits.
  const [a, b, c] = first as [number, number, number];
  const [d, e, f] = second as [number, number, number];
  const cross = Math.hypot(b * f - c * e, c * d - a * f, a * e - b * d);
  return (Math.atan2(cross, a * d + b * e + c * f) * 180) / Math.PI;
}
