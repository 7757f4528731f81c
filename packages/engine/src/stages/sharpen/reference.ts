import type { Vector3 } from '../../colour/matrix3.js';

/** How a picture is sharpened; all numbers are rounded to 32 bits. */
export interface Sharpening {
  /** Share of what deconvolution gains. */
  readonly amount: number;
  /** Variance that noise alone gives to the gain: scale times luminance, plus offset. */
  readonly noiseScale: number;
  readonly noiseOffset: number;
  /** By how much of itself that variance is larger across straight edges. */
  readonly edgeNoise: number;
  /** By what the pixel's part that alternates in both directions, [1 -2 1] by [1 -2 1], counts as noise of the gain. */
  readonly alternating: number;
  /** Share of the surrounding contrast by which a pixel may lie above the brightest or below the darkest around it. */
  readonly overshoot: number;
  /** Share of the darkest around it by which a pixel may lie below that, at most. */
  readonly undershoot: number;
  /** Luminance below which changes are not measured as ratios. */
  readonly darkest: number;
  /** Values from which on a pixel counts as clipping, and from which on as clipped. */
  readonly clipping: readonly [begin: number, end: number];
  /** Coherence of the structure tensor from which on pixels lie beside one straight edge, to a part and wholly. */
  readonly coherence: readonly [begin: number, end: number];
  /** What a pixel gains along one axis: the middle's weight, its neighbours', the next ones'. */
  readonly weights: readonly number[];
  /** What is gained along one axis of what is gained along the other counts this much. */
  readonly mixed: number;
  /** What a pixel gains in addition across straight edges; nowhere where it is empty. */
  readonly edgeWeights: readonly number[];
}

const f = Math.fround;
const LUMINANCE = [0.2627, 0.678, 0.0593].map(f);
const [MIDDLE, BESIDE, OUTER] = [0.375, 0.25, 0.0625];
/** Change from the first to the last of seven pixels, of all changes between: a line's, and one over how far to a step's. */
const [LINE, PER_STEADINESS] = [0.5, 4];
/** Square of cos 2θ of an edge under θ, up to where it is oblique, and one over how far from there to upright. */
const [OBLIQUE, PER_UPRIGHTNESS] = [0.25, 4 / 3];
const TINY = 1e-9;

/** A picture whose pixels outside of it are asked for by place, as a tile's are. */
export type PixelAt = (x: number, y: number) => Vector3;

/** One pixel, sharpened: written for reading, with all intermediate values computed anew. */
export function sharpenedPixel(at: PixelAt, x: number, y: number, how: Sharpening): Vector3 {
  const weights = how.weights.map(f);
  const light = (u: number, v: number): number => {
    const [r, g, b] = at(u, v);
    return f(f(f(r * LUMINANCE[0]!) + f(g * LUMINANCE[1]!)) + f(b * LUMINANCE[2]!));
  };
  const weighted = (weights: readonly number[], value: (i: number) => number): number => {
    let sum = f(value(0) * weights[0]!);
    for (let k = 1; k < weights.length; k++) sum = f(sum + f(f(value(-k) + value(k)) * weights[k]!));
    return sum;
  };
  const filtered = (value: (i: number) => number): number => weighted(weights, value);
  const binomial = (value: (i: number) => number): number =>
    f(f(f(value(0) * MIDDLE) + f(f(value(-1) + value(1)) * BESIDE)) + f(f(value(-2) + value(2)) * OUTER));
  const here = light(x, y);
  const withRow = (v: number): number => f(light(x, v) + f(filtered((i) => light(x + i, v)) * f(how.mixed)));
  const ofRow = f(f(withRow(y) - here) * f(1 / how.mixed));
  let gain = f(ofRow + filtered((j) => withRow(y + j)));
  const random = f(f(f(how.noiseScale) * Math.max(here, 0)) + f(how.noiseOffset));
  // The structure tensor (Bigün and Granlund 1987) around the pixel: one straight edge has one direction.
  const slopes = (u: number, v: number): readonly [number, number] => [
    f(light(u + 1, v) - light(u - 1, v)),
    f(light(u, v + 1) - light(u, v - 1)),
  ];
  const around = (product: (dx: number, dy: number) => number): number =>
    binomial((j) => binomial((i) => f(product(...slopes(x + i, y + j)))));
  const across = around((dx) => dx * dx);
  const along = around((_dx, dy) => dy * dy);
  const both = around((dx, dy) => dx * dy);
  const total = f(f(across + along) + random);
  const difference = f(across - along);
  const perSquare = f(1 / f(total * total));
  const upright = f(f(difference * difference) * perSquare);
  const oblique = f(f(f(both * both) * 4) * perSquare);
  const [least, whole] = how.coherence;
  const t = Math.min(Math.max(f(f(f(upright + oblique) - f(least)) * f(1 / (whole - least))), 0), 1);
  // Rows and columns cross oblique edges in steps, and would raise those.
  const level = f(Math.max(f(upright - OBLIQUE), 0) * f(PER_UPRIGHTNESS));
  const straight = f(f(f(t * t) * f(3 - f(t + t))) * f(level * level));
  let spread = random;
  if (how.edgeWeights.length > 0 && straight > 0) {
    const edgeWeights = how.edgeWeights.map(f);
    // Along an edge its light is even: what is not is smoothed away before it is looked at across.
    const even = (before: number, middle: number, after: number): number =>
      f(f(before + after) + f(middle + middle));
    const inRow = (i: number): number => even(light(x + i, y - 1), light(x + i, y), light(x + i, y + 1));
    const inColumn = (j: number): number => even(light(x - 1, y + j), light(x, y + j), light(x + 1, y + j));
    // One step, up or down, and no line of a pixel or two: that would be drawn twice where colours lie beside one another.
    const isStep = (value: (i: number) => number): number => {
      let ways = f(TINY);
      for (let k = -2; k <= 3; k++) ways = f(ways + Math.abs(f(value(k) - value(k - 1))));
      const steady = f(Math.abs(f(value(3) - value(-3))) / ways);
      return Math.min(Math.max(f(f(steady - LINE) * PER_STEADINESS), 0), 1);
    };
    const beside = across > along ? inRow : inColumn;
    const gainedAcross = f(Math.max(across, along) * weighted(edgeWeights, beside));
    const gained = f(f(gainedAcross * isStep(beside)) / total);
    gain = f(gain + f(f(gained * 0.25) * straight));
    spread = f(random + f(f(random * f(how.edgeNoise)) * straight));
  }
  gain = f(gain * f(how.amount));
  const begin = f(how.clipping[0]);
  const perUnit = f(1 / (how.clipping[1] - how.clipping[0]));
  const clipped = (u: number, v: number): number =>
    Math.min(Math.max(f(f(Math.max(...at(u, v)) - begin) * perUnit), 0), 1);
  const near = binomial((j) => binomial((i) => clipped(x + i, y + j)));
  gain = f(gain * f(1 - Math.min(f(near * 4), 1)));
  const [above, beside, below] = [-1, 0, 1].map((v) => [-1, 0, 1].map((u) => light(x + u, y + v))) as [
    [number, number, number],
    [number, number, number],
    [number, number, number],
  ];
  const corners = f(f(above[0] + above[2]) + f(below[0] + below[2]));
  const sides = f(f(above[1] + below[1]) + f(beside[0] + beside[2]));
  const alternating = f(f(f(corners - f(sides + sides)) + f(here * 4)) * f(how.alternating));
  const square = f(gain * gain);
  const noise = f(spread + f(alternating * alternating));
  gain = f(f(gain * square) / f(square + noise));
  const low = Math.min(...above, ...beside, ...below);
  const high = Math.max(...above, ...beside, ...below);
  const allowed = f(f(high - low) * f(how.overshoot));
  const allowedBelow = Math.min(allowed, f(Math.max(low, 0) * f(how.undershoot)));
  const wanted = Math.min(Math.max(f(here + gain), f(low - allowedBelow)), f(high + allowed));
  const ratio = Math.max(f(1 + f(f(wanted - here) / Math.max(here, f(how.darkest)))), 0);
  const [r, g, b] = at(x, y);
  return [f(r * ratio), f(g * ratio), f(b * ratio)];
}
