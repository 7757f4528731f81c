import type { Cfa, Opcode, RawFrame } from '@photosite/raw';

/** How far a replacement is looked for around a bad photosite, in photosites. */
const REACH = 8;

/** Largest share of a frame that opcodes may call bad; a file that claims more is not believed. */
export const MAX_BAD_SHARE = 1 / 16;

type Neighbour = readonly [dy: number, dx: number];

/** Bad photosites of a frame, one bit each. */
class BadMap {
  readonly #bits: Uint8Array;
  /** Indices of the bad photosites in the order they were found. */
  readonly indices: number[] = [];
  /** Photosites that may still be named, twice or more often included, so that no list of areas takes for ever. */
  #patience: number;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.#bits = new Uint8Array((width * height + 7) >> 3);
    this.#patience = width * height * MAX_BAD_SHARE;
  }

  /** Whether more was named than is believed. */
  get excessive(): boolean {
    return this.#patience < 0;
  }

  has(index: number): boolean {
    return ((this.#bits[index >> 3]! >> (index & 7)) & 1) === 1;
  }

  add(index: number): void {
    if (--this.#patience < 0 || this.has(index)) return;
    this.#bits[index >> 3]! |= 1 << (index & 7);
    this.indices.push(index);
  }

  /** Adds a rectangle, the parts outside of the frame left away. */
  addRect(top: number, left: number, bottom: number, right: number): void {
    if (left >= right) return;
    for (let y = Math.max(0, top); y < Math.min(this.height, bottom) && !this.excessive; y++)
      for (let x = Math.max(0, left); x < Math.min(this.width, right); x++) this.add(y * this.width + x);
  }
}

function collect(
  samples: RawFrame['samples'],
  bad: BadMap,
  opcodes: readonly Opcode[],
  top: number,
  left: number,
): void {
  // One pass over the samples, however many constants there are.
  const constants = new Set(
    opcodes.flatMap((opcode) => (opcode.kind === 'FixBadPixelsConstant' ? [opcode.constant] : [])),
  );
  if (constants.size > 0)
    for (let i = 0; i < samples.length && !bad.excessive; i++) if (constants.has(samples[i]!)) bad.add(i);
  for (const opcode of opcodes) {
    if (opcode.kind === 'FixBadPixelsList') {
      const { points, rects } = opcode;
      for (let i = 0; i + 1 < points.length; i += 2) {
        const [y, x] = [points[i]! + top, points[i + 1]! + left];
        bad.addRect(y, x, y + 1, x + 1);
      }
      for (let i = 0; i + 3 < rects.length; i += 4)
        bad.addRect(rects[i]! + top, rects[i + 1]! + left, rects[i + 2]! + top, rects[i + 3]! + left);
    }
  }
}

/** Same-coloured places around a place of the pattern, one of each opposite two, nearest first. */
function sameColourNeighbours(cfa: Cfa, row: number, column: number): Neighbour[] {
  const colourAt = (y: number, x: number): number =>
    cfa.pattern[
      (((y % cfa.height) + cfa.height) % cfa.height) * cfa.width + (((x % cfa.width) + cfa.width) % cfa.width)
    ]!;
  const neighbours: Neighbour[] = [];
  for (let dy = -REACH; dy <= REACH; dy++)
    for (let dx = -REACH; dx <= REACH; dx++)
      if ((dy !== 0 || dx !== 0) && colourAt(row + dy, column + dx) === colourAt(row, column))
        neighbours.push([dy, dx]);
  return neighbours.sort((a, b) => a[0] ** 2 + a[1] ** 2 - b[0] ** 2 - b[1] ** 2);
}

/**
 * What a bad photosite should say: the mean of the two opposite good ones that differ least among the nearest four
 * such pairs, or the nearest good one where there is no pair, or undefined where nothing good is near.
 */
function replacement(
  samples: RawFrame['samples'],
  bad: BadMap,
  y: number,
  x: number,
  neighbours: readonly Neighbour[],
): number | undefined {
  const good = (dy: number, dx: number): number | undefined => {
    const [row, column] = [y + dy, x + dx];
    if (row < 0 || row >= bad.height || column < 0 || column >= bad.width) return undefined;
    const index = row * bad.width + column;
    return bad.has(index) ? undefined : samples[index];
  };
  let nearest: number | undefined;
  let best: number | undefined;
  let least = Infinity;
  let pairs = 0;
  for (const [dy, dx] of neighbours) {
    const one = good(dy, dx);
    if (one === undefined) continue;
    nearest ??= one;
    // Each pair is met twice; take it from its first half.
    const other = dy < 0 || (dy === 0 && dx < 0) ? good(-dy, -dx) : undefined;
    if (other === undefined) continue;
    if (Math.abs(one - other) < least) {
      least = Math.abs(one - other);
      best = (one + other) / 2;
    }
    if (++pairs === 4) break;
  }
  return best ?? nearest;
}

/** What `repairBadPixels` found. */
export interface BadPixelRepair {
  /** The frame with repaired samples; the given frame itself where its opcodes name no bad photosite. */
  readonly frame: RawFrame;
  /** How many photosites were replaced. */
  readonly repaired: number;
  /** True if the opcodes name more than `MAX_BAD_SHARE` of the frame, so that nothing was done. */
  readonly excessive: boolean;
}

/**
 * Carries out FixBadPixelsConstant and FixBadPixelsList (DNG 1.6, chapter 7, opcodes 4 and 5) on a whole mosaic, in
 * sensor units and before it is cut into tiles, so that the result knows nothing of tiles.
 *
 * OpcodeList1 counts rows and columns from the frame's first sample, OpcodeList2 from the active area's. All photosites
 * that any opcode calls bad are left out of all interpolation. Their BayerPhase is not used: the frame's colour filter
 * array says the same, and says it for other patterns too. Parts outside of the frame are ignored.
 * @param frame its samples are left as they are; LinearRaw frames are returned unchanged
 */
export function repairBadPixels(frame: RawFrame): BadPixelRepair {
  const { cfa, width, height, activeArea, opcodes } = frame;
  if (cfa === undefined || frame.samplesPerPixel !== 1) return { frame, repaired: 0, excessive: false };
  const lists = [...opcodes.list1, ...opcodes.list2];
  if (!lists.some(({ kind }) => kind === 'FixBadPixelsConstant' || kind === 'FixBadPixelsList'))
    return { frame, repaired: 0, excessive: false };
  const bad = new BadMap(width, height);
  collect(frame.samples, bad, opcodes.list1, 0, 0);
  collect(frame.samples, bad, opcodes.list2, activeArea.top, activeArea.left);
  if (bad.excessive) return { frame, repaired: 0, excessive: true };
  if (bad.indices.length === 0) return { frame, repaired: 0, excessive: false };

  const samples = frame.samples.slice();
  const places = cfa.pattern.map((_, i) =>
    sameColourNeighbours(cfa, Math.floor(i / cfa.width), i % cfa.width),
  );
  const round = samples instanceof Uint16Array ? Math.round : (value: number): number => value;
  let repaired = 0;
  for (const index of bad.indices) {
    const [y, x] = [Math.floor(index / width), index % width];
    const value = replacement(
      frame.samples,
      bad,
      y,
      x,
      places[(y % cfa.height) * cfa.width + (x % cfa.width)]!,
    );
    if (value === undefined) continue;
    samples[index] = round(value);
    repaired++;
  }
  return { frame: { ...frame, samples }, repaired, excessive: false };
}
