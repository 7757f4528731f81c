import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RgbImage } from '@photosite/measure';
import type { NoiseLevel } from '../truth/noise.js';
import { stabiliser } from './stabilise.js';

function bm3dOnThread(image: RgbImage, sigma: number, peak: number): Promise<RgbImage> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(new URL('./bm3d-thread.js', import.meta.url), {
      workerData: { image, sigma, peak },
    });
    thread.once('message', (data: Float32Array) => resolve({ ...image, data }));
    thread.once('error', reject);
  });
}

/**
 * Colour BM3D with the true variance on demosaiced pictures: stabilised, filtered, taken back without bias.
 * @param sigma standard deviation that BM3D is told, in units of the noise before demosaicing, which makes neighbours'
 *   noise alike: somewhat more than 1 serves best (Jin, Facciolo and Morel, "A review of an old dilemma: demosaicking
 *   first, or denoising first?", CVPR Workshops 2020)
 */
export async function denoiseByBm3d(
  pictures: readonly RgbImage[],
  level: NoiseLevel,
  sigma: number,
): Promise<RgbImage[]> {
  const { forward, inverse } = stabiliser(level);
  const peak = forward(1) - forward(0);
  const done: RgbImage[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < pictures.length; i = next++) {
      const picture = pictures[i]!;
      const filtered = await bm3dOnThread({ ...picture, data: picture.data.map(forward) }, sigma, peak);
      done[i] = { ...filtered, data: filtered.data.map(inverse) };
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), pictures.length) }, worker));
  return done;
}
