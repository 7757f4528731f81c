import { defineStage } from '../../stage.js';
import { lineariseTables } from './tables.js';

interface Plan {
  readonly float: boolean;
  /** Address of the active area's first sample, bytes per row and bytes from plane to plane (0 for a single one). */
  readonly first: number;
  readonly rowBytes: number;
  readonly planeBytes: number;
  /** Address of the linearisation table as floats, or 0. */
  readonly table: number;
  /** `[plane][row phase]`: addresses of the tables of one row. */
  readonly planes: readonly (readonly {
    readonly black: number;
    readonly scale: number;
    readonly ceiling: number;
  }[])[];
  readonly deltaV: Float32Array | undefined;
}

/** Linearisation table, black level, white level: sensor units to [0,1], multiplied by the frame's balance. */
export const linearise = defineStage({
  name: 'linearise',
  title: 'Linearise',
  parameters: {},
  works: 'mosaic',
  plan(_values, context): Plan {
    const { frame } = context;
    const tables = lineariseTables(frame, context.balance);
    const bytes = frame.samples.BYTES_PER_ELEMENT;
    return {
      float: frame.samples instanceof Float32Array,
      first: context.samples + (frame.activeArea.top * frame.width + frame.activeArea.left) * bytes,
      rowBytes: frame.width * bytes,
      planeBytes: frame.samplesPerPixel === 1 ? 0 : frame.width * frame.height * bytes,
      table: tables.table === undefined ? 0 : context.place(tables.table),
      planes: tables.rows.map((phases) =>
        phases.map((row) => ({
          black: context.place(row.black),
          scale: context.place(row.scale),
          ceiling: context.place(row.ceiling),
        })),
      ),
      deltaV: tables.deltaV,
    };
  },
  halo: () => 0,
  scratch: () => 0,
  run(plan, tile, kernels) {
    plan.planes.forEach((phases, p) => {
      const dst = plan.planes.length === 1 ? tile.mosaic : tile.planes + p * tile.planeStride;
      for (let y = 0; y < tile.height; y++) {
        const sourceRow = tile.sourceRow(y);
        const row = phases[sourceRow % phases.length]!;
        const src = plan.first + p * plan.planeBytes + sourceRow * plan.rowBytes;
        const out = dst + y * tile.stride * 4;
        const deltaV = plan.deltaV?.[sourceRow] ?? 0;
        if (plan.float)
          kernels.lineariseFloatRow(
            src,
            row.black,
            row.scale,
            row.ceiling,
            deltaV,
            tile.columns,
            tile.width,
            out,
          );
        else
          kernels.lineariseRow(
            src,
            plan.table,
            row.black,
            row.scale,
            row.ceiling,
            deltaV,
            tile.columns,
            tile.firstInside,
            tile.lastInside,
            tile.width,
            out,
          );
      }
    });
  },
});
