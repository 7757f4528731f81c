import { describe, expect, it } from 'vitest';
import { normal, poisson, seededRandom } from './random.js';

const N = 40000;

function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: N }, draw);
  const mean = values.reduce((a, b) => a + b, 0) / N;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / (N - 1);
  return { mean, variance };
}

describe('seeded random numbers', () => {
  it('repeat for the same seed and differ for another', () => {
    const take = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
    expect(take(7)).toEqual(take(7));
    expect(take(7)).not.toEqual(take(8));
  });

  it('are uniform in [0, 1)', () => {
    const { mean, variance } = moments(seededRandom(1));
    // Five standard errors of the mean and of the variance of N uniforms.
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / N));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / N));
  });
});

describe('normal', () => {
  it('has mean 0 and variance 1', () => {
    const random = seededRandom(2);
    const { mean, variance } = moments(() => normal(random));
    expect(Math.abs(mean)).toBeLessThan(5 / Math.sqrt(N));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / N));
  });
});

describe('poisson', () => {
  it.each([0.05, 1, 9.5, 10, 40, 4500])('has mean and variance %f', (lambda) => {
    const random = seededRandom(3);
    const { mean, variance } = moments(() => poisson(lambda, random));
    expect(Math.abs(mean - lambda)).toBeLessThan(5 * Math.sqrt(lambda / N));
    // The sampling variance of a Poisson variance is (λ + 2λ²)/N.
    expect(Math.abs(variance - lambda)).toBeLessThan(5 * Math.sqrt((lambda + 2 * lambda ** 2) / N));
  });

  it.each([3, 15])('follows the distribution of mean %f', (lambda) => {
    const random = seededRandom(4);
    const counts = new Float64Array(60);
    for (let i = 0; i < N; i++) counts[poisson(lambda, random)]!++;
    let probability = Math.exp(-lambda);
    let chiSquare = 0;
    let cells = 0;
    for (let k = 0; k < counts.length; k++) {
      const expected = N * probability;
      if (expected >= 5) {
        chiSquare += (counts[k]! - expected) ** 2 / expected;
        cells++;
      }
      probability *= lambda / (k + 1);
    }
    // χ² of `cells` degrees of freedom: mean plus five standard deviations.
    expect(chiSquare).toBeLessThan(cells + 5 * Math.sqrt(2 * cells));
  });

  it('is 0 for a mean of 0', () => {
    expect(poisson(0, seededRandom(5))).toBe(0);
  });
});
