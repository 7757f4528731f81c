import { rationalField, Tag, type TiffField, type TiffIfd, textField } from '@photosite/tiff';
import { RawFileError } from '../RawFileError.js';
import type { Chromaticity, ColorCalibration, ColorProfile, HueSatMap, Matrix3 } from '../RawFrame.js';

/** Most entries of a hue/saturation/value table; Adobe's largest have 36 × 8 × 16 and 90 × 30. */
export const MAX_HUE_SAT_ENTRIES = 1 << 20;
/** Exif LightSource "other": the illuminant's white is in IlluminantData. */
const ILLUMINANT_OTHER = 255;
/** Encoding numbers of ProfileHueSatMapEncoding and ProfileLookTableEncoding. */
const ENCODINGS = ['linear', 'srgb'] as const;

const CALIBRATION_TAGS = [
  {
    illuminant: Tag.CalibrationIlluminant1,
    illuminantData: Tag.IlluminantData1,
    colorMatrix: Tag.ColorMatrix1,
    forwardMatrix: Tag.ForwardMatrix1,
    cameraCalibration: Tag.CameraCalibration1,
    hueSatMap: Tag.ProfileHueSatMapData1,
  },
  {
    illuminant: Tag.CalibrationIlluminant2,
    illuminantData: Tag.IlluminantData2,
    colorMatrix: Tag.ColorMatrix2,
    forwardMatrix: Tag.ForwardMatrix2,
    cameraCalibration: Tag.CameraCalibration2,
    hueSatMap: Tag.ProfileHueSatMapData2,
  },
  {
    illuminant: Tag.CalibrationIlluminant3,
    illuminantData: Tag.IlluminantData3,
    colorMatrix: Tag.ColorMatrix3,
    forwardMatrix: Tag.ForwardMatrix3,
    cameraCalibration: Tag.CameraCalibration3,
    hueSatMap: Tag.ProfileHueSatMapData3,
  },
] as const;

function tagError(ifd: TiffIfd, tag: number, problem: string): RawFileError {
  const offset = ifd.entry(tag)?.offset;
  return new RawFileError(problem, { tag: String(tag), ...(offset === undefined ? {} : { offset }) });
}

function finiteNumbers(ifd: TiffIfd, tag: number): number[] | undefined {
  const values = ifd.numbers(tag);
  if (values?.some((value) => !Number.isFinite(value))) {
    throw tagError(ifd, tag, 'a colour tag has a value that is not a finite number');
  }
  return values;
}

function readMatrix(ifd: TiffIfd, tag: number): Matrix3 | undefined {
  const values = finiteNumbers(ifd, tag);
  // A monochrome camera's matrices have three values, and nothing to say about colour.
  if (values === undefined || values.length === 3) return undefined;
  if (values.length !== 9) {
    throw tagError(
      ifd,
      tag,
      `a colour matrix of ${values.length} values: only three-colour cameras are read`,
    );
  }
  return values as unknown as Matrix3;
}

/** IlluminantData1..3: a type number 0 and then x and y as rationals; a spectrum (type 1) is not turned into xy. */
function readIlluminantWhite(ifd: TiffIfd, tag: number, littleEndian: boolean): Chromaticity | undefined {
  const bytes = ifd.bytes(tag);
  if (bytes === undefined || bytes.length < 18) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0, littleEndian) !== 0) return undefined;
  const rational = (at: number) => view.getUint32(at, littleEndian) / view.getUint32(at + 4, littleEndian);
  const [x, y] = [rational(2), rational(10)];
  return x > 0 && y > 0 && x + y <= 1 ? { x, y } : undefined;
}

function readHueSatMap(
  ifd: TiffIfd,
  dimsTag: number,
  dataTag: number,
  encodingTag: number,
): HueSatMap | undefined {
  if (!ifd.has(dataTag)) return undefined;
  const dims = ifd.numbers(dimsTag) ?? [];
  const [hueDivisions, satDivisions, valDivisions = 1] = dims;
  const entries = hueDivisions * satDivisions * valDivisions;
  if (!(hueDivisions >= 1 && satDivisions >= 2 && valDivisions >= 1 && entries <= MAX_HUE_SAT_ENTRIES)) {
    throw tagError(ifd, dimsTag, `a hue/saturation table of ${dims.join(' × ')} divisions`);
  }
  const data = ifd.floats(dataTag);
  if (data?.length !== entries * 3 || !data.every(Number.isFinite)) {
    throw tagError(
      ifd,
      dataTag,
      `a hue/saturation table of ${entries} entries needs ${entries * 3} finite numbers`,
    );
  }
  const encoding = ENCODINGS[ifd.number(encodingTag) ?? 0];
  if (encoding === undefined)
    throw tagError(ifd, encodingTag, 'an unknown encoding of a hue/saturation table');
  return { hueDivisions, satDivisions, valDivisions, encoding, data };
}

/**
 * Reads the colour tags of IFD0 (DNG 1.6, chapters 5 and 6). The camera calibrations count only where their
 * signature equals the profile's (CameraCalibrationSignature, 50931; ProfileCalibrationSignature, 50932).
 *
 * @throws RawFileError where a matrix is not 3×3 or a table contradicts its dimensions
 */
export function readColorProfile(ifd: TiffIfd, littleEndian: boolean): ColorProfile {
  const signature = ifd.text(Tag.CameraCalibrationSignature) ?? '';
  const calibrated = signature === (ifd.text(Tag.ProfileCalibrationSignature) ?? '');
  const calibrations: ColorCalibration[] = [];
  for (const tags of CALIBRATION_TAGS) {
    const colorMatrix = readMatrix(ifd, tags.colorMatrix);
    const forwardMatrix = readMatrix(ifd, tags.forwardMatrix);
    if (colorMatrix === undefined && forwardMatrix === undefined) continue;
    const illuminant = ifd.number(tags.illuminant) ?? 0;
    const whiteXy =
      illuminant === ILLUMINANT_OTHER
        ? readIlluminantWhite(ifd, tags.illuminantData, littleEndian)
        : undefined;
    const cameraCalibration = calibrated ? readMatrix(ifd, tags.cameraCalibration) : undefined;
    const hueSatMap = readHueSatMap(
      ifd,
      Tag.ProfileHueSatMapDims,
      tags.hueSatMap,
      Tag.ProfileHueSatMapEncoding,
    );
    calibrations.push({
      illuminant,
      ...(whiteXy && { whiteXy }),
      ...(colorMatrix && { colorMatrix }),
      ...(forwardMatrix && { forwardMatrix }),
      ...(cameraCalibration && { cameraCalibration }),
      ...(hueSatMap && { hueSatMap }),
    });
  }
  const name = ifd.text(Tag.ProfileName);
  const copyright = ifd.text(Tag.ProfileCopyright);
  const analogBalance = finiteNumbers(ifd, Tag.AnalogBalance);
  const lookTable = readHueSatMap(
    ifd,
    Tag.ProfileLookTableDims,
    Tag.ProfileLookTableData,
    Tag.ProfileLookTableEncoding,
  );
  const toneCurve = readToneCurve(ifd);
  const baselineExposureOffset = finiteNumbers(ifd, Tag.BaselineExposureOffset)?.[0];
  const defaultBlackRender = ifd.number(Tag.DefaultBlackRender);
  return {
    calibrations,
    ...(name !== undefined && { name }),
    ...(copyright !== undefined && { copyright }),
    ...(analogBalance && { analogBalance }),
    ...(lookTable && { lookTable }),
    ...(toneCurve && { toneCurve }),
    ...(baselineExposureOffset !== undefined && { baselineExposureOffset }),
    ...(defaultBlackRender !== undefined && { defaultBlackRender }),
  };
}

function readToneCurve(ifd: TiffIfd): Float32Array | undefined {
  const curve = ifd.floats(Tag.ProfileToneCurve);
  if (curve === undefined) return undefined;
  const ordered = curve.every(
    (value, i) => Number.isFinite(value) && (i < 2 || i % 2 === 1 || value >= curve[i - 2]),
  );
  if (curve.length < 4 || curve.length % 2 === 1 || !ordered) {
    throw tagError(
      ifd,
      Tag.ProfileToneCurve,
      'a tone curve needs two or more points whose inputs do not fall',
    );
  }
  return curve;
}

function illuminantData({ x, y }: Chromaticity, littleEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(18);
  const view = new DataView(bytes.buffer);
  const [xn, xd, yn, yd] = Array.from(rationalField(Tag.IlluminantData1, [x, y]).values);
  [xn, xd, yn, yd].forEach((value, i) => {
    view.setUint32(2 + 4 * i, value, littleEndian);
  });
  return bytes;
}

function hueSatFields(map: HueSatMap, dimsTag: number, encodingTag: number): TiffField[] {
  return [
    { tag: dimsTag, type: 'long', values: [map.hueDivisions, map.satDivisions, map.valDivisions] },
    { tag: encodingTag, type: 'long', values: [ENCODINGS.indexOf(map.encoding)] },
  ];
}

/** The fields of IFD0 that say what {@link readColorProfile} reads. */
export function colorProfileFields(color: ColorProfile, littleEndian: boolean): TiffField[] {
  const fields: TiffField[] = [];
  if (color.calibrations.length > CALIBRATION_TAGS.length) {
    throw new RangeError(`A DNG holds at most ${CALIBRATION_TAGS.length} colour calibrations`);
  }
  color.calibrations.forEach((calibration, i) => {
    const tags = CALIBRATION_TAGS[i];
    fields.push({ tag: tags.illuminant, type: 'short', values: [calibration.illuminant] });
    if (calibration.whiteXy !== undefined && calibration.illuminant === ILLUMINANT_OTHER) {
      const values = illuminantData(calibration.whiteXy, littleEndian);
      fields.push({ tag: tags.illuminantData, type: 'undefined', values });
    }
    for (const kind of ['colorMatrix', 'forwardMatrix', 'cameraCalibration'] as const) {
      const matrix = calibration[kind];
      if (matrix !== undefined) fields.push(rationalField(tags[kind], matrix, true));
    }
    if (calibration.hueSatMap !== undefined) {
      fields.push({ tag: tags.hueSatMap, type: 'float', values: calibration.hueSatMap.data });
    }
  });
  const hueSatMaps = color.calibrations.flatMap(({ hueSatMap }) => hueSatMap ?? []);
  if (hueSatMaps.length > 0) {
    const [map] = hueSatMaps;
    if (
      hueSatMaps.some((other) => other.data.length !== map.data.length || other.encoding !== map.encoding)
    ) {
      throw new RangeError('The hue/saturation tables of one profile have the same size and encoding');
    }
    fields.push(...hueSatFields(map, Tag.ProfileHueSatMapDims, Tag.ProfileHueSatMapEncoding));
  }
  if (color.lookTable !== undefined) {
    fields.push(...hueSatFields(color.lookTable, Tag.ProfileLookTableDims, Tag.ProfileLookTableEncoding));
    fields.push({ tag: Tag.ProfileLookTableData, type: 'float', values: color.lookTable.data });
  }
  if (color.name !== undefined) fields.push(textField(Tag.ProfileName, color.name));
  if (color.copyright !== undefined) fields.push(textField(Tag.ProfileCopyright, color.copyright));
  if (color.analogBalance !== undefined) fields.push(rationalField(Tag.AnalogBalance, color.analogBalance));
  if (color.toneCurve !== undefined) {
    fields.push({ tag: Tag.ProfileToneCurve, type: 'float', values: color.toneCurve });
  }
  if (color.baselineExposureOffset !== undefined) {
    fields.push(rationalField(Tag.BaselineExposureOffset, [color.baselineExposureOffset], true));
  }
  if (color.defaultBlackRender !== undefined) {
    fields.push({ tag: Tag.DefaultBlackRender, type: 'long', values: [color.defaultBlackRender] });
  }
  return fields;
}
