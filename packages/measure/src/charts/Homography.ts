import { leastSquares } from '../linearAlgebra.js';

/** A place: columns to the right, rows down; the middle of the first pixel is (0, 0). */
export type Point = readonly [x: number, y: number];

/** Shifts and scales so that points lie about the unit circle: the equations are then well conditioned. */
function normalisation(points: readonly Point[]): {
  apply: (p: Point) => Point;
  scale: number;
  centre: Point;
} {
  const n = points.length;
  const centre: Point = [points.reduce((a, [x]) => a + x, 0) / n, points.reduce((a, [, y]) => a + y, 0) / n];
  const spread = points.reduce((a, [x, y]) => a + Math.hypot(x - centre[0], y - centre[1]), 0) / n;
  const scale = spread > 0 ? 1 / spread : 1;
  return { apply: ([x, y]) => [(x - centre[0]) * scale, (y - centre[1]) * scale], scale, centre };
}

/** A projective map of the plane. */
export class Homography {
  private constructor(private readonly map: (point: Point) => Point) {}

  /**
   * The map that takes `from` nearest to `to`: the linear equations of Hartley and Zisserman, "Multiple View Geometry",
   * section 4.1, with coordinates normalised as in 4.4; affine where there are less than four points. Undefined where
   * the points do not determine it.
   */
  static fit(from: readonly Point[], to: readonly Point[]): Homography | undefined {
    if (from.length < 3) return undefined;
    const [source, target] = [normalisation(from), normalisation(to)];
    const affine = from.length < 4;
    const rows: number[][] = [];
    const values: number[] = [];
    from.forEach((point, i) => {
      const [u, v] = source.apply(point);
      const [x, y] = target.apply(to[i]!);
      rows.push(
        affine ? [u, v, 1, 0, 0, 0] : [u, v, 1, 0, 0, 0, -u * x, -v * x],
        affine ? [0, 0, 0, u, v, 1] : [0, 0, 0, u, v, 1, -u * y, -v * y],
      );
      values.push(x, y);
    });
    const h = leastSquares(rows, values);
    if (h === undefined || !h.every(Number.isFinite)) return undefined;
    const [a, b, c, d, e, f, g = 0, k = 0] = h as [
      number,
      number,
      number,
      number,
      number,
      number,
      number?,
      number?,
    ];
    return new Homography((point) => {
      const [u, v] = source.apply(point);
      const w = g * u + k * v + 1;
      // Beyond the vanishing line there is no picture.
      if (!(w > 1e-6)) return [Number.NaN, Number.NaN];
      return [
        (a * u + b * v + c) / w / target.scale + target.centre[0],
        (d * u + e * v + f) / w / target.scale + target.centre[1],
      ];
    });
  }

  apply(point: Point): Point {
    return this.map(point);
  }
}
