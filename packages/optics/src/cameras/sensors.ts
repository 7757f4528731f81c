import { inRange, positive } from '../checks.js';
import type { CfaName, ConversionGain } from '../sensors/SensorModel.js';
import type { ModuleSensor } from './CameraModule.js';
import { assumed, type Datum, published } from './Datum.js';

const CLAFF =
  'Claff, photonstophotos.net, Sony A7RM2 DR-Pix Read Noise (2015): 0.315 levels per electron at ISO 100, 6.35 times as many from ISO 640 on';
const KASSON_PRNU = 'Kasson, blog.kasson.com, Sony a9 PRNU: 0.3 to 0.4 %';

/** Levels of 14 bits above black in the ILCE-7RM2's raw files. */
const SONY_RANGE = 16383 - 512;
const SONY_LEVELS_PER_ELECTRON = 0.315;
const SONY_GAIN_RATIO = 6.35;
const SONY_PITCH_UM = 4.51;
/** Electrons that Sony's full-frame sensor takes per µm² at ISO 100. */
const SONY_FULL_WELL_PER_UM2 = SONY_RANGE / SONY_LEVELS_PER_ELECTRON / SONY_PITCH_UM ** 2;
/** Electrons of noise per reading before the converter, low and high gain (Claff's intermediate noise). */
const SONY_READ_NOISE_E = [3.05, 6.553 / SONY_GAIN_RATIO] as const;

/** The full-frame sensor of the comparison: its gains and noise are measured. */
export const SONY_FULL_FRAME: ModuleSensor = {
  name: published('Sony Exmor R', 'Sony, ILCE-7RM2 specifications: back-illuminated CMOS'),
  format: published('full frame', 'Sony, ILCE-7RM2 specifications: 35.9 × 24.0 mm'),
  width: published(7952, 'Sony, ILCE-7RM2 specifications: pictures of 7952 × 5304 pixels'),
  height: published(5304, 'Sony, ILCE-7RM2 specifications: pictures of 7952 × 5304 pixels'),
  pitchUm: assumed(SONY_PITCH_UM, '35.9 mm over 7952 photosites'),
  cfa: published('rggb', 'raw files of the camera'),
  binning: published(1, 'raw files of the camera'),
  sensitivities: published('sony-ilce-7rm2', 'measured: AMPAS, rawtoaces'),
  peakQuantumEfficiency: assumed(0.6, 'usual for a back-illuminated sensor behind its green filters'),
  gains: published(
    [
      { fromIso: 100, fullWellE: 50_380, readNoiseE: SONY_READ_NOISE_E[0] },
      { fromIso: 640, fullWellE: 7930, readNoiseE: SONY_READ_NOISE_E[1] },
    ],
    `${CLAFF}; read noise is that before the converter`,
  ),
  baseIso: published(100, 'Sony, ILCE-7RM2 specifications'),
  adcNoise: published(1.22, CLAFF),
  bitDepth: published(14, 'raw files of the camera'),
  blackLevel: published(512, 'raw files of the camera'),
  whiteLevel: published(16383, 'raw files of the camera, 14 bits'),
  darkCurrentEPerS: assumed(
    0.2,
    '0.01 e/s per µm² at room temperature, usual for a modern pinned photodiode',
  ),
  darkTemperatureC: assumed(25, 'room temperature'),
  darkDoublingK: assumed(7, 'silicon near room temperature doubles its dark current every 6 to 8 K'),
  prnu: assumed(0.004, `as of its sister model; ${KASSON_PRNU}`),
  dsnuE: assumed(0.3, 'small beside the read noise'),
  rowNoiseE: assumed(0.15, 'about a twentieth of the read noise, where rows are not seen'),
  hotPerMillion: assumed(20, 'a few hundred hot photosites in 42 million are usual in long exposures'),
  hotFactor: assumed(100, 'hot photosites of a hundred times the usual dark current'),
  readoutS: assumed(
    1 / 14,
    'electronic shutter; Kasson measured 1/14 to 1/30 s for the a7 models before the a9, the slowest is taken',
  ),
};

/** What is published of a phone's sensor; the rest of its figures follows by {@link phoneSensor}. */
interface PhoneSensor {
  readonly name: Datum<string>;
  readonly format: Datum<string>;
  readonly size: Datum<readonly [width: number, height: number]>;
  readonly pitchUm: Datum;
  readonly cfa?: Datum<CfaName>;
  readonly binning?: Datum<1 | 2>;
  readonly bitDepth: Datum;
  readonly dualGain: Datum<boolean>;
  readonly peakQuantumEfficiency?: Datum;
  readonly baseIso?: number;
  readonly readoutS?: Datum;
}

/** `datum`, or where it depends on a figure that is assumed: the same reason for another value. */
function derived<T>(from: Datum<unknown>, value: T): Datum<T> {
  return 'assumed' in from ? assumed(value, from.assumed) : published(value, from.source);
}

/** About Sony’s ratio of gains, such that phones change over at ISO 320. */
const PHONE_GAIN_RATIO = 6.4;
/** Noise of one reading where a sensor has one gain only, electrons. */
const SINGLE_GAIN_NOISE_E = 2;

function phoneGains(
  pitchUm: number,
  binning: number,
  baseIso: number,
  dual: boolean,
): readonly ConversionGain[] {
  // Twice as much light fills a photosite at half the ISO.
  const fullWellE = Math.round(SONY_FULL_WELL_PER_UM2 * pitchUm ** 2 * (100 / baseIso));
  // The noise of one reading, shared by the photosites whose charge it sums.
  const [lowE, highE] = SONY_READ_NOISE_E.map((noise) => Number((noise / binning).toFixed(2)));
  const low = { fromIso: baseIso, fullWellE, readNoiseE: dual ? lowE! : SINGLE_GAIN_NOISE_E / binning };
  if (!dual) return [low];
  return [
    low,
    {
      fromIso: baseIso * PHONE_GAIN_RATIO,
      fullWellE: Math.round(fullWellE / PHONE_GAIN_RATIO),
      readNoiseE: highE!,
    },
  ];
}

const QUAD = published<CfaName>('quad-rggb', 'makers call it Quad Bayer, 4-in-1 or Tetrapixel');
const BY_FOUR = published<2>(2, '50 megapixels are read as 12.5: four photosites of a colour as one');

/** Filters and binning where nobody says them of a sensor of so many photosites. */
const QUAD_ASSUMED = {
  cfa: assumed<CfaName>('quad-rggb', 'usual for so many photosites of this size'),
  binning: assumed<2>(2, 'usual for quad Bayer filters'),
};

/**
 * A phone's sensor. Makers publish geometry and little else; what is not published is taken from the measured full-frame
 * sensor, scaled to the photosite's area, so that phones and full frame compare by what is known: area and light.
 */
function phoneSensor(known: PhoneSensor): ModuleSensor {
  const { pitchUm, bitDepth, dualGain, cfa = QUAD, binning = BY_FOUR, baseIso = 50 } = known;
  const [width, height] = known.size.value;
  const area = pitchUm.value ** 2;
  return {
    name: known.name,
    format: known.format,
    width: derived(known.size, width),
    height: derived(known.size, height),
    pitchUm,
    cfa,
    binning,
    sensitivities: assumed(
      'sony-ilce-7rm2',
      'no measurement is published; another back-illuminated Sony sensor',
    ),
    peakQuantumEfficiency:
      known.peakQuantumEfficiency ??
      assumed(0.6, 'usual for a back-illuminated sensor behind its green filters; phones are alike'),
    gains: assumed(
      phoneGains(pitchUm.value, binning.value, baseIso, dualGain.value),
      `full well of ${Math.round(SONY_FULL_WELL_PER_UM2 * (100 / baseIso))} e per µm² at ISO ${baseIso}: as many per light as the ` +
        `measured ILCE-7RM2 takes (${Math.round(SONY_FULL_WELL_PER_UM2)} at ISO 100); read noise ` +
        `${dualGain.value ? 'of each gain as there' : 'of 2 e'}, for one reading of the summed charge; ` +
        `${dualGain.value ? 'two gains' : 'one gain'}: ${'assumed' in dualGain ? dualGain.assumed : dualGain.source}`,
    ),
    baseIso: assumed(baseIso, 'lowest ISO that cameras of this kind offer'),
    adcNoise: assumed(
      bitDepth.value >= 14 ? 1.2 : 0.5,
      'as of the ILCE-7RM2 at 14 bits, about half a level at fewer',
    ),
    bitDepth,
    blackLevel: assumed(64 * 2 ** (bitDepth.value - 10), '1/16 of the range, as phones usually write it'),
    whiteLevel: assumed(2 ** bitDepth.value - 1, 'all bits'),
    darkCurrentEPerS: assumed(Number(area.toPrecision(2)), '1 e/s per µm² in a warm phone'),
    darkTemperatureC: assumed(60, 'a phone warm from use'),
    darkDoublingK: assumed(7, 'silicon doubles its dark current every 6 to 8 K'),
    prnu: assumed(0.006, `somewhat more than of large photosites; ${KASSON_PRNU}`),
    dsnuE: assumed(0.3, 'small beside the read noise'),
    rowNoiseE: assumed(0.1, 'about a tenth of the read noise, where rows are just not seen'),
    hotPerMillion: assumed(50, 'after the maker mapped out the worst'),
    hotFactor: assumed(50, 'hot photosites of fifty times the usual dark current'),
    readoutS:
      known.readoutS ?? assumed(1 / 60, 'sensors of this kind give 12.5 megapixels 60 times a second'),
  };
}

const RUETIR = 'Sony’s LYTIA range as reported by ruetir.com, December 2023';
const GSMARENA_13U =
  'GSMArena, Xiaomi 13 Ultra review: 50 MP Quad Bayer, 1.6 µm, binned to 3.2 µm and 12.5 MP';

/** Sony IMX989: the 1-inch type of the Xiaomi 12S Ultra and 13 Ultra. */
export function imx989(bitDepth: Datum): ModuleSensor {
  return phoneSensor({
    name: published('Sony IMX989', 'GSMArena, Xiaomi 12S Ultra review'),
    format: published('1"', 'GSMArena, Xiaomi 12S Ultra review: 1-inch type, the whole area is used'),
    size: assumed([8192, 6144], '50.3 megapixels at 4:3, as of the LYT-900'),
    pitchUm: published(1.6, GSMARENA_13U),
    bitDepth,
    dualGain: assumed(true, 'usual in sensors of this class'),
    readoutS: assumed(1 / 50, 'sensors of this class give 12.5 megapixels 30 to 60 times a second'),
  });
}

/** Sony LYT-900: the 1-inch type of the Xiaomi 14 Ultra. */
export const LYT900: ModuleSensor = phoneSensor({
  name: published('Sony LYT-900', 'Amateur Photographer, launch of the Xiaomi 14 Ultra, February 2024'),
  format: published('1"', `${RUETIR}: type 1/0.98, diagonal 16.384 mm`),
  size: published(
    [8192, 6144],
    `${RUETIR}: 50 megapixels on a diagonal of 16.384 mm, which 1.6 µm make of this`,
  ),
  pitchUm: published(1.6, 'PhoneArena, January 2024: 50 megapixels, 1.6 µm'),
  ...QUAD_ASSUMED,
  bitDepth: assumed(14, 'as of its predecessor’s 14-bit raw files'),
  dualGain: assumed(
    true,
    'reported before its launch (Digital Chat Station); Xiaomi speaks of up to 14 stops',
  ),
});

/** Sony IMX858, of the Xiaomi 13 Ultra’s and 14 Ultra’s other cameras. */
export const IMX858: ModuleSensor = phoneSensor({
  name: published(
    'Sony IMX858',
    'Gadgets 360, Xiaomi 13 Ultra, April 2023; Amateur Photographer, Xiaomi 14 Ultra, February 2024',
  ),
  format: published('1/2.51"', 'GSMArena, Xiaomi 13 Ultra review'),
  size: assumed([8192, 6144], '50 megapixels at 4:3'),
  pitchUm: published(0.7, 'GSMArena, Xiaomi 13 Ultra review: 50 MP Quad Bayer, 0.7 µm'),
  bitDepth: published(12, 'Gizcoupon, April 2023, after Sony: fine 12-bit AD'),
  dualGain: assumed(false, 'not reported of it'),
});

/** Sony IMX586, of the Xiaomi 12S Ultra’s other cameras. */
export const IMX586: ModuleSensor = phoneSensor({
  name: published('Sony IMX586', 'Galaxus, Xiaomi 12S Ultra review'),
  format: published('1/2"', 'Sony, IMX586 announcement, July 2018: type 1/2, diagonal 8.0 mm'),
  size: published([8000, 6000], 'Sony, IMX586 announcement, July 2018'),
  pitchUm: published(0.8, 'Sony, IMX586 announcement, July 2018'),
  binning: published(2, 'Sony, IMX586 announcement: four adjacent photosites as one, 12 megapixels'),
  bitDepth: assumed(10, 'raw files of phones of its time hold 10 bits'),
  dualGain: assumed(false, 'not reported of it'),
  readoutS: assumed(1 / 30, 'older and slower than its successors'),
});

/** OmniVision OVX9000, which Xiaomi calls Light Fusion 900, of the Xiaomi 14 and 14 Pro. */
export const LIGHT_FUSION_900: ModuleSensor = phoneSensor({
  name: published('OmniVision OVX9000 (Light Fusion 900)', 'GSMArena, Xiaomi 14 review'),
  format: published('1/1.31"', 'Xiaomi Today, Xiaomi’s teasers of the 14, October 2023'),
  size: assumed([8192, 6144], '50 megapixels at 4:3'),
  pitchUm: published(
    1.2,
    'Xiaomi Today, Xiaomi’s teasers of the 14, October 2023: 1.2 µm, four in one 2.4 µm',
  ),
  bitDepth: assumed(14, 'Xiaomi speaks of 13.5 stops, which take as many'),
  dualGain: published(true, 'Xiaomi Today, Xiaomi’s teasers of the 14: dual native ISO Fusion Max'),
});

/** Samsung ISOCELL JN1, of the Xiaomi 14’s other cameras. */
export const JN1: ModuleSensor = phoneSensor({
  name: published('Samsung ISOCELL JN1', 'GSMArena, Xiaomi 14 review'),
  format: published('1/2.76"', 'SlashGear, Samsung’s announcement of the ISOCELL JN1, June 2021'),
  size: assumed([8160, 6144], '50 megapixels, as of other 50-megapixel sensors of Samsung'),
  pitchUm: published(0.64, 'SlashGear, Samsung’s announcement of the ISOCELL JN1, June 2021'),
  bitDepth: assumed(10, 'raw files of phones usually hold 10 bits'),
  dualGain: assumed(false, 'Smart-ISO has two gains, but not known in which modes'),
});

/** The 1-inch type of the Sharp Aquos R6 and the Leitz Phone 1. */
export const AQUOS_R6_SENSOR: ModuleSensor = phoneSensor({
  name: assumed('1-inch type, 20 megapixels', 'Sharp does not name it'),
  format: published('1" 3:2', 'Digitaleyes, Sharp Aquos R6: 13.2 × 8.8 mm'),
  size: assumed([5472, 3648], '20 megapixels at 3:2, as of compact cameras of this format'),
  pitchUm: assumed(2.4, '13.2 mm over 5472 photosites'),
  cfa: assumed<CfaName>('rggb', 'compact cameras of this format have plain Bayer filters'),
  binning: assumed<1>(1, 'plain Bayer filters'),
  bitDepth: assumed(12, 'usual for sensors of compact cameras'),
  dualGain: assumed(false, 'not reported of it'),
});

/** The 1-inch type of the Panasonic CM1. */
export const CM1_SENSOR: ModuleSensor = phoneSensor({
  name: published(
    'Panasonic 1-inch type MOS, 20 megapixels',
    'PetaPixel and Digitaleyes, Panasonic DMC-CM1, September 2014',
  ),
  format: published('1" 3:2', 'Digitaleyes, Panasonic DMC-CM1: 13.2 × 8.8 mm'),
  size: assumed([5472, 3648], '20 megapixels at 3:2, as of compact cameras of this format'),
  pitchUm: assumed(2.4, '13.2 mm over 5472 photosites'),
  cfa: assumed<CfaName>('rggb', 'compact cameras of this format have plain Bayer filters'),
  binning: assumed<1>(1, 'plain Bayer filters'),
  bitDepth: assumed(12, 'usual for compact cameras of its time'),
  dualGain: assumed(false, 'not known at its time'),
  peakQuantumEfficiency: assumed(0.5, 'usual for sensors of its time'),
  baseIso: 125,
  readoutS: assumed(1 / 15, '4K video of 15 pictures a second is all that it gives'),
});

const WIKIPEDIA_P50 = 'Wikipedia, Huawei P50';

/** Colour sensors of the Huawei P50 Pro. */
export const P50_PRO_MAIN: ModuleSensor = phoneSensor({
  name: assumed('Sony IMX766', 'Huawei does not name it; a sensor of this size and count'),
  format: published('1/1.56"', WIKIPEDIA_P50),
  size: assumed([8192, 6144], '50 megapixels at 4:3'),
  pitchUm: published(1, WIKIPEDIA_P50),
  ...QUAD_ASSUMED,
  bitDepth: assumed(12, 'usual for a main camera'),
  dualGain: assumed(false, 'not reported of it'),
});

/** The monochrome sensor of the Huawei P50 Pro. */
export const P50_PRO_MONO: ModuleSensor = phoneSensor({
  name: assumed('monochrome, 40 megapixels', 'Huawei does not name it'),
  format: assumed('1/1.7"', 'Huawei’s other 40-megapixel sensors'),
  size: assumed([7296, 5472], '40 megapixels at 4:3'),
  pitchUm: assumed(1, 'a 1/1.7-inch type of 40 megapixels'),
  cfa: published<CfaName>('mono', `${WIKIPEDIA_P50}: B/W`),
  binning: assumed<2>(2, 'as the main camera beside it'),
  bitDepth: assumed(12, 'as the main camera beside it'),
  dualGain: assumed(false, 'not reported of it'),
});

/** The ultra-wide sensor of the Huawei P50 Pro. */
export const P50_PRO_ULTRAWIDE: ModuleSensor = phoneSensor({
  name: assumed('13 megapixels', 'Huawei does not name it'),
  format: published('1/3.06"', WIKIPEDIA_P50),
  size: assumed([4208, 3120], '13 megapixels at 4:3'),
  pitchUm: assumed(1.12, 'a 1/3.06-inch type of 13 megapixels'),
  cfa: assumed<CfaName>('rggb', 'plain Bayer filters, usual for so few photosites'),
  binning: assumed<1>(1, 'plain Bayer filters'),
  bitDepth: assumed(10, 'raw files of phones usually hold 10 bits'),
  dualGain: assumed(false, 'not reported of it'),
});

/** The tele sensor of the Huawei P50 Pro. */
export const P50_PRO_TELE: ModuleSensor = phoneSensor({
  name: assumed('64 megapixels', 'Huawei does not name it'),
  format: assumed('1/2"', '64 megapixels of 0.7 µm'),
  size: assumed([9248, 6944], '64 megapixels at 4:3'),
  pitchUm: assumed(0.7, 'usual for 64 megapixels in 2021'),
  ...QUAD_ASSUMED,
  bitDepth: assumed(10, 'raw files of phones usually hold 10 bits'),
  dualGain: assumed(false, 'not reported of it'),
});

/** What is known of a sensor of one's own; the rest is assumed as of the presets. */
export interface OwnSensor {
  readonly widthMm: number;
  readonly heightMm: number;
  /** Name of its format, where it has one. */
  readonly format?: string;
  /** Distance of two photosites, µm. */
  readonly pitchUm: number;
  /** Electrons that a photosite takes at ISO 100. */
  readonly fullWellE?: number;
  /** Noise of reading a photosite, electrons rms. */
  readonly readNoiseE?: number;
  readonly bitDepth?: number;
  /** Electrons per photon at the most. */
  readonly peakQuantumEfficiency?: number;
}

/**
 * A sensor of given size and pitch with plain Bayer filters and base ISO 100.
 * @throws {OpticsError} for figures that are not physical
 */
export function ownSensor(own: OwnSensor): ModuleSensor {
  const given = <T>(value: T): Datum<T> => published(value, 'as given');
  const pitchUm = positive('pitchUm', own.pitchUm);
  const columns = Math.floor((positive('widthMm', own.widthMm) * 1000) / pitchUm);
  const rows = Math.floor((positive('heightMm', own.heightMm) * 1000) / pitchUm);
  const bitDepth =
    own.bitDepth === undefined ? assumed(14, 'usual') : given(inRange('bitDepth', own.bitDepth, 8, 16));
  const sensor = phoneSensor({
    name: given('own numbers'),
    format: given(own.format ?? 'own size'),
    size: given([columns, rows]),
    pitchUm: given(pitchUm),
    cfa: assumed<CfaName>('rggb', 'plain Bayer filters'),
    binning: assumed<1>(1, 'plain Bayer filters'),
    bitDepth,
    dualGain: assumed(false, 'not given'),
    baseIso: 100,
    ...(own.peakQuantumEfficiency === undefined
      ? {}
      : { peakQuantumEfficiency: given(own.peakQuantumEfficiency) }),
  });
  const { fullWellE, readNoiseE } = own;
  if (fullWellE === undefined && readNoiseE === undefined) return sensor;
  const [gain] = sensor.gains.value;
  const gains = [
    { fromIso: 100, fullWellE: fullWellE ?? gain!.fullWellE, readNoiseE: readNoiseE ?? gain!.readNoiseE },
  ];
  const whole = fullWellE !== undefined && readNoiseE !== undefined;
  return {
    ...sensor,
    gains: whole ? given(gains) : assumed(gains, 'one of full well and read noise is given'),
  };
}
