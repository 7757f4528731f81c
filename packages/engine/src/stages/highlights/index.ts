import { defineStage } from '../../stage.js';
import { NODE_FLOATS, surroundings } from './surroundings.js';

interface Plan {
  /** Address of the channels' white levels once balanced, three floats. */
  readonly table: number;
  /** Address of the grid of what lies around, and its size. */
  readonly nodes: number;
  readonly columns: number;
  readonly rows: number;
  /** Nodes per pixel of the picture. */
  readonly nodesPerPixelX: number;
  readonly nodesPerPixelY: number;
  /** The smallest of all ceilings. */
  readonly least: number;
}

/**
 * Light beyond a channel's white level: rebuilt from the channels that are not clipped and the colour of the
 * surroundings, and neutral where all three are gone.
 */
export const highlights = defineStage({
  name: 'highlights',
  title: 'Highlights',
  parameters: {},
  works: 'planes',
  needsOverview: () => true,
  plan(_values, context): Plan {
    const { white, place, picture } = context;
    const { columns, rows, nodes } = surroundings(context);
    let least = 1;
    for (let i = 4; i < nodes.length; i += NODE_FLOATS)
      least = Math.min(least, nodes[i]!, nodes[i + 1]!, nodes[i + 2]!);
    return {
      // A balanced channel clips at its own gain.
      table: place(Float32Array.from(white.neutral, (n) => 1 / n)),
      nodes: place(nodes),
      columns,
      rows,
      nodesPerPixelX: columns / picture.width,
      nodesPerPixelY: rows / picture.height,
      least,
    };
  },
  halo: () => 0,
  scratch: () => 0,
  run({ table, nodes, columns, rows, nodesPerPixelX, nodesPerPixelY, least }: Plan, tile, kernels) {
    const { x, y, stepX, stepY } = tile.place;
    kernels.highlights(
      tile.inner,
      tile.planeStride,
      tile.stride * 4,
      tile.innerWidth,
      tile.innerHeight,
      table,
      nodes,
      columns,
      rows,
      least,
      x,
      stepX,
      nodesPerPixelX,
      y,
      stepY,
      nodesPerPixelY,
    );
  },
});
