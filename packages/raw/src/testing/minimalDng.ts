import { concatChunks, Tag, type TiffField, writeTiff } from '@photosite/tiff';
import { COMPRESSION, PHOTOMETRIC } from '../dng/layout.js';

/** A SHORT field. */
export const short = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'short', values });

/** How a minimal DNG stores its samples; 16-bit uncompressed in one strip by default. */
export interface MinimalLayout {
  readonly width: number;
  readonly height: number;
  readonly planes?: number;
  readonly bits?: number;
  readonly compression?: number;
  /** Tile size, or rows per strip alone. */
  readonly tile?: readonly [width: number, height: number];
  readonly rowsPerStrip?: number;
  readonly littleEndian?: boolean;
  readonly extra?: readonly TiffField[];
}

/** A DNG with nothing but what a reader needs: an RGGB mosaic of one plane, or LinearRaw of several. */
export function minimalDng(layout: MinimalLayout, blocks: readonly Uint8Array[]): Uint8Array {
  const {
    width,
    height,
    planes = 1,
    bits = 16,
    compression = COMPRESSION.none,
    tile,
    littleEndian = true,
  } = layout;
  const fields: TiffField[] = [
    { tag: Tag.DNGVersion, type: 'byte', values: [1, 4, 0, 0] },
    short(Tag.ImageWidth, width),
    short(Tag.ImageLength, height),
    short(Tag.Compression, compression),
    short(Tag.SamplesPerPixel, planes),
    short(Tag.BitsPerSample, ...new Array<number>(planes).fill(bits)),
    short(Tag.PhotometricInterpretation, planes === 1 ? PHOTOMETRIC.cfa : PHOTOMETRIC.linearRaw),
    ...(planes === 1
      ? [
          short(Tag.CFARepeatPatternDim, 2, 2),
          { tag: Tag.CFAPattern, type: 'byte', values: [0, 1, 1, 2] } as const,
        ]
      : []),
    ...(tile === undefined
      ? [short(Tag.RowsPerStrip, layout.rowsPerStrip ?? height)]
      : [short(Tag.TileWidth, tile[0]), short(Tag.TileLength, tile[1])]),
    ...(layout.extra ?? []),
  ];
  const [offsetsTag, byteCountsTag] =
    tile === undefined ? [Tag.StripOffsets, Tag.StripByteCounts] : [Tag.TileOffsets, Tag.TileByteCounts];
  return concatChunks(writeTiff([{ fields, data: { offsetsTag, byteCountsTag, blocks } }], { littleEndian }));
}
