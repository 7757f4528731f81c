import type { RgbImage } from '@photosite/measure';
import { seededRandom } from './random.js';

/**
 * A procedural scene for timing where no pictures are at hand: gradients, hard edges, fine gratings and discs of
 * saturated colour, linear, between 0 and 0.9.
 */
export function proceduralScene(width: number, height: number, seed: number): RgbImage {
  const random = seededRandom(seed);
  const discs = Array.from({ length: 60 }, () => ({
    x: random() * width,
    y: random() * height,
    radius: (0.01 + 0.06 * random()) * width,
    rgb: [random(), random(), random()] as const,
    pitch: 0.2 + 2.5 * random(),
    angle: Math.PI * random(),
  }));
  const data = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const base = 0.05 + 0.5 * (x / width) * (1 - y / height);
      let rgb: readonly number[] = [base, base * 0.95, base * 0.8 + 0.05];
      for (const disc of discs) {
        const [dx, dy] = [x - disc.x, y - disc.y];
        if (dx * dx + dy * dy > disc.radius * disc.radius) continue;
        const wave =
          0.75 + 0.25 * Math.sin(disc.pitch * (dx * Math.cos(disc.angle) + dy * Math.sin(disc.angle)));
        rgb = disc.rgb.map((v) => v * wave);
      }
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = 0.9 * rgb[c]!;
    }
  }
  return { width, height, data };
}
