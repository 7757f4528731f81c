import { defineStage, type ParameterSet } from '../../stage.js';
import { type ShadingPass, shadingPasses } from './passes.js';

/** One pass with its tables in the kernels' memory. */
interface PlacedPass {
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

const parameters = {
  apply: {
    kind: 'boolean',
    flag: 'lens-shading',
    default: true,
    help: 'Undo the darkening toward the corners by the gain maps in the file.',
  },
} as const satisfies ParameterSet;

/** The gain maps of OpcodeList2 (DNG 1.6, chapter 7): per-colour gains against the lens's shading. */
export const lensShading = defineStage({
  name: 'lens-shading',
  title: 'Lens shading',
  parameters,
  works: 'mosaic',
  plan(values, context): readonly PlacedPass[] | undefined {
    if (!values.apply) return undefined;
    const passes = shadingPasses(context.frame);
    if (passes.length === 0) return undefined;
    return passes.map((pass: ShadingPass) => ({
      plane: pass.plane,
      rowStart: pass.rowStart,
      rowEnd: pass.rowEnd,
      rowPitch: pass.rowPitch,
      index: context.place(pass.index),
      fraction: context.place(pass.fraction),
      gains: context.place(pass.gains),
      gainsStride: pass.gainsPerRow * 4,
    }));
  },
  halo: () => 0,
  scratch: () => 0,
  run(passes: readonly PlacedPass[], tile, kernels) {
    for (const pass of passes) {
      const base = pass.plane < 0 ? tile.mosaic : tile.planes + pass.plane * tile.planeStride;
      for (let y = 0; y < tile.height; y++) {
        const row = tile.sourceRow(y);
        if (row < pass.rowStart || row >= pass.rowEnd || (row - pass.rowStart) % pass.rowPitch !== 0)
          continue;
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
  },
});
