import {
  rationalField,
  Tag,
  type TiffDirectory,
  type TiffField,
  type TiffStream,
  textField,
  writeTiff,
} from '@photosite/tiff';
import type { Opcode } from '../opcodes.js';
import type { Area, BlackLevel, Cfa, Preview, RawFrame } from '../RawFrame.js';
import { colorProfileFields } from './colourTags.js';
import { exifDirectories } from './exifTags.js';
import { COMPRESSION, HOST_LITTLE_ENDIAN, PHOTOMETRIC } from './layout.js';
import { serializeOpcodeList } from './opcodeLists.js';
import { type StoreOptions, storeSamples } from './storeSamples.js';

/** How to write a DNG. */
export interface DngWriteOptions extends StoreOptions {
  /** Previews to embed, the first in IFD0, as most cameras do. Default none. */
  readonly previews?: readonly Preview[];
  /** OriginalRawFileName (50827): the file that the samples came from; of a merged burst its reference. */
  readonly originalName?: string;
}

const short = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'short', values });
const long = (tag: number, ...values: number[]): TiffField => ({ tag, type: 'long', values });

/** Integers as SHORT or LONG, fractions as RATIONAL. */
function levelField(tag: number, values: readonly number[]): TiffField {
  if (!values.every(Number.isInteger)) return rationalField(tag, values);
  return { tag, type: values.every((value) => value < 65536) ? 'short' : 'long', values };
}

function areaValues({ top, left, bottom, right }: Area): number[] {
  return [top, left, bottom, right];
}

/** CFA tags; a DNG's pattern begins at the active area's corner, a frame's at the first sample. */
function cfaFields({ width, height, pattern }: Cfa, { top, left }: Area): TiffField[] {
  const shifted: number[] = [];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      shifted.push(pattern[((row + top) % height) * width + ((column + left) % width)]);
    }
  }
  return [
    short(Tag.CFARepeatPatternDim, height, width),
    { tag: Tag.CFAPattern, type: 'byte', values: shifted },
    { tag: Tag.CFAPlaneColor, type: 'byte', values: [0, 1, 2] },
    short(Tag.CFALayout, 1),
  ];
}

function blackLevelFields({ repeatRows, repeatCols, values, deltaH, deltaV }: BlackLevel): TiffField[] {
  const fields = [short(Tag.BlackLevelRepeatDim, repeatRows, repeatCols), levelField(Tag.BlackLevel, values)];
  if (deltaH !== undefined) fields.push(rationalField(Tag.BlackLevelDeltaH, deltaH, true));
  if (deltaV !== undefined) fields.push(rationalField(Tag.BlackLevelDeltaV, deltaV, true));
  return fields;
}

function rawFields(frame: RawFrame): TiffField[] {
  const { activeArea, defaultCrop, opcodes } = frame;
  const fields: TiffField[] = [
    long(Tag.NewSubFileType, 0),
    long(Tag.ImageWidth, frame.width),
    long(Tag.ImageLength, frame.height),
    short(Tag.PhotometricInterpretation, frame.cfa === undefined ? PHOTOMETRIC.linearRaw : PHOTOMETRIC.cfa),
    short(Tag.SamplesPerPixel, frame.samplesPerPixel),
    short(Tag.PlanarConfiguration, 1),
    levelField(Tag.WhiteLevel, frame.whiteLevel),
    long(Tag.ActiveArea, ...areaValues(activeArea)),
    rationalField(Tag.DefaultScale, frame.defaultScale),
    long(Tag.DefaultCropOrigin, defaultCrop.left, defaultCrop.top),
    long(Tag.DefaultCropSize, defaultCrop.right - defaultCrop.left, defaultCrop.bottom - defaultCrop.top),
  ];
  if (frame.cfa !== undefined) fields.push(...cfaFields(frame.cfa, activeArea));
  if (frame.linearization !== undefined) {
    fields.push({ tag: Tag.LinearizationTable, type: 'short', values: frame.linearization });
  }
  if (frame.blackLevel !== undefined) fields.push(...blackLevelFields(frame.blackLevel));
  if (frame.maskedAreas.length > 0)
    fields.push(long(Tag.MaskedAreas, ...frame.maskedAreas.flatMap(areaValues)));
  if (frame.defaultUserCrop !== undefined) {
    fields.push(rationalField(Tag.DefaultUserCrop, frame.defaultUserCrop));
  }
  if (frame.noiseProfile !== undefined && frame.noiseProfile.length > 0) {
    const values = frame.noiseProfile.flatMap(({ scale, offset }) => [scale, offset]);
    fields.push({ tag: Tag.NoiseProfile, type: 'double', values });
  }
  const lists: [number, readonly Opcode[]][] = [
    [Tag.OpcodeList1, opcodes.list1],
    [Tag.OpcodeList2, opcodes.list2],
    [Tag.OpcodeList3, opcodes.list3],
  ];
  for (const [tag, list] of lists) {
    if (list.length > 0) fields.push({ tag, type: 'undefined', values: serializeOpcodeList(list) });
  }
  return fields;
}

type Version = readonly number[];

function latest(versions: readonly Version[]): Version {
  const rank = (version: Version) => version.reduce((sum, part) => sum * 256 + part, 0);
  return versions.reduce((best, version) => (rank(version) > rank(best) ? version : best));
}

/** DNGVersion and DNGBackwardVersion: what the file uses, and what a reader must know to read it rightly. */
function versionFields(frame: RawFrame): TiffField[] {
  const used: Version[] = [[1, 4, 0, 0]];
  const needed: Version[] = [[1, 1, 0, 0]];
  if (frame.samples instanceof Float32Array) needed.push([1, 4, 0, 0]);
  const { calibrations } = frame.color;
  if (calibrations.length > 2 || calibrations.some(({ whiteXy }) => whiteXy !== undefined)) {
    used.push([1, 6, 0, 0]);
  }
  const { list1, list2, list3 } = frame.opcodes;
  for (const { dngVersion, optional } of [...list1, ...list2, ...list3]) {
    const version = dngVersion.split('.').map(Number);
    used.push(version);
    if (!optional) needed.push(version);
  }
  return [
    { tag: Tag.DNGVersion, type: 'byte', values: latest(used) },
    { tag: Tag.DNGBackwardVersion, type: 'byte', values: latest(needed) },
  ];
}

function cameraFields(frame: RawFrame): TiffField[] {
  const { make, model } = frame;
  // The specification requires the tag; a camera that did not give its name is an unknown one.
  const camera =
    frame.uniqueCameraModel ?? ([make, model].filter((part) => part !== undefined).join(' ') || 'Unknown');
  const fields = [
    ...versionFields(frame),
    textField(Tag.UniqueCameraModel, camera),
    ...colorProfileFields(frame.color, HOST_LITTLE_ENDIAN),
  ];
  // A file has one or the other, not both (DNG 1.6, AsShotWhiteXY).
  if (frame.asShotNeutral !== undefined) {
    fields.push(rationalField(Tag.AsShotNeutral, frame.asShotNeutral));
  } else if (frame.asShotWhite !== undefined) {
    fields.push(rationalField(Tag.AsShotWhiteXY, [frame.asShotWhite.x, frame.asShotWhite.y]));
  }
  if (frame.baselineExposure !== undefined) {
    fields.push(rationalField(Tag.BaselineExposure, [frame.baselineExposure], true));
  }
  if (frame.baselineSharpness !== undefined) {
    fields.push(rationalField(Tag.BaselineSharpness, [frame.baselineSharpness]));
  }
  if (frame.linearResponseLimit !== undefined) {
    fields.push(rationalField(Tag.LinearResponseLimit, [frame.linearResponseLimit]));
  }
  if (frame.xmp !== undefined) fields.push({ tag: Tag.XMP, type: 'byte', values: frame.xmp });
  return fields;
}

const PHOTOMETRIC_RGB = 2;
const PHOTOMETRIC_YCBCR = 6;

function previewDirectory({ width, height, format, data }: Preview): TiffDirectory {
  const jpeg = format === 'jpeg';
  return {
    fields: [
      long(Tag.NewSubFileType, 1),
      long(Tag.ImageWidth, width),
      long(Tag.ImageLength, height),
      short(Tag.BitsPerSample, 8, 8, 8),
      short(Tag.Compression, jpeg ? COMPRESSION.jpeg : COMPRESSION.none),
      short(Tag.PhotometricInterpretation, jpeg ? PHOTOMETRIC_YCBCR : PHOTOMETRIC_RGB),
      short(Tag.SamplesPerPixel, 3),
      long(Tag.RowsPerStrip, height),
      short(Tag.PlanarConfiguration, 1),
    ],
    data: { offsetsTag: Tag.StripOffsets, byteCountsTag: Tag.StripByteCounts, blocks: [data] },
  };
}

/**
 * Writes a frame as DNG 1.4 (1.6 where it has a third illuminant), CFA or LinearRaw, with all that the frame says.
 * The result's chunks are views of the frame's samples where these are stored as they are, so that a large frame can
 * go to disk without a copy.
 *
 * @throws RangeError where the frame contradicts itself or has what the chosen compression cannot hold
 * @throws TiffError where a value does not fit its tag's type, or the file would pass 4 GiB
 */
export function writeDng(frame: RawFrame, options: DngWriteOptions = {}): TiffStream {
  const { width, height, samplesPerPixel, samples } = frame;
  if (samples.length !== width * height * samplesPerPixel || samples.length === 0) {
    throw new RangeError(
      `A frame of ${width} × ${height} × ${samplesPerPixel} needs ${width * height * samplesPerPixel} samples, ` +
        `not ${samples.length}`,
    );
  }
  if (frame.cfa !== undefined && samplesPerPixel !== 1) {
    throw new RangeError('A mosaic has one sample per photosite');
  }
  const stored = storeSamples(frame, options);
  const raw: TiffDirectory = { fields: [...rawFields(frame), ...stored.fields], data: stored.data };
  const { fields: describing, children } = exifDirectories(frame);
  const camera = [...cameraFields(frame), ...describing];
  if (options.originalName !== undefined)
    camera.push(textField(Tag.OriginalRawFileName, options.originalName));
  const [first, ...others] = options.previews ?? [];
  if (first === undefined) {
    return writeTiff([{ ...raw, fields: [...camera, ...raw.fields], children }], {
      littleEndian: HOST_LITTLE_ENDIAN,
    });
  }
  const preview = previewDirectory(first);
  const subDirectories = { tag: Tag.SubIFDs, directories: [raw, ...others.map(previewDirectory)] };
  return writeTiff(
    [{ ...preview, fields: [...camera, ...preview.fields], children: [subDirectories, ...children] }],
    { littleEndian: HOST_LITTLE_ENDIAN },
  );
}
