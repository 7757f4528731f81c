import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { RandomStream, randomKey } from './random.js';

const stream = (row = 0) => new RandomStream().start(7, 1, 2, row);

/** ln of the Poisson law by the definition, n! summed up: nothing in common with the generator's own. */
function logLaw(mean: number, last: number): Float64Array {
  const law = new Float64Array(last + 1);
  let logFactorial = 0;
  for (let k = 0; k <= last; k++) {
    if (k > 0) logFactorial += Math.log(k);
    law[k] = k * Math.log(mean) - mean - logFactorial;
  }
  return law;
}

/** Distance of χ² from its mean in standard deviations, over bins that expect at least 25. */
function chiSquareDeviation(observed: ArrayLike<number>, expected: ArrayLike<number>): number {
  let chiSquare = 0;
  let bins = 0;
  let [seen, awaited] = [0, 0];
  for (let i = 0; i < observed.length; i++) {
    seen += observed[i]!;
    awaited += expected[i]!;
    if (awaited < 25 && i < observed.length - 1) continue;
    if (awaited >= 1) {
      chiSquare += (seen - awaited) ** 2 / awaited;
      bins++;
    }
    [seen, awaited] = [0, 0];
  }
  const freedom = bins - 1;
  return (chiSquare - freedom) / Math.sqrt(2 * freedom);
}

/** Five standard deviations: one seeded run in millions would fail by chance. */
const SIGMAS = 5;

describe('Poisson numbers', () => {
  // Both methods, their border, and means whose fraction moves the immediate acceptance's limit.
  for (const mean of [0.02, 0.7, 4, 9.99, 10, 10.3, 12.7, 20.1484, 37.3, 150.5, 4000]) {
    it(`of mean ${mean} follow the exact law (χ²)`, () => {
      const count = 400_000;
      const last = Math.ceil(mean + 12 * Math.sqrt(mean) + 12);
      const observed = new Float64Array(last + 1);
      const random = stream();
      for (let i = 0; i < count; i++) observed[Math.min(random.poisson(mean), last)]!++;
      const expected = logLaw(mean, last).map((log) => count * Math.exp(log));
      expect(Math.abs(chiSquareDeviation(observed, expected))).toBeLessThan(SIGMAS);
    });
  }

  for (const mean of [0.5, 8, 60, 1e4, 1e6, 1e8]) {
    it(`of mean ${mean} have its mean, variance and skewness`, () => {
      const count = 300_000;
      const random = stream(3);
      let [first, second, third] = [0, 0, 0];
      for (let i = 0; i < count; i++) {
        const z = (random.poisson(mean) - mean) / Math.sqrt(mean);
        first += z;
        second += z * z;
        third += z * z * z;
      }
      // Variances of the sums by the law's moments: 1; 2 + 1/mean; 15 + 25/mean + 1/mean² at most.
      const bound = (variance: number) => SIGMAS * Math.sqrt(variance / count);
      expect(Math.abs(first / count)).toBeLessThan(bound(1));
      expect(Math.abs(second / count - 1)).toBeLessThan(bound(2 + 1 / mean));
      expect(Math.abs(third / count - 1 / Math.sqrt(mean))).toBeLessThan(
        bound(15 + 25 / mean + 1 / mean ** 2),
      );
    });
  }

  it('of mean 0, below, and none are 0', () => {
    expect([0, -1, Number.NaN].map((mean) => stream().poisson(mean))).toEqual([0, 0, 0]);
  });
});

describe('normal numbers', () => {
  it('follow the normal law in bins down to the far tails (χ²)', () => {
    const count = 2_000_000;
    const [width, half] = [0.05, 110];
    const observed = new Float64Array(2 * half);
    const random = stream();
    for (let i = 0; i < count; i++) {
      const bin = Math.floor(random.normal() / width) + half;
      observed[Math.min(Math.max(bin, 0), 2 * half - 1)]!++;
    }
    // Simpson's rule over each bin: its error is far below a count's.
    const density = (x: number) => Math.exp(-x * x * 0.5) / Math.sqrt(2 * Math.PI);
    const expected = observed.map((_, i) => {
      const x = (i - half) * width;
      return (count * width * (density(x) + 4 * density(x + width / 2) + density(x + width))) / 6;
    });
    expect(Math.abs(chiSquareDeviation(observed, expected))).toBeLessThan(SIGMAS);
    // Beyond 4.5 the ziggurat's tail alone contributes: 6.8e-6 of both sides.
    const beyond = observed.reduce((sum, n, i) => sum + (Math.abs(i + 0.5 - half) * width > 4.5 ? n : 0), 0);
    expect(Math.abs(beyond - 6.795e-6 * count)).toBeLessThan(SIGMAS * Math.sqrt(6.795e-6 * count));
  });
});

describe('uniform and exponential numbers', () => {
  it('lie inside of their range, with its mean and variance', () => {
    const random = stream();
    const count = 500_000;
    let [sum, squares, exponentials] = [0, 0, 0];
    let [least, most] = [1, 0];
    for (let i = 0; i < count; i++) {
      const u = random.uniform();
      least = Math.min(least, u);
      most = Math.max(most, u);
      sum += u - 0.5;
      squares += (u - 0.5) ** 2;
      exponentials += random.exponential();
    }
    expect(least).toBeGreaterThan(0);
    expect(most).toBeLessThan(1);
    expect(Math.abs(sum / count)).toBeLessThan(SIGMAS * Math.sqrt(1 / 12 / count));
    expect(Math.abs(squares / count - 1 / 12)).toBeLessThan(SIGMAS * Math.sqrt(1 / 180 / count));
    expect(Math.abs(exponentials / count - 1)).toBeLessThan(SIGMAS * Math.sqrt(1 / count));
  });
});

describe('streams', () => {
  const take = (keys: readonly [number, number, number, number]) => {
    const random = new RandomStream().start(...keys);
    return Array.from({ length: 4 }, () => random.bits());
  };

  it('are the same for the same key', () => {
    expect(take([1, 2, 3, 4])).toEqual(take([1, 2, 3, 4]));
  });

  it('differ in every key, also where keys are exchanged', () => {
    const firsts = new Set<string>();
    let keys = 0;
    for (let seed = 0; seed < 6; seed++) {
      for (let frame = 0; frame < 6; frame++) {
        for (let purpose = 0; purpose < 6; purpose++) {
          for (let row = 0; row < 6; row++) {
            firsts.add(take([seed, frame, purpose, row]).join());
            keys++;
          }
        }
      }
    }
    expect(firsts.size).toBe(keys);
  });

  it('of neighbouring rows are not correlated', () => {
    const count = 200_000;
    const [a, b] = [stream(10), stream(11)];
    let sum = 0;
    for (let i = 0; i < count; i++) sum += a.normal() * b.normal();
    expect(Math.abs(sum / count)).toBeLessThan(SIGMAS / Math.sqrt(count));
  });

  it('have keys that are whole numbers of 32 bits', () => {
    expect(randomKey('seed', 2 ** 32 - 1)).toBe(2 ** 32 - 1);
    for (const bad of [-1, 1.5, 2 ** 32, Number.NaN]) {
      expect(() => randomKey('seed', bad)).toThrow(OpticsError);
    }
  });
});
