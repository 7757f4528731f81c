import { inRange } from '../../checks.js';
import type { RgbScene } from '../Scene.js';
import { lattice } from './noise.js';

/** Linear Rec.709 light. */
export type Rgb = [red: number, green: number, blue: number];

/** What a ray sees: writes its light to `out` and returns the distance along the axis, m. */
export type Look = (directionX: number, directionY: number, out: Rgb) => number;

/** Longest side of a picture, samples. */
const MAX_SIDE = 16384;
/** Most rays per sample and axis. */
const MAX_RAYS = 8;

/** How finely a picture is rendered. */
export interface PictureSize {
  /** Columns, 1 to 16384. */
  readonly width: number;
  /** Rows, 1 to 16384. */
  readonly height: number;
  /** Rays per sample and axis, 1 to 8. */
  readonly rays: number;
}

/**
 * A scene from a function of the view's direction: (x, y) are tangents of the angles from the axis, x to the right, y up.
 * Every sample is the mean of `rays²` jittered rays; its depth is the nearest one's.
 */
export function renderScene(
  name: string,
  { width, height, rays, halfWidth }: PictureSize & { readonly halfWidth: number },
  look: Look,
): RgbScene {
  inRange('width', width, 1, MAX_SIDE);
  inRange('height', height, 1, MAX_SIDE);
  inRange('rays', rays, 1, MAX_RAYS);
  const rgb = new Float32Array(width * height * 3);
  const depthM = new Float32Array(width * height);
  const step = (2 * halfWidth) / width;
  const light: Rgb = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sum: Rgb = [0, 0, 0];
      let nearest = Infinity;
      for (let ray = 0; ray < rays * rays; ray++) {
        const u = ((ray % rays) + lattice(x, y, ray, 1)) / rays;
        const v = (Math.floor(ray / rays) + lattice(x, y, ray, 2)) / rays;
        const depth = look((x + u - width / 2) * step, (height / 2 - y - v) * step, light);
        if (depth < nearest) nearest = depth;
        for (let c = 0; c < 3; c++) sum[c]! += light[c]!;
      }
      const at = y * width + x;
      depthM[at] = nearest;
      for (let c = 0; c < 3; c++) rgb[at * 3 + c] = sum[c]! / (rays * rays);
    }
  }
  return { kind: 'rgb', name, width, height, rgb, depthM };
}
