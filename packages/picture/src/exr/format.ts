/*
 * The vocabulary of OpenEXR files ("OpenEXR File Layout" and "Technical Introduction to OpenEXR", Academy Software
 * Foundation): magic number, version field, sample types, compressions.
 */

/** First four bytes of every OpenEXR file, little-endian. */
export const EXR_MAGIC = 20000630;
/** The only version of the format. */
export const EXR_VERSION = 2;

/** Bits of the version field above the version itself. */
export const VERSION_FLAG = { tiled: 0x200, longNames: 0x400, deep: 0x800, multipart: 0x1000 } as const;

/** How a channel's samples are stored, by the number in the file. */
export const SAMPLE_TYPES = ['uint', 'half', 'float'] as const;
/** How a channel's samples are stored: unsigned 32-bit integers, or floats of 16 or 32 bits. */
export type ExrSampleType = (typeof SAMPLE_TYPES)[number];

/** Bytes of one sample. */
export const SAMPLE_BYTES: Readonly<Record<ExrSampleType, number>> = { uint: 4, half: 2, float: 4 };

/** One of the format's compressions. */
export interface Compression {
  readonly name: string;
  /** Scan lines that are compressed together. */
  readonly rows: number;
}

/** The compressions by their number in the file. */
export const COMPRESSIONS: readonly Compression[] = [
  { name: 'none', rows: 1 },
  { name: 'RLE', rows: 1 },
  { name: 'ZIPS', rows: 1 },
  { name: 'ZIP', rows: 16 },
  { name: 'PIZ', rows: 32 },
  { name: 'PXR24', rows: 16 },
  { name: 'B44', rows: 32 },
  { name: 'B44A', rows: 32 },
  { name: 'DWAA', rows: 32 },
  { name: 'DWAB', rows: 256 },
];

/** A rectangle of pixels; all four are inclusive, as in the file. */
export interface ExrWindow {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** CIE 1931 x, y of a file's primaries and white. */
export interface ExrChromaticities {
  readonly red: readonly [number, number];
  readonly green: readonly [number, number];
  readonly blue: readonly [number, number];
  readonly white: readonly [number, number];
}
