import type { Area, NoiseProfile, Opcode, RawFrame } from '@photosite/raw';
import { patternAt } from '../../stages/linearise/tables.js';

/** White of 16 bits; black levels are multiples, since some readers expect whole ones of few bits, up to the most. */
const WHITE = 65535;
const BLACK_STEP = 64;
const MOST_BLACK = 4096;
/** Deviations of the reference's noise that a mosaic keeps below black. */
const DEEPEST = 8;

/** What a merge has become. */
export interface Merged {
  readonly output: 'mosaic' | 'rgb';
  readonly width: number;
  readonly height: number;
  /** Of what is left, by colour, in the reference's light. */
  readonly noise: readonly NoiseProfile[];
  /** What the values were divided by: the most light in them, relative to the reference's white. */
  readonly range: number;
  readonly scale: 1 | 2;
  /** Black level of 16-bit integers; undefined for floats. */
  readonly black: number | undefined;
}

/** Corrections of a mosaic's samples, said of three planes `scale` times as large: gain maps of one photosite of a cell become a colour's. */
function planesOpcodes(list: readonly Opcode[], pattern: readonly number[], scale: number): Opcode[] {
  const seen = new Set<number>();
  return list.flatMap((opcode): Opcode[] => {
    if (opcode.kind === 'FixBadPixelsConstant' || opcode.kind === 'FixBadPixelsList') return [];
    if (opcode.kind !== 'GainMap') return [opcode];
    const { area } = opcode;
    const [top, left, bottom, right] = [area.top, area.left, area.bottom, area.right].map(
      (side) => side * scale,
    );
    const whole = { ...area, top: top!, left: left!, bottom: bottom!, right: right! };
    if (area.rowPitch === 1 && area.colPitch === 1) return [{ ...opcode, area: whole }];
    const colour = pattern[(area.top & 1) * 2 + (area.left & 1)]!;
    if (seen.has(colour)) return [];
    seen.add(colour);
    return [{ ...opcode, area: { ...whole, plane: colour, planes: 1, rowPitch: 1, colPitch: 1 } }];
  });
}

function scaledArea({ top, left, bottom, right }: Area, scale: number): Area {
  return { top: top * scale, left: left * scale, bottom: bottom * scale, right: right * scale };
}

/** Black and white level of merged samples. */
function levelsOf(planes: 1 | 3, black: number | undefined): Pick<RawFrame, 'blackLevel' | 'whiteLevel'> {
  const all = (value: number): number[] => Array<number>(planes).fill(value);
  if (black === undefined) return { whiteLevel: all(1) };
  return { blackLevel: { repeatRows: 1, repeatCols: 1, values: all(black) }, whiteLevel: all(WHITE) };
}

/** The black level of a mosaic of 16 bits: high enough for the noise of the dark, a sixteenth of the scale at most. */
export function pedestalOf(noise: readonly NoiseProfile[], range: number): number {
  const depth = (DEEPEST * Math.sqrt(Math.max(...noise.map(({ offset }) => offset)))) / range;
  return Math.min(Math.ceil((WHITE * depth) / (1 + depth) / BLACK_STEP) * BLACK_STEP, MOST_BLACK);
}

/** The reference's metadata on merged samples. */
export function mergedFrame(
  reference: RawFrame,
  samples: RawFrame['samples'],
  { output, width, height, noise, range, scale, black }: Merged,
): RawFrame {
  const { blackLevel: _black, linearization: _table, cfa, opcodes, ...rest } = reference;
  const whole = { top: 0, left: 0, bottom: height, right: width };
  const shared = {
    ...rest,
    samples,
    width,
    height,
    bitsPerSample: black === undefined ? 32 : 16,
    activeArea: whole,
    maskedAreas: [],
    defaultCrop: scaledArea(reference.defaultCrop, scale),
    noiseProfile: noise.map(({ scale, offset }) => ({ scale: scale / range, offset: offset / range ** 2 })),
    ...(range === 1 ? {} : { baselineExposure: (reference.baselineExposure ?? 0) + Math.log2(range) }),
    previews: [],
  };
  const list1 = opcodes.list1.filter(
    ({ kind }) => kind !== 'FixBadPixelsConstant' && kind !== 'FixBadPixelsList',
  );
  if (output === 'mosaic')
    return {
      ...shared,
      samplesPerPixel: 1,
      ...levelsOf(1, black),
      cfa: { ...cfa!, pattern: patternAt(reference, 2), width: 2, height: 2 },
      opcodes: { ...opcodes, list1 },
    };
  return {
    ...shared,
    samplesPerPixel: 3,
    ...levelsOf(3, black),
    opcodes: {
      list1,
      list2: planesOpcodes(opcodes.list2, patternAt(reference, 2), scale),
      list3: opcodes.list3,
    },
  };
}
