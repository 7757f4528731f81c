import type { RgbImage } from '@photosite/measure';
import { readTruthSet, TRUTH_SETS } from '../truth/pictures.js';
import { proceduralScene } from '../truth/scene.js';

/** Pixels of the wall around the frame's crop, so that no shift or turn of the protocol leaves the wall. */
export const WALL_MARGIN = 32;
const PROCEDURAL_SEED = 7;

/** Rows of pictures side by side, each row cut to one height, until the wall is full: edge to edge, nothing between. */
function hang(pictures: readonly RgbImage[], width: number, height: number): RgbImage {
  const rowHeight = Math.min(...pictures.map((picture) => picture.height));
  const data = new Float32Array(width * height * 3);
  let next = 0;
  for (let top = 0; top < height; top += rowHeight) {
    for (let left = 0; left < width; ) {
      const picture = pictures[next++ % pictures.length]!;
      const columns = Math.min(picture.width, width - left);
      for (let y = 0; y < Math.min(rowHeight, height - top); y++) {
        const from = y * picture.width * 3;
        data.set(picture.data.subarray(from, from + columns * 3), ((top + y) * width + left) * 3);
      }
      left += columns;
    }
  }
  return { width, height, data };
}

/**
 * A wall of photographs, linear, to 0.9, with `WALL_MARGIN` around the frame: the truth pictures of the data folder, of each
 * set in turn, or a procedural scene where there are none.
 */
export async function readWall(dataFolder: string, width: number, height: number): Promise<RgbImage> {
  const sets = await Promise.all(
    TRUTH_SETS.map((name) =>
      readTruthSet(dataFolder, name).then(
        (set) => set.pictures,
        () => [],
      ),
    ),
  );
  const longest = Math.max(...sets.map((pictures) => pictures.length));
  const pictures = Array.from({ length: longest }, (_, i) =>
    sets.flatMap((set) => set[i]?.image ?? []),
  ).flat();
  const [wide, high] = [width + 2 * WALL_MARGIN, height + 2 * WALL_MARGIN];
  return pictures.length > 0 ? hang(pictures, wide, high) : proceduralScene(wide, high, PROCEDURAL_SEED);
}

/** The picture through a lens that draws every point as a Gaussian of `sigma` pixels. */
export function blur(image: RgbImage, sigma: number): RgbImage {
  const { width, height } = image;
  const radius = Math.ceil(4 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((a, b) => a + b, 0);
  const inside = (at: number, end: number) => Math.min(Math.max(at, 0), end - 1);
  const pass = (from: Float32Array, across: boolean): Float32Array => {
    const to = new Float32Array(from.length);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let [r, g, b] = [0, 0, 0];
        for (let k = 0; k < kernel.length; k++) {
          const at =
            (across
              ? y * width + inside(x + k - radius, width)
              : inside(y + k - radius, height) * width + x) * 3;
          const weight = kernel[k]!;
          r += weight * from[at]!;
          g += weight * from[at + 1]!;
          b += weight * from[at + 2]!;
        }
        const at = (y * width + x) * 3;
        to[at] = r / sum;
        to[at + 1] = g / sum;
        to[at + 2] = b / sum;
      }
    }
    return to;
  };
  return { width, height, data: pass(pass(image.data, true), false) };
}
