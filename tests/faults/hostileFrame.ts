import type { Area, Matrix3, Opcode, OpcodeArea, RawFrame } from '@photosite/raw';
import { seededRandom } from '../../packages/raw/src/testing/mutate.js';
import { syntheticFrame } from '../../packages/raw/src/testing/syntheticFrame.js';
import { XTRANS } from './originals.js';

const NUMBERS = [
  0,
  -0,
  1,
  -1,
  0.5,
  1e-3,
  1e-9,
  1e-38,
  1e-300,
  2,
  100,
  65535,
  65536,
  1e9,
  4294967295,
  1e30,
  3e38,
  1e300,
  -1e-9,
  -1e9,
  -1e300,
  Infinity,
  -Infinity,
  NaN,
];
const SIZES = [1, 2, 3, 4, 5, 7, 8, 13, 16, 31];

/**
 * A frame as no reader would hand it out: absurd numbers in its fields, of the right types and lengths. Callers of the
 * engine need not come by way of our reader.
 */
export function hostileFrame(seed: number): RawFrame {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const one = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const chance = (share: number): boolean => random() < share;
  /** Mostly the sane value, else an absurd one. */
  const odd = (sane: number): number => (chance(0.8) ? sane : one(NUMBERS));
  const numbers = (count: number, sane: () => number): number[] =>
    Array.from({ length: count }, () => odd(sane()));
  const matrix = (): Matrix3 => numbers(9, () => random() - 0.3) as unknown as Matrix3;
  const integer = (limit: number): number =>
    chance(0.6) ? below(limit + 2) : one([0, 1, 2 ** 31 - 1, -1, -(2 ** 31)]);

  const [width, height] = [one(SIZES), one(SIZES)];
  const kind = below(6);
  const planes = kind === 4 ? 3 : 1;
  const count = width * height * planes;
  const float = chance(0.3);
  const samples = float
    ? Float32Array.from({ length: count }, () => odd(random()))
    : Uint16Array.from({ length: count }, () => (chance(0.9) ? random() * 16000 : one([0, 65535])));
  const part = (w: number, h: number): Area => {
    const [top, left] = [below(h), below(w)];
    return { top, left, bottom: top + 1 + below(h - top), right: left + 1 + below(w - left) };
  };
  const activeArea = chance(0.7) ? { top: 0, left: 0, bottom: height, right: width } : part(width, height);
  const [activeWidth, activeHeight] = [
    activeArea.right - activeArea.left,
    activeArea.bottom - activeArea.top,
  ];
  const cfas: RawFrame['cfa'][] = [
    {
      width: 2,
      height: 2,
      pattern: one([
        [0, 1, 1, 2],
        [1, 0, 2, 1],
        [1, 2, 0, 1],
        [2, 1, 1, 0],
      ]),
      kind: 'bayer',
    },
    XTRANS,
    { width: 1, height: 1, pattern: [below(3)], kind: 'other' },
    { width: 2, height: 2, pattern: [0, 0, 1, 2], kind: one(['bayer', 'other'] as const) },
  ];
  const cfa = cfas[kind];
  const [repeatRows, repeatCols] = chance(0.7) ? [2, 2] : [1 + below(64), 1 + below(64)];

  const area = (): OpcodeArea => ({
    top: integer(activeHeight),
    left: integer(activeWidth),
    bottom: integer(activeHeight),
    right: integer(activeWidth),
    plane: integer(3),
    planes: integer(3),
    rowPitch: integer(2),
    colPitch: integer(2),
  });
  const floats = (length: number): Float32Array => Float32Array.from(numbers(length, () => 0.5 + random()));
  const base = { dngVersion: '1.3.0.0', optional: true, previewSkip: false };
  const map = (): Opcode => {
    const [mapPointsV, mapPointsH] = [1 + below(chance(0.9) ? 4 : 300), 1 + below(chance(0.9) ? 4 : 300)];
    const mapPlanes = 1 + below(4);
    const gains = floats(mapPointsV * mapPointsH * mapPlanes);
    const [mapSpacingV, mapSpacingH] = [odd(0.3), odd(0.3)];
    const [mapOriginV, mapOriginH] = [odd(0), odd(0)];
    const spacing = { mapSpacingV, mapSpacingH, mapOriginV, mapOriginH };
    return { ...base, kind: 'GainMap', area: area(), mapPointsV, mapPointsH, mapPlanes, ...spacing, gains };
  };
  const makers: (() => Opcode)[] = [
    map,
    () => ({ ...base, kind: 'MapPolynomial', area: area(), coefficients: numbers(1 + below(9), random) }),
    () => ({
      ...base,
      kind: 'MapTable',
      area: area(),
      table: Uint16Array.from({ length: 1 + below(9) }, () => below(65536)),
    }),
    () => ({
      ...base,
      kind: one(['DeltaPerRow', 'DeltaPerColumn', 'ScalePerRow', 'ScalePerColumn'] as const),
      area: area(),
      values: floats(below(20)),
    }),
    () => ({
      ...base,
      kind: 'FixBadPixelsList',
      bayerPhase: below(4),
      points: Int32Array.from({ length: 2 * below(4) }, () => integer(8)),
      rects: Int32Array.from({ length: 4 * below(4) }, () => integer(8)),
    }),
    () => ({ ...base, kind: 'FixBadPixelsConstant', constant: one([0, 1, 65535]), bayerPhase: below(4) }),
    () => ({
      ...base,
      kind: 'FixVignetteRadial',
      coefficients: numbers(5, random),
      center: [odd(0.5), odd(0.5)],
    }),
    () => ({
      ...base,
      kind: 'WarpRectilinear',
      coefficients: [numbers(6, random)],
      center: [odd(0.5), odd(0.5)],
    }),
  ];
  const opcodes = (): Opcode[] => Array.from({ length: below(4) }, () => one(makers)());
  const hueSatMap = () => {
    const [hueDivisions, satDivisions, valDivisions] = [one([1, 2, 6, 90]), one([2, 3, 30]), one([1, 2, 16])];
    const encoding = one(['linear', 'srgb'] as const);
    const data = floats(hueDivisions * satDivisions * valDivisions * 3);
    return { hueDivisions, satDivisions, valDivisions, encoding, data };
  };
  const calibration = () => ({
    illuminant: one([0, 17, 21, 23, 255, 65535]),
    ...(chance(0.8) && { colorMatrix: matrix() }),
    ...(chance(0.5) && { forwardMatrix: matrix() }),
    ...(chance(0.3) && { cameraCalibration: matrix() }),
    ...(chance(0.3) && { whiteXy: { x: odd(0.33), y: odd(0.33) } }),
    ...(chance(0.3) && { hueSatMap: hueSatMap() }),
  });
  const { blackLevel: _, linearization: __, cfa: ___, asShotNeutral: ____, ...tags } = syntheticFrame();
  return {
    ...tags,
    samples,
    width,
    height,
    samplesPerPixel: planes,
    ...(cfa && { cfa }),
    blackLevel: {
      repeatRows,
      repeatCols,
      values: numbers(repeatRows * repeatCols * planes, () => (float ? 0 : 64)),
      ...(chance(0.3) && { deltaH: floats(activeWidth) }),
      ...(chance(0.3) && { deltaV: floats(activeHeight) }),
    },
    ...(chance(0.3) && { linearization: Uint16Array.from({ length: 1 + below(9) }, () => below(65536)) }),
    whiteLevel: numbers(planes, () => (float ? 1 : 16383)),
    activeArea,
    maskedAreas: [],
    defaultCrop: chance(0.5)
      ? { top: 0, left: 0, bottom: activeHeight, right: activeWidth }
      : { top: odd(0), left: odd(0), bottom: odd(activeHeight), right: odd(activeWidth) },
    orientation: one([1, 2, 3, 4, 5, 6, 7, 8] as const),
    color: {
      calibrations: Array.from({ length: below(4) }, calibration),
      analogBalance: numbers(3, () => 1),
      toneCurve: floats(2 * below(5)),
      baselineExposureOffset: odd(0),
    },
    ...(chance(0.7) && { asShotNeutral: numbers(one([1, 3, 3, 3]), () => 0.6) }),
    ...(chance(0.3) && { asShotWhite: { x: odd(0.33), y: odd(0.34) } }),
    baselineExposure: odd(0.3),
    noiseProfile: [{ scale: odd(1e-4), offset: odd(1e-6) }],
    opcodes: { list1: opcodes(), list2: opcodes(), list3: opcodes() },
  };
}
