import { OpticsError } from '../../OpticsError.js';
import { RandomStream } from '../../sensors/random.js';
import { integrate } from '../../spectra/integrate.js';
import { trainingReflectances } from '../../spectra/reflectances.js';
import { discCoverage } from '../coverage.js';
import { neutral } from './Chart.js';
import { defineChart } from './defineChart.js';

/** Greys between dark and light. */
const GREYS = 256;
/** Keys this chart's random numbers among others of the same seed. */
const PURPOSE = 0x1eaf;
/** Coverages beyond these count as all or nothing: fewer samples wait for a second leaf. */
const NEARLY_ALL = 0.995;
const NEARLY_NOTHING = 0.005;
/** States of a sample: no leaf yet, one whose edge runs through it, finished. */
const [UNTOUCHED, HALF_DONE, DONE] = [0, 1, 2] as const;
/** Blocks of 32 × 32 samples are skipped as one where they are finished. */
const BLOCK_BITS = 5;
/** Leaves at most per sample of the picture before the rest is taken for covered: never reached but for broken luck. */
const MOST_LEAVES_PER_SAMPLE = 64;

/**
 * Discs in random places that cover each other, a texture with the statistics of natural pictures (Cao, Guichard and
 * Hornung, "Dead leaves model for measuring texture quality on a digital camera", SPIE 7537, 2010): radii r have a density
 * ∝ r⁻³ between two limits, which makes the picture's statistics the same at every scale between them. It is drawn from the
 * front leaf to the back one until nothing is left to cover, which is the exact stationary law (Kendall and Thönnes 1999).
 * Edges hold the exact areas of the leaf in front; what is behind it is the next leaf that covers most of the rest.
 */
export const deadLeaves = defineChart(
  {
    name: 'dead-leaves',
    title: 'Dead leaves',
    help: 'Discs of every size that cover each other: texture like that of natural pictures.',
    parameters: {
      seed: {
        kind: 'number',
        whole: true,
        default: 0,
        least: 0,
        most: 2 ** 32 - 1,
        help: 'The same seed, the same chart.',
      },
      smallest: {
        kind: 'number',
        default: 1,
        least: 0.5,
        most: 1000,
        help: 'Radius of the smallest leaves, samples.',
      },
      largest: {
        kind: 'number',
        default: 0.25,
        least: 0.001,
        most: 1,
        help: "Radius of the largest as a share of the picture's shorter side.",
      },
      colors: {
        kind: 'choice',
        default: 'grey',
        choices: ['grey', 'natural'],
        help: 'Greys spread evenly between dark and light, or measured surfaces.',
      },
      dark: { kind: 'number', default: 0.05, least: 0, most: 1, help: 'Reflectance of the darkest grey.' },
      light: { kind: 'number', default: 0.75, least: 0, most: 1, help: 'Reflectance of the lightest grey.' },
    },
  },
  (canvas, { seed, smallest, largest, colors, dark, light }) => {
    const { width, height, first, second, mix } = canvas;
    const most = largest * Math.min(width, height);
    if (!(most > smallest))
      throw new OpticsError(
        `leaves of at most ${most.toFixed(1)} samples are not larger than the smallest, ${smallest}; raise largest or the picture's size.`,
        { field: 'largest' },
      );
    const materials =
      colors === 'natural'
        ? // A few of the set pass 1: as leaves they would shine.
          trainingReflectances().filter((reflectance) => Math.max(...reflectance) <= 1)
        : Array.from({ length: GREYS }, (_, i) => neutral(dark + ((light - dark) * (i + 0.5)) / GREYS));
    const random = new RandomStream().start(seed, 0, PURPOSE, 0);
    const state = new Uint8Array(width * height);
    // Samples that are not done by block: most of the late leaves lie where nothing is left to do.
    const blocksAcross = (width >> BLOCK_BITS) + 1;
    const openIn = new Uint16Array(blocksAcross * ((height >> BLOCK_BITS) + 1));
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) openIn[(y >> BLOCK_BITS) * blocksAcross + (x >> BLOCK_BITS)]!++;
    let open = width * height;
    const inverseSquares = [1 / smallest ** 2, 1 / most ** 2] as const;
    for (let leaf = 0; open > 0 && leaf < MOST_LEAVES_PER_SAMPLE * width * height; leaf++) {
      // The density r⁻³ by inversion of its distribution.
      const radius =
        1 / Math.sqrt(inverseSquares[0] + random.uniform() * (inverseSquares[1] - inverseSquares[0]));
      // Leaves may lie anywhere from where the largest could still touch the picture, so that borders look like the middle.
      const x0 = random.uniform() * (width + 2 * most) - most;
      const y0 = random.uniform() * (height + 2 * most) - most;
      const material = Math.min(Math.floor(random.uniform() * materials.length), materials.length - 1);
      const bottom = Math.min(height, Math.ceil(y0 + radius));
      for (let y = Math.max(0, Math.floor(y0 - radius)); y < bottom; y++) {
        const near = Math.max(0, Math.max(y - y0, y0 - y - 1));
        const chord = Math.sqrt(Math.max(0, radius * radius - near * near));
        const right = Math.min(width, Math.ceil(x0 + chord));
        const blockRow = (y >> BLOCK_BITS) * blocksAcross;
        let x = Math.max(0, Math.floor(x0 - chord));
        while (x < right) {
          const block = blockRow + (x >> BLOCK_BITS);
          const blockEnd = Math.min(right, ((x >> BLOCK_BITS) + 1) << BLOCK_BITS);
          if (openIn[block] === 0) x = blockEnd;
          for (; x < blockEnd; x++) {
            const at = y * width + x;
            if (state[at] === DONE) continue;
            const share = discCoverage(x0, y0, radius, x, y);
            if (state[at] === UNTOUCHED) {
              if (share <= NEARLY_NOTHING) continue;
              first[at] = material;
              second[at] = material;
              if (share < NEARLY_ALL) {
                state[at] = HALF_DONE;
                mix[at] = 1 - share;
                continue;
              }
            } else {
              if (share <= 0.5) continue;
              second[at] = material;
            }
            state[at] = DONE;
            openIn[block]!--;
            open--;
          }
        }
      }
    }
    const levels = materials.map((material) => integrate(material) / integrate(neutral(1)));
    const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
    const variance = levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / levels.length;
    return {
      scene: canvas.scene('Dead leaves', materials),
      landmarks: { kind: 'texture', mean, variance, radii: [smallest, most] },
    };
  },
);
