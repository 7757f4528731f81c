import { defineStage, type ParameterSet } from '../../stage.js';
import { shadingPasses } from './passes.js';
import { multiplyByPass, type PlacedPass, placePass } from './placed.js';

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
  plan(values, { frame, place }): readonly PlacedPass[] | undefined {
    if (!values.apply) return undefined;
    const passes = shadingPasses(frame);
    return passes.length === 0 ? undefined : passes.map((pass) => placePass(pass, place));
  },
  halo: () => 0,
  scratch: () => 0,
  run(passes: readonly PlacedPass[], tile, kernels) {
    for (const pass of passes)
      multiplyByPass(
        pass,
        pass.plane < 0 ? tile.mosaic : tile.planes + pass.plane * tile.planeStride,
        tile,
        kernels,
      );
  },
});
