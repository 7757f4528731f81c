import { describe, expect, it } from 'vitest';
import {
  channelOf,
  type ExposedFrame,
  exposeAll,
  greyScene,
  smallCamera,
  smallSensor,
  stillBurst,
} from '../testing/twin.js';
import { type BurstPlan, MOVING, UNSEEN } from './Burst.js';
import { exposeFrame } from './exposeFrame.js';
import { planBurst } from './planBurst.js';
import { blurPhotosites } from './sheets.js';

const [WIDTH, HEIGHT] = [192, 144];
const GREEN = 1;

/** Smooth waves that no resampling changes by much, between 0.2 and 0.8. */
const waves = (x: number, y: number): number =>
  0.5 + 0.15 * Math.sin(x / 5 + y / 9) + 0.15 * Math.cos(y / 6 - x / 13);

/** Mean place of the light around a pixel, above what surrounds it. */
function centroid(
  plane: Float32Array,
  width: number,
  atX: number,
  atY: number,
  reach: number,
): [number, number] {
  let [sum, sx, sy] = [0, 0, 0];
  for (let y = Math.round(atY) - reach; y <= Math.round(atY) + reach; y++) {
    for (let x = Math.round(atX) - reach; x <= Math.round(atX) + reach; x++) {
      const value = plane[y * width + x]!;
      sum += value;
      sx += value * x;
      sy += value * y;
    }
  }
  return [sx / sum, sy / sum];
}

/** Value of a plane between its pixels by cubic convolution. */
function between(plane: Float32Array, width: number, x: number, y: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const weights = (f: number) => [
    ((2 - f) * f - 1) * f * 0.5,
    ((3 * f - 5) * f * f + 2) * 0.5,
    ((4 - 3 * f) * f + 1) * f * 0.5,
    (f - 1) * f * f * 0.5,
  ];
  const [across, down] = [weights(x - i), weights(y - j)];
  let sum = 0;
  for (let v = 0; v < 4; v++)
    for (let u = 0; u < 4; u++) sum += across[u]! * down[v]! * plane[(j - 1 + v) * width + i - 1 + u]!;
  return sum;
}

/** Difference of a frame, warped by its motion field, from the reference, dB below the reference's mean. */
function warpedPsnr(
  frame: ExposedFrame,
  reference: ExposedFrame,
  accept: (pixel: number) => boolean,
): number {
  const [a, b] = [channelOf(frame, GREEN), channelOf(reference, GREEN)];
  const { width, height, motion } = frame;
  let [squares, count, mean] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      const [u, v] = [x + motion[i * 2]!, y + motion[i * 2 + 1]!];
      if (!accept(i) || u < 2 || v < 2 || u > width - 3 || v > height - 3) continue;
      squares += (between(b, width, u, v) - a[i]!) ** 2;
      mean += a[i]!;
      count++;
    }
  }
  expect(count).toBeGreaterThan((width * height) / 2);
  return 10 * Math.log10((mean / count) ** 2 / (squares / count));
}

/** Column where a row first rises to half of its greatest value, between pixels. */
function edgeOf(plane: Float32Array, width: number, row: number): number {
  const line = plane.subarray(row * width, (row + 1) * width);
  const half = Math.max(...line) / 2;
  const at = line.findIndex((value) => value >= half);
  return at - (line[at]! - half) / (line[at]! - line[at - 1]!);
}

const bytes = ({ buffer, byteOffset, byteLength }: ArrayBufferView) =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Every array of two frames byte by byte. */
function expectSame(a: ExposedFrame, b: ExposedFrame): void {
  for (const name of ['signal', 'linear', 'motion', 'depthM', 'moved'] as const)
    expect(bytes(a[name]).equals(bytes(b[name]))).toBe(true);
  expect(bytes(a.record.frame.samples).equals(bytes(b.record.frame.samples))).toBe(true);
}

const rectangle = { kind: 'rectangle', rgb: [0.5, 0.5, 0.5] } as const;
const dark = greyScene(WIDTH, HEIGHT, () => 0);

describe('exposeFrame', () => {
  it('a point lands where the distortion of its channel says, within a fiftieth of a pixel', async () => {
    const sensor = smallSensor(WIDTH, HEIGHT);
    // Places are linear over eight columns, which bend much on so small a sensor.
    const k1 = -0.03;
    const lateral = 0.004;
    const camera = smallCamera(sensor, { distortion: [k1, 0, 0], lateralColour: [lateral, 0] });
    // Round spots: their blur shows no direction.
    const spots = [
      [60, 40],
      [200, 30],
      [128, 150],
      [30, 160],
    ] as const;
    const [w, h] = [256, 192];
    const scene = greyScene(w, h, (x, y) =>
      spots.reduce((sum, [u, v]) => sum + Math.exp(-((x - u) ** 2 + (y - v) ** 2) / 4), 0),
    );
    const plan = planBurst(scene, camera, stillBurst());
    const frame = await exposeAll(plan, 0);
    const imageRadiusMm = (Math.hypot(WIDTH, HEIGHT) / 2) * 0.004 * 1.1;
    for (const [u, v] of spots) {
      const [x, y] = [
        ((u - (w - 1) / 2) * plan.sceneStepMm[0] * plan.sceneWidth) / w,
        ((v - (h - 1) / 2) * plan.sceneStepMm[1] * plan.sceneHeight) / h,
      ];
      const bend = 1 + k1 * (Math.hypot(x, y) / imageRadiusMm) ** 2;
      for (const [channel, magnification] of [
        [0, 1 + lateral],
        [1, 1],
      ] as const) {
        const expected = [
          (x * bend * magnification) / 0.004 + (WIDTH - 1) / 2,
          (y * bend * magnification) / 0.004 + (HEIGHT - 1) / 2,
        ] as const;
        const [cx, cy] = centroid(channelOf(frame, channel), WIDTH, ...expected, 6);
        expect(Math.abs(cx - expected[0])).toBeLessThan(0.02);
        expect(Math.abs(cy - expected[1])).toBeLessThan(0.02);
      }
    }
  });

  it('a flat scene stays flat within 1e-4 through distortion, blur over the field, hand and flare', async () => {
    const camera = varyingCamera();
    const plan = planBurst(
      greyScene(230, 180, () => 0.5),
      camera,
      stillBurst({
        hand: { strength: 1, seed: 2 },
        exposureTimeS: 0.02,
        flare: { veil: 0.03, ghost: 0.001 },
      }),
    );
    const frame = await exposeAll(plan, 0);
    for (const channel of [0, 1, 2]) {
      const plane = channelOf(frame, channel);
      const mean = plane.reduce((sum, v) => sum + v, 0) / plane.length;
      const worst = plane.reduce((most, value) => Math.max(most, Math.abs(value / mean - 1)), 0);
      expect(worst).toBeLessThan(1e-4);
    }
  });

  it('frames are the same for any size of bands, and twice; another seed has other noise on the same light', async () => {
    const camera = varyingCamera({ readoutS: 0.02 });
    const settings = stillBurst({
      hand: { strength: 1, seed: 2 },
      frames: 2,
      exposureTimeS: 0.01,
      objects: [{ look: rectangle, size: [0.2, 0.1], centre: [0.4, 0.5], velocity: [1, 0.5] }],
    });
    const scene = greyScene(230, 180, waves);
    const plan = planBurst(scene, camera, settings);
    const first = await exposeAll(plan, 1, 64);
    for (const bandRows of [16, 48, 144]) expectSame(await exposeAll(plan, 1, bandRows), first);
    const other = await exposeAll(planBurst(scene, camera, { ...settings, seed: 9 }), 1);
    expect(bytes(other.linear).equals(bytes(first.linear))).toBe(true);
    expect(bytes(other.signal).equals(bytes(first.signal))).toBe(true);
    expect(bytes(other.record.frame.samples).equals(bytes(first.record.frame.samples))).toBe(false);
  });

  it('without truth the samples are the same', async () => {
    const plan = planBurst(greyScene(230, 180, waves), varyingCamera(), stillBurst());
    const [withTruth, without] = [
      await exposeFrame(plan, 0, { truth: true }),
      await exposeFrame(plan, 0, { truth: false }),
    ];
    expect(bytes(without.frame.samples).equals(bytes(withTruth.frame.samples))).toBe(true);
  });

  it('steps of a bracket scale the signal by powers of two exactly', async () => {
    const plan = planBurst(
      greyScene(WIDTH, HEIGHT, waves),
      smallCamera(smallSensor(WIDTH, HEIGHT)),
      stillBurst({ frames: 3, exposureSteps: [0, -2, 1] }),
    );
    const [base, under, over] = [
      await exposeAll(plan, 0),
      await exposeAll(plan, 1),
      await exposeAll(plan, 2),
    ];
    // Both go through 32-bit floats.
    for (let i = 0; i < base.signal.length; i += 7) {
      expect(under.signal[i]! / base.signal[i]!).toBeCloseTo(0.25, 6);
      expect(over.signal[i]! / base.signal[i]!).toBeCloseTo(2, 5);
    }
  });

  it('the signal is the own colour of the linear truth times the illumination', async () => {
    const sensor = smallSensor(WIDTH, HEIGHT);
    const camera = smallCamera(sensor, { cosineFourthShare: 1, focalLengthMm: 1.2 });
    const { signal, linear } = await exposeAll(
      planBurst(greyScene(WIDTH, HEIGHT, waves), camera, stillBurst()),
      0,
    );
    for (const [x, y] of [
      [0, 0],
      [95, 71],
      [191, 8],
      [33, 143],
    ] as const) {
      const channel = (y & 1) + (x & 1);
      const place = Math.hypot(x - (WIDTH - 1) / 2, y - (HEIGHT - 1) / 2) * 0.004;
      const { stepMm, values } = camera.drawing.illumination;
      const entry = Math.floor(place / stepMm);
      const light = values[entry]! + (values[entry + 1]! - values[entry]!) * (place / stepMm - entry);
      const i = y * WIDTH + x;
      // The illumination is linear over eight columns.
      expect(signal[i]! / (linear[i * 3 + channel]! * light)).toBeCloseTo(1, 3);
    }
  });

  it('the motion field leads to the same light in the reference frame: rotation, shift, distortion, rolling shutter', async () => {
    const camera = smallCamera(smallSensor(WIDTH, HEIGHT, { readoutS: 0.03 }), {
      distortion: [-0.06, 0.01, 0],
    });
    const plan = planBurst(
      greyScene(320, 240, waves),
      camera,
      stillBurst({ frames: 3, hand: { strength: 2, seed: 4 }, intervalS: 0.3 }),
    );
    const reference = await exposeAll(plan, 0);
    expect(reference.motion.every((value) => value === 0)).toBe(true);
    const frame = await exposeAll(plan, 2);
    expect(Math.hypot(...frame.record.shiftPx)).toBeGreaterThan(1);
    expect(warpedPsnr(frame, reference, () => true)).toBeGreaterThan(50);
  });

  it('a rolling shutter shears what moves by readout × speed', async () => {
    const readoutS = 0.1;
    const camera = smallCamera(smallSensor(WIDTH, HEIGHT, { readoutS }));
    const speed = 0.8;
    const plan = planBurst(
      dark,
      camera,
      stillBurst({
        objects: [{ look: rectangle, size: [0.4, 2], centre: [0.5, 0.5], velocity: [speed, 0] }],
      }),
    );
    const plane = channelOf(await exposeAll(plan, 0), GREEN);
    const [top, bottom] = [10, 130];
    const shear = edgeOf(plane, WIDTH, bottom) - edgeOf(plane, WIDTH, top);
    const expected = (speed * WIDTH * readoutS * (bottom - top)) / HEIGHT;
    expect(Math.abs(shear - expected)).toBeLessThan(0.05);
  });

  it('what moves is blurred over speed × time', async () => {
    const camera = smallCamera(smallSensor(WIDTH, HEIGHT));
    const [speed, exposureTimeS] = [2, 0.03];
    const spread = async (velocity: number): Promise<number> => {
      const plan = planBurst(
        dark,
        camera,
        stillBurst({
          exposureTimeS,
          objects: [{ look: rectangle, size: [0.5, 2], centre: [0.6, 0.5], velocity: [velocity, 0] }],
        }),
      );
      const line = channelOf(await exposeAll(plan, 0), GREEN).subarray(70 * WIDTH, 71 * WIDTH);
      // Variance of the left edge's slope.
      let [sum, sx, sxx] = [0, 0, 0];
      for (let x = 1; x < WIDTH / 2 + 10; x++) {
        const slope = line[x]! - line[x - 1]!;
        sum += slope;
        sx += slope * x;
        sxx += slope * x * x;
      }
      return sxx / sum - (sx / sum) ** 2;
    };
    // A box of length L has the variance L²/12.
    const length = Math.sqrt(12 * ((await spread(speed)) - (await spread(0))));
    expect(length / (speed * WIDTH * exposureTimeS)).toBeCloseTo(1, 2);
  });

  it("the hand's movement within an exposure blurs by the path of the image", async () => {
    // Weights are positive, so that a sharp point's place between pixels costs some blur: here the lens has more of it.
    const camera = smallCamera(smallSensor(WIDTH, HEIGHT), { focalLengthMm: 2, fNumber: 16 });
    const scene = greyScene(320, 240, (x, y) => ((x - 160) ** 2 + (y - 120) ** 2 < 2.2 ? 1 : 0));
    const variance = ({ linear }: ExposedFrame): number => {
      let [sum, sx, sy, squares] = [0, 0, 0, 0];
      for (let i = 0; i < WIDTH * HEIGHT; i++) {
        const value = linear[i * 3 + 1]!;
        const [x, y] = [i % WIDTH, Math.floor(i / WIDTH)];
        sum += value;
        sx += value * x;
        sy += value * y;
        squares += value * (x * x + y * y);
      }
      return squares / sum - (sx / sum) ** 2 - (sy / sum) ** 2;
    };
    const plan = planBurst(scene, camera, stillBurst({ exposureTimeS: 0.4, hand: { strength: 2, seed: 3 } }));
    const path = await imagePath(plan, 200);
    const mean = [0, 1].map((i) => path.reduce((sum, p) => sum + p[i]!, 0) / path.length);
    const expected =
      path.reduce((sum, p) => sum + (p[0]! - mean[0]!) ** 2 + (p[1]! - mean[1]!) ** 2, 0) / path.length;
    expect(expected).toBeGreaterThan(0.5);
    // The same place and time, hardly exposed.
    const short = { ...plan.exposures[0]!, startS: 0.2, exposureTimeS: 1e-6 };
    const found =
      variance(await exposeAll(plan, 0)) - variance(await exposeAll({ ...plan, exposures: [short] }, 0));
    // Pixels count the tails of the kernels, which are cut.
    expect(Math.abs(found / expected - 1)).toBeLessThan(0.05);
  });

  it('the mask knows what moves and what was hidden before', async () => {
    const camera = smallCamera(smallSensor(WIDTH, HEIGHT));
    const speed = 1;
    const intervalS = 0.1;
    const plan = planBurst(
      greyScene(WIDTH, HEIGHT, waves),
      camera,
      stillBurst({
        frames: 2,
        intervalS,
        objects: [{ look: rectangle, size: [0.25, 0.25], centre: [0.375, 0.5], velocity: [speed, 0] }],
      }),
    );
    const frame = await exposeAll(plan, 1);
    const shift = speed * intervalS * WIDTH;
    const [left, right] = [0.25 * WIDTH, 0.5 * WIDTH];
    const row = HEIGHT / 2;
    const maskAt = (x: number) => frame.moved[row * WIDTH + Math.round(x)]!;
    expect(maskAt(left - 3)).toBe(0);
    expect(maskAt(left + 3)).toBe(UNSEEN);
    expect(maskAt(left + shift - 3)).toBe(UNSEEN);
    expect(maskAt(left + shift + 3)).toBe(MOVING);
    expect(maskAt(right + shift - 3)).toBe(MOVING);
    expect(maskAt(right + shift + 3)).toBe(0);
    expect(frame.motion[(row * WIDTH + Math.round(right)) * 2]).toBeCloseTo(-shift, 3);
    expect(frame.moved[10 * WIDTH + Math.round(left + 3)]).toBe(0);
  });

  it('with distances the motion field is true away from what was hidden', async () => {
    const camera = smallCamera(smallSensor(WIDTH, HEIGHT), {
      focalLengthMm: 3,
      fNumber: 16,
      focusDistanceM: 1.5,
    });
    const scene = greyScene(240, 180, waves, (x) => (x < 120 ? 1 : 4));
    const plan = planBurst(
      scene,
      camera,
      stillBurst({ frames: 2, hand: { strength: 4, seed: 8 }, intervalS: 0.2 }),
    );
    expect(plan.sheets.length).toBeGreaterThan(1);
    const [reference, frame] = [await exposeAll(plan, 0), await exposeAll(plan, 1)];
    // The blur of the edge between the sheets reaches some pixels to its sides.
    const nearEdge = (i: number) => Math.abs((i % WIDTH) - WIDTH / 2) < 16;
    expect(warpedPsnr(frame, reference, (i) => frame.moved[i] === 0 && !nearEdge(i))).toBeGreaterThan(45);
    expect(frame.depthM[50 * WIDTH + 10]).toBe(1);
    expect(frame.depthM[50 * WIDTH + 180]).toBe(4);
  });

  it.each([
    ['on the grid of the pixels', 16, 0],
    ['on a coarser grid', 4, 2],
  ])(
    'a blur disc that is drawn %s has the diameter of the thin lens, and all of its light',
    async (_, pitchUm, level) => {
      const [width, height] = [320, 240];
      const camera = smallCamera(smallSensor(width, height, { pitchUm }), {
        focalLengthMm: 12,
        // Many wavelengths of defocus: diffraction moves the rim of smaller discs inwards.
        fNumber: 1.2,
        focusDistanceM: 0.35,
        size: 129,
      });
      const depthM = 2;
      const [w, h] = [400, 300];
      const lamp = (x: number, y: number) => (x - 199.5) ** 2 + (y - 149.5) ** 2 < 1;
      // A corner in the focus plane, since distances that are all the same make the scene one plane as well.
      const scene = greyScene(
        w,
        h,
        (x, y) => (lamp(x, y) ? 100 : 0),
        (x, y) => (x < 8 && y < 8 ? 0.35 : depthM),
      );
      const plan = planBurst(scene, camera, stillBurst());
      expect(plan.sheets[0]!.level).toBe(level);
      const plane = channelOf(await exposeAll(plan, 0), GREEN);
      const sum = plane.reduce((total, v) => total + v, 0);
      const expected = Math.abs(blurPhotosites(camera.drawing, plan.pitchUm, depthM));
      const inside = plane.filter(
        (_v, i) => Math.hypot((i % width) - width / 2, Math.floor(i / width) - height / 2) < expected / 4,
      );
      const half = inside.reduce((total, v) => total + v, 0) / inside.length / 2;
      // The rim is soft by pixels and cells, symmetrically about half of the light.
      const diameter = Math.sqrt((4 * plane.filter((v) => v > half).length) / Math.PI);
      expect(Math.abs(diameter / expected - 1)).toBeLessThan(0.03);
      const flat = channelOf(
        await exposeAll(
          planBurst(
            greyScene(w, h, () => 1),
            camera,
            stillBurst(),
          ),
          0,
        ),
        GREEN,
      );
      const perSample = (plan.pitchUm / 1000 / plan.sceneStepMm[0]) ** 2;
      // A lamp's energy depends on where it falls by up to 1.2 %.
      expect(Math.abs(sum / flat[0]! / (400 / perSample) - 1)).toBeLessThan(0.015);
    },
  );

  it('what is in focus is as sharp before a far ground as without one', async () => {
    const camera = smallCamera(smallSensor(WIDTH, HEIGHT), { fNumber: 2, focusDistanceM: 0.5 });
    const stripes = (x: number) => ((x >> 2) & 1 ? 0.8 : 0.1);
    const near = (x: number, y: number) => Math.hypot(x - 100, y - 75) < 50;
    const [layered, flat] = [
      greyScene(200, 150, stripes, (x, y) => (near(x, y) ? 0.5 : 8)),
      greyScene(200, 150, stripes),
    ].map((scene) => planBurst(scene, camera, stillBurst()));
    const [a, b] = [
      channelOf(await exposeAll(layered!, 0), GREEN),
      channelOf(await exposeAll(flat!, 0), GREEN),
    ];
    const scale = WIDTH / 200;
    const greatest = b.reduce((most, v) => Math.max(most, v));
    let worst = 0;
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++) {
        const radius = Math.hypot(x - 100 * scale, y - 75 * scale) / scale;
        // The depth range is only framed a little wider.
        if (radius < 42) worst = Math.max(worst, Math.abs(a[y * WIDTH + x]! - b[y * WIDTH + x]!));
      }
    }
    expect(worst).toBeLessThan(0.02 * greatest);
  });

  it('kernels change over the field without seams', async () => {
    const camera = varyingCamera();
    // Fine texture shows every change of the kernel.
    const scene = greyScene(230, 180, (x, y) =>
      Math.imul(x * 7919 + y * 104729, 2654435761) >>> 31 ? 0.9 : 0.1,
    );
    const plane = channelOf(await exposeAll(planBurst(scene, camera, stillBurst()), 0), GREEN);
    const steps = Array.from({ length: 16 }, () => ({ sum: 0, count: 0 }));
    for (let y = 0; y < HEIGHT; y++)
      for (let x = 17; x < WIDTH; x++) {
        const step = steps[x % 16]!;
        step.sum += Math.abs(plane[y * WIDTH + x]! - plane[y * WIDTH + x - 1]!);
        step.count++;
      }
    const means = steps.map(({ sum, count }) => sum / count);
    const others = means.slice(1).reduce((sum, v) => sum + v) / 15;
    // The texture itself varies by some per cent from column to column.
    expect(Math.abs(means[0]! / others - 1)).toBeLessThan(0.08);
  });

  it('stops when it is told to', async () => {
    const plan = planBurst(greyScene(230, 180, waves), varyingCamera(), stillBurst());
    const control = new AbortController();
    const bands: number[] = [];
    const exposing = exposeFrame(plan, 0, {
      truth: false,
      bandRows: 16,
      signal: control.signal,
      onRows: ({ top }) => {
        bands.push(top);
        if (top === 32) control.abort();
      },
    });
    await expect(exposing).rejects.toThrow();
    expect(bands).toEqual([0, 16, 32]);
  });
});

/** A camera whose lens draws ever less sharply towards the corners, with distortion. */
function varyingCamera(overrides: Parameters<typeof smallSensor>[2] = {}) {
  const camera = smallCamera(smallSensor(WIDTH, HEIGHT, overrides), { distortion: [-0.05, 0, 0] });
  const { psfs } = camera.drawing;
  const radiiMm = [0, 0.2, 0.4, 0.6];
  const data = new Float32Array(psfs.data.length * radiiMm.length);
  const stepsUm = new Float64Array(psfs.stepsUm.length * radiiMm.length);
  for (const i of radiiMm.keys()) {
    data.set(psfs.data, i * psfs.data.length);
    stepsUm.set(
      psfs.stepsUm.map((step) => step * (1 + i)),
      i * psfs.stepsUm.length,
    );
  }
  return { ...camera, drawing: { ...camera.drawing, psfs: { ...psfs, radiiMm, stepsUm, data } } };
}

/** Where the centre of the picture is seen during the first frame's exposure, pixels. */
async function imagePath(plan: BurstPlan, count: number): Promise<[number, number][]> {
  const { FrameGeometry, lensMapOf, poseByTime } = await import('./FrameGeometry.js');
  const geometry = new FrameGeometry(plan, 0, lensMapOf(plan), poseByTime(plan));
  const depthM = plan.camera.drawing.focusDistanceM;
  return Array.from({ length: count }, (_, i) =>
    geometry.pixelAt(
      geometry.poseAt((plan.exposures[0]!.exposureTimeS * (i + 0.5)) / count),
      depthM,
      GREEN,
      0,
      0,
    ),
  );
}
