import {
  airyDiscUm,
  blurDiscMm,
  circularApertureMtf,
  cropFactor,
  type Datum,
  decibels,
  depthOfField,
  diagonalMm,
  diffractionCutoffPerMm,
  diffractionLimitFNumber,
  electronsPerWhite,
  entrancePupilMm,
  equivalentFNumber,
  equivalentFocalLengthMm,
  fieldOfView,
  GREEN_NM,
  GREY_CARD,
  hyperfocalM,
  isAssumed,
  meteredTimeS,
  Readout,
  type SensorModel,
  samplesOf,
  sensorModelOf,
  signalToNoise,
} from '@photosite/optics';
import { circleOf, type LensSetup, type Setup, type Situation } from './setup.js';

/** Size to which pictures are scaled before their noise is compared, pixels. */
export const COMMON_PIXELS = 8e6;
/** Longest exposure that is taken unless another is asked for, s. */
const HAND_HELD_S = 1 / 60;
/** Highest ISO that is metered. */
const MOST_ISO = 102_400;

/** A figure and whether nobody published it. */
export interface Told<T = number> {
  readonly value: T;
  readonly assumed: boolean;
}

function told<T>(datum: Datum<T>): Told<T> {
  return { value: datum.value, assumed: isAssumed(datum) };
}

/** The sensor's area and photosites. */
export interface SensorFigures {
  readonly widthMm: number;
  readonly heightMm: number;
  readonly diagonalMm: number;
  readonly areaMm2: number;
  readonly cropFactor: number;
  readonly circleOfConfusionMm: number;
  readonly format?: Told<string>;
  readonly name?: Told<string>;
  readonly width?: Told;
  readonly height?: Told;
  readonly pitchUm?: Told;
  readonly cfa?: Told<string>;
  readonly bitDepth?: Told;
  readonly readoutS?: Told;
  readonly samples?: { readonly width: number; readonly height: number; readonly pitchUm: number };
}

/** The lens with its equivalents on 36 × 24 mm. */
export interface LensFigures {
  readonly focalLengthMm: Told;
  readonly equivalentFocalLengthMm: number;
  /** As its maker states it. */
  readonly statedEquivalentMm?: Told;
  readonly horizontalDegrees: number;
  readonly verticalDegrees: number;
  readonly diagonalDegrees: number;
  readonly fNumber?: number;
  readonly aperture?: Told<{ readonly open: number; readonly closed: number; readonly kind: string }>;
  readonly equivalentFNumber?: number;
  readonly entrancePupilMm?: number;
  readonly transmittance: Told;
  readonly stabilised?: Told<boolean>;
}

/** Sharpness in depth at one focus distance, m; Infinity is `null` in JSON. */
export interface DepthFigures {
  readonly distanceM: number;
  readonly nearM: number;
  readonly farM: number;
  readonly depthM: number;
}

/** The disc that a far point becomes. */
export interface BlurFigures {
  readonly subjectM: number;
  readonly backgroundM: number;
  readonly discMm: number;
  readonly shareOfWidth: number;
}

/** What diffraction does. */
export interface DiffractionFigures {
  readonly wavelengthNm: number;
  readonly airyDiscUm: number;
  readonly cutoffPerMm: number;
  /** Contrast at the finest lines that the samples carry. */
  readonly mtfAtNyquist?: number;
  /** f-number whose Airy disc covers two samples. */
  readonly twoSampleFNumber?: number;
}

/** A grey card in one light. */
export interface LightFigures {
  readonly lux: number;
  readonly exposureTimeS: number;
  readonly iso: number;
  /** Photo-electrons of the grey card in a green sample. */
  readonly greyElectrons: number;
  readonly snr: number;
  readonly snrDb: number;
  /** Of the picture scaled to {@link COMMON_PIXELS}. */
  readonly snrCommonDb: number;
}

/** What lies between white and the noise in the dark. */
export interface RangeFigures {
  /** From this ISO on; 0 for two gains merged. */
  readonly fromIso: number;
  readonly fullWellE: number;
  readonly floorE: number;
  readonly stops: number;
  readonly decibels: number;
}

/** Everything about a setup. */
export interface Figures {
  readonly title: string;
  readonly id?: string;
  readonly sensor: SensorFigures;
  readonly lens?: LensFigures;
  readonly hyperfocalM?: number;
  readonly depth?: readonly DepthFigures[];
  readonly blur?: readonly BlurFigures[];
  readonly diffraction?: DiffractionFigures;
  readonly light?: readonly LightFigures[];
  readonly lightName?: string;
  readonly dynamicRange?: readonly RangeFigures[];
  /** Whether full well and noise are unpublished. */
  readonly electricalAssumed?: boolean;
}

function sensorFigures(setup: Setup, situation: Situation): SensorFigures {
  const { widthMm, heightMm, format, sensor } = setup;
  const size = {
    widthMm,
    heightMm,
    diagonalMm: diagonalMm(widthMm, heightMm),
    areaMm2: widthMm * heightMm,
    cropFactor: cropFactor(widthMm, heightMm),
    circleOfConfusionMm: circleOf(setup, situation),
    ...(format === undefined ? {} : { format: told(format) }),
  };
  if (sensor === undefined) return size;
  const binning = sensor.binning.value;
  return {
    ...size,
    name: told(sensor.name),
    width: told(sensor.width),
    height: told(sensor.height),
    pitchUm: told(sensor.pitchUm),
    cfa: told(sensor.cfa),
    bitDepth: told(sensor.bitDepth),
    readoutS: told(sensor.readoutS),
    samples: { ...samplesOf(modelOf(setup)!), pitchUm: sensor.pitchUm.value * binning },
  };
}

function modelOf({ sensor }: Setup): SensorModel | undefined {
  return sensor && sensorModelOf({ sensor });
}

function lensFigures(lens: LensSetup, { widthMm, heightMm }: Setup): LensFigures {
  const crop = cropFactor(widthMm, heightMm);
  const focalLengthMm = lens.focalLengthMm.value;
  const { fNumber, aperture, stabilised, equivalentFocalLengthMm: stated } = lens;
  return {
    focalLengthMm: told(lens.focalLengthMm),
    equivalentFocalLengthMm: equivalentFocalLengthMm(focalLengthMm, crop),
    ...fieldOfView({ focalLengthMm, widthMm, heightMm }),
    transmittance: told(lens.transmittance),
    ...(stated === undefined ? {} : { statedEquivalentMm: told(stated) }),
    ...(aperture === undefined ? {} : { aperture: told(aperture) }),
    ...(stabilised === undefined ? {} : { stabilised: told(stabilised) }),
    ...(fNumber === undefined
      ? {}
      : {
          fNumber,
          equivalentFNumber: equivalentFNumber(fNumber, crop),
          entrancePupilMm: entrancePupilMm(focalLengthMm, fNumber),
        }),
  };
}

function geometry(setup: Setup, situation: Situation): Pick<Figures, 'hyperfocalM' | 'depth' | 'blur'> {
  const { lens, widthMm } = setup;
  if (lens?.fNumber === undefined) return {};
  const { fNumber } = lens;
  const focalLengthMm = lens.focalLengthMm.value;
  const circleMm = circleOf(setup, situation);
  const focused = (distanceM: number) => ({ focalLengthMm, fNumber, distanceM });
  const { distancesM } = situation;
  // Of the distances that nobody asked for, those that a long lens can't be focused on are left out.
  const possible =
    distancesM.length === 1 ? distancesM : distancesM.filter((each) => each * 1000 > focalLengthMm);
  const depth = possible.map((distanceM) => ({
    distanceM,
    ...depthOfField(focused(distanceM), circleMm),
  }));
  const blur = situation.backgroundsM.map((backgroundM) => {
    const discMm = blurDiscMm(focused(situation.subjectM), backgroundM);
    return { subjectM: situation.subjectM, backgroundM, discMm, shareOfWidth: discMm / widthMm };
  });
  return {
    hyperfocalM: hyperfocalM(focalLengthMm, fNumber, circleMm),
    depth: depth.map(({ hyperfocalM: _, ...each }) => each),
    blur,
  };
}

function diffractionFigures({ lens, sensor }: Setup): DiffractionFigures | undefined {
  if (lens?.fNumber === undefined) return undefined;
  const { fNumber } = lens;
  const pitchUm = sensor && sensor.pitchUm.value * sensor.binning.value;
  return {
    wavelengthNm: GREEN_NM,
    airyDiscUm: airyDiscUm(fNumber),
    cutoffPerMm: diffractionCutoffPerMm(fNumber),
    ...(pitchUm === undefined
      ? {}
      : {
          mtfAtNyquist: circularApertureMtf(500 / pitchUm, fNumber),
          twoSampleFNumber: diffractionLimitFNumber(pitchUm),
        }),
  };
}

/** Time and ISO: what is asked for; else a hand-held time and the ISO that an incident-light meter asks for with it. */
function exposureOf(lux: number, fNumber: number, sensor: SensorModel, { exposureTimeS, iso }: Situation) {
  if (iso !== undefined) return { iso, exposureTimeS: exposureTimeS ?? meteredTimeS(lux, fNumber, iso) };
  const time = exposureTimeS ?? HAND_HELD_S;
  const metered = meteredTimeS(lux, fNumber, 1) / time;
  if (metered < sensor.baseIso)
    return {
      iso: sensor.baseIso,
      exposureTimeS: exposureTimeS ?? meteredTimeS(lux, fNumber, sensor.baseIso),
    };
  return { iso: Math.min(Number(metered.toPrecision(2)), MOST_ISO), exposureTimeS: time };
}

function readoutAt(
  sensor: SensorModel,
  iso: number,
  exposureTimeS: number,
): { white: number; floor: number } {
  const readout = new Readout({ sensor, iso, exposureTimeS, seed: 0, frame: 0 });
  return {
    white: readout.whiteElectrons,
    floor: Math.sqrt(readout.noiseProfile.offset) * readout.whiteElectrons,
  };
}

function lightFigures(lux: number, lens: LensSetup, sensor: SensorModel, situation: Situation): LightFigures {
  const fNumber = lens.fNumber!;
  const { iso, exposureTimeS } = exposureOf(lux, fNumber, sensor, situation);
  const [, green] = electronsPerWhite({
    sensor,
    illuminant: situation.light.spectrum,
    illuminanceLux: lux,
    exposureTimeS,
    workingFNumber: fNumber,
    transmission: lens.transmittance.value,
  });
  const { floor, white } = readoutAt(sensor, iso, exposureTimeS);
  const greyElectrons = Math.min(green * GREY_CARD * sensor.binning ** 2, white);
  const snr = signalToNoise({
    signalE: greyElectrons,
    readNoiseE: floor,
    prnu: sensor.prnu / sensor.binning,
  });
  const { width, height } = samplesOf(sensor);
  const scaled = snr * Math.sqrt((width * height) / COMMON_PIXELS);
  return { lux, exposureTimeS, iso, greyElectrons, snr, snrDb: decibels(snr), snrCommonDb: decibels(scaled) };
}

function rangeFigures(sensor: SensorModel): readonly RangeFigures[] {
  const row = (fromIso: number, fullWellE: number, floorE: number): RangeFigures => ({
    fromIso,
    fullWellE,
    floorE,
    stops: Math.log2(fullWellE / floorE),
    decibels: decibels(fullWellE / floorE),
  });
  const rows = sensor.gains.map(({ fromIso }) => {
    const { white, floor } = readoutAt(sensor, fromIso, 0);
    return row(fromIso, white, floor);
  });
  const [low, high] = rows;
  return low && high ? [...rows, row(0, low.fullWellE, high.floorE)] : rows;
}

/** Computes everything that a setup allows. */
export function figuresOf(setup: Setup, situation: Situation): Figures {
  const { title, id, lens, sensor } = setup;
  const model = modelOf(setup);
  const diffraction = diffractionFigures(setup);
  return {
    title,
    ...(id === undefined ? {} : { id }),
    sensor: sensorFigures(setup, situation),
    ...(lens === undefined ? {} : { lens: lensFigures(lens, setup) }),
    ...geometry(setup, situation),
    ...(diffraction === undefined ? {} : { diffraction }),
    ...(model === undefined || lens?.fNumber === undefined
      ? {}
      : {
          lightName: situation.light.name,
          light: situation.luxes.map((lux) => lightFigures(lux, lens, model, situation)),
        }),
    ...(model === undefined || sensor === undefined
      ? {}
      : { dynamicRange: rangeFigures(model), electricalAssumed: isAssumed(sensor.gains) }),
  };
}
