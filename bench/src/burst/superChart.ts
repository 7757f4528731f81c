import type { Rectangle, RgbImage } from '@photosite/measure';
import type { RawFrame } from '@photosite/raw';
import type { NoiseLevel } from '../truth/noise.js';
import { seededRandom } from '../truth/random.js';
import { rawFrame, record, sampleAt, TEN_BIT } from './expose.js';
import { motionsOf, placeSeen } from './motion.js';
import { blur, readWall } from './wall.js';

/** The frames, and samples of the chart for each pixel, each way. */
export const [WIDTH, HEIGHT] = [704, 480];
const FINER = 4;
const MARGIN = 24;
const CHART_SEED = 3;
const MOTION_SEED = 21;
const NOISE_SEED = 700;

/** A square that leans by 5.7°, on a lighter ground: place and half side in pixels of the reference. */
const SQUARE = { x: 560, y: 240, half: 60, lean: 0.1, dark: 0.1, light: 0.5, ground: 110 };
/** Leaves: smallest and largest radius in pixels, and how many. */
const LEAVES = { smallest: 0.7, largest: 50, count: 60_000 };
export const TEXTURE: Rectangle = { left: 40, top: 40, width: 384, height: 384 };
export const EDGES: readonly Rectangle[] = [
  { left: SQUARE.x - SQUARE.half - 20, top: SQUARE.y - 36, width: 40, height: 72 },
  { left: SQUARE.x - 36, top: SQUARE.y - SQUARE.half - 20, width: 72, height: 40 },
];
/** Nothing but light and noise: the inside of the square. */
export const FLAT: Rectangle = { left: SQUARE.x - 40, top: SQUARE.y - 40, width: 80, height: 80 };

/** Dead leaves (Matheron; Cao, Guichard, Hornung 2009: radii by r⁻³) and a square, linear, on a fine grid. */
function drawChart(): RgbImage {
  const [width, height] = [(WIDTH + 2 * MARGIN) * FINER, (HEIGHT + 2 * MARGIN) * FINER];
  const data = new Float32Array(width * height * 3).fill(0.2);
  const random = seededRandom(CHART_SEED);
  const [a, b] = [LEAVES.smallest ** -2, LEAVES.largest ** -2];
  for (let leaf = 0; leaf < LEAVES.count; leaf++) {
    const radius = FINER * (a - random() * (a - b)) ** -0.5;
    const [cx, cy] = [random() * width, random() * height];
    const light = 0.05 + 0.7 * random() ** 1.5;
    const rgb = [0, 1, 2].map(() => light * (0.8 + 0.4 * random()));
    for (let y = Math.max(Math.ceil(cy - radius), 0); y <= Math.min(cy + radius, height - 1); y++) {
      const half = Math.sqrt(Math.max(radius * radius - (y - cy) ** 2, 0));
      for (let x = Math.max(Math.ceil(cx - half), 0); x <= Math.min(cx + half, width - 1); x++)
        for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = rgb[c]!;
    }
  }
  const { x: sx, y: sy, half, lean, dark, light, ground } = SQUARE;
  const [cos, sin] = [Math.cos(lean), Math.sin(lean)];
  const reach = ground * FINER;
  const [mx, my] = [(sx + MARGIN + 0.5) * FINER - 0.5, (sy + MARGIN + 0.5) * FINER - 0.5];
  for (let y = Math.round(my - reach); y <= my + reach; y++) {
    for (let x = Math.round(mx - reach); x <= mx + reach; x++) {
      const [u, v] = [cos * (x - mx) + sin * (y - my), cos * (y - my) - sin * (x - mx)];
      data.fill(
        Math.max(Math.abs(u), Math.abs(v)) < half * FINER ? dark : light,
        (y * width + x) * 3,
        (y * width + x) * 3 + 3,
      );
    }
  }
  return { width, height, data };
}

/** Means over a photosite's breadth, each at its first sample. */
function gathered({ width, height, data }: RgbImage, breadth: number): RgbImage {
  const pass = (from: Float32Array, step: number): Float32Array => {
    const to = new Float32Array(from.length);
    for (let i = 0; i + (breadth - 1) * step < from.length; i++)
      for (let k = 0; k < breadth; k++) to[i]! += from[i + k * step]! / breadth;
    return to;
  };
  return { width, height, data: pass(pass(data, 3), width * 3) };
}

/** A scene behind a lens, as photosites without gaps record it. */
export class SuperScene {
  readonly #light: RgbImage;
  readonly #finer: number;

  /** @param light linear, `finer` samples for each pixel of the sensor each way, with a margin around the frame */
  private constructor(light: RgbImage, finer: number) {
    this.#light = light;
    this.#finer = finer;
  }

  /** The chart. @param lensBlur standard deviation in pixels of the sensor */
  static chart(lensBlur: number): SuperScene {
    return new SuperScene(blur(drawChart(), lensBlur * FINER), FINER);
  }

  /** Photographs; their own pixels are half as broad as the sensor's. */
  static async wall(dataFolder: string, lensBlur: number): Promise<SuperScene> {
    return new SuperScene(blur(await readWall(dataFolder, 2 * WIDTH, 2 * HEIGHT), 2 * lensBlur), 2);
  }

  /** The light on photosites at a place of the reference in its pixels, seen from the frame's centre. */
  #at(gathered: RgbImage, breadth: number, x: number, y: number, channel: number): number {
    const first = (breadth - 1) / 2;
    const place = (at: number, size: number) => at * this.#finer + (size - 1) / 2 - first;
    return sampleAt(gathered, place(x, gathered.width), place(y, gathered.height), channel);
  }

  /** A handheld burst. */
  frames(count: number, light: NoiseLevel): RawFrame[] {
    const breadth = this.#finer;
    const chart = gathered(this.#light, breadth);
    return motionsOf('hand', count, MOTION_SEED).map((motion, i) => {
      const signal = Float32Array.from({ length: WIDTH * HEIGHT }, (_, k) => {
        const [x, y] = [k % WIDTH, Math.floor(k / WIDTH)];
        const [seenX, seenY] = placeSeen(motion, x - (WIDTH - 1) / 2, y - (HEIGHT - 1) / 2);
        return this.#at(chart, breadth, seenX, seenY, (x & 1) + (y & 1));
      });
      return rawFrame(record(signal, light, TEN_BIT, NOISE_SEED + i), WIDTH, HEIGHT, light, TEN_BIT);
    });
  }

  /** What a sensor of twice the pixels each way sees without noise: of photosites as broad as the burst's own, or of half of it. */
  truth(photosites: 'broad' | 'half'): RgbImage {
    const breadth = photosites === 'broad' ? this.#finer : this.#finer / 2;
    const chart = gathered(this.#light, breadth);
    const [width, height] = [2 * WIDTH, 2 * HEIGHT];
    const data = Float32Array.from({ length: width * height * 3 }, (_, i) => {
      const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
      return this.#at(chart, breadth, (x - (width - 1) / 2) / 2, (y - (height - 1) / 2) / 2, i % 3);
    });
    return { width, height, data };
  }
}
