import { inRange, positive } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import type { MovingObject } from './Burst.js';

/** Cells of the texture across an object, coarse and fine. */
const TEXTURE_CELLS = [7, 23] as const;
/** Most positions over which a movement within an exposure is averaged. */
const MAX_POSITIONS = 64;
/** Widest picture of an object, samples. */
const MAX_PICTURE = 8192;

/** Where an object is seen: coverage and premultiplied light. */
export type Seen = [coverage: number, r: number, g: number, b: number];

/** Finaliser of MurmurHash3 over a cell's place and a seed, as a number in [−1,1). */
function noiseAt(seed: number, x: number, y: number): number {
  let z = Math.imul(x, 0x85ebca6b) ^ Math.imul(y, 0xc2b2ae35) ^ Math.imul(seed + 1, 0x9e3779b1);
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return ((z ^ (z >>> 16)) | 0) / 2 ** 31;
}

/** Value noise: random numbers on a lattice, smooth in between. */
function smoothNoise(seed: number, x: number, y: number): number {
  const [i, j] = [Math.floor(x), Math.floor(y)];
  const [s, t] = [x - i, y - j].map((f) => f * f * (3 - 2 * f)) as [number, number];
  const upper = noiseAt(seed, i, j) * (1 - s) + noiseAt(seed, i + 1, j) * s;
  const lower = noiseAt(seed, i, j + 1) * (1 - s) + noiseAt(seed, i + 1, j + 1) * s;
  return upper * (1 - t) + lower * t;
}

/**
 * The object itself where its numbers are possible.
 * @throws {OpticsError} that names the field
 */
export function checkObject(object: MovingObject, field: string): MovingObject {
  const { look, size, centre, velocity, acceleration = [0, 0], distanceM } = object;
  for (const i of [0, 1] as const) {
    inRange(`${field}.size[${i}]`, size[i], 1e-5, 100);
    inRange(`${field}.centre[${i}]`, centre[i], -100, 100);
    inRange(`${field}.velocity[${i}]`, velocity[i], -1000, 1000);
    inRange(`${field}.acceleration[${i}]`, acceleration[i], -1e5, 1e5);
  }
  if (distanceM !== undefined && distanceM !== Infinity) positive(`${field}.distanceM`, distanceM);
  if (look.kind === 'picture') {
    inRange(`${field}.look.width`, look.width, 1, MAX_PICTURE);
    inRange(`${field}.look.height`, look.height, 1, MAX_PICTURE);
    const count = look.width * look.height;
    if (look.rgb.length !== count * 3 || look.alpha.length !== count) {
      throw new OpticsError(
        `${look.rgb.length} colour values and ${look.alpha.length} of coverage; ${look.width} × ${look.height} need ${count * 3} and ${count}.`,
        { field: `${field}.look` },
      );
    }
  } else {
    for (const i of [0, 1, 2] as const) inRange(`${field}.look.rgb[${i}]`, look.rgb[i], 0, 1e6);
    inRange(`${field}.look.texture`, look.texture ?? 0, 0, 1);
  }
  return object;
}

/** An object's picture, premultiplied, its samples not finer than photosites. */
interface Sprite {
  readonly width: number;
  readonly height: number;
  /** Samples across and down of the object itself: the last ones may reach beyond it. */
  readonly across: number;
  readonly down: number;
  /** Coverage, R, G, B per sample. */
  readonly data: Float32Array;
}

function spriteOf(
  look: Extract<MovingObject['look'], { kind: 'picture' }>,
  photositesAcross: number,
): Sprite {
  const factor = Math.max(1, Math.floor(look.width / Math.max(photositesAcross, 1)));
  const width = Math.ceil(look.width / factor);
  const height = Math.ceil(look.height / factor);
  const data = new Float32Array(width * height * 4);
  for (let y = 0; y < look.height; y++) {
    for (let x = 0; x < look.width; x++) {
      const from = y * look.width + x;
      const to = (Math.floor(y / factor) * width + Math.floor(x / factor)) * 4;
      const alpha = look.alpha[from]!;
      const coverage = (alpha >= 0 ? Math.min(alpha, 1) : 0) / (factor * factor);
      data[to]! += coverage;
      for (let c = 0; c < 3; c++) {
        const value = look.rgb[from * 3 + c]!;
        data[to + 1 + c]! += value > 0 && value < Infinity ? coverage * value : 0;
      }
    }
  }
  return { width, height, across: look.width / factor, down: look.height / factor, data };
}

/** A moving object in the ideal image of the scene, mm from its centre. */
export class Mover {
  readonly #object: MovingObject;
  readonly #widthMm: number;
  readonly #heightMm: number;
  readonly #pitchMm: number;
  readonly #sprite: Sprite | undefined;

  /** @param widthMm, heightMm size of the frame */
  constructor(object: MovingObject, widthMm: number, heightMm: number, pitchMm: number) {
    this.#object = object;
    this.#widthMm = widthMm;
    this.#heightMm = heightMm;
    this.#pitchMm = pitchMm;
    const { look, size } = object;
    if (look.kind === 'picture') this.#sprite = spriteOf(look, (size[0] * widthMm) / pitchMm);
  }

  /** Centre at a time, mm. */
  centreAt(timeS: number): readonly [x: number, y: number] {
    const { centre, velocity, acceleration = [0, 0] } = this.#object;
    const path = (i: 0 | 1) => (velocity[i] * timeS + 0.5 * acceleration[i] * timeS * timeS) * this.#widthMm;
    return [(centre[0] - 0.5) * this.#widthMm + path(0), (centre[1] - 0.5) * this.#heightMm + path(1)];
  }

  /** Half its size and a photosite more, mm. */
  get reachMm(): readonly [x: number, y: number] {
    const { size } = this.#object;
    return [0.5 * size[0] * this.#widthMm + this.#pitchMm, 0.5 * size[1] * this.#widthMm + this.#pitchMm];
  }

  /** Centres over an exposure, so close that their mean shows no steps. */
  positions(startS: number, exposureTimeS: number): (readonly [x: number, y: number])[] {
    const from = this.centreAt(startS);
    const to = this.centreAt(startS + exposureTimeS);
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]) / this.#pitchMm;
    const count = Math.min(Math.max(Math.ceil(2 * length), 1), MAX_POSITIONS);
    return Array.from({ length: count }, (_, i) =>
      this.centreAt(startS + (exposureTimeS * (i + 0.5)) / count),
    );
  }

  /** What is seen at a place relative to the object's centre, mm; written to `seen`. */
  look(dx: number, dy: number, seen: Seen): void {
    const { look, size } = this.#object;
    const halfX = 0.5 * size[0] * this.#widthMm;
    const halfY = 0.5 * size[1] * this.#widthMm;
    const sprite = this.#sprite;
    if (sprite) {
      this.#picture(sprite, (dx / halfX + 1) / 2, (dy / halfY + 1) / 2, seen);
      return;
    }
    if (look.kind === 'picture') return;
    let coverage: number;
    if (look.kind === 'disc') {
      const radius = Math.sqrt((dx / halfX) ** 2 + (dy / halfY) ** 2);
      coverage = ((1 - radius) * Math.min(halfX, halfY)) / this.#pitchMm + 0.5;
      coverage = Math.min(Math.max(coverage, 0), 1);
    } else {
      const across = (halfX - Math.abs(dx)) / this.#pitchMm + 0.5;
      const down = (halfY - Math.abs(dy)) / this.#pitchMm + 0.5;
      coverage = Math.min(Math.max(across, 0), 1) * Math.min(Math.max(down, 0), 1);
    }
    let light = coverage;
    const { texture = 0, seed = 0 } = look;
    if (texture > 0 && coverage > 0) {
      const [x, y] = [dx / (2 * halfX), dy / (2 * halfX)];
      const [coarse, fine] = TEXTURE_CELLS;
      const modulation =
        0.6 * smoothNoise(seed, x * coarse, y * coarse) + 0.4 * smoothNoise(seed + 1, x * fine, y * fine);
      light *= Math.max(0, 1 + texture * modulation);
    }
    seen[0] = coverage;
    for (let c = 0; c < 3; c++) seen[1 + c] = light * look.rgb[c]!;
  }

  /** Bilinear between the picture's samples, nothing outside. */
  #picture({ width, height, across, down, data }: Sprite, x: number, y: number, seen: Seen): void {
    seen.fill(0);
    const [u, v] = [x * across - 0.5, y * down - 0.5];
    const [i, j] = [Math.floor(u), Math.floor(v)];
    for (const [column, row, share] of [
      [i, j, (i + 1 - u) * (j + 1 - v)],
      [i + 1, j, (u - i) * (j + 1 - v)],
      [i, j + 1, (i + 1 - u) * (v - j)],
      [i + 1, j + 1, (u - i) * (v - j)],
    ] as const) {
      if (column < 0 || row < 0 || column >= width || row >= height) continue;
      const at = (row * width + column) * 4;
      for (let k = 0; k < 4; k++) seen[k]! += share * data[at + k]!;
    }
  }
}
