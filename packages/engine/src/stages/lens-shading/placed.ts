import type { Kernels } from '../../kernel-module.js';
import type { Table, Tile } from '../../stage.js';
import type { ShadingPass } from './passes.js';

/** A pass with its tables in the kernels' memory: plain data that travels to the threads. */
export interface PlacedPass {
  /** The plane it is for, or -1 for the mosaic. */
  readonly plane: number;
  readonly rowStart: number;
  readonly rowEnd: number;
  readonly rowPitch: number;
  readonly index: number;
  readonly fraction: number;
  /** Address of the first row's gains, and bytes from row to row. */
  readonly gains: number;
  readonly gainsStride: number;
}

/** Puts the tables of a pass into the kernels' memory. */
export function placePass(pass: ShadingPass, place: (table: Table) => number): PlacedPass {
  return {
    plane: pass.plane,
    rowStart: pass.rowStart,
    rowEnd: pass.rowEnd,
    rowPitch: pass.rowPitch,
    index: place(pass.index),
    fraction: place(pass.fraction),
    gains: place(pass.gains),
    gainsStride: pass.gainsPerRow * 4,
  };
}

/** Multiplies samples that lie like a tile's mosaic from the address `base` on by the gains of a pass. */
export function multiplyByPass(pass: PlacedPass, base: number, tile: Tile, kernels: Kernels): void {
  for (let y = 0; y < tile.height; y++) {
    const row = tile.sourceRow(y);
    if (row < pass.rowStart || row >= pass.rowEnd || (row - pass.rowStart) % pass.rowPitch !== 0) continue;
    const gains = pass.gains + ((row - pass.rowStart) / pass.rowPitch) * pass.gainsStride;
    kernels.lensShadingRow(
      base + y * tile.stride * 4,
      tile.columns,
      pass.index,
      pass.fraction,
      gains,
      tile.width,
    );
  }
}
