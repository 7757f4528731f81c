/** A point of a curve. */
export type CurvePoint = readonly [x: number, y: number];

/**
 * A curve through points that neither overshoots nor falls where they rise (Fritsch and Carlson, "Monotone piecewise
 * cubic interpolation", SIAM J. Numer. Anal. 17, 1980, with the harmonic mean of slopes); level beyond its ends.
 */
export function monotoneCurve(points: readonly CurvePoint[]): (x: number) => number {
  const slopes = points.slice(1).map(([x, y], i) => (y - points[i]![1]) / (x - points[i]![0]));
  const tangents = points.map((_, i) => {
    const [before, after] = [slopes[i - 1], slopes[i]];
    if (before === undefined || after === undefined) return before ?? after ?? 0;
    return before * after <= 0 ? 0 : (2 * before * after) / (before + after);
  });
  const last = points.length - 1;
  return (x) => {
    if (x < points[0]![0]) return points[0]![1];
    if (x >= points[last]![0]) return points[last]![1];
    let next = 1;
    while (points[next]![0] <= x) next++;
    const a = points[next - 1]!;
    const b = points[next]!;
    const width = b[0] - a[0];
    const t = (x - a[0]) / width;
    const u = 1 - t;
    const bend = u * t * width * (tangents[next - 1]! * u - tangents[next]! * t);
    return a[1] * (1 + 2 * t) * u * u + b[1] * (3 - 2 * t) * t * t + bend;
  };
}
