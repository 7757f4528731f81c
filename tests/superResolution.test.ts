import { Engine, type MergeOptions, mergeBurst } from '@photosite/engine';
import { crop, psnr, type RgbImage, slantedEdge, textureMtf } from '@photosite/measure';
import type { RawFrame } from '@photosite/raw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ threads: 2 });
});
afterAll(() => engine.close());

const [WIDTH, HEIGHT] = [448, 272];
/** Samples of the scene for each pixel, each way; and pixels around what frames see. */
const FINER = 4;
const MARGIN = 10;
/** Leaves on the left, a square that leans by 6° on the right, evenly lit inside. Pixels. */
const LEAVES = { left: 16, top: 16, width: 176, height: 240 };
const SQUARE = { x: 282, y: 136, half: 44, lean: 0.1, dark: 0.1, light: 0.5, ground: 72 };
/** More straight edges, by which the engine measures the blur as in any photograph. */
const SMALL_SQUARES = [0, 1, 2].map((i) => ({
  x: 390,
  y: 66 + 70 * i,
  half: 14,
  lean: 0.2 + 0.1 * i,
  ground: 20,
}));
const FLAT = { left: 262, top: 116, width: 40, height: 40 };
const EDGES = [
  { left: 218, top: 106, width: 40, height: 60 },
  { left: 252, top: 72, width: 60, height: 40 },
];
/** Blur of a sharp lens, in pixels. */
const LENS = 0.35;
/** Variance by light: PEERS.md's protocol, good light and little. */
const LIGHTS = { light: { scale: 0.001, offset: 1e-5 }, dark: { scale: 0.006, offset: 3e-4 } };
const FRAMES = 8;
const [BLACK, WHITE] = [512, 16383];

/** Numbers on [0, 1) from a seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Sheet {
  readonly width: number;
  readonly height: number;
  /** Three planes. */
  readonly planes: readonly Float32Array[];
}

/** Dead leaves (radii by r⁻³: Matheron; Cao, Guichard and Hornung 2009) and a square. */
function draw(): Sheet {
  const [width, height] = [(WIDTH + 2 * MARGIN) * FINER, (HEIGHT + 2 * MARGIN) * FINER];
  const planes = [0, 1, 2].map(() => new Float32Array(width * height).fill(0.2));
  const next = random(5);
  for (let leaf = 0; leaf < 18_000; leaf++) {
    const radius = FINER * (0.7 ** -2 - next() * (0.7 ** -2 - 30 ** -2)) ** -0.5;
    const [cx, cy, level] = [next() * width, next() * height, 0.05 + 0.7 * next() ** 1.5];
    const rgb = [0, 1, 2].map(() => level * (0.8 + 0.4 * next()));
    for (let y = Math.max(Math.ceil(cy - radius), 0); y <= Math.min(cy + radius, height - 1); y++) {
      const half = Math.sqrt(radius * radius - (y - cy) ** 2);
      const [from, to] = [Math.max(Math.ceil(cx - half), 0), Math.min(Math.floor(cx + half), width - 1)];
      for (const [c, plane] of planes.entries())
        if (from <= to) plane.fill(rgb[c]!, y * width + from, y * width + to + 1);
    }
  }
  const { dark, light } = SQUARE;
  for (const { x: sx, y: sy, half, lean, ground } of [SQUARE, ...SMALL_SQUARES]) {
    const [cos, sin] = [Math.cos(lean), Math.sin(lean)];
    const first = (at: number): number => Math.round((at - ground + MARGIN) * FINER);
    for (let y = first(sy); y < first(sy) + 2 * ground * FINER; y++)
      for (let x = first(sx); x < first(sx) + 2 * ground * FINER; x++) {
        const [dx, dy] = [(x + 0.5) / FINER - MARGIN - 0.5 - sx, (y + 0.5) / FINER - MARGIN - 0.5 - sy];
        const inSquare = Math.max(Math.abs(cos * dx + sin * dy), Math.abs(cos * dy - sin * dx)) < half;
        for (const plane of planes) plane[y * width + x] = inSquare ? dark : light;
      }
  }
  return { width, height, planes };
}

/** Sums along rows and columns with the same weights, which begin at the sample itself less `before`. */
function smoothed({ width, height, planes }: Sheet, weights: readonly number[], before: number): Sheet {
  const along = (from: Float32Array, step: number): Float32Array => {
    const to = new Float32Array(from.length);
    for (const [k, weight] of weights.entries()) {
      const by = (k - before) * step;
      for (let i = Math.max(-by, 0); i < Math.min(from.length, from.length - by); i++)
        to[i]! += weight * from[i + by]!;
    }
    return to;
  };
  return { width, height, planes: planes.map((plane) => along(along(plane, 1), width)) };
}

/** The light at a place of the reference, in its pixels, from samples whose own place lies `off` fine samples further on: cubic. */
function lightAt({ width, planes }: Sheet, off: number, x: number, y: number, channel: number): number {
  const [u, v] = [x, y].map((at) => (at + MARGIN + 0.5) * FINER - 0.5 - off) as [number, number];
  const [column, row] = [Math.floor(u), Math.floor(v)];
  const taps = (t: number): number[] => [
    t * (-0.5 + t * (1 - 0.5 * t)),
    1 + t * t * (1.5 * t - 2.5),
    t * (0.5 + t * (2 - 1.5 * t)),
    t * t * (-0.5 + 0.5 * t),
  ];
  const [across, down] = [taps(u - column), taps(v - row)];
  let sum = 0;
  for (let j = 0; j < 4; j++)
    for (let i = 0; i < 4; i++)
      sum += across[i]! * down[j]! * planes[channel]![(row + j - 1) * width + column + i - 1]!;
  return sum;
}

const bell = Array.from({ length: 13 }, (_, i) => Math.exp((i - 6) ** 2 / (-2 * (LENS * FINER) ** 2)));
const scene = smoothed(
  draw(),
  bell.map((weight) => weight / bell.reduce((sum, other) => sum + other, 0)),
  6,
);
/** Photosites without gaps, as broad as they are apart, and half of it. */
const gathered = (breadth: number): Sheet => smoothed(scene, new Array(breadth).fill(1 / breadth), 0);
const photosites = gathered(FINER);

function frameOf(index: number, noise: { readonly scale: number; readonly offset: number }): RawFrame {
  const next = random(index + 40);
  const [dx, dy, turn] =
    index === 0
      ? [0, 0, 0]
      : [5.3 * Math.sin(index * 2.4), 5.1 * Math.cos(index * 1.7), 0.002 * Math.sin(index * 4.1)];
  const samples = Uint16Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    const [u, v] = [x - WIDTH / 2, y - HEIGHT / 2];
    const channel = (x & 1) + (y & 1);
    const [sx, sy] = [WIDTH / 2 + u - turn * v + dx, HEIGHT / 2 + v + turn * u + dy];
    const light = lightAt(photosites, (FINER - 1) / 2, sx, sy, channel);
    const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
    const value = light + normal * Math.sqrt(noise.scale * light + noise.offset);
    return Math.min(Math.max(Math.round(BLACK + value * (WHITE - BLACK)), 0), WHITE);
  });
  const whole = { left: 0, top: 0, right: WIDTH, bottom: HEIGHT };
  return {
    width: WIDTH,
    height: HEIGHT,
    bitsPerSample: 14,
    samples,
    samplesPerPixel: 1,
    cfa: { width: 2, height: 2, pattern: [0, 1, 1, 2], kind: 'bayer' },
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [BLACK] },
    whiteLevel: [WHITE],
    activeArea: whole,
    maskedAreas: [],
    defaultCrop: whole,
    defaultScale: [1, 1],
    orientation: 1,
    color: {
      calibrations: [
        {
          illuminant: 21,
          colorMatrix: [3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.204, 1.057],
        },
      ],
    },
    asShotNeutral: [1, 1, 1],
    opcodes: { list1: [], list2: [], list3: [] },
    exposure: { exposureTime: 0.1, iso: 100 },
    previews: [],
    noiseProfile: [noise],
  };
}

async function merged(
  frames: readonly RawFrame[],
  options: MergeOptions = {},
  on = engine,
): Promise<RgbImage> {
  const source = { count: frames.length, load: async (index: number) => frames[index]! };
  const { frame } = await mergeBurst(on, source, { output: 'rgb', scale: 2, reference: 0, ...options });
  const data = Float32Array.from(frame.samples);
  on.discard(frame.samples);
  return { width: frame.width, height: frame.height, data };
}

/** One frame as the demosaic gives it, not denoised and not sharpened. */
async function alone(frame: RawFrame): Promise<RgbImage> {
  const development = engine.open(frame);
  const { width, height, pixels, release } = await development.render({
    as: 'camera-rgb',
    recipe: { denoise: { luminance: 0, chroma: 0 }, defects: { detect: false } },
  });
  const data = Float32Array.from(pixels);
  release();
  development.close();
  return { width, height, data };
}

/** What a sensor of twice the pixels, of half the breadth, sees of the scene. */
function truthOf(): RgbImage {
  const half = gathered(FINER / 2);
  const [width, height] = [2 * WIDTH, 2 * HEIGHT];
  const data = Float32Array.from({ length: width * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    return lightAt(half, (FINER / 2 - 1) / 2, x / 2 - 0.25, y / 2 - 0.25, i % 3);
  });
  return { width, height, data };
}

const scaled = ({ left, top, width, height }: typeof LEAVES, by: number) => ({
  left: left * by,
  top: top * by,
  width: width * by,
  height: height * by,
});

/** MTF50 in cycles per pixel of the sensor, mean of two edges, and the largest over- or undershoot. */
function edgesOf(image: RgbImage): { readonly mtf50: number; readonly overshoot: number } {
  const scale = image.width / WIDTH;
  const found = EDGES.map(
    (edge) => slantedEdge(image, { region: scaled(edge, scale), edgeOrder: 1 }).luminance,
  );
  return {
    mtf50: (scale * (found[0]!.mtf50! + found[1]!.mtf50!)) / 2,
    overshoot: Math.max(...found.flatMap(({ overshoot, undershoot }) => [overshoot, undershoot])),
  };
}

const truth = truthOf();
const bursts = new Map<string, RawFrame[]>();
const pictures = new Map<string, Promise<RgbImage>>();

function burstAt(light: keyof typeof LIGHTS): RawFrame[] {
  const frames = bursts.get(light) ?? Array.from({ length: FRAMES }, (_, i) => frameOf(i, LIGHTS[light]));
  bursts.set(light, frames);
  return frames;
}

/** A merge of a burst, made once. */
function mergedAt(light: keyof typeof LIGHTS, deconvolution: number): Promise<RgbImage> {
  const key = `${light} ${deconvolution}`;
  const picture = pictures.get(key) ?? merged(burstAt(light), { deconvolution });
  pictures.set(key, picture);
  return picture;
}

describe('eight frames at twice the resolution', () => {
  it('have at least 1.4 times the MTF50 of the single frame, and overshoot by less than a tenth', async () => {
    const { mtf50, overshoot } = edgesOf(await mergedAt('light', 1));
    expect(mtf50 / edgesOf(await alone(burstAt('light')[0]!)).mtf50).toBeGreaterThan(1.4);
    expect(overshoot).toBeLessThan(0.1);
  });

  it.each(['light', 'dark'] as const)(
    'show dead leaves nearer to the truth by deconvolution, and invent no texture, in the %s',
    async (light) => {
      const [soft, sharp] = [await mergedAt(light, 0), await mergedAt(light, 1)];
      const region = scaled(LEAVES, 2);
      const distance = (image: RgbImage) => psnr(crop(image, region), crop(truth, region), 0);
      expect(distance(sharp)).toBeGreaterThan(distance(soft) + 0.5);
      // By octave of the picture's own frequencies up to 0.35 cycles per pixel, 0.7 of the sensor's: contrast is not more than the
      // truth's by 1 dB, which noise is a part of, and what is there is in phase with it.
      const { cross, direct } = textureMtf(sharp, truth, { region });
      const bands = [
        [0.0425, 0.0875, 0.95],
        [0.0875, 0.175, 0.93],
        [0.175, 0.35, light === 'light' ? 0.8 : 0.6],
      ] as const;
      for (const [from, to, inPhase] of bands) {
        const mean = ({ frequencies, values }: typeof cross): number => {
          const inBand = values.filter((_, i) => frequencies[i]! >= from && frequencies[i]! < to);
          return inBand.reduce((sum, value) => sum + value, 0) / inBand.length;
        };
        expect(mean(direct), `${from}`).toBeLessThan(1.12);
        expect(mean(cross) / mean(direct), `${from}`).toBeGreaterThan(inPhase);
      }
    },
  );

  it.each(['light', 'dark'] as const)(
    'leave an even area as even as without deconvolution, in the %s: noise becomes no texture',
    async (light) => {
      const variance = (image: RgbImage): number => {
        const { data } = crop(image, scaled(FLAT, 2));
        const mean = data.reduce((sum, value) => sum + value, 0) / data.length;
        return data.reduce((sum, value) => sum + (value - mean) ** 2, 0) / data.length;
      };
      const growth = variance(await mergedAt(light, 1)) / variance(await mergedAt(light, 0));
      expect(growth).toBeLessThan(1.05);
    },
  );

  it('are deconvolved less as asked, not at all for 0, and never at the sensor’s own resolution', async () => {
    const frames = burstAt('light');
    const [none, half, all] = [
      edgesOf(await mergedAt('light', 0)),
      edgesOf(await mergedAt('light', 0.5)),
      edgesOf(await mergedAt('light', 1)),
    ];
    expect(half.mtf50).toBeGreaterThan(none.mtf50 * 1.05);
    expect(all.mtf50).toBeGreaterThan(half.mtf50 * 1.05);
    const own = await merged(frames, { scale: 1, deconvolution: 0 });
    const same = await merged(frames, { scale: 1, deconvolution: 1 });
    expect(same.data.every((value, i) => Object.is(value, own.data[i]))).toBe(true);
    await expect(merged(frames, { deconvolution: 1.5 })).rejects.toThrow(/deconvolution of 1.5/);
  });

  it('are the same bytes for any number of threads and any tile size', async () => {
    const frames = burstAt('light').slice(0, 4);
    const one = await Engine.create({ threads: 1 });
    try {
      const { data } = await merged(frames);
      for (const other of [
        await merged(frames, { tileSize: 96 }),
        await merged(frames, { tileSize: 128 }, one),
      ])
        expect(data.every((value, i) => Object.is(value, other.data[i]))).toBe(true);
    } finally {
      await one.close();
    }
  });
});
