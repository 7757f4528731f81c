import type { Opcode } from '@photosite/raw';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Engine } from '../../Engine.js';
import { most } from '../../testing/extremes.js';
import { linearRawFrame } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { developed } from '../../testing/render.js';
import type { Vignetting } from '../lens-geometry/LensCorrection.js';
import { gainTable, vignettingGain } from './index.js';
import { gainAt } from './reference.js';

let engine: Engine;
let bench: KernelBench;
beforeAll(async () => {
  [engine, bench] = await Promise.all([Engine.create({ threads: 1 }), KernelBench.create()]);
});
afterAll(() => engine.close());

const VIGNETTING: Vignetting = {
  center: [30.5, 20.5],
  radiusPx: 36,
  coefficients: [0.4, 0.2, 0.1],
  reciprocal: false,
};

describe('lens vignetting', () => {
  it('kernel and reference agree bit for bit', () => {
    const random = seededRandom(2);
    const { table, perUnit } = gainTable(VIGNETTING, 60, 40);
    const row = Float32Array.from({ length: 3 * 60 }, () => random());
    const address = bench.heap.place(row);
    const dy = (7.5 - 20.5) / 36;
    bench.kernels.lensVignettingRow(
      address,
      240,
      0,
      30,
      dy,
      1 / 36,
      60,
      bench.heap.place(table),
      perUnit,
      table.length - 2,
    );
    const expected = row.map((value, i) => {
      const dx = ((i % 60) - 30) * (1 / 36);
      return value * gainAt(table, perUnit, dx * dx + dy * dy);
    });
    expect([...bench.floats(address, 180)]).toEqual([...expected]);
  });

  it('makes a flat field flat again that a lens has darkened by the same polynomial', async () => {
    const opcode: Opcode = {
      kind: 'FixVignetteRadial',
      coefficients: [0.5, 0.3, 0.1, 0.05, 0.02],
      center: [0.45, 0.55],
      dngVersion: '1.3.0.0',
      optional: true,
      previewSkip: false,
    };
    const [width, height] = [150, 100];
    // DNG 1.6, chapter 7: from pixel centres, in units of the distance to the farthest corner.
    const center = [0.45 * (width - 1), 0.55 * (height - 1)] as const;
    const m = Math.hypot(
      Math.max(center[0], width - 1 - center[0]),
      Math.max(center[1], height - 1 - center[1]),
    );
    const frame = linearRawFrame(
      width,
      height,
      (x, y) => {
        const r2 = ((x - center[0]) ** 2 + (y - center[1]) ** 2) / (m * m);
        return 0.3 / (1 + opcode.coefficients.reduce((sum, k, i) => sum + k * r2 ** (i + 1), 0));
      },
      {
        float: true,
        overrides: { asShotNeutral: [1, 1, 1], opcodes: { list1: [], list2: [], list3: [opcode] } },
      },
    );
    const recipe = { denoise: { luminance: 0, chroma: 0 } } as const;
    const { pixels } = await developed(engine, frame, { as: 'linear-rec2020', recipe });
    // The table's linear reading, and white balance and colour matrix in 32 bits.
    expect(most(pixels, (value) => Math.abs(value - 0.3))).toBeLessThan(1e-5);
    const off = { ...recipe, lensGeometry: { lens: 'off' } } as const;
    const dark = await developed(engine, frame, { as: 'linear-rec2020', recipe: off });
    expect(Math.min(...dark.pixels)).toBeLessThan(0.2);
  });

  it('undoes a darkening by its reciprocal, and never gains more than a lens can need', () => {
    const darkening: Vignetting = { ...VIGNETTING, coefficients: [-0.3, 0.02], reciprocal: true };
    expect(vignettingGain(darkening, 0.5)).toBeCloseTo(1 / (1 - 0.3 * 0.5 + 0.02 * 0.25), 12);
    expect(vignettingGain({ ...darkening, coefficients: [-1] }, 1)).toBe(16);
    expect(vignettingGain({ ...darkening, coefficients: [-3] }, 1)).toBe(16);
    expect(vignettingGain({ ...VIGNETTING, coefficients: [1e30] }, 1)).toBe(16);
    expect(vignettingGain({ ...VIGNETTING, coefficients: [-3] }, 1)).toBe(0);
  });
});
