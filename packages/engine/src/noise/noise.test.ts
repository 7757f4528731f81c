import { describe, expect, it } from 'vitest';
import { bayerFrame, linearRawFrame, type Scene, xtransFrame } from '../testing/frames.js';
import { seededRandom } from '../testing/random.js';
import { estimateNoise } from './estimate.js';
import { noiseOf } from './noiseOf.js';

/** About normal: the sum of twelve uniform numbers. */
function gaussian(random: () => number): number {
  let sum = -6;
  for (let i = 0; i < 12; i++) sum += random();
  return sum;
}

const NOISE = [
  { scale: 0.003, offset: 5e-5 },
  { scale: 0.0015, offset: 2e-5 },
  { scale: 0.002, offset: 9e-5 },
];

/** Patches of light from dark to nearly white with edges between them, a third of them covered by a fine texture. */
const patchwork: Scene = (x, y, c) => {
  const [column, row] = [Math.floor(x / 48), Math.floor(y / 48)];
  const light = 0.01 + 0.8 * (((column * 7 + row * 5) % 16) / 16) ** 2;
  const texture = (column + row) % 3 === 0 ? 1 + 0.5 * Math.sin(x * 1.3) * Math.sin(y * 0.9) : 1;
  return light * texture * [0.8, 1, 0.7][c]!;
};

function noisy(scene: Scene, seed: number): Scene {
  const random = seededRandom(seed);
  return (x, y, c) => {
    const light = scene(x, y, c);
    return light + gaussian(random) * Math.sqrt(NOISE[c]!.scale * light + NOISE[c]!.offset);
  };
}

/** Estimated standard deviation over the true one at some levels of light. */
function ratios(found: ReturnType<typeof estimateNoise>): number[] {
  return found!.flatMap(({ scale, offset }, c) =>
    [0.02, 0.1, 0.5].map((x) => Math.sqrt((scale * x + offset) / (NOISE[c]!.scale * x + NOISE[c]!.offset))),
  );
}

describe('the noise estimate', () => {
  it('finds the standard deviation within 20 % in a scene of edges and texture, for every array', () => {
    for (const frame of [
      bayerFrame(768, 576, noisy(patchwork, 1)),
      xtransFrame(960, 768, noisy(patchwork, 2)),
      linearRawFrame(384, 288, noisy(patchwork, 3)),
    ])
      for (const ratio of ratios(estimateNoise(frame))) {
        expect(ratio).toBeGreaterThan(0.8);
        expect(ratio).toBeLessThan(1.2);
      }
  });

  it('says nothing where everything is clipped or there is too little to look at', () => {
    expect(estimateNoise(bayerFrame(256, 256, () => 1.5))).toBeUndefined();
    expect(estimateNoise(bayerFrame(24, 24, noisy(patchwork, 1)))).toBeUndefined();
  });
});

describe('the noise model', () => {
  it('believes the file, one profile for all colours or one each', () => {
    const one = bayerFrame(32, 32, patchwork, { noiseProfile: [{ scale: 1e-3, offset: 1e-5 }] });
    expect(noiseOf(one)).toEqual({ profiles: Array(3).fill({ scale: 1e-3, offset: 1e-5 }), source: 'file' });
    expect(noiseOf(bayerFrame(32, 32, patchwork, { noiseProfile: NOISE })).profiles).toEqual(NOISE);
  });

  it('looks at the picture where the file says nothing that can be', () => {
    for (const noiseProfile of [[], [{ scale: Number.NaN, offset: 0 }], [{ scale: -1, offset: 1 }]])
      expect(noiseOf(bayerFrame(768, 576, noisy(patchwork, 1), { noiseProfile })).source).toBe('picture');
  });
});
