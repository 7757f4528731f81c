import { readTiff, Tag, TiffError, type TiffFile, type TiffIfd, tagName } from '@photosite/tiff';
import type { Opcode } from '../opcodes.js';
import { RawFileError } from '../RawFileError.js';
import type { Cfa, RawFrame } from '../RawFrame.js';
import { readColorProfile } from './colourTags.js';
import { carryExif, findExif, readExposure, readText, readTime } from './exifTags.js';
import {
  readActiveArea,
  readAsShotNeutral,
  readBlackLevel,
  readCfa,
  readDefaultCrop,
  readDefaultScale,
  readFinite,
  readLinearization,
  readMaskedAreas,
  readNoiseProfile,
  readOrientation,
  readUserCrop,
  readWhiteLevel,
} from './frameTags.js';
import { COMPRESSION, PHOTOMETRIC, planSegments, type RawLimits, type SegmentPlan } from './layout.js';
import { parseOpcodeList } from './opcodeLists.js';
import { readPreviews } from './previews.js';

/** The newest DNG version whose backward version this reader accepts. */
const NEWEST_VERSION = [1, 7, 255, 255] as const;

/** All that a raw file says, without its samples. */
export type RawMetadata = Omit<RawFrame, 'samples'>;

/** A DNG's metadata, and where its samples lie. */
export interface DngDescription {
  readonly metadata: RawMetadata;
  readonly plan: SegmentPlan;
}

function compareVersions(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < 4; i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) - (b[i] ?? 0);
  return 0;
}

function readVersion(ifd0: TiffIfd): number[] {
  const version = ifd0.numbers(Tag.DNGVersion);
  if (version === undefined) {
    throw new RawFileError('not a DNG: DNGVersion is missing', {
      tag: tagName(Tag.DNGVersion),
      hint: "Open other makers' raw files with openRaw",
    });
  }
  const needed = ifd0.numbers(Tag.DNGBackwardVersion) ?? version;
  if (compareVersions(needed, NEWEST_VERSION) > 0) {
    throw new RawFileError(`a reader of DNG ${needed.join('.')} is needed`, {
      tag: tagName(Tag.DNGBackwardVersion),
      hint: 'Versions to 1.7 are read; convert the file to an older one',
    });
  }
  return version;
}

/** The directories of the main chain and their SubIFDs; a broken sub-directory is an error only if it is missed. */
function pictureIfds(file: TiffFile): { ifds: TiffIfd[]; broken: TiffError | undefined } {
  const ifds: TiffIfd[] = [];
  let broken = file.brokenChain;
  for (const ifd of file.ifds) {
    ifds.push(ifd);
    try {
      ifds.push(...ifd.children());
    } catch (error) {
      if (!(error instanceof TiffError)) throw error;
      broken ??= error;
    }
  }
  return { ifds, broken };
}

/** The full-resolution raw picture: NewSubFileType 0, CFA or LinearRaw, the largest where there are several. */
function findRawIfd(ifds: readonly TiffIfd[], broken: TiffError | undefined): TiffIfd {
  const area = (ifd: TiffIfd) => (ifd.number(Tag.ImageWidth) ?? 0) * (ifd.number(Tag.ImageLength) ?? 0);
  const candidates = ifds.filter((ifd) => {
    const photometric = ifd.number(Tag.PhotometricInterpretation);
    return (
      (ifd.number(Tag.NewSubFileType) ?? 0) === 0 &&
      (photometric === PHOTOMETRIC.cfa || photometric === PHOTOMETRIC.linearRaw)
    );
  });
  if (candidates.length === 0) {
    if (broken !== undefined) throw broken;
    throw new RawFileError('the file holds no raw picture', {
      tag: tagName(Tag.PhotometricInterpretation),
      hint: 'It may have been developed already',
    });
  }
  return candidates.reduce((best, ifd) => (area(ifd) > area(best) ? ifd : best));
}

function readOpcodes(ifd: TiffIfd, tag: number): Opcode[] {
  const entry = ifd.entry(tag);
  if (entry === undefined) return [];
  return parseOpcodeList(entry.bytes(), { tag: tagName(tag), offset: entry.valueOffset });
}

/** The part of a frame that Exif says. */
export type ExifMetadata = Pick<
  RawFrame,
  'exposure' | 'make' | 'model' | 'lens' | 'software' | 'time' | 'exif'
>;

function readExif(file: TiffFile): ExifMetadata {
  const source = findExif(file.ifds[0]);
  const make = readText(source, Tag.Make);
  const model = readText(source, Tag.Model);
  const lens = readText(source, Tag.LensModel);
  const software = readText(source, Tag.Software);
  const time = readTime(source);
  const exif = carryExif(source, file.littleEndian);
  return {
    exposure: readExposure(source),
    ...(make !== undefined && { make }),
    ...(model !== undefined && { model }),
    ...(lens !== undefined && { lens }),
    ...(software !== undefined && { software }),
    ...(time !== undefined && { time }),
    ...(exif && { exif }),
  };
}

/** What the Exif of a TIFF-like raw file of any maker says; nothing where the file is of another kind or broken. */
export function describeExif(bytes: Uint8Array): Partial<ExifMetadata> {
  try {
    const { exposure, ...rest } = readExif(readTiff(bytes));
    return Object.keys(exposure).length === 0 ? rest : { ...rest, exposure };
  } catch (error) {
    if (error instanceof TiffError) return {};
    throw error;
  }
}

/** GoPro's samples end at the white level's depth, whatever BitsPerSample says of the container. */
function withVc5(plan: SegmentPlan, cfa: Cfa | undefined, white: number): SegmentPlan {
  if (cfa?.kind !== 'bayer' || (plan.segmentWidth | plan.segmentHeight) & 1) {
    throw new RawFileError('VC-5 of other than a Bayer mosaic', {
      tag: tagName(Tag.Compression),
      hint: 'Convert the file with Adobe DNG Converter',
    });
  }
  const bits = Math.min(16, Math.max(12, 32 - Math.clz32(white)));
  return { ...plan, vc5: { cfaPattern: cfa.pattern, bits } };
}

function describe(file: TiffFile, limits: RawLimits): DngDescription {
  const [ifd0] = file.ifds;
  const version = readVersion(ifd0);
  const { ifds, broken } = pictureIfds(file);
  const raw = findRawIfd(ifds, broken);
  const plan = planSegments(file, raw, compareVersions(version, [1, 1, 0, 0]) < 0, limits);
  const activeArea = readActiveArea(raw, plan);
  const cfa = readCfa(raw, activeArea);
  if (cfa !== undefined && plan.samplesPerPixel !== 1) {
    throw new RawFileError(`a mosaic of ${plan.samplesPerPixel} samples per pixel`, {
      tag: tagName(Tag.SamplesPerPixel),
      offset: raw.entry(Tag.SamplesPerPixel)?.offset ?? raw.offset,
    });
  }
  if (cfa === undefined && plan.samplesPerPixel !== 1 && plan.samplesPerPixel !== 3) {
    throw new RawFileError(`a linear picture of ${plan.samplesPerPixel} planes: one or three are read`, {
      tag: tagName(Tag.SamplesPerPixel),
      offset: raw.entry(Tag.SamplesPerPixel)?.offset ?? raw.offset,
    });
  }
  const blackLevel = readBlackLevel(raw, plan.samplesPerPixel, activeArea);
  const whiteLevel = readWhiteLevel(raw, plan, blackLevel);
  const linearization = readLinearization(raw);
  const defaultUserCrop = readUserCrop(raw);
  const asShotNeutral = readAsShotNeutral(ifd0);
  const [x, y] = ifd0.numbers(Tag.AsShotWhiteXY) ?? [];
  const baselineExposure = readFinite(ifd0, Tag.BaselineExposure);
  const baselineSharpness = readFinite(ifd0, Tag.BaselineSharpness);
  const linearResponseLimit = readFinite(ifd0, Tag.LinearResponseLimit);
  const noiseProfile = readNoiseProfile(raw) ?? readNoiseProfile(ifd0);
  const uniqueCameraModel = readText(findExif(ifd0), Tag.UniqueCameraModel);
  const xmp = ifd0.bytes(Tag.XMP)?.slice();
  const metadata: RawMetadata = {
    width: plan.width,
    height: plan.height,
    samplesPerPixel: plan.samplesPerPixel,
    bitsPerSample: plan.bitsPerSample,
    ...(cfa && { cfa }),
    ...(linearization && { linearization }),
    ...(blackLevel && { blackLevel }),
    whiteLevel,
    activeArea,
    maskedAreas: readMaskedAreas(raw, plan),
    defaultCrop: readDefaultCrop(raw, activeArea),
    defaultScale: readDefaultScale(raw),
    ...(defaultUserCrop && { defaultUserCrop }),
    orientation: readOrientation(ifd0),
    color: readColorProfile(ifd0, file.littleEndian),
    ...(asShotNeutral && { asShotNeutral }),
    ...(x > 0 && y > 0 && x + y <= 1 && { asShotWhite: { x, y } }),
    ...(baselineExposure !== undefined && { baselineExposure }),
    ...(baselineSharpness !== undefined && baselineSharpness > 0 && { baselineSharpness }),
    ...(linearResponseLimit !== undefined && { linearResponseLimit }),
    ...(noiseProfile && { noiseProfile }),
    opcodes: {
      list1: readOpcodes(raw, Tag.OpcodeList1),
      list2: readOpcodes(raw, Tag.OpcodeList2),
      list3: readOpcodes(raw, Tag.OpcodeList3),
    },
    ...readExif(file),
    ...(uniqueCameraModel !== undefined && { uniqueCameraModel }),
    ...(xmp && { xmp }),
    previews: readPreviews(file.bytes, ifds),
  };
  return { metadata, plan: plan.compression === COMPRESSION.vc5 ? withVc5(plan, cfa, whiteLevel[0]) : plan };
}

/**
 * Reads a DNG's metadata and the plan of its samples, in a few milliseconds whatever the picture's size.
 *
 * @param bytes the whole file; previews are views of it
 * @throws RawFileError where the file is no DNG, contradicts itself, passes a limit, or is one that is not read
 */
export function describeDng(bytes: Uint8Array, limits: RawLimits = {}): DngDescription {
  try {
    return describe(readTiff(bytes, { limits }), limits);
  } catch (error) {
    if (!(error instanceof TiffError)) throw error;
    throw new RawFileError(error.message, {
      ...(error.offset !== undefined && { offset: error.offset }),
      ...(error.tag !== undefined && { tag: tagName(error.tag) }),
      hint: 'The file is truncated or damaged; copy it anew',
      cause: error,
    });
  }
}
