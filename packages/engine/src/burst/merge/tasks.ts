import type { Kernels } from '../../kernel-module.js';
import { insidePlace } from '../../scheduler/places.js';
import { defineTask, type TaskKind } from '../../scheduler/task.js';
import { SIDE } from '../../stages/denoise/reference.js';
import { type AlignedFrame, type AlignPyramid, align, type BurstPlane, fillPyramid } from '../align/index.js';
import { DECONVOLVE_TASKS } from '../deconvolve/tasks.js';

/** Three planes of one size in the kernels' memory. */
export interface Planes {
  readonly address: number;
  /** Bytes from plane to plane and from row to row. */
  readonly planeStride: number;
  readonly rowStride: number;
  readonly width: number;
  readonly height: number;
}

/** The sums that frames are gathered into: residuals and shares of light by pixel, six planes of colours by cell. */
export interface Sums {
  readonly light: number;
  readonly shares: number;
  /** Bytes of a plane of pixels and of its rows. */
  readonly planeStride: number;
  readonly rowStride: number;
  readonly cells: number;
  readonly cellPlane: number;
  readonly cellRow: number;
}

/** Addresses of the node grids of one frame's way. */
export interface PlacedNodes {
  readonly address: number;
  readonly columns: number;
  readonly rows: number;
  readonly spacing: number;
}

/** What turns one row of a frame's samples into light. */
export interface RowAddresses {
  readonly black: number;
  readonly scale: number;
  readonly ceiling: number;
}

/** A frame's samples as light. */
export interface LightSource {
  readonly float: boolean;
  /** Address of the active area's first sample, and bytes per row. */
  readonly first: number;
  readonly rowBytes: number;
  readonly table: number;
  readonly rows: readonly RowAddresses[];
  readonly deltaV: Float32Array | undefined;
}

/** One frame on its way into the sums. */
export interface GatheredFrame {
  readonly light: LightSource;
  readonly forward: PlacedNodes;
  readonly backward: PlacedNodes;
  /** Tables of the test for agreement, see burstWeights. */
  readonly table: number;
  /** Samples from here on are clipped. */
  readonly limit: number;
  readonly factor: number;
  /** By tile, the part of the frame that it needs: left, top, width, height. */
  readonly boxes: readonly Box[];
}

/** A part of a frame; begins on a column that is a multiple of 8 and an even row, its width is a multiple of 8 and its height of 2. */
export type Box = readonly [left: number, top: number, width: number, height: number];

/** Rows of a band. */
export const BAND = 32;
/** Stands in for samples beyond the frame; burstResidualRow leaves out what is as large. */
const NOWHERE = 1e9;
/** Pixels between those that a frame's share is counted at, see burstGatherLightRow. */
const SHARE_STEP = 8;

const bandOf = (band: number, height: number): readonly [from: number, to: number] => [
  band * BAND,
  Math.min(band * BAND + BAND, height),
];

interface ClearPlan {
  readonly areas: readonly { readonly address: number; readonly bytes: number }[];
}

/** Bytes that one piece of clearing sets to zero. */
export const CLEARED = 4 * 2 ** 20;

const clear = defineTask<ClearPlan>({
  name: 'burst-clear',
  run({ areas }, piece, _slot, _kernels, memory) {
    let from = piece * CLEARED;
    for (const { address, bytes } of areas) {
      if (from < bytes)
        new Uint8Array(memory.buffer).fill(
          0,
          address + Math.max(from, 0),
          address + Math.min(from + CLEARED, bytes),
        );
      from -= Math.ceil(bytes / CLEARED) * CLEARED;
      if (from < 0) return;
    }
  },
});

interface EnlargePlan {
  readonly from: Planes;
  readonly to: Planes;
  readonly cubic: number;
  /** Nodes of a picture that stays where it is. */
  readonly still: PlacedNodes;
}

/** Bytes of working memory for a band of an enlarged picture: places of a row. */
export function enlargeSlot(width: number): number {
  return (width + 8) * 20 + 64;
}

const enlarge = defineTask<EnlargePlan>({
  name: 'burst-enlarge',
  run({ from, to, cubic, still }, band, slot, kernels) {
    const [top, bottom] = bandOf(band, to.height);
    const stride = (to.width + 8) * 4;
    for (let y = top; y < bottom; y++) {
      // Beyond the outermost rows that a cubic can be laid through, they stand in.
      const row = Math.min(Math.max(y / 2 - 0.25, 1), from.height - 3);
      const { address, columns, rows, spacing } = still;
      const { width, height, rowStride } = from;
      kernels.burstPlaces(
        address,
        columns,
        rows,
        spacing,
        -0.25,
        0.5,
        to.width,
        row,
        0,
        0,
        width,
        height,
        rowStride,
        slot,
        stride,
      );
      for (let c = 0; c < 3; c++)
        kernels.burstSampleRow(
          slot,
          stride,
          to.width,
          from.address + c * from.planeStride,
          rowStride,
          cubic,
          to.address + c * to.planeStride + y * to.rowStride,
        );
    }
  },
});

interface AlignPlan {
  /** The reference's, filled; undefined where it is the reference that is prepared. */
  readonly reference: AlignPyramid | undefined;
  readonly frames: readonly { readonly plane: BurstPlane; readonly pyramid: AlignPyramid }[];
}

const aligning = defineTask<AlignPlan>({
  name: 'burst-align',
  run({ reference, frames }, piece, scratch, kernels, memory): AlignedFrame | undefined {
    const { plane, pyramid } = frames[piece]!;
    const on = { kernels, memory, scratch };
    fillPyramid(plane, pyramid, on);
    if (reference === undefined) return undefined;
    const aligned = align(reference, pyramid, on);
    const { offsets, trust } = aligned.alignment;
    return {
      ...aligned,
      alignment: { ...aligned.alignment, offsets: offsets.slice(), trust: trust.slice() },
    };
  },
});

/** What the merge works with, the same for all frames. */
export interface MergeGrid {
  readonly estimate: Planes;
  /** The frames' size; the estimate may have twice as much. */
  readonly frame: { readonly width: number; readonly height: number };
  readonly sums: Sums;
  /** Size of the parts that frames are gathered into, multiples of the kernels' blocks. */
  readonly tile: { readonly width: number; readonly height: number };
  /** Which photosite of a cell is red, and the colours of a cell. */
  readonly red: number;
  readonly pattern: readonly number[];
  readonly cubic: number;
  readonly lightTaps: number;
  readonly colourTaps: number;
}

interface GatherPlan extends MergeGrid {
  readonly frames: readonly GatheredFrame[];
  /** Floats of the largest box's plane, and of its rows. */
  readonly boxFloats: number;
  readonly boxWidth: number;
}

/** Bytes of working memory for gathering: a row of light, three planes of a box, and what its cells need. */
export function gatherSlot(boxFloats: number, boxWidth: number): number {
  const cells = boxFloats / 4 + (boxFloats / boxWidth) * 4 + 64;
  return rowsAt(boxWidth) + boxFloats * 12 + 64 + (14 * cells + 13 * (boxWidth / 2 + 8)) * 4 + 256;
}

/** Where the box begins in the slot: after a row of light. */
function rowsAt(boxWidth: number): number {
  return (boxWidth + 8) * 4;
}

/** Turns a row of samples into light, what lies outside of the frame into what is clipped. */
function lightRow(
  source: LightSource,
  size: MergeGrid['frame'],
  [left, , width]: Box,
  y: number,
  dst: number,
  kernels: Kernels,
  floats: Float32Array,
): void {
  const at = dst >> 2;
  const first = Math.min(Math.max(-left, 0), width);
  const last = Math.max(Math.min(size.width - left, width), first);
  if (y < 0 || y >= size.height || first === last) {
    floats.fill(NOWHERE, at, at + width);
    return;
  }
  const { black, scale, ceiling } = source.rows[y % source.rows.length]!;
  const column = left + first;
  kernels.burstSamples(
    source.first + y * source.rowBytes + column * (source.float ? 4 : 2),
    source.float ? 1 : 0,
    black + column * 4,
    scale,
    ceiling,
    source.deltaV?.[y] ?? 0,
    last - first,
    dst + first * 4,
  );
  floats.fill(NOWHERE, at, at + first);
  floats.fill(NOWHERE, at + last, at + width);
}

const gather = defineTask<GatherPlan>({
  name: 'burst-gather',
  run(plan, tile, slot, kernels, memory): number[] {
    return plan.frames.map((frame) => gatherTile(plan, frame, tile, slot, kernels, memory));
  },
});

/** Gathers one frame into one tile; returns the sum of its weights at the pixels that are counted, in 65536ths. */
function gatherTile(
  {
    estimate,
    frame: size,
    sums,
    tile,
    red,
    pattern,
    cubic,
    lightTaps,
    colourTaps,
    boxFloats,
    boxWidth,
  }: GatherPlan,
  frame: GatheredFrame,
  index: number,
  slot: number,
  kernels: Kernels,
  memory: WebAssembly.Memory,
): number {
  const floats = new Float32Array(memory.buffer);
  const box = frame.boxes[index]!;
  const [left, top, width, height] = box;
  if (width === 0) return 0;
  const across = Math.ceil(estimate.width / tile.width);
  const x0 = (index % across) * tile.width;
  const y0 = Math.floor(index / across) * tile.height;
  const [x1, y1] = [Math.min(x0 + tile.width, estimate.width), Math.min(y0 + tile.height, estimate.height)];

  const light = slot;
  const rows = slot + rowsAt(boxWidth);
  const scratch = rows + boxFloats * 12 + 64;
  const stride = width * 4;
  const plane = stride * height;

  const { backward, forward } = frame;
  for (let j = 0; j < height; j++) {
    const y = top + j;
    lightRow(frame.light, size, box, y, light, kernels, floats);
    kernels.burstResidualRow(
      backward.address,
      backward.columns,
      backward.rows,
      backward.spacing,
      left,
      y,
      width,
      light,
      estimate.address,
      estimate.planeStride,
      estimate.rowStride,
      estimate.width,
      estimate.height,
      pattern[(j & 1) * 2]!,
      pattern[(j & 1) * 2 + 1]!,
      cubic,
      frame.limit,
      rows + j * stride,
      plane,
    );
  }
  kernels.burstWeights(rows, width, width, height, frame.table, red, scratch);

  let share = 0;
  for (let y = y0; y < y1; y++)
    share += kernels.burstGatherLightRow(
      forward.address,
      forward.columns,
      forward.rows,
      forward.spacing,
      x0,
      y,
      x1 - x0,
      left,
      top,
      width,
      height,
      rows,
      stride,
      plane,
      lightTaps,
      frame.factor,
      sums.light + y * sums.rowStride + x0 * 4,
      sums.shares + y * sums.rowStride + x0 * 4,
    );
  for (let y = y0; y < y1; y += 2)
    kernels.burstGatherColourRow(
      forward.address,
      forward.columns,
      forward.rows,
      forward.spacing,
      x0,
      y,
      (x1 - x0) >> 1,
      left,
      top,
      width,
      height,
      rows,
      stride,
      plane,
      colourTaps,
      frame.factor,
      red,
      sums.cells + (y >> 1) * sums.cellRow + (x0 >> 1) * 4,
      sums.cellPlane,
    );
  return share;
}

/** Pixels whose share is counted, over the whole picture. */
export function countedPixels(width: number, height: number): number {
  return Math.ceil(width / SHARE_STEP) * Math.ceil(height / SHARE_STEP);
}

/** How the sums become a picture. */
export interface ComposePlan extends MergeGrid {
  readonly priorLight: number;
  readonly priorColour: number;
  /** The estimate's part of all that is gathered, on average: beside less, it counts more. */
  readonly usual: number;
  /** Where the reference is clipped. */
  readonly clip: number;
  /** Pixels that are less bright stay as they are. */
  readonly least: number;
  /** Address of three floats. */
  readonly shade: number;
  readonly cellTaps: number;
}

/** Bytes of working memory for a band: three rows of colours for each of its rows and three more. */
export function bandSlot(width: number): number {
  return (BAND + 3) * 3 * lightStrideOf(width) + 64;
}

/** One pixel more on the left and three on the right, in whole vectors. */
function lightStrideOf(width: number): number {
  return (Math.ceil(width / 4) * 4 + 16) * 4;
}

const colours = defineTask<ComposePlan>({
  name: 'burst-colours',
  run(plan, band, slot, kernels, memory) {
    const { estimate, sums } = plan;
    const [top, bottom] = bandOf(band, estimate.height);
    const stride = lightStrideOf(estimate.width);
    const plane = stride * (BAND + 3);
    const floats = new Float32Array(memory.buffer);
    // The band's first cell reads one row and one column more on each side; beyond the border the last ones stand in.
    const origin = slot + 16;
    for (let y = top - 1; y < bottom + 2; y++) {
      const row = origin + (y - top + 1) * stride;
      const from = Math.min(Math.max(y, 0), estimate.height - 1);
      lightOf(plan, from, row, plane, kernels);
      for (let c = 0; c < 3; c++) {
        const at = (row + c * plane) >> 2;
        floats[at - 1] = floats[at]!;
        floats.fill(floats[at + estimate.width - 1]!, at + estimate.width, at + estimate.width + 2);
      }
    }
    for (let y = top; y < bottom; y += 2)
      kernels.burstColourRow(
        origin + (y - top) * stride - 4,
        stride,
        plane,
        estimate.width >> 1,
        plan.cellTaps,
        plan.priorColour,
        plan.usual,
        plan.clip,
        estimate.address + y * estimate.rowStride,
        estimate.planeStride,
        sums.cells + (y >> 1) * sums.cellRow,
        sums.cellPlane,
      );
  },
});

/** A row of what light adds, by colour. */
function lightOf(
  { sums, estimate, priorLight, usual, clip, shade }: ComposePlan,
  y: number,
  dst: number,
  plane: number,
  kernels: Kernels,
): void {
  kernels.burstLightRow(
    sums.light + y * sums.rowStride,
    sums.shares + y * sums.rowStride,
    estimate.address + y * estimate.rowStride,
    estimate.planeStride,
    estimate.width,
    priorLight,
    usual,
    clip,
    shade,
    dst,
    plane,
  );
}

const compose = defineTask<ComposePlan>({
  name: 'burst-compose',
  run(plan, band, slot, kernels) {
    const { estimate, sums } = plan;
    const { width, height } = estimate;
    const [top, bottom] = bandOf(band, height);
    const stride = lightStrideOf(width);
    const lastRow = (height >> 1) - 1;
    for (let y = top; y < bottom; y++) {
      lightOf(plan, y, slot, stride, kernels);
      const near = Math.min(y >> 1, lastRow);
      const far = Math.min(Math.max((y >> 1) + ((y & 1) << 1) - 1, 0), lastRow);
      kernels.burstComposeRow(
        slot,
        stride,
        sums.cells + near * sums.cellRow,
        sums.cells + far * sums.cellRow,
        sums.cellPlane,
        width,
        (width >> 1) - 1,
        plan.least,
        estimate.address + y * estimate.rowStride,
        estimate.planeStride,
      );
    }
  },
});

/** How the merged picture leaves: what noise is left is taken out, and the reference's samples come back where they say more. */
export interface FinishPlan {
  readonly planes: Planes;
  readonly tile: number;
  /** Table of the denoise pass, or 0 for none. */
  readonly denoise: number;
  readonly step: number;
  /** The reference's samples where a mosaic is wanted. */
  readonly mosaic:
    | {
        readonly light: LightSource;
        readonly pattern: readonly number[];
        /** Address of its noise: scale of red, green and blue, offset of the three. */
        readonly noise: number;
        /** Where the reference's samples are clipped. */
        readonly clip: number;
        /** Nothing was merged: the samples go out as they are. */
        readonly alone: boolean;
      }
    | undefined;
  readonly output: number;
  /** Black level of 16-bit integers; undefined where floats are wanted. */
  readonly black: number | undefined;
  /** What the values are divided by. */
  readonly range: number;
}

/** Puts a row of finished values into its place in the output. */
function deliver(
  { output, black }: FinishPlan,
  row: number,
  at: number,
  count: number,
  kernels: Kernels,
  memory: WebAssembly.Memory,
): void {
  if (black !== undefined) kernels.burstIntegers(row, count, black, output + 2 * at);
  else new Uint8Array(memory.buffer).copyWithin(output + 4 * at, row, row + 4 * count);
}

/** Pixels that the pass reads around a tile, and the window of the comparison with the reference. */
const HALO = SIDE - 1;
const WINDOW = 4;
/** What a tile reads around itself, for a mosaic and for RGB. */
const marginOf = (mosaic: boolean): number => (mosaic ? HALO + WINDOW : HALO);
/** Variance over the noise's that the comparison with the reference takes for noise. */
const SLACK = 0.15;

/** Side of a tile with all that it reads, in floats of a row. */
function finishSide(tile: number): number {
  return Math.ceil((tile + 2 * marginOf(true)) / 4) * 4 + 4;
}

/** Bytes of working memory for a tile of the finish. */
export function finishSlot(tile: number, kernels: Kernels): number {
  const side = finishSide(tile);
  return side * side * 12 + side * side * 8 + side * 12 + kernels.denoisePlanesScratch(side, side) + 256;
}

const finish = defineTask<FinishPlan>({
  name: 'burst-finish',
  run(plan, index, slot, kernels, memory) {
    const { planes, tile } = plan;
    const margin = marginOf(plan.mosaic !== undefined);
    const { width, height } = planes;
    const across = Math.ceil(width / tile);
    const x0 = (index % across) * tile;
    const y0 = Math.floor(index / across) * tile;
    const [x1, y1] = [Math.min(x0 + tile, width), Math.min(y0 + tile, height)];
    const side = finishSide(tile);
    const [w, h] = [x1 - x0 + 2 * margin, y1 - y0 + 2 * margin];
    const floats = new Float32Array(memory.buffer);
    const plane = side * side;
    const base = slot >> 2;
    for (let c = 0; c < 3; c++)
      for (let j = 0; j < h; j++) {
        const y = insidePlace(y0 - margin + j, height, 1);
        const from = (planes.address + c * planes.planeStride + y * planes.rowStride) >> 2;
        const to = base + c * plane + j * side;
        const left = Math.max(margin - x0, 0);
        const right = Math.min(width - x0 + margin, w);
        floats.copyWithin(to + left, from + x0 - margin + left, from + x0 - margin + right);
        for (let i = 0; i < left; i++)
          floats[to + i] = floats[from + insidePlace(x0 - margin + i, width, 1)]!;
        for (let i = right; i < w; i++)
          floats[to + i] = floats[from + insidePlace(x0 - margin + i, width, 1)]!;
      }
    const scratch = slot + plane * 20 + side * 12 + 64;
    if (plan.denoise !== 0)
      kernels.denoisePlanes(
        slot,
        plane * 4,
        side * 4,
        w,
        h,
        x0 - margin,
        y0 - margin,
        plan.step,
        plan.denoise,
        scratch,
      );
    const scale = 1 / plan.range;
    if (plan.mosaic === undefined) {
      const row = slot + plane * 12;
      for (let y = y0; y < y1; y++) {
        const from = slot + ((y - y0 + margin) * side + margin) * 4;
        kernels.burstTogether(from, plane * 4, x1 - x0, scale, row);
        deliver(plan, row, (y * width + x0) * 3, (x1 - x0) * 3, kernels, memory);
      }
      return;
    }
    mosaicTile(plan, plan.mosaic, slot, [x0, y0, x1, y1], kernels, memory);
  },
});

/**
 * The mosaic of a tile. Where the reference differs from the merge by more than its noise, the merge is wrong by about the rest,
 * and the two are weighted by what is known of their errors.
 */
function mosaicTile(
  plan: FinishPlan,
  { light, pattern, noise, clip, alone }: NonNullable<FinishPlan['mosaic']>,
  slot: number,
  [x0, y0, x1, y1]: readonly [number, number, number, number],
  kernels: Kernels,
  memory: WebAssembly.Memory,
): void {
  const { planes, tile, range } = plan;
  const { width, height } = planes;
  const side = finishSide(tile);
  const plane = side * side;
  const [w, h] = [x1 - x0 + 2 * WINDOW, y1 - y0 + 2 * WINDOW];
  // After the three planes: differences, excesses, and three rows.
  const [differences, excesses, row] = [slot + plane * 12, slot + plane * 16, slot + plane * 20];
  const [columns, sums] = [row + side * 4, row + side * 8];
  const columnTable = new Int32Array(memory.buffer, columns, w);
  for (let i = 0; i < w; i++) columnTable[i] = insidePlace(x0 - WINDOW + i, width, 2);
  const colours = (y: number): readonly [number, number] => [
    pattern[(y & 1) * 2]!,
    pattern[(y & 1) * 2 + 1]!,
  ];
  for (let j = 0; j < h; j++) {
    const y = insidePlace(y0 - WINDOW + j, height, 2);
    const tables = light.rows[y % light.rows.length]!;
    const src = light.first + y * light.rowBytes;
    const deltaV = light.deltaV?.[y] ?? 0;
    const { black, scale, ceiling } = tables;
    if (light.float) kernels.lineariseFloatRow(src, black, scale, ceiling, deltaV, columns, w, row);
    else {
      const first = Math.max(WINDOW - x0, 0);
      const last = Math.min(width - x0 + WINDOW, w);
      kernels.lineariseRow(src, light.table, black, scale, ceiling, deltaV, columns, first, last, w, row);
    }
    kernels.burstExcessRow(
      row,
      slot + ((j + HALO) * side + HALO) * 4,
      plane * 4,
      w,
      ...colours(y),
      noise,
      clip,
      differences + j * side * 4,
      excesses + j * side * 4,
    );
  }
  for (let y = y0; y < y1; y++) {
    const j = y - y0;
    kernels.burstMosaicRow(
      slot + ((j + HALO + WINDOW) * side + HALO + WINDOW) * 4,
      plane * 4,
      differences + ((j + WINDOW) * side + WINDOW) * 4,
      excesses + j * side * 4,
      side * 4,
      2 * WINDOW + 1,
      x1 - x0,
      ...colours(y),
      SLACK,
      alone ? 1 : 0,
      1 / range,
      sums,
      row,
    );
    deliver(plan, row, y * width + x0, x1 - x0, kernels, memory);
  }
}

/** What threads do for a burst. */
export const BURST_TASKS: readonly TaskKind[] = [
  clear,
  enlarge,
  aligning,
  gather,
  colours,
  compose,
  finish,
  ...DECONVOLVE_TASKS,
];
