import type { Plane } from '../Plane.js';
import { uniform } from './noise.js';

/** Discs over one another with radii by a power law r⁻³ (dead leaves), grey values even in 0.2 to 0.8. */
export function deadLeaves(width: number, height: number, seed: number): Plane {
  const random = uniform(seed);
  const data = new Float64Array(width * height).fill(0.5);
  const [least, most] = [1.5, 60];
  for (let k = 0; k < (width * height) / 20; k++) {
    // The inverse of the distribution of a density r⁻³.
    const radius = 1 / Math.sqrt(1 / least ** 2 - random() * (1 / least ** 2 - 1 / most ** 2));
    const [cx, cy] = [random() * width, random() * height];
    const value = 0.2 + 0.6 * random();
    for (let y = Math.max(0, Math.ceil(cy - radius)); y <= Math.min(height - 1, cy + radius); y++) {
      for (let x = Math.max(0, Math.ceil(cx - radius)); x <= Math.min(width - 1, cx + radius); x++) {
        if ((x - cx) ** 2 + (y - cy) ** 2 <= radius * radius) data[y * width + x] = value;
      }
    }
  }
  return { width, height, data };
}

/** A plane blurred by a Gaussian of `sigma` pixels whose middle is shifted by fractions of a pixel. */
export function blur({ width, height, data }: Plane, sigma: number, dx = 0, dy = 0): Plane {
  const reach = Math.ceil(5 * sigma) + 1;
  const kernel = (shift: number) => {
    const raw = Array.from({ length: 2 * reach + 1 }, (_, i) =>
      Math.exp(-((i - reach - shift) ** 2) / (2 * sigma * sigma)),
    );
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((v) => v / sum);
  };
  const clamp = (i: number, n: number) => Math.min(Math.max(i, 0), n - 1);
  const pass = (from: Float64Array, weights: readonly number[], stepX: number, stepY: number) =>
    from.map((_, i) => {
      const [x, y] = [i % width, Math.floor(i / width)];
      return weights.reduce((sum, w, k) => {
        const [px, py] = [clamp(x - stepX * (k - reach), width), clamp(y - stepY * (k - reach), height)];
        return sum + w * from[py * width + px]!;
      }, 0);
    });
  return { width, height, data: pass(pass(data, kernel(dx), 1, 0), kernel(dy), 0, 1) };
}
