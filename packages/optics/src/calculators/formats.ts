import { positive } from '../checks.js';
import { nearNames } from '../nearNames.js';
import { OpticsError } from '../OpticsError.js';

/** A size of sensor with the name that it is sold under. */
export interface SensorFormat {
  /** E.g. `1"`, `1/2.5"`, `full frame`. */
  readonly name: string;
  /** Other names that {@link findFormat} takes. */
  readonly aliases: readonly string[];
  readonly widthMm: number;
  readonly heightMm: number;
  /** Where the size comes from, and what the name hides. */
  readonly source: string;
}

function format(
  name: string,
  widthMm: number,
  heightMm: number,
  source: string,
  aliases: readonly string[] = [],
): SensorFormat {
  return { name, aliases, widthMm, heightMm, source };
}

/**
 * Sensor formats, small to large.
 *
 * A name in inches is no size of the sensor: it is the outer diameter of the vidicon tube (a television camera's pick-up
 * tube of the 1950s) whose picture area would be as large. A 1-inch tube had a picture of about 16 mm across the
 * diagonal. So a "1-inch type" sensor measures about 13.1 × 9.8 mm at 4:3 with a diagonal of 16.4 mm, or 13.2 × 8.8 mm at
 * 3:2, and nothing on it is 25.4 mm long. The names are rounded by their makers, hence each size is that of a real sensor.
 */
export const SENSOR_FORMATS: readonly SensorFormat[] = [
  format('1/3.06"', 4.71, 3.49, '4208 × 3120 photosites of 1.12 µm, as in 13-megapixel phone cameras'),
  format('1/2.76"', 5.22, 3.93, 'Samsung ISOCELL JN1: 8160 × 6144 photosites of 0.64 µm'),
  format('1/2.55"', 5.64, 4.23, '4032 × 3024 photosites of 1.4 µm, as in 12-megapixel phone cameras'),
  format('1/2.51"', 5.73, 4.3, 'Sony IMX858: 8192 × 6144 photosites of 0.7 µm'),
  format('1/2.5"', 5.76, 4.29, 'compact cameras of the 2000s'),
  format('1/2.3"', 6.17, 4.55, 'compact and action cameras'),
  format('1/2"', 6.4, 4.8, 'Sony IMX586: 8000 × 6000 photosites of 0.8 µm, diagonal 8.0 mm', ['0.5"']),
  format('1/1.7"', 7.6, 5.7, 'compact cameras; Sony IMX600'),
  format('1/1.56"', 8.19, 6.14, 'Sony IMX766: 8192 × 6144 photosites of 1.0 µm'),
  format('1/1.31"', 9.83, 7.37, 'OmniVision OV50H, Light Fusion 900: 8192 × 6144 photosites of 1.2 µm', [
    '1/1.3"',
  ]),
  format('1/1.28"', 9.99, 7.5, 'Sony IMX700: 8192 × 6144 photosites of 1.22 µm'),
  format('1/1.12"', 11.42, 8.6, 'Samsung ISOCELL GN2: 8160 × 6144 photosites of 1.4 µm'),
  format('1" 3:2', 13.2, 8.8, '3:2; compact cameras: 5472 × 3648 photosites of 2.4 µm, diagonal 15.9 mm', [
    '1-inch-3:2',
    'CX',
  ]),
  format(
    '1"',
    13.11,
    9.83,
    '4:3; Sony IMX989 and LYT-900: 8192 × 6144 photosites of 1.6 µm, diagonal 16.4 mm',
    ['1-inch', '1/0.98"'],
  ),
  format('Micro Four Thirds', 17.3, 13, 'Four Thirds standard: picture area 17.3 × 13.0 mm', [
    'MFT',
    '4/3"',
    'four-thirds',
  ]),
  format('APS-C Canon', 22.3, 14.9, 'Canon EOS bodies of this format', ['apsc-canon']),
  format('APS-C', 23.5, 15.6, 'Sony, Nikon DX, Fujifilm X', ['apsc', 'DX']),
  format('full frame', 36, 24, 'the picture of 135 film, ISO 1007', ['35mm', 'ff', '135', 'FX']),
  format('medium format 44 × 33', 43.8, 32.9, 'Fujifilm GFX, Hasselblad X', ['medium', '44x33']),
];

/** What equivalents refer to: 36 × 24 mm (CIPA DCG-001). */
export const FULL_FRAME: SensorFormat = SENSOR_FORMATS.find(({ name }) => name === 'full frame')!;

function simplified(name: string): string {
  return name
    .toLowerCase()
    .replace(/["″”']|\binch(es)?\b|\btype\b/g, '')
    .replace(/[\s_-]+/g, '');
}

/**
 * The format of a name; case, spaces, hyphens and inch signs don't matter.
 * @throws {OpticsError} where there is no such format; the message lists near names
 */
export function findFormat(name: string): SensorFormat {
  const key = simplified(name);
  const found = SENSOR_FORMATS.find((each) =>
    [each.name, ...each.aliases].some((alias) => simplified(alias) === key),
  );
  if (found !== undefined) return found;
  const near = nearNames(
    name,
    SENSOR_FORMATS.map((each) => each.name),
  );
  throw new OpticsError(
    `there is no format "${name}". Near ones: ${near.join(', ')}; or give width and height.`,
    {
      field: 'format',
    },
  );
}

/** Diagonal of a rectangle, mm (Pythagoras). */
export function diagonalMm(widthMm: number, heightMm: number): number {
  return Math.hypot(positive('widthMm', widthMm), positive('heightMm', heightMm));
}
