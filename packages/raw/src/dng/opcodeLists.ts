import type { Opcode, OpcodeArea, OpcodeBase } from '../opcodes.js';
import { RawFileError } from '../RawFileError.js';

/**
 * Most opcodes of one list. Adobe's own files hold a few dozen; each costs 16 bytes at least, so that a small file
 * could otherwise ask for a million objects.
 */
export const MAX_OPCODES = 4096;

/** Opcode numbers (DNG 1.6, chapter 7). */
const ID = {
  WarpRectilinear: 1,
  WarpFisheye: 2,
  FixVignetteRadial: 3,
  FixBadPixelsConstant: 4,
  FixBadPixelsList: 5,
  TrimBounds: 6,
  MapTable: 7,
  MapPolynomial: 8,
  GainMap: 9,
  DeltaPerRow: 10,
  DeltaPerColumn: 11,
  ScalePerRow: 12,
  ScalePerColumn: 13,
  WarpRectilinear2: 14,
} as const;

const OPTIONAL = 1;
const PREVIEW_SKIP = 2;
/** Doubles per plane of a WarpRectilinear2: 15 radial, 2 tangential, least and greatest valid radius. */
const WARP2_DOUBLES = 19;
const MAX_INT32 = 0x7fffffff;

/** Reads the big-endian parameters of opcodes; every read is checked against the parameters' end. */
class OpcodeReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #place: { readonly tag: string; readonly offset: number };
  #at = 0;

  constructor(bytes: Uint8Array, place: { readonly tag: string; readonly offset: number }) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#place = place;
  }

  error(problem: string): RawFileError {
    return new RawFileError(problem, { ...this.#place, offset: this.#place.offset + this.#at });
  }

  #take(length: number): number {
    if (length > this.#bytes.length - this.#at) throw this.error('an opcode passes the end of its list');
    const at = this.#at;
    this.#at += length;
    return at;
  }

  bytes(length: number): Uint8Array {
    const at = this.#take(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** A copy of all that is left. */
  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at).slice();
  }

  /** A reader of the next `length` bytes alone. */
  section(length: number): OpcodeReader {
    const at = this.#take(length);
    const { tag, offset } = this.#place;
    return new OpcodeReader(this.#bytes.subarray(at, at + length), { tag, offset: offset + at });
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4));
  }

  double(): number {
    const value = this.#view.getFloat64(this.#take(8));
    if (!Number.isFinite(value)) throw this.error('an opcode has a parameter that is not a finite number');
    return value;
  }

  doubles(count: number): number[] {
    if (count * 8 > this.#bytes.length - this.#at) throw this.error('an opcode passes the end of its list');
    return Array.from({ length: count }, () => this.double());
  }

  point(): [number, number] {
    return [this.double(), this.double()];
  }

  int32s(count: number): Int32Array {
    const at = this.#take(4 * count);
    return Int32Array.from({ length: count }, (_, i) => {
      const value = this.#view.getUint32(at + 4 * i);
      if (value > MAX_INT32) throw this.error(`an opcode has the coordinate ${value}`);
      return value;
    });
  }

  uint16s(count: number): Uint16Array {
    const at = this.#take(2 * count);
    return Uint16Array.from({ length: count }, (_, i) => this.#view.getUint16(at + 2 * i));
  }

  floats(count: number): Float32Array {
    const at = this.#take(4 * count);
    const values = Float32Array.from({ length: count }, (_, i) => this.#view.getFloat32(at + 4 * i));
    if (!values.every(Number.isFinite)) {
      throw this.error('an opcode has a parameter that is not a finite number');
    }
    return values;
  }

  area(): OpcodeArea {
    const [top, left, bottom, right, plane, planes, rowPitch, colPitch] = this.int32s(8);
    if (bottom < top || right < left) throw this.error('an opcode has an area of negative size');
    if (rowPitch === 0 || colPitch === 0) throw this.error('an opcode has an area with a pitch of 0');
    return { top, left, bottom, right, plane, planes, rowPitch, colPitch };
  }
}

function warpPlanes(reader: OpcodeReader, doublesPerPlane: number): number[][] {
  const planes = reader.uint32();
  if (planes === 0 || planes > 64) throw reader.error(`a lens warp of ${planes} planes`);
  return Array.from({ length: planes }, () => reader.doubles(doublesPerPlane));
}

const ROW_COLUMN = {
  [ID.DeltaPerRow]: 'DeltaPerRow',
  [ID.DeltaPerColumn]: 'DeltaPerColumn',
  [ID.ScalePerRow]: 'ScalePerRow',
  [ID.ScalePerColumn]: 'ScalePerColumn',
} as const;

function readParameters(id: number, base: OpcodeBase, reader: OpcodeReader): Opcode {
  switch (id) {
    case ID.WarpRectilinear:
      return {
        ...base,
        kind: 'WarpRectilinear',
        coefficients: warpPlanes(reader, 6),
        center: reader.point(),
      };
    case ID.WarpFisheye:
      return { ...base, kind: 'WarpFisheye', coefficients: warpPlanes(reader, 4), center: reader.point() };
    case ID.WarpRectilinear2:
      return {
        ...base,
        kind: 'WarpRectilinear2',
        coefficients: warpPlanes(reader, WARP2_DOUBLES),
        center: reader.point(),
        reciprocal: reader.uint32() !== 0,
      };
    case ID.FixVignetteRadial:
      return { ...base, kind: 'FixVignetteRadial', coefficients: reader.doubles(5), center: reader.point() };
    case ID.FixBadPixelsConstant:
      return {
        ...base,
        kind: 'FixBadPixelsConstant',
        constant: reader.uint32(),
        bayerPhase: reader.uint32(),
      };
    case ID.FixBadPixelsList: {
      const bayerPhase = reader.uint32();
      const pointCount = reader.uint32();
      const rectCount = reader.uint32();
      return {
        ...base,
        kind: 'FixBadPixelsList',
        bayerPhase,
        points: reader.int32s(2 * pointCount),
        rects: reader.int32s(4 * rectCount),
      };
    }
    case ID.TrimBounds: {
      const [top, left, bottom, right] = reader.int32s(4);
      return { ...base, kind: 'TrimBounds', top, left, bottom, right };
    }
    case ID.MapTable: {
      const area = reader.area();
      const size = reader.uint32();
      if (size === 0 || size > 65536) throw reader.error(`a MapTable of ${size} entries`);
      return { ...base, kind: 'MapTable', area, table: reader.uint16s(size) };
    }
    case ID.MapPolynomial: {
      const area = reader.area();
      const degree = reader.uint32();
      if (degree > 8)
        throw reader.error(`a MapPolynomial of degree ${degree}, above the 8 of the specification`);
      return { ...base, kind: 'MapPolynomial', area, coefficients: reader.doubles(degree + 1) };
    }
    case ID.GainMap: {
      const area = reader.area();
      const [mapPointsV, mapPointsH] = [reader.uint32(), reader.uint32()];
      const [mapSpacingV, mapSpacingH] = reader.point();
      const [mapOriginV, mapOriginH] = reader.point();
      const mapPlanes = reader.uint32();
      if (mapPointsV * mapPointsH * mapPlanes === 0) throw reader.error('a GainMap without gains');
      const gains = reader.floats(mapPointsV * mapPointsH * mapPlanes);
      return {
        ...base,
        kind: 'GainMap',
        area,
        mapPointsV,
        mapPointsH,
        mapSpacingV,
        mapSpacingH,
        mapOriginV,
        mapOriginH,
        mapPlanes,
        gains,
      };
    }
    case ID.DeltaPerRow:
    case ID.DeltaPerColumn:
    case ID.ScalePerRow:
    case ID.ScalePerColumn: {
      const area = reader.area();
      return { ...base, kind: ROW_COLUMN[id], area, values: reader.floats(reader.uint32()) };
    }
    default:
      return { ...base, kind: 'unknown', id, data: reader.rest() };
  }
}

/**
 * Parses OpcodeList1, 2 or 3 (tags 51008, 51009, 51022; DNG 1.6, chapter 7). The list is big-endian whatever the
 * file's byte order.
 *
 * @param bytes the tag's value; what follows the last opcode is ignored
 * @param place the tag's name and the value's offset in the file, for messages
 * @throws RawFileError where an opcode passes the list's end or a parameter is out of range
 */
export function parseOpcodeList(
  bytes: Uint8Array,
  place: { readonly tag: string; readonly offset: number },
): Opcode[] {
  const list = new OpcodeReader(bytes, place);
  const count = list.uint32();
  if (count > MAX_OPCODES) throw list.error(`${count} opcodes, more than the limit of ${MAX_OPCODES}`);
  const opcodes: Opcode[] = [];
  for (let i = 0; i < count; i++) {
    const id = list.uint32();
    const dngVersion = Array.from(list.bytes(4)).join('.');
    const flags = list.uint32();
    const length = list.uint32();
    const base: OpcodeBase = {
      dngVersion,
      optional: (flags & OPTIONAL) !== 0,
      previewSkip: (flags & PREVIEW_SKIP) !== 0,
    };
    opcodes.push(readParameters(id, base, list.section(length)));
  }
  return opcodes;
}

/** The big-endian numbers of an opcode's parameters, collected. */
class OpcodeWriter {
  readonly #parts: Uint8Array[] = [];

  #put(length: number, fill: (view: DataView) => void): this {
    const bytes = new Uint8Array(length);
    fill(new DataView(bytes.buffer));
    this.#parts.push(bytes);
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.#parts.push(bytes);
    return this;
  }

  uint32s(...values: number[]): this {
    return this.int32s(values);
  }

  int32s(values: ArrayLike<number>): this {
    return this.#put(4 * values.length, (view) => {
      for (let i = 0; i < values.length; i++) view.setUint32(4 * i, values[i]);
    });
  }

  doubles(values: readonly number[]): this {
    return this.#put(8 * values.length, (view) => {
      values.forEach((value, i) => {
        view.setFloat64(8 * i, value);
      });
    });
  }

  floats(values: Float32Array): this {
    return this.#put(4 * values.length, (view) => {
      values.forEach((value, i) => {
        view.setFloat32(4 * i, value);
      });
    });
  }

  uint16s(values: Uint16Array): this {
    return this.#put(2 * values.length, (view) => {
      values.forEach((value, i) => {
        view.setUint16(2 * i, value);
      });
    });
  }

  area({ top, left, bottom, right, plane, planes, rowPitch, colPitch }: OpcodeArea): this {
    return this.uint32s(top, left, bottom, right, plane, planes, rowPitch, colPitch);
  }

  /** All that was put, as one array. */
  finish(): Uint8Array {
    const whole = new Uint8Array(this.#parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of this.#parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

function parameters(opcode: Opcode): Uint8Array {
  const out = new OpcodeWriter();
  switch (opcode.kind) {
    case 'WarpRectilinear':
    case 'WarpFisheye':
    case 'WarpRectilinear2':
      out.uint32s(opcode.coefficients.length).doubles(opcode.coefficients.flat()).doubles(opcode.center);
      if (opcode.kind === 'WarpRectilinear2') out.uint32s(opcode.reciprocal ? 1 : 0);
      break;
    case 'FixVignetteRadial':
      out.doubles(opcode.coefficients).doubles(opcode.center);
      break;
    case 'FixBadPixelsConstant':
      out.uint32s(opcode.constant, opcode.bayerPhase);
      break;
    case 'FixBadPixelsList':
      out.uint32s(opcode.bayerPhase, opcode.points.length / 2, opcode.rects.length / 4);
      out.int32s(opcode.points).int32s(opcode.rects);
      break;
    case 'TrimBounds':
      out.uint32s(opcode.top, opcode.left, opcode.bottom, opcode.right);
      break;
    case 'MapTable':
      out.area(opcode.area).uint32s(opcode.table.length).uint16s(opcode.table);
      break;
    case 'MapPolynomial':
      out
        .area(opcode.area)
        .uint32s(opcode.coefficients.length - 1)
        .doubles(opcode.coefficients);
      break;
    case 'GainMap':
      out.area(opcode.area).uint32s(opcode.mapPointsV, opcode.mapPointsH);
      out.doubles([opcode.mapSpacingV, opcode.mapSpacingH, opcode.mapOriginV, opcode.mapOriginH]);
      out.uint32s(opcode.mapPlanes).floats(opcode.gains);
      break;
    case 'unknown':
      out.bytes(opcode.data);
      break;
    default:
      out.area(opcode.area).uint32s(opcode.values.length).floats(opcode.values);
  }
  return out.finish();
}

/** The bytes of OpcodeList1, 2 or 3: the inverse of {@link parseOpcodeList}. */
export function serializeOpcodeList(opcodes: readonly Opcode[]): Uint8Array {
  const out = new OpcodeWriter().uint32s(opcodes.length);
  for (const opcode of opcodes) {
    const data = parameters(opcode);
    out.uint32s(opcode.kind === 'unknown' ? opcode.id : ID[opcode.kind]);
    out.bytes(Uint8Array.from(opcode.dngVersion.split('.'), Number));
    out.uint32s((opcode.optional ? OPTIONAL : 0) | (opcode.previewSkip ? PREVIEW_SKIP : 0), data.length);
    out.bytes(data);
  }
  return out.finish();
}
