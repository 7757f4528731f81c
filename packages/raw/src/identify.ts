import { readTiff, Tag, TiffError, type TiffIfd } from '@photosite/tiff';

/** What a file seems to be, from its first bytes and (TIFF) its first directory. */
export interface FileIdentity {
  /** `dng` is read by our own reader, `maker` by LibRaw; `picture` is no raw file; `unknown` may be an old maker's. */
  readonly kind: 'dng' | 'maker' | 'picture' | 'empty' | 'unknown';
  /** The format's name for people, e.g. `Canon CR3` or `JPEG`. */
  readonly name: string;
}

interface Signature {
  readonly kind: 'maker' | 'picture';
  readonly name: string;
  readonly at: number;
  readonly bytes: string;
}

/** First bytes, as Latin-1, from the formats' own specifications. */
const SIGNATURES: readonly Signature[] = [
  { kind: 'picture', name: 'JPEG', at: 0, bytes: '\xff\xd8\xff' },
  { kind: 'picture', name: 'PNG', at: 0, bytes: '\x89PNG\r\n\x1a\n' },
  { kind: 'picture', name: 'GIF', at: 0, bytes: 'GIF8' },
  { kind: 'picture', name: 'WebP', at: 8, bytes: 'WEBP' },
  { kind: 'picture', name: 'Photoshop document', at: 0, bytes: '8BPS' },
  { kind: 'picture', name: 'OpenEXR', at: 0, bytes: 'v/1\x01' },
  { kind: 'picture', name: 'JPEG XL', at: 0, bytes: '\xff\x0a' },
  { kind: 'picture', name: 'JPEG XL', at: 4, bytes: 'JXL \r\n\x87\n' },
  { kind: 'picture', name: 'JPEG 2000', at: 4, bytes: 'jP  \r\n\x87\n' },
  { kind: 'picture', name: 'HEIC', at: 4, bytes: 'ftyphei' },
  { kind: 'picture', name: 'HEIC', at: 4, bytes: 'ftypmif1' },
  { kind: 'picture', name: 'AVIF', at: 4, bytes: 'ftypavif' },
  { kind: 'picture', name: 'PDF', at: 0, bytes: '%PDF' },
  { kind: 'maker', name: 'Canon CR3', at: 4, bytes: 'ftypcrx ' },
  { kind: 'maker', name: 'Canon CRW', at: 6, bytes: 'HEAPCCDR' },
  { kind: 'maker', name: 'Fujifilm RAF', at: 0, bytes: 'FUJIFILMCCD-RAW' },
  { kind: 'maker', name: 'Panasonic RW2', at: 0, bytes: 'IIU\0' },
  { kind: 'maker', name: 'Olympus ORF', at: 0, bytes: 'IIRO' },
  { kind: 'maker', name: 'Olympus ORF', at: 0, bytes: 'IIRS' },
  { kind: 'maker', name: 'Olympus ORF', at: 0, bytes: 'MMOR' },
  { kind: 'maker', name: 'Sigma X3F', at: 0, bytes: 'FOVb' },
  { kind: 'maker', name: 'Minolta MRW', at: 0, bytes: '\0MRM' },
];

/** Makers whose raw files are TIFF streams, by what their Make tag contains. */
const TIFF_MAKERS: readonly (readonly [make: string, name: string])[] = [
  ['NIKON', 'Nikon NEF'],
  ['CANON', 'Canon CR2'],
  ['SONY', 'Sony ARW'],
  ['PENTAX', 'Pentax PEF'],
  ['RICOH', 'Pentax PEF'],
  ['KODAK', 'Kodak raw'],
  ['SAMSUNG', 'Samsung SRW'],
  ['HASSELBLAD', 'Hasselblad raw'],
  ['PHASE ONE', 'Phase One raw'],
  ['LEAF', 'Leaf raw'],
  ['MAMIYA', 'Mamiya raw'],
  ['EPSON', 'Epson raw'],
];

/** Pictures of TIFF that are none of a camera's raws: greyscale, RGB, palette, CMYK, YCbCr, Lab. */
const PICTURE_PHOTOMETRICS: readonly number[] = [0, 1, 2, 3, 5, 6, 8];

function identifyTiff(bytes: Uint8Array): FileIdentity | undefined {
  let ifd0: TiffIfd;
  try {
    [ifd0] = readTiff(bytes).ifds;
  } catch (error) {
    // Still a TIFF by its header: the DNG reader says best what is wrong with it.
    if (error instanceof TiffError) return { kind: 'dng', name: 'damaged TIFF' };
    throw error;
  }
  if (ifd0.has(Tag.DNGVersion)) return { kind: 'dng', name: 'DNG' };
  try {
    const make = (ifd0.text(Tag.Make) ?? '').toUpperCase();
    const maker = TIFF_MAKERS.find(([part]) => make.includes(part));
    if (maker !== undefined) return { kind: 'maker', name: maker[1] };
    const photometric = ifd0.number(Tag.PhotometricInterpretation);
    const plain = photometric !== undefined && PICTURE_PHOTOMETRICS.includes(photometric);
    if (plain && !ifd0.has(Tag.SubIFDs)) return { kind: 'picture', name: 'TIFF' };
  } catch (error) {
    if (!(error instanceof TiffError)) throw error;
  }
  return undefined;
}

/** Says what a file seems to be; its name plays no part, since names lie. */
export function identifyFile(bytes: Uint8Array): FileIdentity {
  if (bytes.length === 0) return { kind: 'empty', name: 'empty file' };
  const start = String.fromCharCode(...bytes.subarray(0, 32));
  const signature = SIGNATURES.find((each) => start.startsWith(each.bytes, each.at));
  if (signature !== undefined) return { kind: signature.kind, name: signature.name };
  const isTiff = /^(?:II[*+]\0|MM\0[*+])/.test(start);
  return (isTiff ? identifyTiff(bytes) : undefined) ?? { kind: 'unknown', name: 'unknown format' };
}
