import type { LensDrawing, PsfTable } from '../lenses/LensDrawing.js';
import { photositeKernel } from '../lenses/photositeKernel.js';
import { OpticsError } from '../OpticsError.js';
import { cubicTable } from './cubics.js';

/** Photosites from node to node at most; kernels in between are mixed of the four nodes around. */
const NODE_SPACING = 256;
/** Samples of a point spread function that a photosite needs across for its integral. */
const SAMPLES_PER_PHOTOSITE = 4;
/** Share of the light that a kernel holds; what is cut off is spread over the rest. */
const ENERGY = 0.998;
/** Largest half-width of a kernel with the camera's movement. */
const MAX_HALF = 160;

/** A square of weights with sum 1 about its middle. */
export interface Kernel {
  readonly half: number;
  readonly weights: Float32Array;
}

/** Movement of the image during an exposure, pixels relative to its place in the middle: pairs dx, dy, equally long each. */
export type ImagePath = readonly (readonly [dx: number, dy: number])[];

/**
 * The drawing for points at one distance, its functions not finer than photosites need: so a kernel takes a fraction of
 * the time. Samples are summed over odd squares, so that the centre stays where it is.
 */
export function drawingAt(drawing: LensDrawing, depthM: number, pitchUm: number): LensDrawing {
  const { radiiMm, depthsM, size, stepsUm, data } = drawing.psfs;
  const vergence = 1 / depthM;
  const last = depthsM.length - 1;
  let index = 0;
  while (index < last - 1 && 1 / depthsM[index + 1]! <= vergence) index++;
  const [from, to] = [1 / depthsM[index]!, 1 / depthsM[Math.min(index + 1, last)]!];
  const fraction = to > from ? Math.min(Math.max((vergence - from) / (to - from), 0), 1) : 0;
  const entryOf = (radius: number, depth: number, c: number) => (radius * depthsM.length + depth) * 3 + c;
  const steps = new Float64Array(radiiMm.length * 3);
  for (let r = 0; r < radiiMm.length; r++)
    for (let c = 0; c < 3; c++)
      steps[r * 3 + c] =
        (1 - fraction) * stepsUm[entryOf(r, index, c)]! +
        fraction * stepsUm[entryOf(r, Math.min(index + 1, last), c)]!;
  // One factor for all, so that functions of neighbouring places stay alike sample by sample.
  const room = Math.floor(pitchUm / SAMPLES_PER_PHOTOSITE / Math.max(...steps));
  const factor = Math.max(room - ((room + 1) % 2), 1);
  const reach = (factor - 1) / 2;
  const half = (size - 1) / 2;
  const newHalf = Math.ceil((half - reach) / factor);
  const newSize = 2 * newHalf + 1;
  const out = new Float32Array(radiiMm.length * 3 * newSize * newSize);
  for (let r = 0; r < radiiMm.length; r++) {
    for (let c = 0; c < 3; c++) {
      const target = (r * 3 + c) * newSize * newSize;
      for (const [depth, share] of [
        [index, 1 - fraction],
        [Math.min(index + 1, last), fraction],
      ] as const) {
        if (share === 0) continue;
        const source = entryOf(r, depth, c) * size * size;
        for (let y = 0; y < size; y++) {
          const row = Math.floor((y - half + reach) / factor) + newHalf;
          if (row < 0 || row >= newSize) continue;
          for (let x = 0; x < size; x++) {
            const column = Math.floor((x - half + reach) / factor) + newHalf;
            if (column < 0 || column >= newSize) continue;
            out[target + row * newSize + column]! += share * data[source + y * size + x]!;
          }
        }
      }
    }
  }
  const psfs: PsfTable = {
    radiiMm,
    depthsM: [depthM],
    size: newSize,
    stepsUm: steps.map((step) => step * factor),
    data: out,
  };
  return { ...drawing, psfs };
}

/**
 * A kernel that is narrower by a variance (samples², per axis), by a second difference; weights that would fall below 0 stay
 * at 0, so that a kernel of one photosite stays one.
 */
export function narrowed({ half, weights }: Kernel, variance: number): Kernel {
  if (variance === 0 || half === 0) return { half, weights };
  const size = 2 * half + 1;
  const at = (x: number, y: number) =>
    x < 0 || y < 0 || x >= size || y >= size ? 0 : weights[y * size + x]!;
  const out = new Float32Array(size * size);
  let sum = 0;
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const around = at(x - 1, y) + at(x + 1, y) + at(x, y - 1) + at(x, y + 1);
      const value = Math.max(0, at(x, y) - (variance / 2) * (around - 4 * at(x, y)));
      out[y * size + x] = value;
      sum += value;
    }
  }
  for (let i = 0; i < out.length; i++) out[i]! /= sum;
  return { half, weights: out };
}

const KEYS = cubicTable(0);

/** Weights of the four samples around a fraction by Keys' cubics: mean and variance of a place are kept exactly. */
function keys(fraction: number): number[] {
  return [0, 1, 2, 3].map(
    (i) => ((KEYS[i]! * fraction + KEYS[4 + i]!) * fraction + KEYS[8 + i]!) * fraction + KEYS[12 + i]!,
  );
}

/** The kernel of light that moves along a path while the shutter is open. */
export function moved({ half, weights }: Kernel, path: ImagePath): Kernel {
  let reach = 0;
  for (const [dx, dy] of path) reach = Math.max(reach, Math.abs(dx), Math.abs(dy));
  if (reach < 0.01) return { half, weights };
  const more = Math.ceil(reach) + 1;
  if (half + more > MAX_HALF) {
    throw new OpticsError(
      `the picture moves ${reach.toFixed(0)} pixels during the exposure; shorten the exposure, weaken the hand or use a tripod.`,
      { field: 'exposureTimeS' },
    );
  }
  // The path itself as a small picture, then both convolved.
  const trackSize = 2 * more + 1;
  const track = new Float64Array(trackSize * trackSize);
  for (const [dx, dy] of path) {
    const [column, row] = [Math.floor(dx), Math.floor(dy)];
    const [across, down] = [keys(dx - column), keys(dy - row)];
    for (let j = 0; j < 4; j++) {
      const y = row + j - 1 + more;
      if (y < 0 || y >= trackSize) continue;
      for (let i = 0; i < 4; i++) {
        const x = column + i - 1 + more;
        if (x >= 0 && x < trackSize) track[y * trackSize + x]! += across[i]! * down[j]!;
      }
    }
  }
  const size = 2 * half + 1;
  const newHalf = half + more;
  const newSize = 2 * newHalf + 1;
  const sums = new Float64Array(newSize * newSize);
  for (let ty = 0; ty < trackSize; ty++) {
    for (let tx = 0; tx < trackSize; tx++) {
      const share = track[ty * trackSize + tx]!;
      if (share === 0) continue;
      for (let y = 0; y < size; y++) {
        const to = (ty + y) * newSize + tx;
        for (let x = 0; x < size; x++) sums[to + x]! += share * weights[y * size + x]!;
      }
    }
  }
  let total = 0;
  for (let i = 0; i < sums.length; i++) {
    if (sums[i]! < 0) sums[i] = 0;
    total += sums[i]!;
  }
  return trimmed({ half: newHalf, weights: Float32Array.from(sums, (value) => value / total) }, 1e-5);
}

/** Without outer rings that together hold no more than a share of the light. */
function trimmed({ half, weights }: Kernel, share: number): Kernel {
  const size = 2 * half + 1;
  const rings = new Float64Array(half + 1);
  for (let y = 0, i = 0; y < size; y++)
    for (let x = 0; x < size; x++, i++)
      rings[Math.max(Math.abs(x - half), Math.abs(y - half))]! += weights[i]!;
  let kept = half;
  for (let lost = rings[half]!; kept > 0 && lost <= share; lost += rings[kept]!) kept--;
  if (kept === half) return { half, weights };
  const keptSize = 2 * kept + 1;
  const out = new Float32Array(keptSize * keptSize);
  let sum = 0;
  for (let y = 0; y < keptSize; y++)
    for (let x = 0; x < keptSize; x++) {
      const value = weights[(y + half - kept) * size + x + half - kept]!;
      out[y * keptSize + x] = value;
      sum += value;
    }
  for (let i = 0; i < out.length; i++) out[i]! /= sum;
  return { half: kept, weights: out };
}

/** A kernel seen in a mirror. */
function mirrored({ half, weights }: Kernel, acrossX: boolean, acrossY: boolean): Kernel {
  const size = 2 * half + 1;
  const out = new Float32Array(size * size);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++)
      out[y * size + x] = weights[(acrossY ? size - 1 - y : y) * size + (acrossX ? size - 1 - x : x)]!;
  return { half, weights: out };
}

/** What a grid of kernels is made for. */
export interface KernelGridSettings {
  readonly drawing: LensDrawing;
  readonly depthM: number;
  /** Samples of the frame across and down, and their distance. */
  readonly width: number;
  readonly height: number;
  readonly pitchUm: number;
  /** Samples, as a power of two, that one of the kernels' spans. */
  readonly level: number;
  /** Variance that kernels of level 0 are narrowed by, samples². */
  readonly narrowing: number;
  /** The lens's own kernels, kept from frame to frame; filled in. */
  readonly lensKernels: Map<number, Kernel>;
  /** Movement of the image at a place, pixels of the frame. */
  readonly pathAt?: (x: number, y: number) => ImagePath;
}

/** Kernels of a lens at nodes that lie symmetrically about the image centre. */
export class KernelGrid {
  /** Largest half-width, in samples of the level. */
  readonly half: number;
  readonly #kernels: readonly (readonly Kernel[])[];
  readonly #columns: number;
  readonly #rows: number;
  readonly #centreX: number;
  readonly #centreY: number;
  readonly #spacingX: number;
  readonly #spacingY: number;
  /** Kernels between the nodes of each column at one row. */
  readonly #mixed = new Map<number, Kernel>();
  #row = Number.NaN;

  constructor(settings: KernelGridSettings) {
    const { width, height, pitchUm, level } = settings;
    this.#centreX = (width - 1) / 2;
    this.#centreY = (height - 1) / 2;
    const across = Math.ceil(width / 2 / NODE_SPACING);
    const down = Math.ceil(height / 2 / NODE_SPACING);
    // The outermost nodes lie on the border: beyond it nothing is asked for.
    this.#spacingX = width / 2 / across;
    this.#spacingY = height / 2 / down;
    this.#columns = 2 * across + 1;
    this.#rows = 2 * down + 1;
    const pitch = pitchUm * 2 ** level;
    const drawing = drawingAt(settings.drawing, settings.depthM, pitch);
    const still = drawing.psfs.radiiMm.length === 1 && settings.pathAt === undefined;
    let half = 0;
    const kernels: Kernel[][] = [];
    for (const channel of [0, 1, 2] as const) {
      const lensAt = (i: number, j: number): Kernel => {
        // A lens that draws alike everywhere draws a disc or a symmetric spot: one kernel will do.
        const [column, row] = drawing.psfs.radiiMm.length === 1 ? [0, 0] : [Math.abs(i), Math.abs(j)];
        const key = (channel * this.#rows + row) * this.#columns + column;
        let kernel = settings.lensKernels.get(key);
        if (kernel === undefined) {
          const { size, weights } = photositeKernel(drawing, {
            xMm: (column * this.#spacingX * pitchUm) / 1000,
            yMm: (row * this.#spacingY * pitchUm) / 1000,
            depthM: settings.depthM,
            channel,
            pitchUm: pitch,
            energy: ENERGY,
            maxSize: 2 * MAX_HALF + 1,
          });
          kernel = { half: (size - 1) / 2, weights };
          if (level === 0) kernel = narrowed(kernel, settings.narrowing);
          settings.lensKernels.set(key, kernel);
        }
        return i < 0 || j < 0 ? mirrored(kernel, i < 0, j < 0) : kernel;
      };
      const nodes: Kernel[] = [];
      for (let j = -down; j <= down; j++) {
        for (let i = -across; i <= across; i++) {
          let kernel = still ? lensAt(0, 0) : lensAt(i, j);
          if (settings.pathAt) {
            const path = settings.pathAt(
              this.#centreX + i * this.#spacingX,
              this.#centreY + j * this.#spacingY,
            );
            const scale = 2 ** -level;
            kernel = moved(
              kernel,
              path.map(([dx, dy]) => [dx * scale, dy * scale]),
            );
          }
          half = Math.max(half, kernel.half);
          nodes.push(kernel);
        }
      }
      kernels.push(nodes);
    }
    this.#kernels = kernels;
    this.half = half;
  }

  /**
   * The kernel at a place of the frame as it lies over the source: turned by 180°, since it says where light goes.
   * @param out room for the largest kernel; takes the weights
   * @returns the kernel's half-width
   */
  at(channel: number, x: number, y: number, out: Float32Array): number {
    const column = (x - this.#centreX) / this.#spacingX + (this.#columns - 1) / 2;
    const row = (y - this.#centreY) / this.#spacingY + (this.#rows - 1) / 2;
    const i = Math.min(Math.max(Math.floor(column), 0), this.#columns - 2);
    const fraction = Math.min(Math.max(column - i, 0), 1);
    const [a, b] = [this.#between(channel, i, row), this.#between(channel, i + 1, row)];
    const wide = a.half >= b.half ? a : b;
    const narrow = a.half >= b.half ? b : a;
    const share = a.half >= b.half ? fraction : 1 - fraction;
    const size = 2 * wide.half + 1;
    for (let k = 0; k < size * size; k++) out[k] = wide.weights[k]! * (1 - share);
    const rim = wide.half - narrow.half;
    const inner = 2 * narrow.half + 1;
    for (let v = 0, from = 0; v < inner; v++)
      for (let u = 0, to = (rim + v) * size + rim; u < inner; u++)
        out[to++]! += narrow.weights[from++]! * share;
    return wide.half;
  }

  /** The kernel between two nodes of a column of them, turned; those of one row are kept. */
  #between(channel: number, column: number, row: number): Kernel {
    if (row !== this.#row) {
      this.#mixed.clear();
      this.#row = row;
    }
    const key = channel * this.#columns + column;
    const known = this.#mixed.get(key);
    if (known) return known;
    const j = Math.min(Math.max(Math.floor(row), 0), this.#rows - 2);
    const fraction = Math.min(Math.max(row - j, 0), 1);
    const upper = this.#kernels[channel]![j * this.#columns + column]!;
    const lower = this.#kernels[channel]![(j + 1) * this.#columns + column]!;
    const half = Math.max(upper.half, lower.half);
    const size = 2 * half + 1;
    const weights = new Float32Array(size * size);
    for (const [kernel, share] of [
      [upper, 1 - fraction],
      [lower, fraction],
    ] as const) {
      const rim = half - kernel.half;
      const inner = 2 * kernel.half + 1;
      for (let v = 0, from = 0; v < inner; v++) {
        let to = (size - 1 - rim - v) * size + size - 1 - rim;
        for (let u = 0; u < inner; u++) weights[to--]! += share * kernel.weights[from++]!;
      }
    }
    const mixed = { half, weights };
    this.#mixed.set(key, mixed);
    return mixed;
  }
}
