import { describe, expect, it } from 'vitest';
import { MeasureError } from '../MeasureError.js';
import type { RgbImage } from '../RgbImage.js';
import { drawChart, PATCH_RGB } from '../testing/drawChart.js';
import { gaussianNoise, uniform } from '../testing/noise.js';
import { findColorChecker, readColorChecker } from './findColorChecker.js';
import type { Point } from './Homography.js';

const NEUTRAL = [1, 1, 1];

/** Rectangles and slopes of all colours over one another, some of them in rows like patches. */
function clutter(seed: number, width = 640, height = 480): RgbImage {
  const random = uniform(seed);
  const data = new Float32Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = 0.2 + (0.3 * (Math.floor(i / 3) % width)) / width;
  for (let k = 0; k < 120; k++) {
    const [w, h] = [10 + 70 * random(), 10 + 70 * random()];
    const [left, top] = [random() * width, random() * height];
    const color = [random() ** 2, random() ** 2, random() ** 2];
    const repeats = random() < 0.2 ? 5 : 1;
    for (let n = 0; n < repeats; n++) {
      for (let y = Math.floor(top); y < Math.min(height, top + h); y++) {
        for (let x = Math.floor(left + n * w * 1.2); x < Math.min(width, left + n * w * 1.2 + w); x++) {
          for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = color[(c + n) % 3]!;
        }
      }
    }
  }
  return { width, height, data };
}

function addNoise(image: RgbImage, sigma: number, seed: number): void {
  const noise = gaussianNoise(seed);
  for (let i = 0; i < image.data.length; i++) image.data[i]! += sigma * noise();
}

/** Corners of a chart whose patches are `pitch` pixels apart, turned, mirrored, in perspective. */
function cornersOf(middle: Point, pitch: number, angle: number, mirrored: boolean, tilt: Point): Point[] {
  const places: Point[] = [
    [0, 0],
    [5, 0],
    [5, 3],
    [0, 3],
  ];
  return places.map(([u, v]) => {
    const [a, b] = [(u - 2.5) * pitch * (mirrored ? -1 : 1), (v - 1.5) * pitch];
    const w = 1 + tilt[0] * (u - 2.5) + tilt[1] * (v - 1.5);
    return [
      middle[0] + (a * Math.cos(angle) - b * Math.sin(angle)) / w,
      middle[1] + (a * Math.sin(angle) + b * Math.cos(angle)) / w,
    ];
  });
}

describe('findColorChecker', () => {
  // Angle, pitch, mirrored, perspective, cast.
  const cases: [number, number, boolean, Point, number[]][] = [
    [0, 60, false, [0, 0], NEUTRAL],
    [0.3, 50, false, [0.03, 0.02], [0.5, 1, 0.7]],
    [1.57, 45, false, [0, -0.04], [1, 0.7, 0.3]],
    [3.14, 40, true, [0.02, 0], [0.4, 0.8, 1]],
    [2.2, 30, false, [-0.03, 0.03], NEUTRAL],
    [4.9, 24, true, [0.03, -0.03], [0.3, 0.5, 0.3]],
    [0.8, 20, false, [0, 0], [0.06, 0.08, 0.05]],
  ];
  it.each(cases)(
    'finds a chart turned by %f, %f pixels a patch, mirrored %s, tilt %j, cast %j',
    (...given) => {
      const [angle, pitch, mirrored, tilt, gains] = given;
      const image = clutter(Math.round(pitch));
      const corners = cornersOf([325, 235], pitch, angle, mirrored, tilt);
      drawChart(image, corners, gains);
      addNoise(image, 0.004 * Math.max(...gains), 3);
      const reading = findColorChecker(image)!;
      expect(reading).toBeDefined();
      expect(reading.mirrored).toBe(mirrored);
      // The chart's colours and its place are exact; only stray light's floor and the noise keep it from 1.
      expect(reading.confidence).toBeGreaterThan(0.95);
      reading.corners.forEach(([x, y], i) => {
        // A tenth of a patch: perspective moves a patch's centre of area off the image of its centre by less.
        expect(Math.hypot(x - corners[i]![0], y - corners[i]![1])).toBeLessThan(0.1 * pitch);
      });
      reading.patches.forEach(({ mean, count }, i) => {
        for (let c = 0; c < 3; c++) {
          const truth = Math.max(PATCH_RGB[i]![c]!, 0) * gains[c]!;
          // Six standard errors of the mean.
          expect(Math.abs(mean[c]! - truth)).toBeLessThan(
            (6 * 0.004 * Math.max(...gains)) / Math.sqrt(count),
          );
        }
      });
    },
  );

  it("follows the barrel distortion of a wide lens out to the chart's corners", () => {
    const image = clutter(8);
    const [cx, cy, radius] = [319.5, 239.5, 400];
    const straighten = ([x, y]: Point): Point => {
      const scale = 1 + 0.3 * (((x - cx) ** 2 + (y - cy) ** 2) / radius ** 2);
      return [cx + (x - cx) * scale, cy + (y - cy) * scale];
    };
    const corners = cornersOf([340, 225], 90, 0.1, false, [0.01, -0.02]);
    drawChart(image, corners, NEUTRAL, straighten);
    findColorChecker(image)!.corners.forEach((corner, i) => {
      const [x, y] = straighten(corner);
      // A tenth of a patch; the corners are bent by half a patch.
      expect(Math.hypot(x - corners[i]![0], y - corners[i]![1])).toBeLessThan(9);
    });
  });

  it('gives the noise within each patch', () => {
    const image = clutter(1);
    drawChart(image, cornersOf([320, 240], 60, 0.1, false, [0, 0]), NEUTRAL);
    addNoise(image, 0.01, 4);
    for (const { sigma, count } of findColorChecker(image)!.patches) {
      // Four standard errors of a deviation, which are 1/√(2n) each.
      expect(Math.abs(sigma[1] / 0.01 - 1)).toBeLessThan(4 / Math.sqrt(2 * count));
    }
  });

  it('refuses clutter, even in rows', () => {
    for (const seed of [1, 2, 3, 4]) expect(findColorChecker(clutter(seed))).toBeUndefined();
  });

  it('refuses a chart of other colours, one in black and white, and a black picture', () => {
    const image = clutter(5);
    drawChart(image, cornersOf([320, 240], 50, 0, false, [0, 0]), NEUTRAL);
    const grey = image.data.map((_, i) => image.data[i - (i % 3) + 1]!);
    expect(findColorChecker({ ...image, data: grey })).toBeUndefined();
    const swapped = image.data.map((_, i) => image.data[i - (i % 3) + (((i % 3) + 1) % 3)]!);
    expect(findColorChecker({ ...image, data: swapped })).toBeUndefined();
    expect(findColorChecker({ ...image, data: new Float32Array(image.data.length) })).toBeUndefined();
  });

  it('refuses a picture whose data has another length', () => {
    expect(() => findColorChecker({ width: 4, height: 4, data: new Float32Array(4) })).toThrow(MeasureError);
  });
});

describe('readColorChecker', () => {
  const corners = cornersOf([320, 240], 50, 0.4, false, [0.02, 0.01]);
  const image = clutter(6);
  drawChart(image, corners, NEUTRAL);

  it('reads the patches between given corners', () => {
    const { patches, confidence } = readColorChecker(image, corners);
    // Float32 and the average's rounding.
    for (const [i, { mean }] of patches.entries()) {
      expect(mean[1]).toBeCloseTo(Math.max(PATCH_RGB[i]![1]!, 0), 6);
    }
    expect(confidence).toBeGreaterThan(0.98);
  });

  it('says so where the corners come in another order', () => {
    expect(() => readColorChecker(image, [...corners.slice(2), ...corners.slice(0, 2)])).toThrow(/order/);
  });

  it('says so where they lie outside, in one line, or are not four', () => {
    expect(() =>
      readColorChecker(
        image,
        corners.map(([x, y]): Point => [x + 300, y]),
      ),
    ).toThrow(/outside/);
    const inLine: Point[] = [
      [0, 0],
      [10, 10],
      [20, 20],
      [30, 30],
    ];
    expect(() => readColorChecker(image, inLine)).toThrow(MeasureError);
    expect(() => readColorChecker(image, corners.slice(1))).toThrow(/four/);
  });
});
