import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import type { Scene } from '../scenes/Scene.js';
import { channelOf, exposeAll, greyScene, smallCamera, smallSensor, stillBurst } from '../testing/twin.js';
import { autoExposure } from './autoExposure.js';
import type { BurstSettings, MovingObject } from './Burst.js';
import { exposeFrame } from './exposeFrame.js';
import { FrameGeometry, lensMapOf, poseByTime } from './FrameGeometry.js';
import { fromScene, type Pose, SCENE_POSE, toScene } from './Pose.js';
import { planBurst } from './planBurst.js';

const [WIDTH, HEIGHT] = [64, 48];
const camera = smallCamera(smallSensor(WIDTH, HEIGHT));
const scene = greyScene(80, 60, (x, y) => 0.3 + 0.2 * Math.sin(x / 3) * Math.cos(y / 4));

describe('planBurst', () => {
  it('takes broken samples as 0 and says how many', async () => {
    const broken = greyScene(80, 60, () => 0.5);
    broken.rgb[0] = Number.NaN;
    broken.rgb[3000] = Number.POSITIVE_INFINITY;
    broken.rgb[6000] = -1;
    const plan = planBurst(broken, camera, stillBurst());
    expect(plan.clamped).toMatchObject({ notFinite: 2, negative: 1 });
    const frame = await exposeAll(plan, 0);
    expect(frame.linear.every((value) => value >= 0 && Number.isFinite(value))).toBe(true);
  });

  it('is plain data: a clone gives the same frame', async () => {
    const plan = planBurst(scene, camera, stillBurst({ hand: { strength: 1, seed: 1 } }));
    const [original, clone] = [
      await exposeFrame(plan, 0, { truth: false }),
      await exposeFrame(structuredClone(plan), 0, { truth: false }),
    ];
    expect(clone.frame.samples).toEqual(original.frame.samples);
  });

  it('scales the scene so that every pixel of every frame looks into it, and no smaller', () => {
    const bent = smallCamera(smallSensor(WIDTH, HEIGHT), { distortion: [-0.1, 0, 0] });
    const plan = planBurst(scene, bent, stillBurst({ frames: 4, hand: { strength: 2, seed: 3 } }));
    const byTime = poseByTime(plan);
    const lens = lensMapOf(plan);
    let [least, most] = [Infinity, -Infinity];
    for (let index = 0; index < 4; index++) {
      const geometry = new FrameGeometry(plan, index, lens, byTime);
      for (let y = 0; y < HEIGHT; y++) {
        for (let x = 0; x < WIDTH; x++) {
          const [sx, sy] = geometry.scenePlace(3, 1, x, y);
          const u = sx / plan.sceneStepMm[0] + (plan.sceneWidth - 1) / 2;
          const v = sy / plan.sceneStepMm[1] + (plan.sceneHeight - 1) / 2;
          least = Math.min(least, u, v);
          most = Math.max(most, u - plan.sceneWidth + 1, v - plan.sceneHeight + 1);
        }
      }
    }
    // Borders are looked at point by point.
    expect(least).toBeGreaterThan(-0.1);
    expect(most).toBeLessThan(0.1);
    expect(Math.max(-least, most)).toBeGreaterThan(-0.5);
  });

  const object: MovingObject = {
    look: { kind: 'disc', rgb: [1, 1, 1] },
    size: [0.1, 0.1],
    centre: [0.5, 0.5],
    velocity: [0, 0],
  };
  it.each<[string, Partial<BurstSettings>]>([
    ['frames', { frames: 0 }],
    ['frames', { frames: 2.5 }],
    ['illuminanceLux', { illuminanceLux: Number.NaN }],
    ['exposureTimeS', { exposureTimeS: 0 }],
    ['exposureTimeS', { exposureTimeS: Number.POSITIVE_INFINITY }],
    ['iso', { iso: 1 }],
    ['intervalS', { intervalS: -1 }],
    ['illuminant', { illuminant: 'candlelite' }],
    ['exposureSteps', { exposureSteps: [] }],
    ['exposureSteps[1]', { exposureSteps: [0, 99] }],
    ['cropTo.width', { cropTo: { width: 100, height: 10 } }],
    ['cropTo.height', { cropTo: { width: 10, height: 11 } }],
    ['flare.veil', { flare: { veil: 0.9, ghost: 0 } }],
    ['hand.strength', { hand: { strength: -1, seed: 0 } }],
    ['flicker.depth', { flicker: { frequencyHz: 100, depth: 2, phase: 0 } }],
    ['objects[0].size[0]', { objects: [{ ...object, size: [0, 1] }] }],
    ['objects[0].velocity[1]', { objects: [{ ...object, velocity: [0, Number.NaN] }] }],
    ['objects[0].distanceM', { objects: [{ ...object, distanceM: -2 }] }],
    [
      'objects[0].look',
      {
        objects: [
          {
            ...object,
            look: {
              kind: 'picture',
              width: 2,
              height: 2,
              rgb: new Float32Array(3),
              alpha: new Float32Array(4),
            },
          },
        ],
      },
    ],
  ])('refuses an impossible %s', (field, settings) => {
    const plan = () => planBurst(scene, camera, stillBurst(settings));
    expect(plan).toThrow(OpticsError);
    expect(plan).toThrow(field.split('.').at(-1));
  });

  it.each<[string, Scene]>([
    ['an empty scene', { kind: 'rgb', name: '', width: 0, height: 0, rgb: new Float32Array(0) }],
    ['too few samples', { kind: 'rgb', name: '', width: 4, height: 4, rgb: new Float32Array(5) }],
    ['too few distances', { ...scene, depthM: new Float32Array(3) }],
    ['a distance of nothing', { ...scene, depthM: new Float32Array(80 * 60) }],
    ['a distance that is no number', { ...scene, depthM: new Float32Array(80 * 60).fill(Number.NaN) }],
  ])('refuses %s', (_, impossible) => {
    expect(() => planBurst(impossible, camera, stillBurst())).toThrow(OpticsError);
  });

  it('refuses a frame that is not planned and bands that are no multiple of the blocks', async () => {
    const plan = planBurst(scene, camera, stillBurst());
    for (const index of [-1, 1, 0.5, Number.NaN])
      await expect(exposeFrame(plan, index, { truth: false })).rejects.toThrow(OpticsError);
    await expect(exposeFrame(plan, 0, { truth: false, bandRows: 20 })).rejects.toThrow(OpticsError);
  });
});

describe('frames', () => {
  it('flicker darkens rows by the mean over their own exposure', async () => {
    const rolling = smallCamera(smallSensor(WIDTH, HEIGHT, { readoutS: 0.02 }));
    const flicker = { frequencyHz: 100, depth: 0.8, phase: 0.2 };
    const exposureTimeS = 0.002;
    const flat = greyScene(80, 60, () => 0.5);
    const [with_, without] = [
      await exposeAll(planBurst(flat, rolling, stillBurst({ exposureTimeS, flicker })), 0),
      await exposeAll(planBurst(flat, rolling, stillBurst({ exposureTimeS })), 0),
    ];
    for (const row of [0, 13, 31, 47]) {
      let mean = 0;
      const start = (row / HEIGHT) * 0.02;
      for (let i = 0; i < 1000; i++) {
        const time = start + (exposureTimeS * (i + 0.5)) / 1000;
        mean += (1 + 0.8 * Math.cos(2 * Math.PI * (100 * time + 0.2))) / 1000;
      }
      expect(with_.signal[row * WIDTH + 5]! / without.signal[row * WIDTH + 5]!).toBeCloseTo(mean, 4);
    }
  });

  it('veiling glare lifts the dark by its share of the light and takes it from the bright', async () => {
    const half = greyScene(80, 60, (x) => (x < 40 ? 0 : 0.8));
    const veil = 0.1;
    const [clear, veiled] = [
      channelOf(await exposeAll(planBurst(half, camera, stillBurst()), 0), 1),
      channelOf(await exposeAll(planBurst(half, camera, stillBurst({ flare: { veil, ghost: 0 } })), 0), 1),
    ];
    const total = (plane: Float32Array) => plane.reduce((sum, v) => sum + v, 0);
    expect(total(veiled) / total(clear)).toBeCloseTo(1, 2);
    const white = clear[24 * WIDTH + 62]!;
    const darkest = veiled[24 * WIDTH + 1]! / white;
    expect(darkest).toBeGreaterThan(0.01 * veil);
    expect(darkest).toBeLessThan(veil / 2);
    const bright = veiled[24 * WIDTH + 36]! / white;
    expect(bright).toBeGreaterThan(1 - veil);
    expect(bright).toBeLessThan(1 - veil / 4);
  });

  it('a lamp leaves its ghost on the other side of the centre', async () => {
    const lamp = greyScene(80, 60, (x, y) => (Math.hypot(x - 20, y - 20) < 2 ? 200 : 0));
    const plane = channelOf(
      await exposeAll(planBurst(lamp, camera, stillBurst({ flare: { veil: 0, ghost: 0.01 } })), 0),
      1,
    );
    const at = (x: number, y: number) => plane[Math.round(y) * WIDTH + Math.round(x)]!;
    // 20 of 79 samples from the left is 43.7 of 63 pixels mirrored.
    const scale = (WIDTH - 1) / 79;
    const [gx, gy] = [(79 - 20) * scale, HEIGHT - 1 - (20 - (60 - HEIGHT / scale) / 2) * scale];
    expect(at(gx, gy)).toBeGreaterThan(10 * at(10, 40));
  });

  it('the sum of photosites of a binned sensor is one sample of the plain one', async () => {
    const quad = smallCamera(
      smallSensor(WIDTH * 2, HEIGHT * 2, { pitchUm: 2, cfa: 'quad-rggb', binning: 2 }),
    );
    const [plain, binned] = [
      await exposeAll(planBurst(scene, { ...camera, drawing: quad.drawing }, stillBurst()), 0),
      await exposeAll(planBurst(scene, quad, stillBurst()), 0),
    ];
    expect(binned.width).toBe(WIDTH);
    // Full wells are counted per photosite: four of them hold four times as much of the same light.
    expect(plain.signal[1000]! / binned.signal[1000]!).toBeCloseTo(4, 4);
  });

  it.each(['x-trans', 'mono', 'quad-rggb'] as const)(
    'a sensor with %s gives a frame of its own kind',
    async (cfa) => {
      const other = { ...camera, sensor: { ...camera.sensor, cfa } };
      const { frame } = await exposeFrame(planBurst(scene, other, stillBurst()), 0, { truth: false });
      expect(frame.samples.length).toBe(WIDTH * HEIGHT);
      expect(frame.cfa?.width).toBe({ 'x-trans': 6, mono: undefined, 'quad-rggb': 4 }[cfa]);
    },
  );

  it('an object nearer than a part of the scene covers it, a farther one is covered', async () => {
    const walls = greyScene(
      80,
      60,
      () => 0.2,
      (x) => (x < 40 ? 1 : 10),
    );
    const light: MovingObject = {
      look: { kind: 'rectangle', rgb: [0.9, 0.9, 0.9] },
      size: [2, 0.5],
      centre: [0.5, 0.5],
      velocity: [0, 0],
      distanceM: 4,
    };
    const sharp = smallCamera(smallSensor(WIDTH, HEIGHT), {
      focalLengthMm: 2,
      fNumber: 4,
      focusDistanceM: 4,
    });
    const frame = await exposeAll(planBurst(walls, sharp, stillBurst({ objects: [light] })), 0);
    const plane = channelOf(frame, 1);
    const row = 24 * WIDTH;
    expect(plane[row + 50]! / plane[row + 10]!).toBeCloseTo(4.5, 0);
    expect(frame.depthM[row + 50]).toBe(4);
    expect(frame.depthM[row + 10]).toBe(1);
  });
});

describe('poses', () => {
  const pose: Pose = { yaw: 0.02, pitch: -0.013, roll: 0.03, xM: 0.01, yM: -0.02, zM: 0.03 };

  it.each([2, Infinity])('maps to the scene and back at %d m', (depthM) => {
    const there = toScene(pose, depthM, 10);
    const back = fromScene(pose, depthM, 10);
    const apply = (h: Float64Array, [x, y]: readonly number[]) => {
      const w = h[6]! * x! + h[7]! * y! + h[8]!;
      return [(h[0]! * x! + h[1]! * y! + h[2]!) / w, (h[3]! * x! + h[4]! * y! + h[5]!) / w];
    };
    const [x, y] = apply(back, apply(there, [3, -2]));
    expect(x).toBeCloseTo(3, 10);
    expect(y).toBeCloseTo(-2, 10);
  });

  it('turning to the right moves the picture to the left', () => {
    const h = fromScene({ ...SCENE_POSE, yaw: 0.01 }, Infinity, 10);
    expect(h[2]! / h[8]!).toBeCloseTo(-10 * Math.tan(0.01), 8);
  });
});

describe('autoExposure', () => {
  it('lengthens the time first, then raises the ISO, to the same mean signal', async () => {
    const grey = greyScene(80, 60, () => 0.18);
    const means: number[] = [];
    for (const [illuminanceLux, slow] of [
      [2000, false],
      [20, true],
    ] as const) {
      const settings = { illuminant: 'D65', illuminanceLux };
      const chosen = autoExposure(grey, camera, { ...settings, maxTimeS: 1 / 30 });
      if (slow) expect(chosen.exposureTimeS).toBe(1 / 30);
      else expect(chosen.iso).toBe(50);
      const frame = await exposeAll(planBurst(grey, camera, stillBurst({ ...settings, ...chosen })), 0);
      means.push(channelOf(frame, 1)[500]!);
    }
    for (const mean of means) expect(mean).toBeCloseTo(0.13, 2);
  });
});
