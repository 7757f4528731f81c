import { defineStage } from '../../stage.js';

interface Plan {
  /** Address of start and slope of clipping per channel, six floats. */
  readonly table: number;
}

/** From this fraction of a channel's white level on it counts as clipping, fully so at `CLIP_END`. */
const CLIP_START = 0.9;
const CLIP_END = 0.99;

/** Light beyond a channel's white level: lifted to its neighbours' level, and neutral where all three are gone. */
export const highlights = defineStage({
  name: 'highlights',
  title: 'Highlights',
  parameters: {},
  works: 'planes',
  plan(_values, { white, place }): Plan {
    // A balanced channel clips at its own gain.
    return {
      table: place(
        Float32Array.from(white.neutral.flatMap((n) => [CLIP_START / n, n / (CLIP_END - CLIP_START)])),
      ),
    };
  },
  halo: () => 0,
  scratch: () => 0,
  run({ table }, tile, kernels) {
    kernels.highlights(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      table,
    );
  },
});
