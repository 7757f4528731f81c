import { expect, it } from 'vitest';
import { NOISE_LEVELS } from './noise.js';
import { firstOf, type TruthSet } from './pictures.js';

const set: TruthSet = {
  name: 'three',
  pictures: ['a', 'b', 'c'].map((name) => ({
    name,
    image: { width: 2, height: 2, data: new Float32Array(12) },
  })),
  noiseProfile: () => [],
  expose: async () => [1, 2, 3].map((value) => Uint16Array.of(value)),
};

it('the first pictures of a set keep their mosaics', async () => {
  const first = firstOf(set, 2);
  expect(first.pictures.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(await first.expose(NOISE_LEVELS.N1)).toEqual([Uint16Array.of(1), Uint16Array.of(2)]);
});

it('all of them are no change', async () => {
  const all = firstOf(set, Number.POSITIVE_INFINITY);
  expect(all.pictures).toHaveLength(3);
  expect(await all.expose(NOISE_LEVELS.N1)).toHaveLength(3);
});
