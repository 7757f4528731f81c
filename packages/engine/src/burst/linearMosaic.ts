import type { Opcode, RawFrame } from '@photosite/raw';
import { EngineError } from '../EngineError.js';
import { rectangleOf } from '../geometry.js';
import { lineariseTables } from '../stages/linearise/tables.js';

/** How many mosaics a picture of three planes is merged as. */
export const LINEAR_PHASES = 2;

/** RGGB: red, green, blue at (0, 0), the odd diagonal, and (1, 1). */
const PATTERN = [0, 1, 1, 2];

/** Whether a correction is the same for all planes, so that a mosaic's photosites bear it, too. */
function isOfAllPlanes(opcode: Opcode): boolean {
  if (opcode.kind === 'GainMap' && opcode.mapPlanes > 1) return false;
  return !('area' in opcode) || (opcode.area.plane === 0 && opcode.area.planes >= 3);
}

/**
 * A LinearRaw picture as one of two mosaics, since bursts are merged from mosaics. The second is the picture one pixel further
 * to the left, so that its photosites see green where the first one's did not: together they have every
 * green value and half of the red and blue ones. What makes such pictures has interpolated most of the others. Samples are
 * float, black 0 and white 1, of the active area; odd sizes lose a row or column.
 *
 * @param frame three samples a pixel
 * @param phase 0 or 1
 * @param allocate where the samples go
 * @throws {EngineError} for a frame of other than three planes, or one with corrections that differ from plane to plane
 */
export function linearMosaic(
  frame: RawFrame,
  phase: number,
  allocate: (length: number) => Float32Array,
): RawFrame {
  if (frame.cfa !== undefined || frame.samplesPerPixel !== 3)
    throw new EngineError(
      `a frame of ${frame.samplesPerPixel} ${frame.samplesPerPixel === 1 ? 'sample' : 'samples'} a pixel${frame.cfa === undefined ? '' : ' and a colour filter array'} is no picture of three planes.`,
    );
  const { opcodes } = frame;
  if (opcodes.list1.length > 0 || !opcodes.list2.every(isOfAllPlanes))
    throw new EngineError(
      'the frame has corrections (OpcodeList1 or 2) that differ from plane to plane: it can be developed, not merged.',
    );
  const area = rectangleOf(frame.activeArea);
  const [columns, rows] = [area.width - (area.width % 2), area.height - (area.height % 2)];
  const { rows: tables, table, deltaV } = lineariseTables(frame, [1, 1, 1]);
  const samples = allocate(columns * rows);
  for (let y = 0; y < rows; y++) {
    const first = (area.top + y) * frame.width + area.left;
    const delta = deltaV?.[y] ?? 0;
    for (let x = 0; x < columns; x++) {
      // Beyond the last column it is repeated.
      const column = Math.min(x + phase, columns - 1);
      const plane = PATTERN[(y & 1) * 2 + (x & 1)]!;
      const { black, scale } = tables[plane]![y % tables[plane]!.length]!;
      const stored = frame.samples[(first + column) * 3 + plane]!;
      const linear = table === undefined ? stored : table[stored]!;
      samples[y * columns + x] = (linear - black[column]! - delta) * scale[column]!;
    }
  }
  const { linearization: _, blackLevel: __, defaultCrop: crop, ...rest } = frame;
  return {
    ...rest,
    samples,
    width: columns,
    height: rows,
    samplesPerPixel: 1,
    cfa: { width: 2, height: 2, pattern: PATTERN, kind: 'bayer' },
    whiteLevel: [1],
    activeArea: { top: 0, left: 0, bottom: rows, right: columns },
    maskedAreas: [],
    defaultCrop: { ...crop, bottom: Math.min(crop.bottom, rows), right: Math.min(crop.right, columns) },
  };
}
