import { Homography, type Point } from '../charts/Homography.js';
import { COLOR_CHECKER } from '../color/colorChecker.js';
import { D50, labToXyz, multiply3 } from '../color/lab.js';
import { XYZ_D50_TO_SRGB } from '../color/srgb.js';
import type { RgbImage } from '../RgbImage.js';

/** Linear Rec.709 of the published patches. */
export const PATCH_RGB = COLOR_CHECKER.map(({ lab }) => multiply3(XYZ_D50_TO_SRGB, labToXyz(lab, D50)));

/** Half a patch in steps from patch to patch. */
const HALF_PATCH = 0.43;
const FRAME = 0.03;

/**
 * Draws a chart into a picture.
 * @param corners middles of dark skin, bluish green, black and white, in pixels
 * @param gains cast of light by channel
 * @param straighten where a place in the picture would lie without the lens's distortion
 */
export function drawChart(
  image: RgbImage,
  corners: readonly Point[],
  gains: readonly number[],
  straighten: (place: Point) => Point = (place) => place,
): void {
  const fromPicture = Homography.fit(corners, [
    [0, 0],
    [5, 0],
    [5, 3],
    [0, 3],
  ])!;
  const { width, height, data } = image;
  const samples = 3;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u0, v0] = fromPicture.apply(straighten([x, y]));
      if (!(u0 > -1 && u0 < 6 && v0 > -1 && v0 < 4)) continue;
      const sum = [0, 0, 0];
      let hits = 0;
      for (let k = 0; k < samples * samples; k++) {
        const place: Point = [
          x + ((k % samples) + 0.5) / samples - 0.5,
          y + (Math.floor(k / samples) + 0.5) / samples - 0.5,
        ];
        const [u, v] = fromPicture.apply(straighten(place));
        if (!(u > -0.75 && u < 5.75 && v > -0.75 && v < 3.75)) continue;
        hits++;
        const [column, row] = [Math.round(u), Math.round(v)];
        const within =
          column >= 0 &&
          column < 6 &&
          row >= 0 &&
          row < 4 &&
          Math.max(Math.abs(u - column), Math.abs(v - row)) < HALF_PATCH;
        const color = within ? PATCH_RGB[row * 6 + column]! : [FRAME, FRAME, FRAME];
        for (let c = 0; c < 3; c++) sum[c]! += Math.max(color[c]!, 0) * gains[c]!;
      }
      const share = hits / samples ** 2;
      for (let c = 0; c < 3; c++) {
        const i = (y * width + x) * 3 + c;
        data[i] = data[i]! * (1 - share) + sum[c]! / samples ** 2;
      }
    }
  }
}
