import { Engine, type PartialRecipe } from '@photosite/engine';
import { type EdgeResponse, slantedEdge } from '@photosite/measure';
import type { NoiseProfile, RawFrame } from '@photosite/raw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ threads: 1 });
});
afterAll(() => engine.close());

const SIZE = 224;
const [DARK, BRIGHT] = [0.08, 0.5];
const ANGLE = (5 * Math.PI) / 180;
/** Steps over each pixel's area: the edge's place is then exact to a thousandth of a pixel. */
const SUB = 16;
const MARGIN = 48;
const REGION = { left: MARGIN, top: MARGIN, width: SIZE - 2 * MARGIN, height: SIZE - 2 * MARGIN };

/** The share of a step that a Gaussian blur has let through at a distance (Abramowitz and Stegun 7.1.26). */
function blurredStep(distance: number, sigma: number): number {
  if (sigma === 0) return distance > 0 ? 1 : 0;
  const z = Math.abs(distance) / (sigma * Math.SQRT2);
  const t = 1 / (1 + 0.3275911 * z);
  const tail =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return 0.5 + (Math.sign(distance) * (1 - tail * Math.exp(-z * z))) / 2;
}

/** Light on each pixel's area of an edge that was blurred before: what the pixels themselves do to it is in all charts. */
function chart(sigma: number): Float64Array {
  const [cos, sin] = [Math.cos(ANGLE), Math.sin(ANGLE)];
  const middle = SIZE / 2;
  return Float64Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [x, y] = [(i % SIZE) - middle, Math.floor(i / SIZE) + 0.5 - middle];
    // Rows are cut across their middle: over a pixel's height a slope of 1 in 11 moves the edge by a tenth.
    let sum = 0;
    for (let v = -1; v <= 1; v++)
      for (let u = 0; u < SUB; u++)
        sum += blurredStep((x + (u + 0.5) / SUB) * cos + (y + v / 3) * sin, sigma) / (3 * SUB);
    return DARK + (BRIGHT - DARK) * sum;
  });
}

/** Normal numbers from a seed (mulberry32, and Box and Muller 1958). */
function normals(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}

const NEUTRAL = [0.5, 1, 0.7] as const;
const PATTERN = [0, 1, 1, 2];
const [BLACK, WHITE] = [1024, 65_535];

/** A Bayer frame of a grey chart, with noise of a profile. */
function frameOf(light: Float64Array, noise: NoiseProfile): RawFrame {
  const normal = normals(11);
  const samples = Uint16Array.from(light, (value, i) => {
    const colour = PATTERN[(Math.floor(i / SIZE) % 2) * 2 + (i % 2)]!;
    const signal = value * NEUTRAL[colour]!;
    const noisy = signal + Math.sqrt(noise.scale * signal + noise.offset) * normal();
    return Math.round(BLACK + noisy * (WHITE - BLACK));
  });
  const whole = { left: 0, top: 0, right: SIZE, bottom: SIZE };
  return {
    width: SIZE,
    height: SIZE,
    bitsPerSample: 16,
    samples,
    samplesPerPixel: 1,
    cfa: { width: 2, height: 2, pattern: PATTERN, kind: 'bayer' },
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [BLACK] },
    whiteLevel: [WHITE],
    activeArea: whole,
    maskedAreas: [],
    defaultCrop: whole,
    defaultScale: [1, 1],
    orientation: 1,
    // XYZ to linear sRGB (IEC 61966-2-1): a camera whose primaries are sRGB's.
    color: {
      calibrations: [
        {
          illuminant: 21,
          colorMatrix: [3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.204, 1.057],
        },
      ],
    },
    asShotNeutral: NEUTRAL,
    opcodes: { list1: [], list2: [], list3: [] },
    exposure: {},
    previews: [],
    noiseProfile: [noise, noise, noise],
  };
}

/** The default finish with all that changes tones left out, so that its picture is linear but for the display's encoding. */
const LINEAR: PartialRecipe = {
  tone: { curve: 'linear' },
  localTone: { strength: 0 },
  look: { strength: 0 },
};

function decoded(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

async function developedEdge(
  sigma: number,
  noise: NoiseProfile,
  recipe: PartialRecipe = {},
): Promise<{ readonly edge: EdgeResponse; readonly flatDeviation: number }> {
  const development = engine.open(frameOf(chart(sigma), noise));
  const rendered = await development.render({ format: 'float32', recipe: { ...LINEAR, ...recipe } });
  const data = Float32Array.from(rendered.pixels, decoded);
  rendered.release();
  development.close();
  const { luminance } = slantedEdge({ width: SIZE, height: SIZE, data }, { region: REGION, edgeOrder: 1 });
  const flat: number[] = [];
  for (let y = MARGIN; y < SIZE - MARGIN; y++)
    for (let x = 8; x < 70; x++) flat.push(data[(y * SIZE + x) * 3 + 1]!);
  const mean = flat.reduce((sum, value) => sum + value, 0) / flat.length;
  const flatDeviation = Math.sqrt(flat.reduce((sum, value) => sum + (value - mean) ** 2, 0) / flat.length);
  return { edge: luminance, flatDeviation };
}

function truth(): EdgeResponse {
  const data = new Float32Array(SIZE * SIZE * 3);
  chart(0).forEach((value, i) => {
    data.fill(value, 3 * i, 3 * i + 3);
  });
  return slantedEdge({ width: SIZE, height: SIZE, data }, { region: REGION, edgeOrder: 1 }).luminance;
}

/** So little that it is less than a step of 16 bits. */
const NONE: NoiseProfile = { scale: 1e-10, offset: 0 };
/** Noise of good light, as in the bench: variance = scale · light + offset. */
const N1: NoiseProfile = { scale: 2e-4, offset: 2e-6 };

describe('a slanted edge through lens blur, pixels, mosaic and the whole finish', () => {
  it.each([0.5, 0.6, 0.7])(
    'of %d pixels has its MTF50 within 10 % of the edge before the blur, overshoot below 10 %, without noise and with N1',
    async (sigma) => {
      const { mtf50 } = truth();
      for (const noise of [NONE, N1]) {
        const { edge } = await developedEdge(sigma, noise);
        expect(edge.mtf50! / mtf50!).toBeGreaterThan(0.9);
        expect(edge.mtf50! / mtf50!).toBeLessThan(1.1);
        expect(edge.overshoot).toBeLessThan(0.1);
        expect(edge.undershoot).toBeLessThan(0.1);
      }
    },
  );

  it('is sharpened without louder noise beside it: flat areas’ deviation grows by less than a tenth', async () => {
    const sharp = await developedEdge(0.6, N1);
    const soft = await developedEdge(0.6, N1, { sharpen: { amount: 0 } });
    expect(sharp.flatDeviation / soft.flatDeviation).toBeLessThan(1.1);
    expect(sharp.edge.mtf50! / soft.edge.mtf50!).toBeGreaterThan(1.5);
  });
});
