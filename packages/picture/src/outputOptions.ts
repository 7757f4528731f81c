import { PictureError } from './PictureError.js';

/** File formats that a picture can be written to. */
export type OutputFormatName = 'jpeg' | 'png' | 'tiff';

/** Options of a JPEG file; see {@link OUTPUT_FORMATS} for ranges and defaults. */
export interface JpegOptions {
  readonly format: 'jpeg';
  readonly quality?: number;
  readonly subsampling?: '4:4:4' | '4:2:0';
  readonly progressive?: boolean;
  readonly optimize?: boolean;
  readonly resolution?: number;
}

/** Options of a PNG file; see {@link OUTPUT_FORMATS} for ranges and defaults. */
export interface PngOptions {
  readonly format: 'png';
  readonly bitDepth?: 8 | 16;
  readonly resolution?: number;
}

/** Options of a TIFF file; see {@link OUTPUT_FORMATS} for ranges and defaults. */
export interface TiffOptions {
  readonly format: 'tiff';
  readonly bitDepth?: 8 | 16 | 32;
  readonly compression?: 'none' | 'deflate';
  readonly resolution?: number;
}

/** What file to write: the format's name and its options. */
export type OutputOptions = JpegOptions | PngOptions | TiffOptions;

/** Output options with every default filled in and every value checked. */
export type ResolvedOptions = Required<JpegOptions> | Required<PngOptions> | Required<TiffOptions>;

interface SpecBase {
  readonly name: string;
  /** Unit of the value, for display. */
  readonly unit?: string;
  /** One line for a person. */
  readonly help: string;
}

/** A number between `min` and `max`, both included. */
export interface NumberSpec extends SpecBase {
  readonly kind: 'number' | 'integer';
  readonly min: number;
  readonly max: number;
  readonly default: number;
}

/** One of a few values. */
export interface ChoiceSpec extends SpecBase {
  readonly kind: 'choice';
  readonly choices: readonly (string | number)[];
  readonly default: string | number;
}

/** Yes or no. */
export interface BooleanSpec extends SpecBase {
  readonly kind: 'boolean';
  readonly default: boolean;
}

/** One output option as data: flags, schemas and guides are made from it. */
export type OptionSpec = NumberSpec | ChoiceSpec | BooleanSpec;

/** A file format as data. */
export interface OutputFormat {
  readonly name: OutputFormatName;
  /** File name extensions without the dot, the usual one first. */
  readonly extensions: readonly string[];
  readonly mediaType: string;
  /** Longest side that the format can hold, in pixels. */
  readonly maxSide: number;
  readonly options: readonly OptionSpec[];
}

const resolution: NumberSpec = {
  name: 'resolution',
  kind: 'number',
  min: 1,
  max: 10000,
  default: 300,
  unit: 'pixels per inch',
  help: 'Print resolution noted in the file; the pixels stay the same.',
};

/** Every output format with its options: ranges, defaults and one line of help each. */
export const OUTPUT_FORMATS: Readonly<Record<OutputFormatName, OutputFormat>> = {
  jpeg: {
    name: 'jpeg',
    extensions: ['jpg', 'jpeg'],
    mediaType: 'image/jpeg',
    // libjpeg's JPEG_MAX_DIMENSION, a little below the 65535 of ITU-T T.81.
    maxSide: 65500,
    options: [
      {
        name: 'quality',
        kind: 'integer',
        min: 1,
        max: 100,
        default: 92,
        help: 'JPEG quality: 92 looks like the original, 75 is small.',
      },
      {
        name: 'subsampling',
        kind: 'choice',
        choices: ['4:4:4', '4:2:0'],
        default: '4:2:0',
        help: 'Colour resolution: 4:4:4 keeps every pixel, 4:2:0 stores one colour for four pixels.',
      },
      {
        name: 'progressive',
        kind: 'boolean',
        default: false,
        help: 'Store coarse to fine, for slow connections; slower and larger in memory.',
      },
      {
        name: 'optimize',
        kind: 'boolean',
        default: false,
        help: 'Compute the best entropy code: about 5 % smaller, three times as long to encode.',
      },
      resolution,
    ],
  },
  png: {
    name: 'png',
    extensions: ['png'],
    mediaType: 'image/png',
    // PNG allows 2^31 - 1 (W3C PNG, 11.2.1); libpng's default user limit is 1,000,000.
    maxSide: 1_000_000,
    options: [
      {
        name: 'bitDepth',
        kind: 'choice',
        choices: [8, 16],
        default: 8,
        unit: 'bits',
        help: 'Bits per sample.',
      },
      resolution,
    ],
  },
  tiff: {
    name: 'tiff',
    extensions: ['tif', 'tiff'],
    mediaType: 'image/tiff',
    maxSide: 1_000_000,
    options: [
      {
        name: 'bitDepth',
        kind: 'choice',
        choices: [8, 16, 32],
        default: 16,
        unit: 'bits',
        help: 'Bits per sample: 8 and 16 are integers, 32 is floating point with white at 1.',
      },
      {
        name: 'compression',
        kind: 'choice',
        choices: ['none', 'deflate'],
        default: 'none',
        help: 'Lossless compression: none is fastest, deflate is smaller.',
      },
      resolution,
    ],
  },
};

/**
 * Fills in defaults and checks every value against {@link OUTPUT_FORMATS}.
 *
 * @throws PictureError naming the option and its allowed values.
 */
export function resolveOptions(options: OutputOptions): ResolvedOptions {
  // `Object.hasOwn`: a name such as "constructor" may not find an inherited property.
  if (!Object.hasOwn(OUTPUT_FORMATS, options.format)) {
    const allowed = Object.keys(OUTPUT_FORMATS).join(', ');
    throw new PictureError('format', `no such format "${String(options.format)}"; use one of ${allowed}`, {
      allowed,
    });
  }
  const format = OUTPUT_FORMATS[options.format];
  const given: Readonly<Record<string, unknown>> = { ...options };
  const resolved: Record<string, unknown> = { format: format.name };
  for (const spec of format.options) {
    const value = given[spec.name] ?? spec.default;
    checkOption(spec, value);
    resolved[spec.name] = value;
  }
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(resolved, name)) {
      const allowed = format.options.map((spec) => spec.name).join(', ');
      throw new PictureError(name, `${format.name} files have no such option; they have ${allowed}`, {
        allowed,
      });
    }
  }
  return resolved as unknown as ResolvedOptions;
}

/** The sample type that a file with these options stores, and so the one its picture must have. */
export function sampleTypeOf(options: OutputOptions): 'uint8' | 'uint16' | 'float32' {
  const resolved = resolveOptions(options);
  if (resolved.format === 'jpeg' || resolved.bitDepth === 8) return 'uint8';
  return resolved.bitDepth === 16 ? 'uint16' : 'float32';
}

function checkOption(spec: OptionSpec, value: unknown): void {
  let allowed: string;
  let fits: boolean;
  switch (spec.kind) {
    case 'boolean':
      allowed = 'true or false';
      fits = typeof value === 'boolean';
      break;
    case 'choice':
      allowed = spec.choices.join(', ');
      fits = spec.choices.some((choice) => choice === value);
      break;
    default:
      allowed = `${spec.kind === 'integer' ? 'a whole number ' : ''}${spec.min} to ${spec.max}`;
      fits =
        typeof value === 'number' &&
        value >= spec.min &&
        value <= spec.max &&
        (spec.kind === 'number' || Number.isInteger(value));
  }
  if (!fits) {
    throw new PictureError(spec.name, `${JSON.stringify(value)} is out of range; allowed: ${allowed}`, {
      allowed,
    });
  }
}
