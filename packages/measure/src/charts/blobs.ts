import type { Plane } from '../Plane.js';
import type { RgbImage } from '../RgbImage.js';
import type { Point } from './Homography.js';

/** A uniform patch of about the shape of a parallelogram. */
export interface Blob {
  readonly centre: Point;
  /** Pixels of the full picture. */
  readonly area: number;
  /** Inverse of the covariance of a square patch's pixels: xx, xy, yy; distances in sides of the patch follow from it. */
  readonly inverse: readonly [xx: number, xy: number, yy: number];
  /** How far the shape is from a parallelogram, 0 for an exact one. */
  readonly misshapen: number;
}

/** Long side to which a picture is reduced first: small charts show in it. */
const LONG_SIDE = 1400;
/** Halvings after that, in which noise and texture go. */
const HALVINGS = 2;
/** A picture below this long side is not halved further. */
const SMALLEST = 300;
/** Steps between neighbouring pixels, in square roots of white, below which a surface counts as uniform. */
const STEPS = [0.008, 0.016, 0.032, 0.06];
/** Pixels of a blob in the reduced picture. */
const MIN_AREA = 20;
/** A patch of a chart that fills the picture takes a 30th of it. */
const MAX_SHARE = 1 / 20;
/** 144·det(covariance)/area² is 1 for every parallelogram, 0.91 for an ellipse, 1.33 for a triangle. */
const SHAPE_RANGE = [0.87, 1.16] as const;
/** Longest against shortest axis, squared. */
const MAX_AXES = 9;
const MAX_BLOBS = 1500;

/** A reduced picture: means over squares of `factor` pixels, linear. */
export interface Reduced {
  readonly image: RgbImage;
  readonly factor: number;
}

function shrink(image: RgbImage, factor: number): RgbImage {
  const width = Math.floor(image.width / factor);
  const height = Math.floor(image.height / factor);
  const data = new Float32Array(width * height * 3);
  const share = 1 / (factor * factor);
  for (let y = 0; y < height * factor; y++) {
    const row = Math.floor(y / factor) * width * 3;
    let from = y * image.width * 3;
    for (let to = row; to < row + width * 3; to += 3) {
      let [r, g, b] = [0, 0, 0];
      for (let k = 0; k < factor; k++, from += 3) {
        r += image.data[from]!;
        g += image.data[from + 1]!;
        b += image.data[from + 2]!;
      }
      data[to]! += share * r;
      data[to + 1]! += share * g;
      data[to + 2]! += share * b;
    }
  }
  return { width, height, data };
}

/** Means over squares of pixels so that the picture's long side is at most 1400. */
export function reduce(image: RgbImage): Reduced {
  const factor = Math.max(1, Math.ceil(Math.max(image.width, image.height) / LONG_SIDE));
  return { image: factor === 1 ? image : shrink(image, factor), factor };
}

/** The value that all but one in two hundred of the brightest channel's samples stay below: the picture's white. */
function whiteOf({ data }: RgbImage): number {
  const stride = Math.max(1, Math.floor(data.length / 3 / 20_000));
  const samples: number[] = [];
  for (let i = 0; i + 2 < data.length; i += 3 * stride) {
    samples.push(Math.max(data[i]!, data[i + 1]!, data[i + 2]!));
  }
  samples.sort((a, b) => a - b);
  return samples[Math.floor(samples.length * 0.995)]!;
}

/** Largest step of any channel to the pixels on both sides, in square roots of white: noise is about even there. */
function steps({ width, height, data }: RgbImage, white: number): Plane {
  const encoded = data.map((value) => Math.sqrt(Math.min(Math.max(value / white, 0), 1.5)));
  const out = new Float64Array(width * height).fill(1);
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = (y * width + x) * 3;
      let most = 0;
      for (let c = i; c < i + 3; c++) {
        const across = Math.abs(encoded[c + 3]! - encoded[c - 3]!);
        const down = Math.abs(encoded[c + 3 * width]! - encoded[c - 3 * width]!);
        most = Math.max(most, across, down);
      }
      out[y * width + x] = most / 2;
    }
  }
  return { width, height, data: out };
}

/** The connected areas below a step, as blobs in pixels of the full picture. */
function areasBelow({ width, data }: Plane, limit: number, factor: number): Blob[] {
  const seen = new Uint8Array(data.length);
  const stack = new Int32Array(data.length);
  const blobs: Blob[] = [];
  for (let start = 0; start < data.length; start++) {
    if (seen[start] === 1 || data[start]! >= limit) continue;
    let [top, area, sx, sy, sxx, sxy, syy] = [0, 0, 0, 0, 0, 0, 0];
    stack[top++] = start;
    seen[start] = 1;
    while (top > 0) {
      const i = stack[--top]!;
      const x = i % width;
      const y = (i - x) / width;
      area++;
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
      syy += y * y;
      // The outermost pixels hold the largest step, so no neighbour wraps round.
      for (const j of [i - 1, i + 1, i - width, i + width]) {
        if (seen[j] === 1 || data[j]! >= limit) continue;
        seen[j] = 1;
        stack[top++] = j;
      }
    }
    if (area < MIN_AREA || area > MAX_SHARE * data.length) continue;
    const [mx, my] = [sx / area, sy / area];
    // A pixel is a square, not a point: its own variance is 1/12.
    const xx = sxx / area - mx * mx + 1 / 12;
    const xy = sxy / area - mx * my;
    const yy = syy / area - my * my + 1 / 12;
    const determinant = xx * yy - xy * xy;
    const shape = (144 * determinant) / (area * area);
    if (shape < SHAPE_RANGE[0] || shape > SHAPE_RANGE[1]) continue;
    const half = (xx + yy) / 2;
    const root = Math.sqrt(Math.max(0, half * half - determinant));
    if (half + root > MAX_AXES * (half - root)) continue;
    // The steps at the border take a pixel off each side.
    const grown = ((Math.sqrt(area) + 2) / Math.sqrt(area)) ** 2;
    const scale = 1 / (determinant * grown * factor * factor);
    blobs.push({
      centre: [(mx + 0.5) * factor - 0.5, (my + 0.5) * factor - 0.5],
      area: area * grown * factor * factor,
      inverse: [yy * scale, -xy * scale, xx * scale],
      misshapen: Math.abs(shape - 1),
    });
  }
  return blobs;
}

/** Distance between two places in sides of the blob's patch. */
export function sidesApart({ inverse: [xx, xy, yy] }: Blob, dx: number, dy: number): number {
  return Math.sqrt(Math.max(0, xx * dx * dx + 2 * xy * dx * dy + yy * dy * dy) / 12);
}

/**
 * Uniform patches of a reduced picture at several scales and steps, in pixels of the full one; where several find the same
 * one, the best shaped stays.
 */
export function findBlobs(reduced: Reduced): Blob[] {
  const white = whiteOf(reduced.image);
  if (!(white > 0)) return [];
  const all: Blob[] = [];
  let { image, factor } = reduced;
  const longSide = Math.max(image.width, image.height) * factor;
  for (let halving = 0; ; halving++) {
    const plane = steps(image, white);
    for (const limit of STEPS) all.push(...areasBelow(plane, limit, factor));
    if (halving === HALVINGS || Math.max(image.width, image.height) < 2 * SMALLEST) break;
    image = shrink(image, 2);
    factor *= 2;
  }
  all.sort((a, b) => a.misshapen - b.misshapen);
  // Buckets of the place keep the search for doubles linear.
  const cell = longSide / 64;
  const buckets = new Map<string, Blob[]>();
  const kept: Blob[] = [];
  for (const blob of all) {
    const [bx, by] = [Math.floor(blob.centre[0] / cell), Math.floor(blob.centre[1] / cell)];
    let double = false;
    for (let y = by - 1; y <= by + 1 && !double; y++) {
      for (let x = bx - 1; x <= bx + 1 && !double; x++) {
        double = (buckets.get(`${x},${y}`) ?? []).some((other) => {
          const ratio = blob.area / other.area;
          const apart = sidesApart(other, blob.centre[0] - other.centre[0], blob.centre[1] - other.centre[1]);
          return ratio > 0.5 && ratio < 2 && apart < 0.35;
        });
      }
    }
    if (double) continue;
    kept.push(blob);
    const key = `${bx},${by}`;
    buckets.set(key, [...(buckets.get(key) ?? []), blob]);
    if (kept.length === MAX_BLOBS) break;
  }
  return kept;
}
