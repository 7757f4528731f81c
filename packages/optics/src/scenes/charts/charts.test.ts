import { describe, expect, it } from 'vitest';
import { OpticsError } from '../../OpticsError.js';
import { COLOR_CHECKER_OHTA_REFLECTANCES, COLOR_CHECKER_REFLECTANCES } from '../../spectra/reflectances.js';
import type { SpectralScene } from '../Scene.js';
import type { Chart, Landmarks, Place } from './Chart.js';
import {
  CHARTS,
  colorChecker,
  deadLeaves,
  drawChart,
  flatField,
  greyScale,
  lineGrid,
  pointLights,
  siemensStar,
  slantedEdge,
  slantedSquares,
} from './index.js';

const SIZE = { width: 240, height: 160 };
/** Reflectance at 550 nm: charts of neutral materials are the same at every wavelength. */
const GREEN = 34;

function reflectanceAt(
  { materials, first, second, mix, width }: SpectralScene,
  x: number,
  y: number,
): number {
  const at = y * width + x;
  const [a, b] = [materials[first[at]!]![GREEN]!, materials[second[at]!]![GREEN]!];
  return a + mix[at]! * (b - a);
}

function landmarksOf<K extends Landmarks['kind']>(chart: Chart, kind: K): Extract<Landmarks, { kind: K }> {
  if (chart.landmarks.kind !== kind) throw new Error(`landmarks of kind ${chart.landmarks.kind}`);
  return chart.landmarks as Extract<Landmarks, { kind: K }>;
}

const middle = (places: readonly Place[]): Place => [
  places.reduce((sum, [x]) => sum + x, 0) / places.length,
  places.reduce((sum, [, y]) => sum + y, 0) / places.length,
];

describe('every chart', () => {
  it.each(CHARTS.map(({ name }) => name))('%s fits its size and has only materials that exist', (name) => {
    const { scene } = drawChart(name, SIZE);
    expect(scene.width * scene.height).toBe(SIZE.width * SIZE.height);
    for (const plane of [scene.first, scene.second, scene.mix]) expect(plane).toHaveLength(240 * 160);
    expect(Math.max(...scene.first, ...scene.second)).toBeLessThan(scene.materials.length);
    expect(Math.min(...scene.mix)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...scene.mix)).toBeLessThanOrEqual(1);
  });

  it.each(CHARTS.map((chart) => [chart.name, chart] as const))(
    '%s has defaults within its ranges',
    (_, chart) => {
      for (const parameter of Object.values(chart.parameters)) {
        expect(parameter.help).toMatch(/\.$/);
        if (parameter.kind === 'number') {
          expect(parameter.default).toBeGreaterThanOrEqual(parameter.least);
          expect(parameter.default).toBeLessThanOrEqual(parameter.most);
        }
        if (parameter.kind === 'choice') expect(parameter.choices).toContain(parameter.default);
      }
    },
  );
});

describe('drawChart', () => {
  it('reads numbers as text as a command line gives them', () => {
    const typed = drawChart('grey-scale', { ...SIZE, steps: '4', densities: '0, 0.3,1.5' });
    expect(landmarksOf(typed, 'patches').patches).toHaveLength(3);
    const edge = drawChart('slanted-edge', { ...SIZE, contrast: '10' });
    expect(edge.scene.materials).toEqual(slantedEdge({ ...SIZE, contrast: 10 }).scene.materials);
  });

  it.each([
    ['slanted-egde', {}, /chart: there is no chart "slanted-egde"; near are slanted-edge/],
    [
      'slanted-edge',
      { contrsat: 3 },
      /contrsat: the chart slanted-edge has no such parameter; near are contrast/,
    ],
    ['slanted-edge', { contrast: 1 }, /contrast: 1 is not possible; allowed are 1.001 to 10000/],
    ['slanted-edge', { contrast: 'much' }, /contrast: NaN is not possible/],
    ['slanted-edge', { contrast: '' }, /contrast: NaN is not possible/],
    ['siemens-star', { cycles: 7.5 }, /cycles: 7.5 is not possible; it has to be a whole number/],
    [
      'siemens-star',
      { profile: 'square' },
      /profile: "square" is not possible; allowed are sinusoidal, binary/,
    ],
    ['grey-scale', { densities: [0, 99] }, /densities\[1\]: 99 is not possible/],
    ['dead-leaves', { seed: -1 }, /seed: -1 is not possible/],
    ['flat-field', { width: 8 }, /width: 8 is not possible; allowed are 16 to 16384/],
    ['flat-field', { height: 100.5 }, /height: 100.5 is not possible/],
    ['constructor', {}, OpticsError],
    ['flat-field', { toString: 1 }, /toString: the chart flat-field has no such parameter/],
  ])('names what is wrong with %s %j', (name, options, message) => {
    expect(() => drawChart(name, { ...SIZE, ...options })).toThrow(message);
  });
});

describe('colorChecker', () => {
  it('has each patch of its measurement at its landmarks', () => {
    for (const [data, reflectances] of [
      ['babelcolor', COLOR_CHECKER_REFLECTANCES],
      ['ohta', COLOR_CHECKER_OHTA_REFLECTANCES],
    ] as const) {
      const chart = colorChecker({ ...SIZE, data });
      const { patches } = landmarksOf(chart, 'patches');
      expect(patches.map(({ name }) => name)).toEqual(reflectances.map(({ name }) => name));
      patches.forEach(({ corners, material }, i) => {
        const [x, y] = middle(corners);
        const at = Math.floor(y * 160) * 240 + Math.floor(x * 240);
        expect(chart.scene.first[at]).toBe(material);
        expect(chart.scene.mix[at]).toBe(0);
        expect(chart.scene.materials[material]).toBe(reflectances[i]!.reflectance);
      });
    }
  });

  it('covers exactly the area of its patches', () => {
    const { scene, landmarks } = colorChecker({ width: 317, height: 211 });
    if (landmarks.kind !== 'patches') throw new Error('patches expected');
    for (const { material, corners } of landmarks.patches) {
      let area = 0;
      for (let at = 0; at < scene.mix.length; at++)
        area +=
          (scene.first[at] === material ? 1 - scene.mix[at]! : 0) +
          (scene.second[at] === material ? scene.mix[at]! : 0);
      const wanted = (corners[2][0] - corners[0][0]) * 317 * (corners[2][1] - corners[0][1]) * 211;
      // The shares are stored as floats.
      expect(area / wanted).toBeCloseTo(1, 6);
    }
  });

  it('is refused where patches would touch', () => {
    expect(() => colorChecker({ width: 40, height: 30, gap: 0.02 })).toThrow(/width: 40 × 30 samples leave/);
  });
});

describe('slantedEdge', () => {
  it('has the edge through the centre and its exact place in every row', () => {
    const angleDegrees = 5;
    const { scene, landmarks } = slantedEdge({ ...SIZE, angleDegrees, contrast: 4, light: 0.8 });
    if (landmarks.kind !== 'edges') throw new Error('edges expected');
    const { from, to } = landmarks.edges[0]!;
    expect(middle([from, to])).toEqual([0.5, 0.5]);
    for (let y = 0; y < 160; y += 7) {
      let dark = 0;
      for (let x = 0; x < 240; x++) dark += (0.8 - reflectanceAt(scene, x, y)) / 0.6;
      const wanted = 120 + (y + 0.5 - 80) * Math.tan((angleDegrees * Math.PI) / 180);
      // 240 shares stored as floats.
      expect(dark).toBeCloseTo(wanted, 4);
      const along = ((y + 0.5) / 160 - from[1]) / (to[1] - from[1]);
      expect((from[0] + along * (to[0] - from[0])) * 240).toBeCloseTo(wanted, 9);
    }
  });
});

describe('slantedSquares', () => {
  it('has light outside and dark inside of every edge, and the exact dark area', () => {
    const { scene, landmarks } = slantedSquares({ width: 300, height: 200, columns: 3, rows: 2, light: 0.8 });
    if (landmarks.kind !== 'edges') throw new Error('edges expected');
    expect(landmarks.edges).toHaveLength(24);
    for (let square = 0; square < 6; square++) {
      const edges = landmarks.edges.slice(square * 4, square * 4 + 4);
      const [centreX, centreY] = middle(edges.flatMap(({ from, to }) => [from, to]));
      expect(reflectanceAt(scene, Math.floor(centreX * 300), Math.floor(centreY * 200))).toBeCloseTo(0.2, 6);
      edges.forEach(({ from, to, near }, i) => {
        expect(near).toBe(i % 2 === 0 ? 'rows' : 'columns');
        const [x, y] = middle([from, to]);
        // A little further out than the edge's middle.
        const outX = x * 300 + (x - centreX) * 300 * 0.2;
        const outY = y * 200 + (y - centreY) * 200 * 0.2;
        expect(reflectanceAt(scene, Math.floor(outX), Math.floor(outY))).toBeCloseTo(0.8, 6);
      });
      edges.forEach(({ to }, i) => {
        const next = edges[(i + 1) % 4]!.from;
        expect(to[0]).toBeCloseTo(next[0], 12);
        expect(to[1]).toBeCloseTo(next[1], 12);
      });
    }
    let dark = 0;
    for (let y = 0; y < 200; y++)
      for (let x = 0; x < 300; x++) dark += (0.8 - reflectanceAt(scene, x, y)) / 0.6;
    expect(dark / (6 * 56 ** 2)).toBeCloseTo(1, 6);
  });
});

describe('siemensStar', () => {
  it.each(['sinusoidal', 'binary'] as const)('%s has its cycles on every circle', (profile) => {
    const { scene } = siemensStar({ width: 400, height: 400, cycles: 36, profile, contrast: 20, light: 0.8 });
    for (const radius of [40, 90, 180]) {
      // The Fourier component of 36 periods around the circle, by nearest samples.
      let [cos, sin, mean] = [0, 0, 0];
      const n = 7200;
      for (let i = 0; i < n; i++) {
        const angle = (i * 2 * Math.PI) / n;
        const light = reflectanceAt(
          scene,
          Math.floor(200 + radius * Math.cos(angle)),
          Math.floor(200 + radius * Math.sin(angle)),
        );
        const share = (light - 0.04) / 0.76;
        mean += share / n;
        cos += (2 * share * Math.cos(36 * angle)) / n;
        sin += (2 * share * Math.sin(36 * angle)) / n;
      }
      expect(mean).toBeCloseTo(0.5, 1);
      // Sine amplitude 1/2, a square wave's first harmonic 2/π, both times the sinc² of samples (at radius 40: 0.87).
      const least = (profile === 'binary' ? 2 / Math.PI : 0.5) * (radius === 40 ? 0.8 : 0.93);
      expect(cos).toBeGreaterThan(least);
      expect(Math.abs(sin)).toBeLessThan(0.03);
    }
  });

  it('is the mean of the star over each sample, near the centre too', () => {
    for (const profile of ['sinusoidal', 'binary'] as const) {
      const { scene } = siemensStar({ width: 64, height: 64, cycles: 20, profile, contrast: 20, light: 0.8 });
      for (const [x, y] of [
        [33, 32],
        [35, 40],
        [50, 33],
        [20, 45],
        [63, 0],
      ] as const) {
        let sum = 0;
        const n = 200;
        for (let j = 0; j < n; j++)
          for (let i = 0; i < n; i++) {
            const wave = Math.cos(20 * Math.atan2(y + (j + 0.5) / n - 32, x + (i + 0.5) / n - 32));
            sum += profile === 'binary' ? (wave > 0 ? 1 : 0) : 0.5 + wave / 2;
          }
        // Counting is good to about 0.005 where many spokes cross a sample.
        expect(Math.abs((reflectanceAt(scene, x, y) - 0.04) / 0.76 - sum / (n * n))).toBeLessThan(0.006);
      }
    }
  });
});

describe('deadLeaves', () => {
  it('gives the same picture for the same seed and another for another', () => {
    const [one, again, other] = [5, 5, 6].map((seed) => deadLeaves({ ...SIZE, seed }).scene) as [
      SpectralScene,
      SpectralScene,
      SpectralScene,
    ];
    for (const plane of ['first', 'second', 'mix'] as const)
      expect(one[plane].every((value, i) => value === again[plane][i])).toBe(true);
    expect(one.first.every((value, i) => value === other.first[i])).toBe(false);
  });

  it('has the mean and the variance of its leaves', () => {
    let [sum, squares, count] = [0, 0, 0];
    let wanted = { mean: 0, variance: 0 };
    for (let seed = 0; seed < 8; seed++) {
      const chart = deadLeaves({ ...SIZE, seed, largest: 0.05 });
      wanted = landmarksOf(chart, 'texture');
      for (let y = 0; y < 160; y += 3)
        for (let x = 0; x < 240; x += 3) {
          const value = reflectanceAt(chart.scene, x, y);
          sum += value;
          squares += value * value;
          count++;
        }
    }
    const mean = sum / count;
    expect(wanted.mean).toBeCloseTo(0.4, 12);
    // Uniform between 0.05 and 0.75 in 256 steps.
    expect(wanted.variance).toBeCloseTo(0.7 ** 2 / 12, 5);
    // Some 30000 independent leaves are seen: three standard errors are 0.004; mixed edges take off variance, about one
    // sample in eight by a half.
    expect(Math.abs(mean - wanted.mean)).toBeLessThan(0.005);
    const share = (squares / count - mean ** 2) / wanted.variance;
    expect(share).toBeGreaterThan(0.8);
    expect(share).toBeLessThan(1.02);
  });

  it('looks the same at twice the scale: its correlation depends on distance over that scale alone', () => {
    // Where radii have a density of r⁻³, two places a distance d apart lie on one leaf with a probability that hardly
    // falls from d to 2d, by the same step each time the distance doubles (Lee, Mumford and Huang 2001).
    const same = new Map<number, number>();
    for (let seed = 0; seed < 6; seed++) {
      const { scene } = deadLeaves({ width: 320, height: 320, seed, smallest: 1, largest: 0.5 });
      for (const distance of [4, 8, 16]) {
        let hits = 0;
        for (let y = 0; y < 320; y += 2)
          for (let x = 0; x + distance < 320; x += 2)
            if (scene.first[y * 320 + x] === scene.first[y * 320 + x + distance]) hits++;
        same.set(distance, (same.get(distance) ?? 0) + hits / (160 * Math.ceil((320 - distance) / 2)) / 6);
      }
    }
    const [near, far, further] = [same.get(4)!, same.get(8)!, same.get(16)!];
    expect(near).toBeGreaterThan(far);
    expect(far).toBeGreaterThan(further);
    // Steps of a logarithm: equal within what six pictures tell.
    expect((near - far) / (far - further)).toBeGreaterThan(0.5);
    expect((near - far) / (far - further)).toBeLessThan(2);
  });

  it('leaves no sample out and takes natural surfaces that do not shine', () => {
    const { scene } = deadLeaves({ ...SIZE, colors: 'natural', smallest: 3 });
    expect(new Set(scene.first).size).toBeGreaterThan(100);
    for (const material of scene.materials) expect(Math.max(...material)).toBeLessThanOrEqual(1);
  });

  it('is refused where the largest leaf is not larger than the smallest', () => {
    expect(() => deadLeaves({ ...SIZE, smallest: 50, largest: 0.25 })).toThrow(
      /largest: leaves of at most 40.0/,
    );
  });
});

describe('greyScale', () => {
  it('spreads its patches evenly over the stops, 20 of them if asked', () => {
    const chart = greyScale({ ...SIZE, steps: 21, stops: 20, lightest: 1 });
    const { patches } = landmarksOf(chart, 'patches');
    patches.forEach(({ corners, material }, i) => {
      const [x, y] = middle(corners);
      expect(chart.scene.first[Math.floor(y * 160) * 240 + Math.floor(x * 240)]).toBe(material);
      expect(Math.log2(chart.scene.materials[material]![GREEN]!)).toBeCloseTo(-i, 9);
    });
  });

  it('takes densities as they are', () => {
    const { scene } = greyScale({ ...SIZE, densities: [0.1, 1, 3] });
    expect(scene.materials.slice(1).map((material) => -Math.log10(material[0]!))).toEqual([
      expect.closeTo(0.1, 9),
      expect.closeTo(1, 9),
      expect.closeTo(3, 9),
    ]);
  });

  it('is refused where patches get too small', () => {
    expect(() => greyScale({ width: 16, height: 16, steps: 100 })).toThrow(/steps: 100 patches/);
  });
});

describe('pointLights', () => {
  it('puts the whole light of every lamp at its place', () => {
    const radius = 1.7;
    const chart = pointLights({ ...SIZE, count: 20, stops: 10, radius, seed: 3 });
    const { points } = landmarksOf(chart, 'points');
    expect(points.at(-1)!.light / points[0]!.light).toBeCloseTo(1024, 6);
    for (const { at, light } of points) {
      let [sum, sumX, sumY] = [0, 0, 0];
      const [cx, cy] = [at[0] * 240, at[1] * 160];
      for (let y = Math.floor(cy - 3); y <= cy + 3; y++)
        for (let x = Math.floor(cx - 3); x <= cx + 3; x++) {
          if (x < 0 || y < 0 || x >= 240 || y >= 160) continue;
          const value = reflectanceAt(chart.scene, x, y);
          sum += value;
          sumX += value * (x + 0.5);
          sumY += value * (y + 0.5);
        }
      expect(sum / (light * Math.PI * radius ** 2)).toBeCloseTo(1, 6);
      // The centroid of exact areas: within samples it is known to the sample's own spread, about 1/20 here.
      expect(Math.abs(sumX / sum - cx)).toBeLessThan(0.06);
      expect(Math.abs(sumY / sum - cy)).toBeLessThan(0.06);
    }
  });

  it('is refused where the picture is full', () => {
    expect(() => pointLights({ width: 40, height: 40, radius: 19 })).toThrow(
      /radius: lamps of 19 do not fit/,
    );
    expect(() => pointLights({ width: 40, height: 40, count: 200 })).toThrow(
      /count: 40 × 40 samples hold no more/,
    );
  });
});

describe('lineGrid', () => {
  it('has dark lines through its crossings and the exact dark area', () => {
    const chart = lineGrid({ ...SIZE, lines: 10, lineWidth: 2.5, light: 0.8, dark: 0 });
    const { columns, rows, crossings } = landmarksOf(chart, 'grid');
    expect([columns, rows]).toEqual([10, 6]);
    expect(crossings).toHaveLength(60);
    for (const [x, y] of crossings)
      expect(reflectanceAt(chart.scene, Math.floor(x * 240), Math.floor(y * 160))).toBe(0);
    let dark = 0;
    for (let y = 0; y < 160; y++)
      for (let x = 0; x < 240; x++) dark += 1 - reflectanceAt(chart.scene, x, y) / 0.8;
    expect(dark).toBeCloseTo(240 * 160 - (240 - 25) * (160 - 15), 2);
  });

  it('is refused where lines touch', () => {
    expect(() => lineGrid({ ...SIZE, lines: 100 })).toThrow(/lines: 100 lines of 3 in 240 samples touch/);
  });
});

describe('flatField', () => {
  it('is one material', () => {
    const { scene } = flatField({ ...SIZE, reflectance: 0.5 });
    expect(reflectanceAt(scene, 200, 100)).toBe(0.5);
    expect(new Set(scene.first)).toEqual(new Set([0]));
  });
});
