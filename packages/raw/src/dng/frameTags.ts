import { Tag, type TiffIfd, tagName } from '@photosite/tiff';
import { RawFileError } from '../RawFileError.js';
import type { Area, BlackLevel, Cfa, NoiseProfile, Orientation } from '../RawFrame.js';
import { PHOTOMETRIC, type SegmentPlan } from './layout.js';

/** Longest side of a CFA pattern, as in Adobe's SDK; X-Trans has 6. */
const MAX_CFA_SIDE = 8;
/** Longest side of a repeating black pattern (BlackLevelRepeatDim); cameras repeat it with their CFA. */
const MAX_BLACK_SIDE = 64;
/** Most masked areas; the specification's own example has 4. */
const MAX_MASKED_AREAS = 1024;

function tagError(ifd: TiffIfd, tag: number, problem: string): RawFileError {
  return new RawFileError(problem, { tag: tagName(tag), offset: ifd.entry(tag)?.offset ?? ifd.offset });
}

/** The shortest distance after which a row of the pattern repeats. */
function period(length: number, sameAt: (shift: number) => boolean): number {
  for (let shift = 1; shift < length; shift++) if (length % shift === 0 && sameAt(shift)) return shift;
  return length;
}

function kindOf(width: number, height: number, pattern: readonly number[]): Cfa['kind'] {
  const count = (colour: number) => pattern.filter((each) => each === colour).length;
  const at = (row: number, column: number) => pattern[row * width + column];
  if (width === 2 && height === 2) {
    const diagonalGreen = at(0, 0) === at(1, 1) ? at(0, 0) === 1 : at(0, 1) === 1 && at(1, 0) === 1;
    return diagonalGreen && count(0) === 1 && count(2) === 1 ? 'bayer' : 'other';
  }
  if (width === 4 && height === 4) {
    const inFours = pattern.every((colour, i) => {
      const [row, column] = [Math.floor(i / 4), i % 4];
      return colour === at(row & 2, column & 2);
    });
    const corners = [at(0, 0), at(0, 2), at(2, 0), at(2, 2)];
    return inFours && kindOf(2, 2, corners) === 'bayer' ? 'quad-bayer' : 'other';
  }
  if (width === 6 && height === 6) {
    return count(1) === 20 && count(0) === 8 && count(2) === 8 ? 'x-trans' : 'other';
  }
  return 'other';
}

/**
 * A CFA from a pattern of colours, reduced to its shortest period and with its kind recognised.
 *
 * @param pattern `width * height` plane indices, row by row: 0 red, 1 green, 2 blue
 */
export function makeCfa(width: number, height: number, pattern: readonly number[]): Cfa {
  const at = (row: number, column: number) => pattern[(row % height) * width + (column % width)];
  const same = (down: number, right: number) =>
    pattern.every((colour, i) => colour === at(Math.floor(i / width) + down, (i % width) + right));
  const cfaWidth = period(width, (shift) => same(0, shift));
  const cfaHeight = period(height, (shift) => same(shift, 0));
  const reduced = Array.from({ length: cfaWidth * cfaHeight }, (_, i) =>
    at(Math.floor(i / cfaWidth), i % cfaWidth),
  );
  return {
    width: cfaWidth,
    height: cfaHeight,
    pattern: reduced,
    kind: kindOf(cfaWidth, cfaHeight, reduced),
  };
}

/** Reads the colour filter array; the file's pattern begins at the active area's corner, the frame's at its own. */
export function readCfa(ifd: TiffIfd, { top, left }: Area): Cfa | undefined {
  if (ifd.number(Tag.PhotometricInterpretation) !== PHOTOMETRIC.cfa) return undefined;
  const layout = ifd.number(Tag.CFALayout) ?? 1;
  if (layout !== 1) {
    throw new RawFileError(`the colour filter array has the staggered layout ${layout}`, {
      tag: tagName(Tag.CFALayout),
      offset: ifd.entry(Tag.CFALayout)?.offset ?? ifd.offset,
      hint: 'Only rectangular arrays are read; Adobe DNG Converter can make a linear DNG of it',
    });
  }
  const [height, width] = ifd.numbers(Tag.CFARepeatPatternDim) ?? [];
  if (!(width >= 1 && height >= 1 && width <= MAX_CFA_SIDE && height <= MAX_CFA_SIDE)) {
    throw tagError(ifd, Tag.CFARepeatPatternDim, `a colour filter array of ${width} × ${height}`);
  }
  const colours = ifd.numbers(Tag.CFAPattern) ?? [];
  if (colours.length !== width * height) {
    throw tagError(
      ifd,
      Tag.CFAPattern,
      `a colour filter array of ${width} × ${height} with ${colours.length} colours`,
    );
  }
  const planes = ifd.numbers(Tag.CFAPlaneColor) ?? [0, 1, 2];
  if (planes.join() !== '0,1,2' || colours.some((colour) => colour > 2)) {
    throw new RawFileError('the colour filter array has other colours than red, green and blue', {
      tag: tagName(Tag.CFAPattern),
      offset: ifd.entry(Tag.CFAPattern)?.offset ?? ifd.offset,
      hint: 'Adobe DNG Converter can make a linear DNG of it',
    });
  }
  const shifted = colours.map((_, i) => {
    // ≡ −top and −left, made positive by whole patterns.
    const row = Math.floor(i / width) + height - (top % height);
    const column = (i % width) + width - (left % width);
    return colours[(row % height) * width + (column % width)];
  });
  return makeCfa(width, height, shifted);
}

/** ActiveArea (50829); the whole picture where the file does not say. */
export function readActiveArea(ifd: TiffIfd, { width, height }: SegmentPlan): Area {
  const values = ifd.numbers(Tag.ActiveArea);
  if (values === undefined) return { top: 0, left: 0, bottom: height, right: width };
  return toArea(ifd, Tag.ActiveArea, values, width, height);
}

function toArea(ifd: TiffIfd, tag: number, values: readonly number[], width: number, height: number): Area {
  const [top, left, bottom, right] = values;
  const inside = top >= 0 && left >= 0 && bottom > top && right > left && bottom <= height && right <= width;
  if (!inside || !values.slice(0, 4).every(Number.isInteger)) {
    throw tagError(
      ifd,
      tag,
      `${tagName(tag)} ${values.slice(0, 4).join(' ')} in a picture of ${width} × ${height}`,
    );
  }
  return { top, left, bottom, right };
}

/** MaskedAreas (50830). */
export function readMaskedAreas(ifd: TiffIfd, { width, height }: SegmentPlan): Area[] {
  const values = ifd.numbers(Tag.MaskedAreas) ?? [];
  if (values.length % 4 !== 0 || values.length > 4 * MAX_MASKED_AREAS) {
    throw tagError(ifd, Tag.MaskedAreas, `${values.length} numbers for masked areas`);
  }
  return Array.from({ length: values.length / 4 }, (_, i) =>
    toArea(ifd, Tag.MaskedAreas, values.slice(4 * i, 4 * i + 4), width, height),
  );
}

/** DefaultCropOrigin (50719) and DefaultCropSize (50720), rounded and kept within the active area. */
export function readDefaultCrop(ifd: TiffIfd, active: Area): Area {
  const [width, height] = [active.right - active.left, active.bottom - active.top];
  const [originH = 0, originV = 0] = ifd.numbers(Tag.DefaultCropOrigin) ?? [];
  const left = Math.round(originH);
  const top = Math.round(originV);
  const [sizeH = width - left, sizeV = height - top] = ifd.numbers(Tag.DefaultCropSize) ?? [];
  const right = Math.min(width, left + Math.round(sizeH));
  const bottom = Math.min(height, top + Math.round(sizeV));
  if (!(left >= 0 && top >= 0 && right > left && bottom > top)) {
    throw tagError(
      ifd,
      Tag.DefaultCropSize,
      `a default crop of ${sizeH} × ${sizeV} at ${originH}, ${originV} of an active area of ${width} × ${height}`,
    );
  }
  return { top, left, bottom, right };
}

/** DefaultScale (50718). */
export function readDefaultScale(ifd: TiffIfd): readonly [number, number] {
  const [horizontal = 1, vertical = 1] = ifd.numbers(Tag.DefaultScale) ?? [];
  if (!(horizontal > 0 && vertical > 0 && Number.isFinite(horizontal) && Number.isFinite(vertical))) {
    throw tagError(ifd, Tag.DefaultScale, `a default scale of ${horizontal} × ${vertical}`);
  }
  return [horizontal, vertical];
}

/** DefaultUserCrop (51125). */
export function readUserCrop(ifd: TiffIfd): readonly [number, number, number, number] | undefined {
  const values = ifd.numbers(Tag.DefaultUserCrop);
  if (values === undefined) return undefined;
  const [top, left, bottom, right] = values;
  if (!(top >= 0 && left >= 0 && bottom > top && right > left && bottom <= 1 && right <= 1)) {
    throw tagError(ifd, Tag.DefaultUserCrop, `a user crop of ${values.join(' ')}`);
  }
  return [top, left, bottom, right];
}

/** LinearizationTable (50712). */
export function readLinearization(ifd: TiffIfd): Uint16Array | undefined {
  const entry = ifd.entry(Tag.LinearizationTable);
  if (entry === undefined) return undefined;
  if (entry.count < 1 || entry.count > 65536) {
    throw tagError(ifd, Tag.LinearizationTable, `a linearization table of ${entry.count} entries`);
  }
  const values = entry.numbers();
  if (values.some((value) => !(value >= 0 && value <= 65535))) {
    throw tagError(ifd, Tag.LinearizationTable, 'a linearization table with values beyond 16 bits');
  }
  return Uint16Array.from(values);
}

function readDeltas(ifd: TiffIfd, tag: number, count: number): Float32Array | undefined {
  const entry = ifd.entry(tag);
  if (entry === undefined) return undefined;
  if (entry.count !== count) {
    throw tagError(ifd, tag, `${entry.count} black level deltas for ${count} rows or columns`);
  }
  const values = entry.floats();
  if (!values.every(Number.isFinite)) throw tagError(ifd, tag, 'a black level delta is not a finite number');
  return values;
}

/** BlackLevel (50714) with its repeat and deltas; undefined where the file has none of them. */
export function readBlackLevel(ifd: TiffIfd, samplesPerPixel: number, active: Area): BlackLevel | undefined {
  const deltaH = readDeltas(ifd, Tag.BlackLevelDeltaH, active.right - active.left);
  const deltaV = readDeltas(ifd, Tag.BlackLevelDeltaV, active.bottom - active.top);
  if (!ifd.has(Tag.BlackLevel) && deltaH === undefined && deltaV === undefined) return undefined;
  const [repeatRows = 1, repeatCols = 1] = ifd.numbers(Tag.BlackLevelRepeatDim) ?? [];
  const count = repeatRows * repeatCols * samplesPerPixel;
  if (!(repeatRows >= 1 && repeatCols >= 1 && repeatRows <= MAX_BLACK_SIDE && repeatCols <= MAX_BLACK_SIDE)) {
    throw tagError(ifd, Tag.BlackLevelRepeatDim, `a black level pattern of ${repeatRows} × ${repeatCols}`);
  }
  const stated = ifd.numbers(Tag.BlackLevel) ?? [0];
  // One value for a whole pattern is against the letter but common and clear; so are more values than the pattern has.
  const values = stated.length === 1 ? new Array<number>(count).fill(stated[0]) : stated.slice(0, count);
  if (values.length !== count || !values.every(Number.isFinite)) {
    throw tagError(
      ifd,
      Tag.BlackLevel,
      `${stated.length} black levels for a pattern of ${repeatRows} × ${repeatCols} × ${samplesPerPixel}`,
    );
  }
  return { repeatRows, repeatCols, values, ...(deltaH && { deltaH }), ...(deltaV && { deltaV }) };
}

/** WhiteLevel (50717), one per plane; by the specification's default the largest sample, or 1 for floats. */
export function readWhiteLevel(ifd: TiffIfd, plan: SegmentPlan, black: BlackLevel | undefined): number[] {
  const stated = ifd.numbers(Tag.WhiteLevel) ?? [plan.float ? 1 : 2 ** plan.bitsPerSample - 1];
  const white =
    stated.length === 1
      ? new Array<number>(plan.samplesPerPixel).fill(stated[0])
      : stated.slice(0, plan.samplesPerPixel);
  const blackest = Math.max(...(black?.values ?? [0]));
  if (white.length !== plan.samplesPerPixel || !white.every((level) => level > blackest)) {
    throw tagError(
      ifd,
      Tag.WhiteLevel,
      `a white level of ${stated.join(' ')} over a black level of ${blackest}`,
    );
  }
  return white;
}

/**
 * NoiseProfile (51041): pairs of scale and offset, one for all planes or one for each. Some phones write numbers that
 * no noise has; they say nothing, so the profile is undefined then.
 */
export function readNoiseProfile(ifd: TiffIfd): NoiseProfile[] | undefined {
  const values = ifd.numbers(Tag.NoiseProfile);
  if (values === undefined) return undefined;
  if (values.length === 0 || values.length % 2 === 1 || values.length > 8) {
    throw tagError(ifd, Tag.NoiseProfile, `a noise profile of ${values.length} numbers`);
  }
  const profiles = Array.from({ length: values.length / 2 }, (_, i) => ({
    scale: values[2 * i],
    offset: values[2 * i + 1],
  }));
  const possible = profiles.every(({ scale, offset }) => scale >= 0 && Number.isFinite(scale + offset));
  return possible && profiles.some(({ scale, offset }) => scale > 0 || offset > 0) ? profiles : undefined;
}

/** Orientation (274); 1 where the file does not say, or says something that Exif does not define. */
export function readOrientation(ifd: TiffIfd): Orientation {
  const value = ifd.number(Tag.Orientation) ?? 1;
  return value >= 1 && value <= 8 && Number.isInteger(value) ? (value as Orientation) : 1;
}

/** AsShotNeutral (50728): undefined also where a component is not positive, since that neutral cannot be. */
export function readAsShotNeutral(ifd: TiffIfd): number[] | undefined {
  const values = ifd.numbers(Tag.AsShotNeutral);
  if (values?.length !== 3 || !values.every((value) => value > 0 && Number.isFinite(value))) return undefined;
  return values;
}

/** A tag's one number, undefined where it is absent or not finite. */
export function readFinite(ifd: TiffIfd, tag: number): number | undefined {
  const value = ifd.number(tag);
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
