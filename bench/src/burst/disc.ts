import { type Motion, placeInFrame, placeSeen } from './motion.js';

/** A disc that crosses the scene behind nothing, seen from the frame's centre, in the reference's pixels. */
export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** Softness of its edge: the lens's blur. */
const EDGE_SIGMA = 0.8;
/** Its pattern, so that a ghost would show: period in pixels, and contrast. */
const PERIOD = 24;
const CONTRAST = 0.4;
const COLOUR = [0.45, 0.25, 0.12] as const;

/** Where a disc is in frame `index` of `frames`: it crosses from a quarter of the picture to three quarters. */
export function discAt(
  index: number,
  frames: number,
  { width, height }: { readonly width: number; readonly height: number },
  radius: number,
): Disc {
  const along = frames === 1 ? 0 : index / (frames - 1);
  return { x: (0.5 * along - 0.25) * width, y: (0.1 * along - 0.05) * height, radius };
}

/** Cumulative normal by a logistic curve, within 0.01: the edge's shape hardly matters. */
const covered = (distance: number): number => 1 / (1 + Math.exp((-1.702 * distance) / EDGE_SIGMA));

function colourOf(channel: number, x: number, y: number): number {
  const wave = Math.sin((2 * Math.PI * x) / PERIOD) * Math.sin((2 * Math.PI * y) / PERIOD);
  return COLOUR[channel]! * (1 + CONTRAST * wave);
}

/** Puts a disc over what the photosites of a frame see, or over all colours of its pixels. */
export function drawDisc(
  signal: Float32Array,
  width: number,
  height: number,
  disc: Disc,
  motion: Motion,
  planes: 1 | 3 = 1,
): void {
  const [centreX, centreY] = [(width - 1) / 2, (height - 1) / 2];
  const [u, v] = placeInFrame(motion, disc.x, disc.y);
  const reach = disc.radius + 4;
  const rows = [
    Math.max(Math.floor(v + centreY - reach), 0),
    Math.min(Math.ceil(v + centreY + reach), height - 1),
  ];
  const columns = [
    Math.max(Math.floor(u + centreX - reach), 0),
    Math.min(Math.ceil(u + centreX + reach), width - 1),
  ];
  for (let y = rows[0]!; y <= rows[1]!; y++) {
    for (let x = columns[0]!; x <= columns[1]!; x++) {
      const [seenX, seenY] = placeSeen(motion, x - centreX, y - centreY);
      const alpha = covered(disc.radius - Math.hypot(seenX - disc.x, seenY - disc.y));
      for (let plane = 0; plane < planes; plane++) {
        const channel = planes === 3 ? plane : (y & 1) + (x & 1);
        const at = (y * width + x) * planes + plane;
        signal[at] = signal[at]! * (1 - alpha) + alpha * colourOf(channel, seenX - disc.x, seenY - disc.y);
      }
    }
  }
}
