/** What is done to detail. Noise: variance of the blurred luminance's noise = scale · luminance + offset. */
export interface Texture {
  readonly amount: number;
  readonly noiseScale: number;
  readonly noiseOffset: number;
  /** Square of the contrast at which an edge begins. */
  readonly largest: number;
  /** Luminance below which contrast is not looked at. */
  readonly darkest: number;
  /** Steps of the blurs: those of the finer one, then those that make the coarser one of it. */
  readonly fine: readonly number[];
  readonly coarse: readonly number[];
}

/** Weights of the B3 spline, which à trous wavelets are made of (Starck and Murtagh). */
const SPLINE = [0.0625, 0.25, 0.375, 0.25, 0.0625] as const;

function blurred(light: readonly number[], width: number, step: number): number[] {
  const height = light.length / width;
  const inside = (value: number, size: number): number => Math.min(Math.max(value, 0), size - 1);
  const along = (from: readonly number[], dx: number, dy: number): number[] =>
    from.map((_, i) =>
      SPLINE.reduce((sum, weight, k) => {
        const x = inside((i % width) + (k - 2) * dx, width);
        const y = inside(Math.floor(i / width) + (k - 2) * dy, height);
        return sum + weight * from[y * width + x]!;
      }, 0),
    );
  return along(along(light, step, 0), 0, step);
}

/** The factors on a picture's pixels, given its luminance row by row; borders are continued. */
export function textureGains(light: readonly number[], width: number, how: Texture): number[] {
  const sharp = how.fine.reduce((from, step) => blurred(from, width, step), [...light]);
  const soft = how.coarse.reduce((from, step) => blurred(from, width, step), sharp);
  return soft.map((value, i) => {
    const around = Math.max(value, how.darkest);
    const detail = (sharp[i]! - around) / around;
    const square = detail * detail;
    const noise = (how.noiseScale * around + how.noiseOffset) / around ** 2;
    // What is no louder than noise is left alone, and so are edges.
    const share = (square / (square + noise)) * (how.largest / (square + how.largest)) ** 2;
    return 1 + how.amount * detail * share;
  });
}
