import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../testing/random.js';
import {
  BRIGHT_NOISE,
  type BurstScene,
  DARK_NOISE,
  expose,
  type FrameSettings,
  type HandMotion,
  handheld,
  type Motion,
  offsetAt,
  photographLike,
} from '../testing/scene.js';
import { type AlignedFrame, align, type BurstPlane, burstResponse, prepare } from './index.js';

const SIZE = 512;
const scene = photographLike(3);
const frame = { width: SIZE, height: SIZE };
const nowhere = { scale: 1e-7, offset: 1e-9 };

const references = new Map<string, BurstPlane>();

/** The reference of a scene, made once for all tests. */
function referenceOf(of: BurstScene, settings: FrameSettings): BurstPlane {
  if (of !== scene) return expose(of, settings);
  const key = JSON.stringify(settings);
  const plane = references.get(key) ?? expose(of, settings);
  references.set(key, plane);
  return plane;
}

/** Aligns two frames of a scene, the second one moved. */
function aligned(
  motion: Motion | undefined,
  noise = BRIGHT_NOISE,
  {
    first = scene,
    second = first,
    settings = {},
    exposure = 1,
  }: {
    readonly first?: typeof scene;
    readonly second?: typeof scene;
    readonly settings?: Partial<FrameSettings>;
    readonly exposure?: number;
  } = {},
): AlignedFrame {
  const a = referenceOf(first, { ...frame, noise, seed: 1, ...settings });
  const b = expose(second, { ...frame, noise, seed: 2, ...settings, exposure, ...(motion && { motion }) });
  const response = burstResponse(a, Math.min(a.lightAtWhite, b.lightAtWhite));
  return align(prepare(a, response), prepare(b, response));
}

interface Errors {
  readonly rms: number;
  readonly worst: number;
}

/** Distance in pixels between offsets and the truth, at nodes that see the other frame and are asked for. */
function errorsOf(
  { alignment }: AlignedFrame,
  truth: (x: number, y: number) => readonly [number, number],
  wanted: (x: number, y: number) => boolean = () => true,
): Errors {
  const { step, columns, rows, offsets } = alignment;
  let [sum, count, worst] = [0, 0, 0];
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const [x, y] = [i * step, j * step];
      const [dx, dy] = truth(x, y);
      const [u, v] = [x + dx, y + dy];
      if (x > SIZE - 1 || y > SIZE - 1 || u < 16 || v < 16 || u > SIZE - 17 || v > SIZE - 17) continue;
      if (!wanted(x, y)) continue;
      const at = 2 * (j * columns + i);
      const off = Math.hypot(offsets[at]! - dx, offsets[at + 1]! - dy);
      sum += off * off;
      count++;
      worst = Math.max(worst, off);
    }
  expect(count).toBeGreaterThan(20);
  return { rms: Math.sqrt(sum / count), worst };
}

const handErrors = (motion: HandMotion, noise = BRIGHT_NOISE, more = {}): Errors =>
  errorsOf(aligned(handheld(SIZE, SIZE, motion), noise, more), (x, y) => offsetAt(SIZE, SIZE, motion, x, y));

function meanTrust({ alignment }: AlignedFrame, wanted: (x: number, y: number) => boolean): number {
  const { step, columns, trust } = alignment;
  const some = [...trust].filter((_, node) =>
    wanted((node % columns) * step, Math.floor(node / columns) * step),
  );
  expect(some.length).toBeGreaterThan(3);
  return some.reduce((a, b) => a + b, 0) / some.length;
}

describe('the alignment of a handheld frame', () => {
  it('is within 0.05 pixels of the truth in light, at any part of a pixel', () => {
    for (const motion of [
      { dx: 3.37, dy: -7.81, rotationDeg: 0.15 },
      { dx: -11.5, dy: 4.5, rotationDeg: -0.15 },
    ])
      expect(handErrors(motion).rms).toBeLessThan(0.05);
  });

  it('is within 0.15 pixels in the dark', () => {
    expect(handErrors({ dx: -5.63, dy: 9.26, rotationDeg: 0.1 }, DARK_NOISE).rms).toBeLessThan(0.15);
  });

  it('leans to no part of the pixel where the detail is finer than half the resolution', () => {
    const first = photographLike(4, 0.25);
    expect(handErrors({ dx: 3.5, dy: -7.5 }, nowhere, { first }).rms).toBeLessThan(0.02);
    expect(handErrors({ dx: 2.7, dy: 0.75 }, nowhere, { first }).rms).toBeLessThan(0.02);
  });

  it('finds shifts of a third of the frame in the dark', () => {
    const motion = { dx: 172.3, dy: -121.6, rotationDeg: 0.12 };
    expect(handErrors(motion, DARK_NOISE).rms).toBeLessThan(0.3);
  });

  it('finds turns of three degrees and a change of scale', () => {
    expect(handErrors({ dx: 20.3, dy: -14.7, rotationDeg: 2, scale: 1.01 }).rms).toBeLessThan(0.06);
    expect(handErrors({ dx: -9.1, dy: 12.4, rotationDeg: -3 }).rms).toBeLessThan(0.06);
  });

  it('says the motion of the whole', () => {
    const { alignment, matched } = aligned(
      handheld(SIZE, SIZE, { dx: 12.25, dy: -6.5, rotationDeg: 1, scale: 0.99 }),
    );
    expect(matched).toBe(true);
    expect(alignment.global.dx).toBeCloseTo(12.25, 1);
    expect(alignment.global.dy).toBeCloseTo(-6.5, 1);
    expect(alignment.global.rotationDeg).toBeCloseTo(1, 1);
    expect(alignment.global.scale).toBeCloseTo(0.99, 3);
  });

  it('works for X-Trans and RGB', () => {
    for (const period of [6, 1] as const)
      expect(
        handErrors({ dx: 3.37, dy: -7.81, rotationDeg: 0.12 }, BRIGHT_NOISE, { settings: { period } }).rms,
      ).toBeLessThan(0.06);
  });

  it('follows the shear of a rolling shutter', () => {
    // The hand moves on by 6 pixels while the rows are read, and back again at half of it.
    const lag = (y: number): number => 0.012 * y + 2 * Math.sin((Math.PI * y) / SIZE);
    const found = aligned((x, y) => [x - 4.2 - lag(y), y + 3.1]);
    // Row y of the frame shows the reference's row y + 3.1.
    expect(errorsOf(found, (_, y) => [4.2 + lag(y - 3.1), -3.1]).rms).toBeLessThan(0.15);
  });

  it('is the same every time', () => {
    const motion = handheld(SIZE, SIZE, { dx: 2.2, dy: 1.1 });
    expect(aligned(motion).alignment.offsets).toEqual(aligned(motion).alignment.offsets);
  });
});

describe('where a place says little about its motion', () => {
  const motion = { dx: 9.4, dy: -5.3, rotationDeg: 0.1 };
  const truth = (x: number, y: number) => offsetAt(SIZE, SIZE, motion, x, y);
  const inMiddle = (x: number, y: number): boolean => Math.hypot(x - 256, y - 256) < 120;

  it('a flat region moves with the whole', () => {
    const flat: BurstScene = (x, y, c) => {
      const t = 1 / (1 + Math.exp((Math.hypot(x - 256, y - 256) - 160) / 2));
      return (1 - t) * scene(x, y, c) + t * 0.4;
    };
    const found = aligned(handheld(SIZE, SIZE, motion), DARK_NOISE, { first: flat });
    expect(errorsOf(found, truth, inMiddle).worst).toBeLessThan(0.3);
    expect(meanTrust(found, inMiddle)).toBeGreaterThan(0.9);
  });

  it.each([7, 12, 24])(
    'stripes and checks of a period of %i pixels are not taken for their neighbours',
    (period) => {
      const pattern: BurstScene = (x, y, c) => {
        const t = 1 / (1 + Math.exp((Math.hypot(x - 256, y - 256) - 150) / 2));
        const wave = (v: number): number => Math.sin((2 * Math.PI * v) / period);
        const repeated = 0.4 + 0.2 * (y < 256 ? wave(x + 0.3 * y) : wave(x) * wave(y));
        return (1 - t) * scene(x, y, c) + t * repeated;
      };
      const found = aligned(handheld(SIZE, SIZE, motion), BRIGHT_NOISE, { first: pattern });
      expect(errorsOf(found, truth, inMiddle).worst).toBeLessThan(0.3);
    },
  );

  it('an edge that says nothing along itself moves with the whole', () => {
    const edges: BurstScene = (x, y, c) => {
      const t = 1 / (1 + Math.exp((Math.hypot(x - 256, y - 256) - 160) / 2));
      return (1 - t) * scene(x, y, c) + t * (0.4 + 0.15 * Math.tanh(Math.sin((x - 0.5 * y) / 25) * 20));
    };
    const found = aligned(handheld(SIZE, SIZE, motion), BRIGHT_NOISE, { first: edges });
    expect(errorsOf(found, truth, inMiddle).worst).toBeLessThan(0.3);
  });
});

describe('what moves by itself', () => {
  const disc =
    (centreX: number, centreY: number): BurstScene =>
    (x, y, c) => {
      const t = 1 / (1 + Math.exp((Math.hypot(x - centreX, y - centreY) - 70) * 1.5));
      return (
        (1 - t) * scene(x, y, c) + t * (0.5 + 0.3 * Math.sin((x - centreX) / 5) * Math.sin((y - centreY) / 4))
      );
    };
  const motion = { dx: 4.3, dy: 2.6 };
  const found = aligned(handheld(SIZE, SIZE, motion), BRIGHT_NOISE, {
    first: disc(200, 256),
    second: disc(240, 256),
  });

  it('does not drag the background along', () => {
    const outside = (x: number, y: number): boolean =>
      Math.hypot(x - 200, y - 256) > 130 && Math.hypot(x - 240, y - 256) > 130;
    const { rms, worst } = errorsOf(found, (x, y) => offsetAt(SIZE, SIZE, motion, x, y), outside);
    expect(rms).toBeLessThan(0.05);
    expect(worst).toBeLessThan(0.3);
    expect(meanTrust(found, (x, y) => outside(x, y) && x < 480 && y < 480)).toBeGreaterThan(0.9);
  });

  it('is trusted only where its own motion was found', () => {
    const { step, columns, offsets, trust } = found.alignment;
    let wronglyTrusted = 0;
    let nodes = 0;
    trust.forEach((value, node) => {
      const [x, y] = [(node % columns) * step, Math.floor(node / columns) * step];
      if (Math.hypot(x - 200, y - 256) > 45) return;
      nodes++;
      const off = Math.hypot(offsets[2 * node]! - 44.3, offsets[2 * node + 1]! - 2.6);
      if (off > 1) wronglyTrusted += value;
    });
    expect(nodes).toBeGreaterThan(4);
    expect(wronglyTrusted / nodes).toBeLessThan(0.1);
  });

  it('of a fifth of the picture leaves the whole as it is', () => {
    const another = photographLike(9);
    const wide =
      (left: number): BurstScene =>
      (x, y, c) => {
        const t = 1 / (1 + Math.exp(-(x - left) * 2)) / (1 + Math.exp((x - left - 110) * 2));
        return (1 - t) * scene(x, y, c) + t * another(x - left, y, c);
      };
    const { global } = aligned(handheld(SIZE, SIZE, motion), BRIGHT_NOISE, {
      first: wide(100),
      second: wide(160),
    }).alignment;
    expect(Math.hypot(global.dx - 4.3, global.dy - 2.6)).toBeLessThan(0.1);
  });
});

describe('frames of unequal light', () => {
  const motion = { dx: 6.4, dy: -3.7, rotationDeg: 0.1 };
  it('align across a factor of eight in exposure, the long one clipped', () => {
    const bright: BurstScene = (x, y, c) => 3 * scene(x, y, c) ** 2;
    expect(handErrors(motion, BRIGHT_NOISE, { first: bright, exposure: 1 / 8 }).rms).toBeLessThan(0.1);
  });

  it('align where a part is clipped', () => {
    const lamp: BurstScene = (x, y, c) =>
      scene(x, y, c) * (1 + 20 * Math.exp(-((x - 300) ** 2 + (y - 200) ** 2) / 8000));
    expect(handErrors(motion, BRIGHT_NOISE, { first: lamp }).rms).toBeLessThan(0.06);
  });
});

describe('frames that do not belong together', () => {
  it('are said not to match: another scene, darkness, all white', () => {
    expect(aligned(undefined, BRIGHT_NOISE, { second: photographLike(77) }).matched).toBe(false);
    expect(aligned(undefined, DARK_NOISE, { second: () => 0 }).matched).toBe(false);
    expect(aligned(undefined, BRIGHT_NOISE, { second: () => 2 }).matched).toBe(false);
  });

  it('match by a few stars in the dark', () => {
    const random = seededRandom(5);
    const [across, margin] = [10, 64];
    // One somewhere in each square of 64 pixels, most of them faint.
    const squares = Array.from({ length: across * across }, () => ({
      x: 8 + 48 * random(),
      y: 8 + 48 * random(),
      bright: 0.1 + 0.8 * random() ** 3,
    }));
    const stars: BurstScene = (x, y) => {
      const [i, j] = [Math.floor((x + margin) / 64), Math.floor((y + margin) / 64)];
      const star = i >= 0 && i < across ? squares[j * across + i] : undefined;
      if (star === undefined) return 0.002;
      const [u, v] = [x + margin - i * 64 - star.x, y + margin - j * 64 - star.y];
      return 0.002 + star.bright * Math.exp(-(u * u + v * v) / 2);
    };
    const motion = { dx: 31.4, dy: -17.3, rotationDeg: 0.3 };
    const found = aligned(handheld(SIZE, SIZE, motion), DARK_NOISE, { first: stars });
    expect(found.matched).toBe(true);
    expect(errorsOf(found, (x, y) => offsetAt(SIZE, SIZE, motion, x, y)).rms).toBeLessThan(0.2);
  });

  it('are refused where their sizes differ', () => {
    const a = expose(() => 0.5, { width: 128, height: 128 });
    const b = expose(() => 0.5, { width: 128, height: 96 });
    const response = burstResponse(a);
    expect(() => align(prepare(a, response), prepare(b, response))).toThrow(/128 × 128 and 128 × 96/);
    expect(() =>
      prepare(
        expose(() => 0.5, { width: 40, height: 128 }),
        response,
      ),
    ).toThrow(/too small/);
  });

  it('overlap as much as is said', () => {
    const { overlap, matched } = aligned(handheld(SIZE, SIZE, { dx: 128, dy: 0 }));
    expect(matched).toBe(true);
    // Nodes stand every 32 pixels.
    expect(Math.abs(overlap - 0.75)).toBeLessThan(0.07);
  });
});

describe('samples that are no numbers', () => {
  it('do harm to nothing but their cell', () => {
    const motion = { dx: 4.4, dy: -2.3 };
    const [a, b] = [undefined, handheld(SIZE, SIZE, motion)].map((moved, i) => {
      const plane = expose(scene, {
        ...frame,
        noise: BRIGHT_NOISE,
        seed: i,
        ...(moved && { motion: moved }),
      });
      const samples = Float32Array.from(plane.samples, (s) => (s - plane.black[0]!) / 15871);
      for (const [k, value] of [Number.NaN, Infinity, -Infinity].entries())
        samples[(100 + 150 * k) * SIZE + 200 + 50 * i] = value;
      return { ...plane, samples, black: [0], white: 1 };
    });
    const response = burstResponse(a!);
    const found = align(prepare(a!, response), prepare(b!, response));
    expect(errorsOf(found, (x, y) => offsetAt(SIZE, SIZE, motion, x, y)).worst).toBeLessThan(0.2);
    expect(found.alignment.trust.every((trust) => trust >= 0)).toBe(true);
  });
});

describe('the residual', () => {
  it('is that of noise alone in a scene that stands still', () => {
    expect(aligned(undefined).residual).toBeCloseTo(1, 1);
    expect(aligned(undefined, DARK_NOISE).residual).toBeCloseTo(1, 1);
  });
});
