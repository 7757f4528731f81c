import type { Place, SceneSource, Tile } from '../stage.js';
import type { BufferLayout, SceneWork, Sheet } from './job.js';
import { insidePlace, roundUp4 } from './places.js';

const GUARD = 64;
/** Kernels round widths up to four: room for that behind the last pixel of a row. */
const ROW_SLACK = 8;

/** A sheet with room for rectangles of `width × height` pixels. */
export function sheetFor(width: number, height: number): Sheet {
  return { stride: roundUp4(width) + ROW_SLACK, rows: height };
}

function planeBytes({ stride, rows }: Sheet): number {
  return stride === 0 ? 0 : stride * rows * 4 + GUARD;
}

/** Where the parts of one thread's buffers lie, and where they end. */
interface SlotMap {
  /** Three planes: mosaic, spare mosaic, and where local stages run before the lens geometry, a third. */
  readonly mosaic: number;
  readonly scene: number;
  readonly picture: number;
  readonly reduced: number;
  readonly spare: number;
  readonly columns: number;
  readonly footprints: number;
  readonly scratch: number;
  readonly end: number;
}

function slotMap(layout: BufferLayout, slot: number): SlotMap {
  let at = slot;
  const take = (bytes: number): number => {
    const address = at;
    at = (at + bytes + GUARD - 1) & ~(GUARD - 1);
    return address;
  };
  const scene = planeBytes(layout.scene);
  return {
    mosaic: take((layout.sceneSpare ? 3 : 2) * scene),
    scene: take(3 * scene),
    picture: take(3 * planeBytes(layout.picture)),
    reduced: take(3 * planeBytes(layout.reduced)),
    spare: take(3 * planeBytes(layout.spare)),
    columns: take(layout.scene.stride * 8),
    footprints: take((layout.reduced.stride + layout.reduced.rows) * 16),
    scratch: take(layout.scratchBytes),
    end: at + GUARD,
  };
}

/** Bytes of one thread's buffers. */
export function slotBytes(layout: BufferLayout): number {
  return slotMap(layout, 0).end;
}

/** One thread's buffers, seen as the tile that it works on. */
export class WorkTile implements Tile {
  left = 0;
  top = 0;
  width = 0;
  height = 0;
  stride = 0;
  readonly columns: number;
  firstInside = 0;
  lastInside = 0;
  mosaic: number;
  spare: number;
  planes = 0;
  planeStride = 0;
  readonly scratch: number;
  inner = 0;
  innerWidth = 0;
  innerHeight = 0;
  spareInner = 0;
  place: Place = { x: 0.5, y: 0.5, stepX: 1, stepY: 1 };
  source: SceneSource | undefined = undefined;
  readonly #memory: WebAssembly.Memory;
  readonly #layout: BufferLayout;
  readonly #map: SlotMap;
  #scene: SceneWork | undefined;

  constructor(layout: BufferLayout, slot: number, memory: WebAssembly.Memory) {
    this.#memory = memory;
    this.#layout = layout;
    this.#map = slotMap(layout, slot);
    this.columns = this.#map.columns;
    this.scratch = this.#map.scratch;
    this.mosaic = this.#map.mosaic;
    this.spare = this.mosaic + planeBytes(layout.scene);
  }

  sourceRow(y: number): number {
    return insidePlace(this.top + y, this.#scene!.activeHeight, this.#scene!.period);
  }

  write(address: number, table: Float64Array | Int32Array): void {
    new Uint8Array(this.#memory.buffer, address, table.byteLength).set(
      new Uint8Array(table.buffer, table.byteOffset, table.byteLength),
    );
  }

  /**
   * Makes this the tile around a rectangle of the active area; its inner part is the rectangle grown by what the local
   * stages to come will read.
   * @param margin pixels that shall be free around the rectangle at least
   */
  open(scene: SceneWork, left: number, top: number, width: number, height: number, margin: number): void {
    const halo = Math.max(scene.halo, margin);
    this.#scene = scene;
    this.stride = this.#layout.scene.stride;
    this.mosaic = this.#map.mosaic;
    this.spare = this.mosaic + planeBytes(this.#layout.scene);
    this.planes = this.#map.scene;
    this.left = Math.floor((left - halo) / scene.period) * scene.period;
    this.top = Math.floor((top - halo) / scene.period) * scene.period;
    this.width = roundUp4(left + width + halo - this.left);
    this.height = roundUp4(top + height + halo - this.top);
    // Kernels expect the planes right behind one another.
    this.planeStride = this.stride * this.height * 4;
    const columns = new Int32Array(this.#memory.buffer, this.columns, this.width);
    for (let i = 0; i < this.width; i++)
      columns[i] = insidePlace(this.left + i, scene.activeWidth, scene.period);
    this.firstInside = Math.min(Math.max(-this.left, 0), this.width);
    this.lastInside = Math.max(Math.min(scene.activeWidth - this.left, this.width), this.firstInside);
    const grown = scene.localHalo;
    const offset = ((top - grown - this.top) * this.stride + left - grown - this.left) * 4;
    this.inner = this.planes + offset;
    this.spareInner = this.#map.mosaic + offset;
    this.innerWidth = width + 2 * grown;
    this.innerHeight = height + 2 * grown;
    this.place = { x: left - grown + 0.5, y: top - grown + 0.5, stepX: 1, stepY: 1 };
  }

  /** Makes this a tile of bare planes: of the picture's sheet or the reduced one, with a margin around the inner part. */
  show(sheet: 'picture' | 'reduced', width: number, height: number, margin: number, place: Place): void {
    const { stride, rows } = this.#layout[sheet];
    this.planes = this.#map[sheet];
    this.stride = stride;
    this.planeStride = planeBytes({ stride, rows });
    const offset = (margin * stride + margin) * 4;
    this.inner = this.planes + offset;
    this.spareInner = this.#map.spare + offset;
    this.innerWidth = width;
    this.innerHeight = height;
    this.place = place;
  }

  /** Takes a frame of pixels off the inner part, or adds one where negative. */
  shrink(left: number, top: number, right: number, bottom: number): void {
    const offset = (top * this.stride + left) * 4;
    this.inner += offset;
    this.spareInner += offset;
    this.innerWidth -= left + right;
    this.innerHeight -= top + bottom;
    const { x, y, stepX, stepY } = this.place;
    this.place = { x: x + left * stepX, y: y + top * stepY, stepX, stepY };
  }

  /** Makes bands of at most `rows` rows the inner part, one after the other, and then what it was again. */
  inBands(rows: number, work: (first: number) => void): void {
    const { inner, spareInner, innerHeight, place } = this;
    for (let y = 0; y < innerHeight; y += rows) {
      this.inner = inner + y * this.stride * 4;
      this.spareInner = spareInner + y * this.stride * 4;
      this.innerHeight = Math.min(rows, innerHeight - y);
      this.place = { ...place, y: place.y + y * place.stepY };
      work(y);
    }
    this.inner = inner;
    this.spareInner = spareInner;
    this.innerHeight = innerHeight;
    this.place = place;
  }

  /**
   * Grows the inner part by pixels mirrored about its border pixels, on sides where the picture ends.
   * @param size of the picture from its left or top border, in pixels of the tile; where the inner part begins in it
   */
  mirror(
    left: number,
    top: number,
    right: number,
    bottom: number,
    inPicture: { readonly x: number; readonly y: number; readonly width: number; readonly height: number },
  ): void {
    const { innerWidth, innerHeight, stride, inner, planeStride } = this;
    const floats = new Float32Array(this.#memory.buffer);
    const from = (place: number, start: number, size: number): number =>
      insidePlace(place + start, size, 1) - start;
    for (let plane = 0; plane < 3; plane++) {
      const base = (inner + plane * planeStride) / 4;
      for (let y = 0; y < innerHeight; y++) {
        const row = base + y * stride;
        for (let x = -left; x < 0; x++)
          floats[row + x] = floats[row + from(x, inPicture.x, inPicture.width)]!;
        for (let x = innerWidth; x < innerWidth + right; x++)
          floats[row + x] = floats[row + from(x, inPicture.x, inPicture.width)]!;
      }
      const copy = (y: number): void => {
        const source = base + from(y, inPicture.y, inPicture.height) * stride;
        floats.copyWithin(base + y * stride - left, source - left, source + innerWidth + right);
      };
      for (let y = -top; y < 0; y++) copy(y);
      for (let y = innerHeight; y < innerHeight + bottom; y++) copy(y);
    }
    this.shrink(-left, -top, -right, -bottom);
  }

  /** Writes what each of `count` output pixels averages; returns the address. `edge(i)` is where the i-th one begins. */
  placeFootprints(
    slot: number,
    first: number,
    count: number,
    origin: number,
    edge: (i: number) => number,
  ): number {
    const address = this.#map.footprints + slot * 16;
    const integers = new Int32Array(this.#memory.buffer, address, count * 4);
    const floats = new Float32Array(this.#memory.buffer, address, count * 4);
    for (let i = 0; i < count; i++) {
      const from = edge(first + i);
      const to = edge(first + i + 1);
      const start = Math.floor(from);
      const pixels = Math.max(Math.ceil(to) - start, 1);
      integers[i * 4] = start - origin;
      integers[i * 4 + 1] = pixels;
      floats[i * 4 + 2] = pixels === 1 ? to - from : start + 1 - from;
      floats[i * 4 + 3] = to - (start + pixels - 1);
    }
    return address;
  }
}
