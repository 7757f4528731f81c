import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../Engine.js';
import { digest } from '../testing/render.js';
import { type MergedBurst, type MergeOptions, mergeBurst } from './Burst.js';
import { handMotions, sourceOf, type TestFrame, testFrame } from './testing/burst.js';
import { BRIGHT_NOISE, type BurstScene, photographLike } from './testing/scene.js';

const [WIDTH, HEIGHT] = [320, 256];
/** The picture's border, which frames that are shifted do not see. */
const BORDER = 24;
const PATTERN = [0, 1, 1, 2];
/** Bursts whose errors are averaged where chance shall not decide. */
const BURSTS = 6;
let engine: Engine;
beforeAll(async () => {
  engine = await Engine.create({ threads: 2 });
});
afterAll(() => engine.close());

interface Copy extends Omit<MergedBurst, 'frame'> {
  readonly frame: MergedBurst['frame'];
  readonly samples: Float32Array;
}

/** Merges test frames and takes a copy of the samples. */
async function merged(
  frames: readonly (ReturnType<typeof testFrame> | Error)[],
  options: MergeOptions = {},
  on = engine,
): Promise<Copy> {
  const result = await mergeBurst(on, sourceOf(frames), { output: 'mosaic', reference: 0, ...options });
  const samples = Float32Array.from(result.frame.samples);
  on.discard(result.frame.samples);
  return { ...result, samples };
}

const framesOf = (count: number, of: (index: number) => Partial<TestFrame>, scene: BurstScene) =>
  handMotions(count).map((motion, i) => testFrame(WIDTH, HEIGHT, { scene, motion, seed: 100 + i, ...of(i) }));

/** What the reference's photosites saw without noise. */
function truthOf(scene: BurstScene): Float32Array {
  return Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
    const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
    return scene(x, y, PATTERN[(y % 2) * 2 + (x % 2)]!);
  });
}

type Where = (x: number, y: number) => boolean;
const inside: Where = (x, y) => x >= BORDER && y >= BORDER && x < WIDTH - BORDER && y < HEIGHT - BORDER;

/** Mean squared error against truth where `where` says. */
function errorOf(samples: Float32Array, truth: Float32Array, where: Where = inside): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    if (!where(i % WIDTH, Math.floor(i / WIDTH))) continue;
    sum += (samples[i]! - truth[i]!) ** 2;
    count++;
  }
  return sum / count;
}

const decibels = (ratio: number): number => 10 * Math.log10(ratio);
/** The mean variance of the noise of one frame. */
function noiseOver(truth: Float32Array, where: Where = inside): number {
  let [sum, count] = [0, 0];
  truth.forEach((value, i) => {
    if (!where(i % WIDTH, Math.floor(i / WIDTH))) return;
    sum += BRIGHT_NOISE.scale * value + BRIGHT_NOISE.offset;
    count++;
  });
  return sum / count;
}

/** The mean difference to truth. */
function biasOf(samples: Float32Array, truth: Float32Array, where: Where): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < samples.length; i++)
    if (where(i % WIDTH, Math.floor(i / WIDTH))) {
      sum += samples[i]! - truth[i]!;
      count++;
    }
  return sum / count;
}

const scene = photographLike(3);
const truth = truthOf(scene);

describe('a burst', () => {
  it('of eight handheld frames has at most 1 dB more noise and blur than the ideal mean of eight', async () => {
    const { samples, report } = await merged(framesOf(8, () => ({}), scene));
    expect(decibels(errorOf(samples, truth) / (noiseOver(truth) / 8))).toBeLessThan(1);
    expect(report.map(({ role }) => role)).toEqual(['reference', ...Array(7).fill('merged')]);
  });

  it('with the quality best is closer to the truth, as a mosaic and where its frames are few', async () => {
    for (const count of [3, 8]) {
      const frames = framesOf(count, () => ({}), scene);
      const [fast, best] = [await merged(frames), await merged(frames, { quality: 'best' })];
      expect(decibels(errorOf(fast.samples, truth) / errorOf(best.samples, truth))).toBeGreaterThan(0.2);
    }
  });

  it('gives the same bytes for any number of threads and any tile size, as a mosaic and as RGB', async () => {
    const frames = framesOf(3, () => ({}), scene);
    const one = await Engine.create({ threads: 1 });
    try {
      for (const output of ['mosaic', 'rgb'] as const) {
        const expected = await merged(frames, { output });
        const of = ({ samples }: Copy) => digest({ width: WIDTH, height: HEIGHT, pixels: samples });
        expect(of(await merged(frames, { output, tileSize: 96 }))).toBe(of(expected));
        expect(of(await merged(frames, { output, tileSize: 50 }))).toBe(of(expected));
        expect(of(await merged(frames, { output, tileSize: 128 }, one))).toBe(of(expected));
      }
    } finally {
      await one.close();
    }
  });

  it('loses noise as the root of the number of frames says, or faster, up to sixteen', async () => {
    const frames = framesOf(16, () => ({}), scene);
    for (const count of [2, 4, 8, 16]) {
      const { samples } = await merged(frames.slice(0, count));
      const deviation = Math.sqrt(errorOf(samples, truth) / noiseOver(truth));
      expect(deviation, `${count} frames`).toBeLessThan(1.1 / Math.sqrt(count));
    }
  });

  /** Calm in the middle, and around it what alignment holds on to. */
  const calm: BurstScene = (x, y, c) =>
    Math.max(Math.abs(x - 160) / 110, Math.abs(y - 128) / 80) < 1 ? 0.2 : scene(x, y, c);
  const inCalm: Where = (x, y) => Math.max(Math.abs(x - 160) / 98, Math.abs(y - 128) / 68) < 1;

  /** By colour, the variance where it is calm. */
  function variances(pixels: Float32Array, samplesPerPixel: number): number[] {
    return [0, 1, 2].map((c) => {
      let [sum, squares, count] = [0, 0, 0];
      for (let i = 0; i < WIDTH * HEIGHT; i++) {
        const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
        if (!inCalm(x, y) || (samplesPerPixel === 1 && PATTERN[(y % 2) * 2 + (x % 2)] !== c)) continue;
        const value = pixels[samplesPerPixel === 1 ? i : 3 * i + c]!;
        sum += value;
        squares += value * value;
        count++;
      }
      return squares / count - (sum / count) ** 2;
    });
  }
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

  it('without the last pass gains signal to noise as the square root of its frames, within 10 %, up to sixteen', async () => {
    const noiseOf = async (count: number): Promise<number> => {
      const { samples } = await merged(
        framesOf(count, () => ({}), calm),
        { output: 'rgb', denoise: 0 },
      );
      return Math.sqrt(mean(variances(samples, 3)));
    };
    const alone = await noiseOf(1);
    for (const count of [2, 4, 8, 16]) {
      const ofRoot = alone / (await noiseOf(count)) / Math.sqrt(count);
      expect(ofRoot, `${count} frames`).toBeGreaterThan(0.9);
      expect(ofRoot, `${count} frames`).toBeLessThan(1.1);
    }
  });

  it('leaves no specks where the signal is below the noise: no pixel is further off than those of a mean of eight frames are on average', async () => {
    const faint: BurstScene = (x, y, c) => (Math.hypot(x - 160, y - 128) < 60 ? 0.01 : scene(x, y, c));
    const noise = { scale: 0.006, offset: 3e-4 };
    const { samples } = await merged(
      framesOf(8, () => ({ scene: faint, noise }), scene),
      { output: 'rgb' },
    );
    const deviation = Math.sqrt(noise.scale * 0.01 + noise.offset);
    let worst = 0;
    for (let y = 128 - 32; y < 128 + 32; y++)
      for (let x = 160 - 32; x < 160 + 32; x++)
        for (let c = 0; c < 3; c++)
          worst = Math.max(worst, Math.abs(samples[(y * WIDTH + x) * 3 + c]! - 0.01));
    expect(worst).toBeLessThan(deviation / Math.sqrt(8));
  });

  it('says in its noise profile how much noise is left in calm places, within 15 %, as a mosaic and as RGB, with the last pass and without', async () => {
    for (const output of ['mosaic', 'rgb'] as const)
      for (const denoise of [0, 1])
        for (const count of [1, 4, 8, 16]) {
          const { samples, frame } = await merged(
            framesOf(count, () => ({}), calm),
            {
              output,
              denoise,
            },
          );
          const said = frame.noiseProfile!.map(({ scale, offset }) => scale * 0.2 + offset);
          const found = variances(samples, output === 'rgb' ? 3 : 1);
          const ratio = mean(found.map((variance, c) => variance / said[c]!));
          expect(ratio, `${output}, ${count} frames, last pass ${denoise}`).toBeGreaterThan(1 / 1.15);
          expect(ratio, `${output}, ${count} frames, last pass ${denoise}`).toBeLessThan(1.15);
        }
  });

  it('opens as any frame, as a mosaic and as RGB', async () => {
    for (const output of ['rgb', 'mosaic'] as const) {
      const { frame } = await mergeBurst(engine, sourceOf(framesOf(2, () => ({}), scene)), { output });
      const development = engine.open(frame);
      const rendered = await development.render();
      expect([rendered.width, rendered.height]).toEqual([WIDTH, HEIGHT]);
      rendered.release();
      development.close();
    }
  });
});

describe('twice the resolution', () => {
  it("shows more of the truth than the merge at the sensor's own, and less noise than one frame", async () => {
    // Sharper than the photosites can show: rings that no single frame resolves.
    const rings: BurstScene = (x, y) => 0.4 + 0.2 * Math.sin(((x - 160) ** 2 + (y - 128) ** 2) / 150);
    const frames = framesOf(8, () => ({ scene: rings }), scene);
    const fine = await merged(frames, { output: 'rgb', scale: 2 });
    expect([fine.frame.width, fine.frame.height]).toEqual([2 * WIDTH, 2 * HEIGHT]);
    const plain = await merged(frames, { output: 'rgb' });
    let [errorOfFine, errorOfPlain, count] = [0, 0, 0];
    for (let y = 2 * BORDER; y < 2 * (HEIGHT - BORDER); y++)
      for (let x = 2 * BORDER; x < 2 * (WIDTH - BORDER); x++) {
        const [u, v] = [x / 2 - 0.25, y / 2 - 0.25];
        const exact = rings(u, v, 1);
        const at = (i: number, j: number): number => plain.samples[(j * WIDTH + i) * 3 + 1]!;
        const [i, j] = [Math.floor(u), Math.floor(v)];
        const [fx, fy] = [u - i, v - j];
        const upper = at(i, j) * (1 - fx) + at(i + 1, j) * fx;
        const lower = at(i, j + 1) * (1 - fx) + at(i + 1, j + 1) * fx;
        errorOfPlain += (upper * (1 - fy) + lower * fy - exact) ** 2;
        errorOfFine += (fine.samples[(y * 2 * WIDTH + x) * 3 + 1]! - exact) ** 2;
        count++;
      }
    expect(decibels(errorOfPlain / errorOfFine)).toBeGreaterThan(1);
    expect(errorOfFine / count).toBeLessThan(noiseOver(truthOf(rings)));
  });
});

describe('what moves', () => {
  const object: Where = (x, y) => Math.hypot(x - 160, y - 120) < 50;
  /** A disc of its own pattern at a place that depends on the frame. */
  const moving = (frame: number): BurstScene => {
    const [cx, cy] = [160 + 31 * frame, 120 - 9 * frame];
    return (x, y, c) =>
      Math.hypot(x - cx, y - cy) < 50
        ? 0.4 + 0.3 * Math.sin((x - cx) / 3) * [1, 0.6, 0.3][c]!
        : scene(x, y, c);
  };

  it('is never worse than the reference alone with the same denoise, and leaves no ghost', async () => {
    const frames = framesOf(6, (i) => ({ scene: moving(i) }), scene);
    const sharp = truthOf(moving(0));
    const { samples } = await merged(frames);
    // One more of another place: nothing of it can be merged, but it is denoised like the others.
    const alone = await merged([
      frames[0]!,
      testFrame(WIDTH, HEIGHT, { scene: moving(0), seed: 9, motion: { dx: 900 } }),
    ]);
    expect(alone.report[1]!.role).toBe('left out');
    const loss = decibels(errorOf(samples, sharp, object) / errorOf(alone.samples, sharp, object));
    expect(loss).toBeLessThan(1);
    // Where the object stands in other frames, squares of 8 × 8 are as bright as they shall be, within 4 deviations of their mean.
    for (let y = BORDER; y + 8 <= HEIGHT - BORDER; y += 8)
      for (let x = BORDER; x + 8 <= WIDTH - BORDER; x += 8) {
        const square: Where = (u, v) => u >= x && u < x + 8 && v >= y && v < y + 8;
        const allowed = 4 * Math.sqrt(noiseOver(sharp, square) / 64) + 0.01;
        expect(Math.abs(biasOf(samples, sharp, square)), `${x}, ${y}`).toBeLessThan(allowed);
      }
  });

  it('at twice the resolution is never worse than the reference alone, and leaves no ghost', async () => {
    const frames = framesOf(6, (i) => ({ scene: moving(i) }), scene);
    const fine = await merged(frames, { output: 'rgb', scale: 2 });
    const elsewhere = testFrame(WIDTH, HEIGHT, { scene: moving(0), seed: 9, motion: { dx: 900 } });
    const alone = await merged([frames[0]!, elsewhere], { output: 'rgb', scale: 2 });
    expect(alone.report[1]!.role).toBe('left out');
    const exact = moving(0);
    /** By square of 16 × 16 pixels, 8 × 8 of the sensor's: mean error of all colours, and mean squared error. */
    const squaresOf = ({ samples }: Copy): { bias: number; error: number; middle: [number, number] }[] => {
      const squares: { bias: number; error: number; middle: [number, number] }[] = [];
      for (let top = BORDER; top + 8 <= HEIGHT - BORDER; top += 8)
        for (let left = BORDER; left + 8 <= WIDTH - BORDER; left += 8) {
          let [bias, error] = [0, 0];
          for (let y = 2 * top; y < 2 * top + 16; y++)
            for (let x = 2 * left; x < 2 * left + 16; x++)
              for (let c = 0; c < 3; c++) {
                const off = samples[(y * 2 * WIDTH + x) * 3 + c]! - exact(x / 2 - 0.25, y / 2 - 0.25, c);
                bias += off / (3 * 256);
                error += off ** 2 / (3 * 256);
              }
          squares.push({ bias, error, middle: [left + 4, top + 4] });
        }
      return squares;
    };
    const [together, single] = [squaresOf(fine), squaresOf(alone)];
    const errorOfObject = (squares: typeof single): number =>
      squares.reduce((sum, { error, middle }) => sum + (object(...middle) ? error : 0), 0);
    expect(decibels(errorOfObject(together) / errorOfObject(single))).toBeLessThan(1);
    // A ghost would make squares brighter or darker than the reference has them, by more than 4 deviations of their mean.
    const allowed = 4 * Math.sqrt(noiseOver(truth) / 64) + 0.01;
    together.forEach(({ bias, middle }, i) => {
      expect(Math.abs(bias - single[i]!.bias), String(middle)).toBeLessThan(allowed);
    });
  });

  /** Camera RGB of a frame, denoised as by default. */
  async function finished(frame: MergedBurst['frame']): Promise<Float32Array> {
    const development = engine.open(frame);
    const { pixels, release } = await development.render({ as: 'camera-rgb' });
    const copy = Float32Array.from(pixels);
    release();
    development.close();
    return copy;
  }

  /** Mean squared error of squares of 16 × 16 whose middle is where `where` says, all colours. */
  function squareErrors(picture: Float32Array, exact: BurstScene, where: Where): number[] {
    const errors: number[] = [];
    for (let top = BORDER; top + 16 <= HEIGHT - BORDER; top += 16)
      for (let left = BORDER; left + 16 <= WIDTH - BORDER; left += 16) {
        if (!where(left + 8, top + 8)) continue;
        let sum = 0;
        for (let y = top; y < top + 16; y++)
          for (let x = left; x < left + 16; x++)
            for (let c = 0; c < 3; c++) sum += (picture[(y * WIDTH + x) * 3 + c]! - exact(x, y, c)) ** 2;
        errors.push(sum / (3 * 16 * 16));
      }
    return errors;
  }

  const dark = { scale: 0.006, offset: 3e-4 };

  it('in the dark, no square of 16 × 16 of its region is more than 1 dB worse than the reference alone with the same denoise', async () => {
    const region: Where = (x, y) =>
      Array.from({ length: 8 }).some((_, i) => Math.hypot(x - 160 - 31 * i, y - 120 + 9 * i) < 50 + 16);
    // One square of one burst says nothing: two pictures of the reference alone differ by up to 7 dB there. So means over bursts.
    const sums: { together: number; alone: number }[] = [];
    for (let burst = 0; burst < BURSTS; burst++) {
      const frames = framesOf(
        8,
        (i) => ({ scene: moving(i), noise: dark, seed: 100 * burst + i + 1 }),
        scene,
      );
      const { frame } = await mergeBurst(engine, sourceOf(frames), { output: 'rgb', reference: 0 });
      const together = squareErrors(await finished(frame), moving(0), region);
      const alone = squareErrors(await finished(frames[0]!), moving(0), region);
      together.forEach((error, i) => {
        const before = sums[i] ?? { together: 0, alone: 0 };
        sums[i] = { together: before.together + error, alone: before.alone + alone[i]! };
      });
    }
    expect(sums.length).toBeGreaterThan(80);
    const losses = sums.map(({ together, alone }) => decibels(together / alone));
    expect(Math.max(...losses)).toBeLessThan(1);
  });

  /** Calm around a patch that only the first frames agree in; what alignment holds on to lies around both. */
  const patched =
    (agree: number) =>
    (frame: number): BurstScene =>
    (x, y, c) =>
      Math.hypot(x - 160, y - 128) < 50 && frame > agree
        ? 0.5
        : Math.max(Math.abs(x - 160) / 110, Math.abs(y - 128) / 80) < 1
          ? 0.2
          : scene(x, y, c);

  /** Noise in the patch over that around it, in deviations. */
  function grainInPatch(picture: Float32Array): number {
    const deviation = (from: number, to: number): number => {
      const errors = squareErrors(picture, patched(0)(0), (x, y) => {
        const distance = Math.hypot(x - 160, y - 128);
        return distance >= from && distance < to && Math.abs(x - 160) < 90 && Math.abs(y - 128) < 62;
      });
      return Math.sqrt(errors.reduce((sum, error) => sum + error, 0) / errors.length);
    };
    return deviation(0, 34) / deviation(72, 200);
  }

  it('shows no border between what all frames, some and none agreed in: grain is about the same, before the finish and after it', async () => {
    for (const agree of [0, 1, 2, 3, 4]) {
      const frames = framesOf(8, (i) => ({ scene: patched(agree)(i), noise: dark }), scene);
      const { samples, frame } = await merged(frames, { output: 'rgb' });
      const after = await finished({ ...frame, samples });
      for (const picture of [samples, after]) {
        expect(grainInPatch(picture), `${agree} agree`).toBeGreaterThan(0.67);
        expect(grainInPatch(picture), `${agree} agree`).toBeLessThan(1.3);
      }
    }
  });

  it('the finish knows from the map where noise is left: without it, grain of places that few agreed in would stay', async () => {
    const frames = framesOf(8, (i) => ({ scene: patched(2)(i), noise: dark }), scene);
    const { samples, frame } = await merged(frames, { output: 'rgb', denoise: 0 });
    const { noiseMap, ...rest } = frame;
    const known = grainInPatch(await finished({ ...frame, samples }));
    const unknown = grainInPatch(await finished({ ...rest, samples }));
    expect(noiseMap!.denoised).toBe(false);
    expect(Math.abs(known - 1)).toBeLessThan(0.7 * Math.abs(unknown - 1));
  });

  it('does not turn magenta where it is a clipped light', async () => {
    const lights = (frame: number): BurstScene => {
      const cx = 100 + 23 * frame;
      return (x, y) =>
        Math.hypot(x - cx, y - 128) < 14 ? 3 : 0.05 + 0.02 * Math.sin(x / 9) * Math.cos(y / 7);
    };
    const frames = framesOf(5, (i) => ({ scene: lights(i) }), scene);
    const { samples } = await merged(frames, { output: 'rgb' });
    const white = truthOf(lights(0)).map((value) => Math.min(value, 1));
    for (let y = BORDER; y < HEIGHT - BORDER; y++)
      for (let x = BORDER; x < WIDTH - BORDER; x++) {
        // The lamp's own edge is a matter of demosaicing.
        const edge = Math.abs(Math.hypot(x - 100, y - 128) - 14) < 4;
        if (edge) continue;
        const at = (y * WIDTH + x) * 3;
        const [r, g, b] = [samples[at]!, samples[at + 1]!, samples[at + 2]!];
        // Six deviations of one sample's noise: the least that eyes could find.
        const allowed = 6 * Math.sqrt(BRIGHT_NOISE.scale * white[y * WIDTH + x]! + BRIGHT_NOISE.offset);
        expect(Math.abs((r + b) / 2 - g), `${x}, ${y}`).toBeLessThan(allowed);
      }
  });
});

describe('faults that others have', () => {
  it('no brightness seam where a frame that saw a part of the scene ends', async () => {
    const ramp: BurstScene = (x, y) => 0.2 + 0.0004 * x + 0.0006 * y;
    const smooth = truthOf(ramp);
    const frames = [0, 90, 91, 92].map((dx, i) =>
      // 3 % brighter than it says: a flickering lamp.
      testFrame(WIDTH, HEIGHT, {
        scene: (x, y, c) => textured(ramp(x, y, c), x, y) * (i === 0 ? 1 : 1.03),
        motion: { dx },
        seed: 30 + i,
      }),
    );
    const { samples } = await merged(frames);
    const expected = truthOf((x, y, c) => textured(ramp(x, y, c), x, y));
    const column =
      (from: number): Where =>
      (x, y) =>
        x >= from && x < from + 8 && y > 30 && y < 226;
    // The frames see the reference's columns up to 230; brightness may lean to theirs, but in no step.
    const biases = Array.from({ length: 30 }, (_, i) => biasOf(samples, expected, column(40 + 8 * i)));
    for (let i = 1; i < biases.length; i++)
      expect(Math.abs(biases[i]! - biases[i - 1]!), `column ${40 + 8 * i}`).toBeLessThan(0.012);
    expect(smooth.length).toBe(samples.length);
  });

  it('a repeating pattern is merged in step or not at all', async () => {
    const stripes: BurstScene = (x, y) => 0.4 + 0.25 * Math.sin((2 * Math.PI * (x + 0.3 * y)) / 7);
    const frames = framesOf(6, () => ({ scene: stripes }), scene);
    const exact = truthOf(stripes);
    const { samples } = await merged(frames);
    expect(errorOf(samples, exact)).toBeLessThan(noiseOver(exact));
  });

  it('no squares of fake detail: in every 16 × 16 of a smooth scene there is less than the noise of four frames', async () => {
    // What alignment holds on to lies above.
    const ramp: BurstScene = (x, y, c) =>
      y < 60 ? scene(x, y, c) : 0.15 + 0.0012 * x + 0.0007 * y + 0.03 * c;
    const smooth = truthOf(ramp);
    const { samples, report } = await merged(framesOf(8, () => ({ scene: ramp }), scene));
    expect(report[3]!.share).toBeGreaterThan(0.8);
    for (let y = 80; y + 16 <= HEIGHT - BORDER; y += 16)
      for (let x = BORDER; x + 16 <= WIDTH - BORDER; x += 16) {
        const square: Where = (u, v) => u >= x && u < x + 16 && v >= y && v < y + 16;
        expect(errorOf(samples, smooth, square), `${x}, ${y}`).toBeLessThan(noiseOver(smooth, square) / 4);
      }
  });
});

describe('a bracket', () => {
  it('gets its highlights from the short frames, in radiance, and its shadows from all', async () => {
    const bright: BurstScene = (x, y, c) => scene(x, y, c) * (x > 200 ? 6 : 1);
    const exposures = [1, 1, 0.125, 0.125];
    const frames = exposures.map((exposure, i) =>
      testFrame(WIDTH, HEIGHT, { scene: bright, motion: handMotions(4)[i]!, seed: 60 + i, exposure }),
    );
    const { samples, frame, report } = await merged(frames);
    expect(report.map((entry) => entry.exposure)).toEqual(
      [1, 1, 0.125, 0.125].map((e) => expect.closeTo(e, 6)),
    );
    expect(frame.baselineExposure).toBeCloseTo(3, 6);
    const radiance = samples.map((value) => value * 8);
    const exact = truthOf(bright);
    const lights: Where = (x, y) => inside(x, y) && x > 210 && exact[y * WIDTH + x]! > 1.3;
    let [sum, count] = [0, 0];
    exact.forEach((value, i) => {
      if (!lights(i % WIDTH, Math.floor(i / WIDTH))) return;
      sum += ((radiance[i]! - value) / value) ** 2;
      count++;
    });
    expect(count).toBeGreaterThan(1000);
    // A short frame's own noise is 6 to 7 % there; colours are known to the width of a cell only.
    expect(Math.sqrt(sum / count)).toBeLessThan(0.08);
    const shadows: Where = (x, y) => inside(x, y) && x < 190;
    expect(errorOf(radiance, exact, shadows)).toBeLessThan(noiseOver(exact, shadows) / 2);
  });
});

describe('bad input', () => {
  const good = (i: number) => testFrame(WIDTH, HEIGHT, { scene, motion: handMotions(4)[i]!, seed: i + 1 });

  it('leaves out what does not belong, says why, and uses the rest', async () => {
    const other = testFrame(WIDTH, HEIGHT, { scene, seed: 5 }, { uniqueCameraModel: 'Another' });
    const small = testFrame(WIDTH - 32, HEIGHT, { scene, seed: 6 });
    const strange = testFrame(WIDTH, HEIGHT, { scene: photographLike(77), seed: 7 });
    const { report, samples } = await merged([
      good(0),
      good(1),
      new Error('the file ends early'),
      other,
      small,
      strange,
      good(2),
    ]);
    expect(report.map(({ role }) => role)).toEqual([
      'reference',
      'merged',
      ...Array(4).fill('left out'),
      'merged',
    ]);
    for (const [index, word] of [
      [2, /ends early/],
      [3, /another camera/],
      [4, /288 × 256/],
      [5, /another scene/],
    ] as const)
      expect(report[index]!.reason).toMatch(word);
    expect(errorOf(samples, truth)).toBeLessThan(noiseOver(truth) / 2);
  });

  it('a burst of one is the frame itself', async () => {
    const frame = good(0);
    const { samples, report } = await merged([frame]);
    expect(report).toHaveLength(1);
    const worst = samples.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - (frame.samples[i]! - 512) / (16383 - 512))),
      0,
    );
    expect(worst).toBeLessThan(1e-6);
  });

  it('two identical files merge without harm', async () => {
    const { samples } = await merged([good(0), good(0)]);
    expect(errorOf(samples, truth)).toBeLessThan(1.05 * noiseOver(truth));
  });

  it('refuses what is no burst with a reason', async () => {
    await expect(mergeBurst(engine, sourceOf([]))).rejects.toThrow(/at least one/);
    await expect(merged([good(0)], { reference: 3 })).rejects.toThrow(/frame 3/);
    await expect(merged([good(0)], { quality: 'finest' as 'best' })).rejects.toThrow(/quality finest/);
    await expect(merged([good(0)], { tileSize: 33 })).rejects.toThrow(/tile size of 33/);
    await expect(merged([new Error('gone'), new Error('gone')], {})).rejects.toThrow(/gone/);
  });
});

/** Texture that alignment can hold on to. */
function textured(value: number, x: number, y: number): number {
  return value * (1 + 0.15 * Math.sin(x / 3.1) * Math.cos(y / 4.3) + 0.1 * Math.sin((x * 2 + y) / 9));
}
