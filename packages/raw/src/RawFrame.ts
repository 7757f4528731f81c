import type { Opcode } from './opcodes.js';

/**
 * Colour filter array: which colour each photosite sees, repeated over the mosaic.
 * The pattern's origin is the mosaic's first sample (row 0, column 0), not the active area's.
 */
export interface Cfa {
  /** Width of the repeating pattern in photosites (2 for Bayer, 4 for quad Bayer, 6 for X-Trans). */
  readonly width: number;
  /** Height of the repeating pattern in photosites. */
  readonly height: number;
  /** `width * height` plane indices, row by row: 0 red, 1 green, 2 blue. */
  readonly pattern: readonly number[];
  /** What the pattern is, from its shape: only `bayer` and `x-trans` are developed today. */
  readonly kind: 'bayer' | 'quad-bayer' | 'x-trans' | 'other';
}

/** A rectangle in photosites; `top` and `left` are inclusive, `bottom` and `right` exclusive. */
export interface Area {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Black level as DNG's BlackLevel (tag 50714), BlackLevelDeltaH (50715) and BlackLevelDeltaV (50716). */
export interface BlackLevel {
  /** Height of the repeating black pattern. */
  readonly repeatRows: number;
  /** Width of the repeating black pattern. */
  readonly repeatCols: number;
  /**
   * `repeatRows * repeatCols * samplesPerPixel` values, row by row, in units of the linearised sample.
   * The pattern's origin is the active area's top left corner (DNG 1.6, BlackLevel).
   */
  readonly values: readonly number[];
  /** One value added per column of the active area. */
  readonly deltaH?: Float32Array;
  /** One value added per row of the active area. */
  readonly deltaV?: Float32Array;
}

/** A 3×3 matrix, row by row. */
export type Matrix3 = readonly [number, number, number, number, number, number, number, number, number];

/** White point in CIE 1931 xy chromaticity. */
export interface Chromaticity {
  readonly x: number;
  readonly y: number;
}

/** The colour tags that belong to one calibration illuminant (DNG: 1, 2 and, from 1.6, 3). */
export interface ColorCalibration {
  /** Exif LightSource code (tag CalibrationIlluminant1..3); 255 with `whiteXy` where a file gives its own. */
  readonly illuminant: number;
  /** Chromaticity of an illuminant of type 255 ("other", IlluminantData1..3). */
  readonly whiteXy?: Chromaticity;
  /** XYZ (D50-relative tristimulus of the scene under this illuminant) to camera RGB: ColorMatrix1..3. */
  readonly colorMatrix?: Matrix3;
  /** White-balanced camera RGB to XYZ D50: ForwardMatrix1..3. */
  readonly forwardMatrix?: Matrix3;
  /** This unit's deviation from the model: CameraCalibration1..3. */
  readonly cameraCalibration?: Matrix3;
  /** Hue/saturation/value table of this illuminant: ProfileHueSatMapData1..3. */
  readonly hueSatMap?: HueSatMap;
}

/** A DNG hue/saturation/value table (ProfileHueSatMapData, ProfileLookTableData). */
export interface HueSatMap {
  readonly hueDivisions: number;
  readonly satDivisions: number;
  readonly valDivisions: number;
  /** Value is indexed linearly or through the sRGB curve (ProfileHueSatMapEncoding, ProfileLookTableEncoding). */
  readonly encoding: 'linear' | 'srgb';
  /** `val × hue × sat` triples: hue shift in degrees, saturation scale, value scale (hue-major within a value). */
  readonly data: Float32Array;
}

/** What a file says about colour. */
export interface ColorProfile {
  readonly name?: string;
  readonly copyright?: string;
  /** One to three calibrations in the file's order. */
  readonly calibrations: readonly ColorCalibration[];
  /** AnalogBalance (50727), a gain per plane already applied to the samples. */
  readonly analogBalance?: readonly number[];
  /** ProfileLookTable, applied after exposure. */
  readonly lookTable?: HueSatMap;
  /** ProfileToneCurve (50940): pairs of input and output in [0,1], linear gamma. */
  readonly toneCurve?: Float32Array;
  /** BaselineExposureOffset (51109) in stops. */
  readonly baselineExposureOffset?: number;
  /** DefaultBlackRender (51110): 0 auto, 1 none. */
  readonly defaultBlackRender?: number;
}

/** One plane's noise: variance = scale · signal + offset, on [0,1] (DNG NoiseProfile, 51041). */
export interface NoiseProfile {
  readonly scale: number;
  readonly offset: number;
}

/**
 * How noise differs from place to place, where frames were merged and not all of them agreed everywhere. No file carries it:
 * a file's NoiseProfile is its mean.
 */
export interface NoiseMap {
  /** Pixels from cell to cell; cell (i, j) begins at (i·step, j·step) of the active area. */
  readonly step: number;
  readonly columns: number;
  readonly rows: number;
  /** `columns × rows` variances, as factors on what the NoiseProfile says. */
  readonly variance: Float32Array;
  /** A denoise has been at it: what noise is left is coarse, and a further one takes little of it. */
  readonly denoised: boolean;
}

/** The Exif orientation, 1 (upright) to 8. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

/** How the picture was exposed; what the file does not say is undefined. */
export interface Exposure {
  /** Exposure time in seconds. */
  readonly exposureTime?: number;
  readonly iso?: number;
  readonly fNumber?: number;
  readonly focalLengthMm?: number;
  readonly focalLength35mm?: number;
  /** Subject distance in metres. */
  readonly subjectDistanceM?: number;
  /** Exposure bias in stops. */
  readonly exposureBias?: number;
}

/** An embedded preview or thumbnail. */
export interface Preview {
  readonly width: number;
  readonly height: number;
  /** What the bytes are. */
  readonly format: 'jpeg' | 'rgb8';
  /** The bytes as they lie in the file. */
  readonly data: Uint8Array;
}

/**
 * What a sensor recorded and what the file says about it: DNG's model (Adobe DNG specification 1.6/1.7).
 * What a file does not say is undefined, never a guess.
 */
export interface RawFrame {
  /**
   * Samples in sensor units before linearisation, row by row, `width * height * samplesPerPixel` of them, masked
   * borders included. Float samples are relative to a white of 1 unless `whiteLevel` says otherwise.
   */
  readonly samples: Uint16Array | Float32Array;
  /** Columns of `samples`, masked borders included. */
  readonly width: number;
  /** Rows of `samples`, masked borders included. */
  readonly height: number;
  /** 1 for a mosaic, 3 for an already demosaiced (LinearRaw) picture, pixel-interleaved. */
  readonly samplesPerPixel: number;
  /** Bits of a sample as the file states them. */
  readonly bitsPerSample: number;
  /** The colour filter array; undefined where the samples are LinearRaw. */
  readonly cfa?: Cfa;
  /** LinearizationTable (50712): sample in, linear sample out; a sample beyond the table takes the last entry. */
  readonly linearization?: Uint16Array;
  readonly blackLevel?: BlackLevel;
  /** Per plane (one value for a mosaic), in units of the linearised sample. */
  readonly whiteLevel: readonly number[];
  /** The light-receiving part of `samples`. */
  readonly activeArea: Area;
  /** MaskedAreas (50830): photosites that saw no light. */
  readonly maskedAreas: readonly Area[];
  /** DefaultCropOrigin and DefaultCropSize, relative to the active area, in photosites; may be fractional in a file, rounded here. */
  readonly defaultCrop: Area;
  /** DefaultScale (50718): horizontal and vertical pixel aspect. */
  readonly defaultScale: readonly [horizontal: number, vertical: number];
  /** DefaultUserCrop (51125) as fractions top, left, bottom, right of the default crop. */
  readonly defaultUserCrop?: readonly [number, number, number, number];
  readonly orientation: Orientation;
  readonly color: ColorProfile;
  /** AsShotNeutral (50728): the camera RGB of a neutral, or undefined. */
  readonly asShotNeutral?: readonly number[];
  /** AsShotWhiteXY (50729). */
  readonly asShotWhite?: Chromaticity;
  /** BaselineExposure (50730) in stops. */
  readonly baselineExposure?: number;
  /** BaselineSharpness (50732): how much sharpening the picture needs, relative to a reference camera's; above 0. */
  readonly baselineSharpness?: number;
  /** LinearResponseLimit (50734), fraction of the white level. */
  readonly linearResponseLimit?: number;
  /** One per plane, or a single one for all. */
  readonly noiseProfile?: readonly NoiseProfile[];
  /** How noise differs from that from place to place. */
  readonly noiseMap?: NoiseMap;
  readonly opcodes: {
    readonly list1: readonly Opcode[];
    readonly list2: readonly Opcode[];
    readonly list3: readonly Opcode[];
  };
  readonly exposure: Exposure;
  readonly make?: string;
  readonly model?: string;
  readonly uniqueCameraModel?: string;
  readonly lens?: string;
  readonly software?: string;
  /** DateTimeOriginal as the camera's local time, `YYYY-MM-DDTHH:MM:SS[.sss][±HH:MM]`. */
  readonly time?: string;
  /** Exif to carry over: a TIFF stream (header, IFD0, Exif and GPS IFDs) without pictures, maker notes kept where safe. */
  readonly exif?: Uint8Array;
  /** The XMP packet as it lies in the file. */
  readonly xmp?: Uint8Array;
  readonly previews: readonly Preview[];
}
