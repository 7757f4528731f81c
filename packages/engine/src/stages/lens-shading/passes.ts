import type { Opcode, OpcodeArea, RawFrame } from '@photosite/raw';
import { EngineError } from '../../EngineError.js';
import { patternAt } from '../linearise/tables.js';

type GainMap = Extract<Opcode, { kind: 'GainMap' }>;

/** Gains for every `rowPitch`-th row, linear between map columns. */
export interface ShadingPass {
  /** The plane of a LinearRaw frame, or -1 for the mosaic. */
  readonly plane: number;
  readonly rowStart: number;
  readonly rowEnd: number;
  readonly rowPitch: number;
  /** Per column of the active area: where in the row's gains its left neighbour stands; -1 where no gain applies. */
  readonly index: Int32Array;
  /** Per column: how far beyond its left neighbour it lies, [0,1]. */
  readonly fraction: Float32Array;
  /** Gains of row `rowStart + k · rowPitch` at `k · gainsPerRow`. */
  readonly gains: Float32Array;
  readonly gainsPerRow: number;
}

/** Most gain maps of a frame: a mosaic has one per place of its pattern, at most 8 × 8. Each may cost a pass over the picture. */
const MAX_GAIN_MAPS = 64;
/** Most gains in memory, one per picture row and map column. A real map has some dozen columns. */
const MAX_GAINS = 1 << 24;

/** A map coordinate: the grid point before it and the fraction beyond, kept inside of the grid. */
function locate(
  position: number,
  size: number,
  origin: number,
  spacing: number,
  points: number,
): [number, number] {
  const at = points < 2 || spacing <= 0 ? 0 : ((position + 0.5) / size - origin) / spacing;
  const inside = Math.min(Math.max(at, 0), points - 1);
  const left = Math.min(Math.floor(inside), Math.max(points - 2, 0));
  return [left, inside - left];
}

function passOf(map: GainMap, plane: number, width: number, height: number): ShadingPass {
  const { area } = map;
  const rowStart = Math.max(area.top, 0);
  const rowEnd = Math.min(area.bottom, height);
  const rowPitch = Math.max(area.rowPitch, 1);
  const index = new Int32Array(width).fill(-1);
  const fraction = new Float32Array(width);
  for (let x = Math.max(area.left, 0); x < Math.min(area.right, width); x += Math.max(area.colPitch, 1))
    [index[x], fraction[x]] = locate(x, width, map.mapOriginH, map.mapSpacingH, map.mapPointsH);
  const gainsPerRow = map.mapPointsH + 1;
  const rows = Math.max(Math.ceil((rowEnd - rowStart) / rowPitch), 0);
  const gains = new Float32Array(rows * gainsPerRow);
  const mapPlane = Math.min(Math.max(plane - area.plane, 0), map.mapPlanes - 1);
  for (let k = 0; k < rows; k++) {
    const [top, f] = locate(rowStart + k * rowPitch, height, map.mapOriginV, map.mapSpacingV, map.mapPointsV);
    const below = Math.min(top + 1, map.mapPointsV - 1);
    for (let h = 0; h < gainsPerRow; h++) {
      const column = Math.min(h, map.mapPointsH - 1);
      const at = (row: number): number =>
        map.gains[(row * map.mapPointsH + column) * map.mapPlanes + mapPlane]!;
      gains[k * gainsPerRow + h] = at(top) + (at(below) - at(top)) * f;
    }
  }
  return { plane, rowStart, rowEnd, rowPitch, index, fraction, gains, gainsPerRow };
}

/** Two passes over the same rows and different columns as one, or undefined where they can't be. */
function merged(a: ShadingPass, b: ShadingPass): ShadingPass | undefined {
  if (a.plane !== b.plane || a.rowStart !== b.rowStart || a.rowEnd !== b.rowEnd || a.rowPitch !== b.rowPitch)
    return undefined;
  if (a.index.some((left, x) => left >= 0 && b.index[x]! >= 0)) return undefined;
  const gainsPerRow = a.gainsPerRow + b.gainsPerRow;
  const gains = new Float32Array((a.gains.length / a.gainsPerRow) * gainsPerRow);
  for (let k = 0; k * gainsPerRow < gains.length; k++) {
    gains.set(a.gains.subarray(k * a.gainsPerRow, (k + 1) * a.gainsPerRow), k * gainsPerRow);
    gains.set(b.gains.subarray(k * b.gainsPerRow, (k + 1) * b.gainsPerRow), k * gainsPerRow + a.gainsPerRow);
  }
  return {
    ...a,
    index: a.index.map((left, x) => (b.index[x]! >= 0 ? b.index[x]! + a.gainsPerRow : left)),
    fraction: a.fraction.map((f, x) => (b.index[x]! >= 0 ? b.fraction[x]! : f)),
    gains,
    gainsPerRow,
  };
}

/** The planes in memory that an opcode's area covers: a single channel stands in all three. */
function planesUnder(area: OpcodeArea, samplesPerPixel: number): number[] {
  return [0, 1, 2].filter((plane) => {
    const channel = Math.min(plane, samplesPerPixel - 1);
    return channel >= area.plane && channel < area.plane + area.planes;
  });
}

/**
 * The gain maps of OpcodeList2 as passes over rows. Map coordinates are fractions of the whole active area, measured at
 * pixel centres (DNG 1.6, chapter 7, GainMap). The four maps of a Bayer file become two passes.
 */
export function shadingPasses(frame: RawFrame): ShadingPass[] {
  const width = frame.activeArea.right - frame.activeArea.left;
  const height = frame.activeArea.bottom - frame.activeArea.top;
  const { cfa, samplesPerPixel } = frame;
  const passes: ShadingPass[] = [];
  const maps = frame.opcodes.list2.filter((opcode) => opcode.kind === 'GainMap');
  if (maps.length > MAX_GAIN_MAPS)
    throw new EngineError(`the file has ${maps.length} gain maps, ${MAX_GAIN_MAPS} are allowed.`);
  let gains = 0;
  for (const opcode of maps) {
    const { area } = opcode;
    const planes = cfa !== undefined ? [-1] : planesUnder(area, samplesPerPixel);
    gains += planes.length * height * (opcode.mapPointsH + 1);
    if (gains > MAX_GAINS)
      throw new EngineError(
        `the file's gain maps are too fine for its picture: ${gains} gains, ${MAX_GAINS} are allowed.`,
      );
    for (const plane of planes) {
      const pass = passOf(opcode, plane, width, height);
      const before = passes.findIndex((p) => merged(p, pass) !== undefined);
      if (before >= 0) passes[before] = merged(passes[before]!, pass)!;
      else passes.push(pass);
    }
  }
  return passes;
}

/**
 * The same gains for the three planes that come of a mosaic: at every pixel, what a photosite of that colour gets there.
 * Of several places of the pattern with one colour, the first speaks for all.
 */
export function planeShadingPasses(frame: RawFrame): ShadingPass[] {
  const { activeArea, cfa, opcodes } = frame;
  if (cfa === undefined) return shadingPasses(frame);
  const [width, height] = [activeArea.right - activeArea.left, activeArea.bottom - activeArea.top];
  const size = Math.max(cfa.width, cfa.height);
  const colours = patternAt(frame, size);
  return [0, 1, 2].flatMap((colour) => {
    const place = colours.indexOf(colour);
    const [x, y] = [place % size, Math.floor(place / size)];
    return opcodes.list2.flatMap((opcode) => {
      if (opcode.kind !== 'GainMap' || place < 0) return [];
      const { area } = opcode;
      const [colPitch, rowPitch] = [Math.max(area.colPitch, 1), Math.max(area.rowPitch, 1)];
      if ((x - area.left) % colPitch !== 0 || (y - area.top) % rowPitch !== 0) return [];
      const everywhere = {
        ...area,
        left: area.left - (area.left % colPitch),
        top: area.top - (area.top % rowPitch),
        colPitch: 1,
        rowPitch: 1,
      };
      return [{ ...passOf({ ...opcode, area: everywhere }, 0, width, height), plane: colour }];
    });
  });
}
