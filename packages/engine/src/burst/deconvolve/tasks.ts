import { defineTask, type TaskKind } from '../../scheduler/task.js';

/** Size of the tiles, for the cache's sake; widths are multiples of 4. */
export const [TILE_WIDTH, TILE_HEIGHT] = [256, 32] as const;

/** A merged picture that is deconvolved in place: interleaved RGB, without gaps. */
export interface DeconvolvePlan {
  readonly output: number;
  readonly width: number;
  readonly height: number;
  /** Addresses of two planes of its size, and bytes from row to row: light, and each pixel's largest value. */
  readonly light: number;
  readonly peaks: number;
  readonly rowStride: number;
  /** Address of the weights by which colours make light. */
  readonly weights: number;
  /** Addresses of what `burstDeconvolve` reads: its table, and trust by cells of 16 × 16 pixels. */
  readonly table: number;
  readonly trust: number;
  readonly columns: number;
  readonly rows: number;
}

/** Tiles across and down. */
export function tilesOf({ width, height }: Pick<DeconvolvePlan, 'width' | 'height'>): [number, number] {
  return [Math.ceil(width / TILE_WIDTH), Math.ceil(height / TILE_HEIGHT)];
}

const lighten = defineTask<DeconvolvePlan>({
  name: 'burst-light',
  run({ output, width, height, light, peaks, rowStride, weights }, piece, _slot, kernels) {
    const top = piece * TILE_HEIGHT;
    for (let y = top; y < Math.min(top + TILE_HEIGHT, height); y++)
      kernels.burstLightRowOf(
        output + y * width * 12,
        width,
        weights,
        light + y * rowStride,
        peaks + y * rowStride,
      );
  },
});

const deconvolve = defineTask<DeconvolvePlan>({
  name: 'burst-deconvolve',
  run(plan, piece, slot, kernels) {
    const { width, height } = plan;
    const [across] = tilesOf(plan);
    const x0 = (piece % across) * TILE_WIDTH;
    const y0 = Math.floor(piece / across) * TILE_HEIGHT;
    kernels.burstDeconvolve(
      plan.light,
      plan.peaks,
      plan.rowStride,
      width,
      height,
      x0,
      y0,
      Math.min(TILE_WIDTH, width - x0),
      Math.min(TILE_HEIGHT, height - y0),
      plan.table,
      plan.trust,
      plan.columns,
      plan.rows,
      plan.output,
      slot,
    );
  },
});

/** What threads do to deconvolve a merge. */
export const DECONVOLVE_TASKS: readonly TaskKind[] = [lighten, deconvolve];
