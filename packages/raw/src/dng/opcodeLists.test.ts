import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Opcode } from '../opcodes.js';
import { RawFileError } from '../RawFileError.js';
import { parseOpcodeList, serializeOpcodeList } from './opcodeLists.js';

const place = { tag: 'OpcodeList2', offset: 1000 };
const uint = fc.nat(0x7fffffff);
const real = fc.double({ noNaN: true, noDefaultInfinity: true });
const reals = (length: number) => fc.array(real, { minLength: length, maxLength: length });
const center = fc.tuple(real, real);
const planes = (length: number) => fc.array(reals(length), { minLength: 1, maxLength: 4 });
const float32s = (length: number) =>
  fc.float32Array({ minLength: length, maxLength: length, noNaN: true, noDefaultInfinity: true });
const base = {
  dngVersion: fc.constantFrom('1.3.0.0', '1.4.0.0', '1.6.0.0'),
  optional: fc.boolean(),
  previewSkip: fc.boolean(),
};
const area = fc
  .record({
    top: fc.nat(5000),
    left: fc.nat(5000),
    height: fc.nat(5000),
    width: fc.nat(5000),
    plane: fc.nat(3),
    planes: fc.nat(4),
    rowPitch: fc.integer({ min: 1, max: 4 }),
    colPitch: fc.integer({ min: 1, max: 4 }),
  })
  .map(({ height, width, ...rest }) => ({ ...rest, bottom: rest.top + height, right: rest.left + width }));

const opcode: fc.Arbitrary<Opcode> = fc.oneof(
  fc.record({ ...base, kind: fc.constant('WarpRectilinear' as const), coefficients: planes(6), center }),
  fc.record({ ...base, kind: fc.constant('WarpFisheye' as const), coefficients: planes(4), center }),
  fc.record({
    ...base,
    kind: fc.constant('WarpRectilinear2' as const),
    coefficients: planes(19),
    center,
    reciprocal: fc.boolean(),
  }),
  fc.record({ ...base, kind: fc.constant('FixVignetteRadial' as const), coefficients: reals(5), center }),
  fc.record({
    ...base,
    kind: fc.constant('FixBadPixelsConstant' as const),
    constant: uint,
    bayerPhase: fc.nat(3),
  }),
  fc.record({
    ...base,
    kind: fc.constant('FixBadPixelsList' as const),
    bayerPhase: fc.nat(3),
    points: fc.array(fc.tuple(uint, uint)).map((points) => Int32Array.from(points.flat())),
    rects: fc.array(fc.tuple(uint, uint, uint, uint)).map((rects) => Int32Array.from(rects.flat())),
  }),
  fc.record({
    ...base,
    kind: fc.constant('TrimBounds' as const),
    top: uint,
    left: uint,
    bottom: uint,
    right: uint,
  }),
  fc.record({
    ...base,
    kind: fc.constant('MapTable' as const),
    area,
    table: fc.uint16Array({ minLength: 1, maxLength: 64 }),
  }),
  fc.record({
    ...base,
    kind: fc.constant('MapPolynomial' as const),
    area,
    coefficients: fc.array(real, { minLength: 1, maxLength: 9 }),
  }),
  fc
    .record({
      ...base,
      area,
      v: fc.integer({ min: 1, max: 5 }),
      h: fc.integer({ min: 1, max: 5 }),
      p: fc.constantFrom(1, 3),
    })
    .chain(({ v, h, p, ...rest }) =>
      fc
        .record({ spacing: fc.tuple(real, real), origin: fc.tuple(real, real), gains: float32s(v * h * p) })
        .map(
          ({ spacing, origin, gains }): Opcode => ({
            ...rest,
            kind: 'GainMap',
            mapPointsV: v,
            mapPointsH: h,
            mapSpacingV: spacing[0],
            mapSpacingH: spacing[1],
            mapOriginV: origin[0],
            mapOriginH: origin[1],
            mapPlanes: p,
            gains,
          }),
        ),
    ),
  fc.record({
    ...base,
    kind: fc.constantFrom('DeltaPerRow', 'DeltaPerColumn', 'ScalePerRow', 'ScalePerColumn'),
    area,
    values: fc.float32Array({ maxLength: 32, noNaN: true, noDefaultInfinity: true }),
  }),
  fc.record({
    ...base,
    kind: fc.constant('unknown' as const),
    id: fc.integer({ min: 15, max: 0xffff }),
    data: fc.uint8Array({ maxLength: 32 }),
  }),
);

describe('opcode lists', () => {
  it('are read back as they were written, for every opcode of DNG 1.6 and unknown ones', () => {
    fc.assert(
      fc.property(fc.array(opcode, { maxLength: 6 }), (opcodes) => {
        expect(parseOpcodeList(serializeOpcodeList(opcodes), place)).toEqual(opcodes);
      }),
      { numRuns: 300 },
    );
  });

  it('end in a RawFileError with tag and offset wherever they are cut', () => {
    fc.assert(
      fc.property(fc.array(opcode, { minLength: 1, maxLength: 3 }), fc.nat(), (opcodes, at) => {
        const bytes = serializeOpcodeList(opcodes);
        const cut = bytes.subarray(0, at % bytes.length);
        let caught: unknown;
        try {
          parseOpcodeList(cut, place);
        } catch (error) {
          caught = error;
        }
        expect(caught).toBeInstanceOf(RawFileError);
        expect((caught as RawFileError).tag).toBe('OpcodeList2');
        expect((caught as RawFileError).offset).toBeGreaterThanOrEqual(1000);
      }),
    );
  });

  it('are refused with parameters that are not finite, a pitch of zero, or a count beyond the data', () => {
    const gain = serializeOpcodeList([
      {
        kind: 'ScalePerRow',
        dngVersion: '1.3.0.0',
        optional: false,
        previewSkip: false,
        area: { top: 0, left: 0, bottom: 1, right: 1, plane: 0, planes: 1, rowPitch: 1, colPitch: 1 },
        values: Float32Array.of(1),
      },
    ]);
    const header = 4 + 16;
    const broken = (at: number, value: number) => {
      const bytes = gain.slice();
      new DataView(bytes.buffer).setUint32(at, value);
      return () => parseOpcodeList(bytes, place);
    };
    expect(parseOpcodeList(gain, place)).toHaveLength(1);
    expect(broken(0, 0xffffffff)).toThrow(RawFileError);
    expect(broken(header + 4 * 6, 0)).toThrow(RawFileError);
    expect(broken(header + 4 * 8, 0x40000000)).toThrow(RawFileError);
    expect(broken(header + 4 * 9, 0x7fc00000)).toThrow(RawFileError);
  });
});
