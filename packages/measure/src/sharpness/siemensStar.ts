import { checkImage, inRange } from '../checks.js';
import { leastSquares } from '../linearAlgebra.js';
import { MeasureError } from '../MeasureError.js';
import { luminanceOf, REC709_LUMINANCE } from '../Plane.js';
import type { RgbImage } from '../RgbImage.js';
import { crossing } from './curve.js';
import type { MtfCurve } from './slantedEdge.js';

/** Where a star lies and how it is drawn. */
export interface SiemensStarOptions {
  /** Its middle in pixels; the middle of the first pixel is (0, 0). */
  readonly centre: readonly [x: number, y: number];
  /** Dark and bright spokes around it: periods in a full turn. */
  readonly cycles: number;
  /** Radii that are measured, in pixels. */
  readonly innerPx: number;
  readonly outerPx: number;
  /** Modulation of the chart itself, (bright − dark) / (bright + dark); 1 where left out. */
  readonly chartModulation?: number;
  /** Weights of R, G and B in the luminance; those of Rec.709 where left out. */
  readonly luminanceWeights?: readonly number[];
}

/** The star's modulation by direction. */
export interface SiemensStar {
  /** Mean over all directions. */
  readonly mtf: MtfCurve;
  readonly mtf50: number | undefined;
  /** Eight sectors of 45°, the first centred on the direction to the right, on clockwise as seen in the picture. */
  readonly sectors: readonly MtfCurve[];
}

const SECTORS = 8;
/** Periods that a sector needs at the least, for the fit of a sine. */
const MIN_CYCLES = 2 * SECTORS;

/**
 * Modulation transfer by a sinusoidal Siemens star (s-SFR of ISO 12233:2017 and 2023): around rings of a pixel's width, a
 * sine of the star's period is fitted in each of eight sectors, and its amplitude over its mean is the modulation at the
 * frequency cycles / (2πr). A star of black and white spokes has 4/π of a sine's amplitude; pass that times its contrast
 * as `chartModulation`.
 * @param image linear values
 * @throws {MeasureError} where the star does not lie inside or has less than two periods a sector
 */
export function siemensStar(image: RgbImage, options: SiemensStarOptions): SiemensStar {
  const {
    centre,
    cycles,
    innerPx,
    outerPx,
    chartModulation = 1,
    luminanceWeights = REC709_LUMINANCE,
  } = options;
  checkImage('image', image);
  inRange('cycles', cycles, MIN_CYCLES, 1000);
  inRange('innerPx', innerPx, 2, outerPx - 1);
  inRange('chartModulation', chartModulation, 0.01, 4 / Math.PI);
  const [cx, cy] = centre;
  const { width, height } = image;
  if (!(Math.min(cx, cy, width - 1 - cx, height - 1 - cy) >= outerPx)) {
    throw new MeasureError(
      `a star of ${outerPx} pixels about ${cx}, ${cy} does not lie inside of the picture.`,
      {
        field: 'outerPx',
      },
    );
  }
  const plane = luminanceOf(image, luminanceWeights);
  const rings = Math.floor(outerPx - innerPx);
  const samples = Array.from({ length: rings }, () =>
    Array.from({ length: SECTORS }, () => ({ rows: [] as number[][], values: [] as number[] })),
  );
  for (let y = Math.ceil(cy - outerPx); y <= cy + outerPx; y++) {
    for (let x = Math.ceil(cx - outerPx); x <= cx + outerPx; x++) {
      const radius = Math.hypot(x - cx, y - cy);
      const ring = samples[Math.floor(radius - innerPx)];
      if (ring === undefined) continue;
      const angle = Math.atan2(y - cy, x - cx);
      const sector = ring[Math.round((angle / (2 * Math.PI)) * SECTORS + SECTORS) % SECTORS]!;
      sector.rows.push([1, Math.cos(cycles * angle), Math.sin(cycles * angle)]);
      sector.values.push(plane.data[y * width + x]!);
    }
  }
  const modulations = samples.map((ring) =>
    ring.map(({ rows, values }) => {
      const [mean, cos, sin] = (leastSquares(rows, values) ?? [1, 0, 0]) as [number, number, number];
      return Math.hypot(cos, sin) / mean / chartModulation;
    }),
  );
  // Outside in, so that frequencies ascend.
  const order = Array.from({ length: rings }, (_, i) => rings - 1 - i);
  const frequencies = order.map((i) => cycles / (2 * Math.PI * (innerPx + i + 0.5)));
  const curve = (of: (ring: readonly number[]) => number): MtfCurve => ({
    frequencies,
    values: order.map((i) => of(modulations[i]!)),
  });
  const mtf = curve((ring) => ring.reduce((a, b) => a + b, 0) / SECTORS);
  return {
    mtf,
    mtf50: crossing(mtf, 0.5),
    sectors: Array.from({ length: SECTORS }, (_, s) => curve((ring) => ring[s]!)),
  };
}
