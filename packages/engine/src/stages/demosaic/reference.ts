// Bayer demosaicing as it is meant; kernel.ts does the same in the same order, row by row and four at a time.
import { bestWeights, fastWeights } from './weights.generated.js';

/** How much work goes into a picture. */
export type BayerMode = 'fast' | 'best';

interface Shape {
  readonly weights: string;
  /** Channels of the network's hidden layers. */
  readonly channels: number;
  /** Width of the first layer's convolution, in quads. */
  readonly kernel: number;
  /** Fractional bits of the weights, for each layer with hidden channels. */
  readonly hiddenBits: readonly number[];
  /** Fractional bits of the last layer's weights; of those for the gated differences it is one less. */
  readonly lastBits: number;
  /** Whether the last layer also sees the gated differences. */
  readonly gated: boolean;
}

const SHAPES: Readonly<Record<BayerMode, Shape>> = {
  fast: { weights: fastWeights, channels: 12, kernel: 3, hiddenBits: [12, 13], lastBits: 11, gated: true },
  best: {
    weights: bestWeights,
    channels: 32,
    kernel: 5,
    hiddenBits: [11, 11, 11, 11],
    lastBits: 12,
    gated: false,
  },
};

/** Fractional bits of the features and of all hidden channels; the gated differences are small and have one more. */
const FEATURE_BITS = 12;
const GATED_BITS = 13;
/** Every number that the network works on lies within ± this: two of them added still fit 16 bits. */
const LIMIT = 16383;
/** Taken off the samples, which are seldom negative: the taps' sums are zero and do not see it. */
const SAMPLE_OFFSET = 3;

/** Quads around a quad that its features depend on. */
const DIRECTIONAL = 5;
/** Six differences green minus other colour (at R, at B, along row and column at both greens), four samples. */
const FEATURES = 10;
const GATED = 12;
const OUTPUTS = 8;
const KAPPA = Math.fround(0.00001);
const OWN_MEAN = Math.fround(1 / 36);

const f = Math.fround;
const sum = (...values: number[]): number => values.reduce((a, b) => f(a + b));

/** √(x + toe²) - toe, which goes on below zero as its tangent, whose slope is 1 / (2 · toe). */
function encode(x: number, toe: number): number {
  return sum(f(f(Math.sqrt(f(Math.max(x, 0) + f(toe * toe)))) - toe), f(Math.min(x, 0) * f(0.5 / toe)));
}

function decode(y: number, toe: number): number {
  return f(y * f(Math.max(y, 0) + 2 * toe));
}

/** Three characters per number, six bits each from '(' on without the backslash. */
function unpack(text: string): Int32Array {
  const digit = (i: number): number => {
    const code = text.charCodeAt(i);
    return code > 92 ? code - 41 : code - 40;
  };
  return Int32Array.from({ length: text.length / 3 }, (_, i) => {
    const bits = (digit(3 * i) << 12) | (digit(3 * i + 1) << 6) | digit(3 * i + 2);
    return bits - 131072;
  });
}

/** Numbers by place. Outside there is NaN, which spreads: a value that is a number depends on nothing outside. */
class Plane {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;

  constructor(width: number, height: number, value?: (x: number, y: number) => number) {
    this.width = width;
    this.height = height;
    this.data = new Float32Array(width * height);
    if (value !== undefined)
      for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) this.data[y * width + x] = value(x, y);
  }

  at(x: number, y: number): number {
    return x < 0 || y < 0 || x >= this.width || y >= this.height
      ? Number.NaN
      : this.data[y * this.width + x]!;
  }
}

/** Features of quads: `count` numbers each, fixed point. */
interface Features {
  readonly count: number;
  readonly data: Float64Array;
}

/** Fixed point within ±LIMIT; ties go to the even number, which a float has no room beside from 1.5 · 2^23 on. */
function fixed(value: number, bits: number, offset = 0): number {
  const scaled = f(f(value * 2 ** bits) - offset * 2 ** bits);
  return f(Math.min(Math.max(scaled, -LIMIT), LIMIT) + 12582912) - 12582912;
}

/** The directional step; see README.md. Returns the differences at R and B and how variable they are. */
function directional(mosaic: Plane, taps: Float32Array) {
  const [e0, e2, e4, o1, o3] = taps.subarray(0, 5) as unknown as [number, number, number, number, number];
  const [a0, a1, a2] = taps.subarray(5, 8) as unknown as [number, number, number];
  const along = taps.subarray(8, 13);
  const means = taps.subarray(13, 18);
  const epsilon = f(taps[18]! * taps[18]!);
  const plane = (value: (x: number, y: number) => number): Plane =>
    new Plane(mosaic.width, mosaic.height, value);
  type Neighbour = (distance: number) => number;

  const isGreen = (x: number, y: number): boolean => (x + y) % 2 === 1;
  const difference = (m: Neighbour): number =>
    sum(
      sum(f(e0 * m(0)), f(e2 * f(m(-2) + m(2)))),
      sum(f(e4 * f(m(-4) + m(4))), sum(f(o1 * f(m(-1) + m(1))), f(o3 * f(m(-3) + m(3))))),
    );
  const signed = (x: number, y: number, value: number): number => (isGreen(x, y) ? value : -value);
  const rows = plane((x, y) =>
    signed(
      x,
      y,
      difference((d) => mosaic.at(x + d, y)),
    ),
  );
  const columns = plane((x, y) =>
    signed(
      x,
      y,
      difference((d) => mosaic.at(x, y + d)),
    ),
  );

  const change = (d: Neighbour): number => Math.abs(f(d(1) - d(-1)));
  const rowChange = plane((x, y) => change((d) => rows.at(x + d, y)));
  const columnChange = plane((x, y) => change((d) => columns.at(x, y + d)));
  const smooth = (g: Neighbour): number =>
    sum(sum(f(a0 * g(0)), f(a1 * f(g(-1) + g(1)))), f(a2 * f(g(-2) + g(2))));
  const rowCost = plane((x, y) => smooth((d) => rowChange.at(x, y + d)));
  const columnCost = plane((x, y) => smooth((d) => columnChange.at(x + d, y)));

  const outward = (t: Float32Array, v: Neighbour): number =>
    sum(sum(f(t[0]! * v(0)), f(t[1]! * v(1))), sum(f(t[2]! * v(2)), sum(f(t[3]! * v(3)), f(t[4]! * v(4)))));
  const blended = (x: number, y: number): { difference: number; cost: number } => {
    const side = (values: Plane, dx: number, dy: number) => (t: Float32Array) =>
      outward(t, (d) => values.at(x + d * dx, y + d * dy));
    const sides: [Plane, Plane, number, number][] = [
      [rowCost, rows, 1, 0],
      [rowCost, rows, -1, 0],
      [columnCost, columns, 0, 1],
      [columnCost, columns, 0, -1],
    ];
    const [east, west, south, north] = sides.map(([costs, values, dx, dy]) => {
      const c = side(costs, dx, dy)(along);
      const weight = f(1 / f(f(c * c) + epsilon));
      return { weight, weighted: f(weight * side(values, dx, dy)(means)) };
    }) as [Side, Side, Side, Side];
    const total = sum(sum(east.weight, west.weight), sum(south.weight, north.weight));
    const weighted = sum(sum(east.weighted, west.weighted), sum(south.weighted, north.weighted));
    return { difference: f(weighted / total), cost: f(2 / total) };
  };
  return { rows, columns, blended };
}

interface Side {
  readonly weight: number;
  readonly weighted: number;
}

/** How much the mosaic itself varies around a quad: the mean over 3 × 3 quads of |steps over two samples|. */
function ownVariation(mosaic: Plane, quadsWide: number, quadsHigh: number): Plane {
  const m = mosaic.at.bind(mosaic);
  const step = (x: number, y: number, dx: number, dy: number): number =>
    Math.abs(f(m(x + dx, y + dy) - m(x - dx, y - dy)));
  const raw = new Plane(quadsWide, quadsHigh, (qx, qy) => {
    const x = 2 * qx;
    const y = 2 * qy;
    return sum(
      sum(sum(step(x, y, 1, 0), step(x, y, 0, 1)), sum(step(x + 1, y, 1, 0), step(x + 1, y, 0, 1))),
      sum(
        sum(step(x, y + 1, 1, 0), step(x, y + 1, 0, 1)),
        sum(step(x + 1, y + 1, 1, 0), step(x + 1, y + 1, 0, 1)),
      ),
    );
  });
  const column = (x: number, y: number): number => sum(raw.at(x, y - 1), raw.at(x, y), raw.at(x, y + 1));
  return new Plane(quadsWide, quadsHigh, (x, y) =>
    f(OWN_MEAN * sum(column(x - 1, y), column(x, y), column(x + 1, y))),
  );
}

/**
 * A convolution in whole numbers whose weights lie in blocks of eight outputs (a last one of what is left), within a
 * block by row, column, input, output.
 */
function convolve(
  from: Features,
  quadsWide: number,
  quadsHigh: number,
  kernel: number,
  margin: number,
  weights: Int32Array,
  outputs: number,
): Features {
  const half = (kernel - 1) / 2;
  const inputs = from.count;
  const data = new Float64Array(quadsWide * quadsHigh * outputs).fill(Number.NaN);
  for (let y = margin; y < quadsHigh - margin; y++)
    for (let x = margin; x < quadsWide - margin; x++)
      for (let first = 0; first < outputs; first += 8) {
        const size = Math.min(outputs - first, 8);
        const block = new Float64Array(size);
        let w = first * kernel * kernel * inputs;
        for (let ky = -half; ky <= half; ky++)
          for (let kx = -half; kx <= half; kx++)
            for (let i = 0; i < inputs; i++) {
              const value = from.data[((y + ky) * quadsWide + x + kx) * inputs + i]!;
              for (let o = 0; o < size; o++) block[o] = block[o]! + value * weights[w++]!;
            }
        data.set(block, (y * quadsWide + x) * outputs + first);
      }
  return { count: outputs, data };
}

/** Sums of products as the next layer gets them: fewer fractional bits, halves rounded up, nothing below zero. */
function rectified({ count, data }: Features, bits: number): Features {
  return {
    count,
    data: data.map((value) => Math.min(Math.max(Math.floor(value / 2 ** bits + 0.5), 0), LIMIT)),
  };
}

/** Puts the features of each quad side by side. */
function beside(quads: number, ...parts: Features[]): Features {
  const count = parts.reduce((n, part) => n + part.count, 0);
  const data = new Float64Array(quads * count);
  let offset = 0;
  for (const part of parts) {
    for (let q = 0; q < quads; q++)
      data.set(part.data.subarray(q * part.count, (q + 1) * part.count), q * count + offset);
    offset += part.count;
  }
  return { count, data };
}

type Samples = readonly [r: number, g1: number, g2: number, b: number];

/** The missing values by the quad's own differences: G, B at R; R, B beside R; R, B beside B; R, G at B. */
function throughDifferences([r, g1, g2, b]: Samples, atRed: number, atBlue: number): number[] {
  const redLessBlue = f(atRed - atBlue);
  return [
    f(r + atRed),
    f(r + redLessBlue),
    f(g1 - atRed),
    f(g1 - atBlue),
    f(g2 - atRed),
    f(g2 - atBlue),
    f(b - redLessBlue),
    f(b + atBlue),
  ];
}

/** The missing values as the quad's own samples. */
function nearest([r, g1, g2, b]: Samples): number[] {
  const green = f(0.5 * f(g1 + g2));
  return [green, b, r, b, r, b, r, green];
}

/**
 * One mosaic tile to three planes. `phase` is the colour at the tile's origin: 0 RGGB, 1 GRBG, 2 GBRG, 3 BGGR. Measured
 * samples are kept. Pixels nearer to the tile's edge than the mode's halo are left as they are or undefined.
 */
export function demosaicBayerReference(
  mode: BayerMode,
  src: Float32Array,
  stride: number,
  width: number,
  height: number,
  phase: number,
  toe: number,
  dst: readonly [Float32Array, Float32Array, Float32Array],
): void {
  const shape = SHAPES[mode];
  const numbers = unpack(shape.weights);
  const left = phase & 1;
  const top = phase >> 1;
  // From here on red is at even rows and columns.
  const wide = (width - left) >> 1;
  const high = (height - top) >> 1;
  const sample = (x: number, y: number): number => src[(top + y) * stride + left + x]!;
  const mosaic = new Plane(2 * wide, 2 * high, (x, y) => encode(sample(x, y), toe));
  const taps = Float32Array.from(numbers.subarray(0, 20), (tap) => tap / 16384);
  const { rows, columns, blended } = directional(mosaic, taps);
  const lambda = taps[19]!;
  const own = ownVariation(mosaic, wide, high);

  const features: Features = { count: FEATURES, data: new Float64Array(wide * high * FEATURES) };
  // What the network starts from; it finds what is to be added.
  const start = new Float32Array(wide * high * OUTPUTS);
  const gated: Features = { count: GATED, data: new Float64Array(wide * high * GATED) };
  const m = mosaic.at.bind(mosaic);
  for (let qy = DIRECTIONAL; qy < high - DIRECTIONAL; qy++)
    for (let qx = DIRECTIONAL; qx < wide - DIRECTIONAL; qx++) {
      const x = 2 * qx;
      const y = 2 * qy;
      const red = blended(x, y);
      const blue = blended(x + 1, y + 1);
      const differences = [
        red.difference,
        blue.difference,
        rows.at(x + 1, y),
        columns.at(x + 1, y),
        rows.at(x, y + 1),
        columns.at(x, y + 1),
      ];
      const samples: Samples = [m(x, y), m(x + 1, y), m(x, y + 1), m(x + 1, y + 1)];
      features.data.set(
        [
          ...differences.map((value) => fixed(value, FEATURE_BITS)),
          ...samples.map((value) => fixed(value, FEATURE_BITS, SAMPLE_OFFSET)),
        ],
        (qy * wide + qx) * FEATURES,
      );
      start.set(
        (shape.gated ? throughDifferences : nearest)(samples, red.difference, blue.difference),
        (qy * wide + qx) * OUTPUTS,
      );

      // What plain interpolation within each colour says the six differences are.
      const pair = (ax: number, ay: number, bx: number, by: number): number => f(m(ax, ay) + m(bx, by));
      const plain = [
        f(f(0.25 * sum(pair(x + 1, y, x - 1, y), pair(x, y + 1, x, y - 1))) - m(x, y)),
        f(f(0.25 * sum(pair(x, y + 1, x + 2, y + 1), pair(x + 1, y, x + 1, y + 2))) - m(x + 1, y + 1)),
        f(m(x + 1, y) - f(0.5 * pair(x, y, x + 2, y))),
        f(m(x + 1, y) - f(0.5 * pair(x + 1, y + 1, x + 1, y - 1))),
        f(m(x, y + 1) - f(0.5 * pair(x + 1, y + 1, x - 1, y + 1))),
        f(m(x, y + 1) - f(0.5 * pair(x, y, x, y + 2))),
      ];
      const cost = f(red.cost + blue.cost);
      const variation = own.at(qx, qy);
      const trust = f(cost / sum(cost, f(lambda * f(variation * variation)), KAPPA));
      const once = differences.map((difference, i) => f(trust * f(difference - plain[i]!)));
      gated.data.set(
        [...once, ...once.map((value) => f(trust * value))].map((value) => fixed(value, GATED_BITS)),
        (qy * wide + qx) * GATED,
      );
    }

  let at = 20;
  const take = (count: number): Int32Array => {
    at += count;
    return numbers.subarray(at - count, at);
  };
  const { channels, lastBits } = shape;
  let margin = DIRECTIONAL;
  let hidden = features;
  let kernel = shape.kernel;
  for (const bits of shape.hiddenBits) {
    margin += (kernel - 1) / 2;
    const weights = take(kernel * kernel * hidden.count * channels);
    hidden = rectified(convolve(hidden, wide, high, kernel, margin, weights, channels), bits);
    kernel = 3;
  }
  const last = shape.gated
    ? beside(wide * high, hidden, features, gated)
    : beside(wide * high, hidden, features);
  margin++;
  const missing = convolve(last, wide, high, 3, margin, take(9 * last.count * OUTPUTS), OUTPUTS);

  const put = (channel: 0 | 1 | 2, x: number, y: number, value: number): void => {
    dst[channel][(top + y) * stride + left + x] = value;
  };
  for (let qy = margin; qy < high - margin; qy++)
    for (let qx = margin; qx < wide - margin; qx++) {
      const x = 2 * qx;
      const y = 2 * qy;
      const value = (i: number): number => {
        const at = (qy * wide + qx) * OUTPUTS + i;
        // The kernel has doubled sums; rounding to 32 bits gives the same.
        return decode(f(start[at]! + f(missing.data[at]!) / 2 ** (FEATURE_BITS + lastBits)), toe);
      };
      put(0, x, y, sample(x, y));
      put(1, x, y, value(0));
      put(2, x, y, value(1));
      put(0, x + 1, y, value(2));
      put(1, x + 1, y, sample(x + 1, y));
      put(2, x + 1, y, value(3));
      put(0, x, y + 1, value(4));
      put(1, x, y + 1, sample(x, y + 1));
      put(2, x, y + 1, value(5));
      put(0, x + 1, y + 1, value(6));
      put(1, x + 1, y + 1, value(7));
      put(2, x + 1, y + 1, sample(x + 1, y + 1));
    }
}
