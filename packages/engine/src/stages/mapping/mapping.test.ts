import type { Opcode, OpcodeArea, RawFrame } from '@photosite/raw';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Stage } from '../../stage.js';
import { most } from '../../testing/extremes.js';
import { bayerFrame, flat, linearRawFrame } from '../../testing/frames.js';
import { KernelBench } from '../../testing/KernelBench.js';
import { seededRandom } from '../../testing/random.js';
import { mapping as stage } from './index.js';
import { mapped } from './reference.js';

let bench: KernelBench;
beforeAll(async () => {
  bench = await KernelBench.create();
});

const WIDTH = 20;
const HEIGHT = 12;
const AREA: OpcodeArea = {
  top: 1,
  left: 2,
  bottom: 11,
  right: 19,
  plane: 0,
  planes: 1,
  rowPitch: 2,
  colPitch: 3,
};
const base = { dngVersion: '1.3.0.0', optional: false, previewSkip: false } as const;

type Mapping = Parameters<typeof mapped>[0];

function opcodes(area: OpcodeArea): Mapping[] {
  const random = seededRandom(3);
  const values = (count: number, low: number, high: number): Float32Array =>
    Float32Array.from({ length: count }, () => low + (high - low) * random());
  return [
    { ...base, kind: 'MapPolynomial', area, coefficients: [0.02, 0.5, 0.7, -0.3] },
    {
      ...base,
      kind: 'MapTable',
      area,
      table: Uint16Array.from({ length: 50000 }, (_, i) => (i * i) / 50000),
    },
    { ...base, kind: 'DeltaPerRow', area, values: values(6, -0.1, 0.1) },
    { ...base, kind: 'DeltaPerColumn', area, values: values(6, -0.1, 0.1) },
    { ...base, kind: 'ScalePerRow', area, values: values(6, 0.5, 1.5) },
    { ...base, kind: 'ScalePerColumn', area, values: values(6, 0.5, 1.5) },
  ];
}

/** Balanced values over the whole active area before and after the stage. */
function throughStage(
  frame: RawFrame,
  list: readonly Opcode[],
  plane: number,
  light: (i: number) => number,
): number[] {
  const planned = { ...frame, opcodes: { ...frame.opcodes, list2: list } };
  const place = { left: 0, top: 0, width: WIDTH, height: HEIGHT, activeWidth: WIDTH, activeHeight: HEIGHT };
  const tile = bench.tile({ ...place, period: 2 });
  const context = bench.context(planned);
  const address = frame.cfa === undefined ? tile.planes + plane * tile.planeStride : tile.mosaic;
  const floats = new Float32Array(bench.heap.memory.buffer, address, WIDTH * HEIGHT);
  const gain = (i: number): number =>
    context.balance[
      frame.cfa === undefined ? plane : frame.cfa.pattern[(Math.floor(i / WIDTH) % 2) * 2 + (i % 2)]!
    ]!;
  for (let i = 0; i < floats.length; i++) floats[i] = light(i) * gain(i);
  const plan = (stage as Stage).plan({} as never, context);
  (stage as Stage).run(plan, tile, bench.kernels);
  return Array.from(floats, (value, i) => value / gain(i));
}

describe('mapping opcodes', () => {
  const light = (i: number): number => Math.fround(((i * 37) % 101) / 100 - 0.02);

  it.each(opcodes(AREA).map((opcode) => [opcode.kind, opcode] as const))(
    '%s: kernel = reference on a mosaic',
    (_, opcode) => {
      const frame = bayerFrame(WIDTH, HEIGHT, flat(0.2, 0.3, 0.4), { asShotNeutral: [0.5, 1, 0.7] });
      const out = throughStage(frame, [opcode], 0, light);
      // A table's step of 1/65535 may fall to either side where balancing has moved the value's last bit.
      const tolerance = opcode.kind === 'MapTable' ? 6e-5 : 1e-6;
      expect(
        most(out, (value, i) => Math.abs(value - mapped(opcode, light(i), i % WIDTH, Math.floor(i / WIDTH)))),
      ).toBeLessThan(tolerance);
    },
  );

  it('opcodes follow one another in the file’s order', () => {
    const [polynomial, , delta] = opcodes({ ...AREA, rowPitch: 1, colPitch: 1, planes: 3 });
    const frame = linearRawFrame(WIDTH, HEIGHT, flat(0.2, 0.3, 0.4));
    const longDelta = { ...delta!, values: new Float32Array(12).fill(0.25) } as Mapping;
    const order = [longDelta, polynomial!];
    const out = throughStage(frame, order, 1, light);
    const expected = (i: number): number =>
      order.reduce((value, opcode) => mapped(opcode, value, i % WIDTH, Math.floor(i / WIDTH)), light(i));
    expect(most(out, (value, i) => Math.abs(value - expected(i)))).toBeLessThan(1e-6);
  });

  it('a plane outside of the opcode’s range stays as it is', () => {
    const [polynomial] = opcodes(AREA);
    const frame = linearRawFrame(WIDTH, HEIGHT, flat(0.2, 0.3, 0.4));
    const out = throughStage(frame, [polynomial!], 2, light);
    expect(most(out, (value, i) => Math.abs(value - light(i)))).toBeLessThan(1e-7);
  });

  it('without such opcodes there is nothing to do', () => {
    const frame = bayerFrame(WIDTH, HEIGHT, flat(0.2, 0.3, 0.4));
    expect((stage as Stage).plan({} as never, bench.context(frame))).toBeUndefined();
  });
});
