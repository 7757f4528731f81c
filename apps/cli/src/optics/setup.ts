import {
  type ApertureRange,
  assumed,
  CAMERAS,
  type CameraModule,
  circleOfConfusionMm,
  type Datum,
  findCamera,
  findFormat,
  findIlluminant,
  type Illuminant,
  ISO_TRANSMITTANCE,
  inRange,
  type ModuleSensor,
  OpticsError,
  ownSensor,
  positive,
  sensorSizeMm,
} from '@photosite/optics';
import { UsageError } from '../errors.js';

/** Flags of the command, as typed. */
export interface OpticsFlags {
  readonly compare?: string;
  readonly format?: string;
  readonly sensor?: string;
  readonly focal?: number;
  readonly f?: number;
  readonly pitch?: number;
  readonly fullWell?: number;
  readonly readNoise?: number;
  readonly bits?: number;
  readonly qe?: number;
  readonly distance?: number;
  readonly background?: number;
  readonly circle?: number;
  readonly lux?: number;
  readonly time?: number;
  readonly iso?: number;
  readonly light?: string;
  readonly sources?: boolean;
  readonly json?: boolean;
  readonly debug?: boolean;
}

/** The lens and its aperture, as far as they are known. */
export interface LensSetup {
  readonly focalLengthMm: Datum;
  readonly transmittance: Datum;
  readonly fNumber?: number;
  readonly aperture?: Datum<ApertureRange>;
  readonly stabilised?: Datum<boolean>;
  readonly equivalentFocalLengthMm?: Datum;
}

/** What is asked about: a camera preset or numbers of one's own. */
export interface Setup {
  readonly title: string;
  readonly id?: string;
  readonly widthMm: number;
  readonly heightMm: number;
  readonly format?: Datum<string>;
  readonly sensor?: ModuleSensor;
  readonly lens?: LensSetup;
}

/** What is photographed, and how. */
export interface Situation {
  /** Focus distances, m. */
  readonly distancesM: readonly number[];
  /** Distance of the subject before the background, m. */
  readonly subjectM: number;
  /** Distances of the background, m. */
  readonly backgroundsM: readonly number[];
  /** Circle of confusion, mm; diagonal / 1500 where it is not given. */
  readonly circleMm?: number;
  readonly luxes: readonly number[];
  readonly exposureTimeS?: number;
  readonly iso?: number;
  readonly light: Illuminant;
}

const DISTANCES_M = [0.5, 1, 2, 5, 10];
const SUBJECT_M = 2;
const BACKGROUNDS_M = [3, 5, 10, Number.POSITIVE_INFINITY];
const LUXES = [50_000, 5000, 500, 50, 5, 0.5];

/** Circle of confusion of a setup, mm. */
export function circleOf({ widthMm, heightMm }: Setup, { circleMm }: Situation): number {
  return circleMm ?? circleOfConfusionMm(widthMm, heightMm);
}

/** The situation that flags describe. */
export function situationOf(flags: OpticsFlags): Situation {
  const { distance, background, circle, lux, time, iso } = flags;
  if (distance !== undefined) positive('--distance', distance);
  return {
    distancesM: distance === undefined ? DISTANCES_M : [distance],
    subjectM: distance ?? SUBJECT_M,
    backgroundsM:
      background === undefined
        ? BACKGROUNDS_M.filter((each) => each > (distance ?? SUBJECT_M))
        : [background === Number.POSITIVE_INFINITY ? background : positive('--background', background)],
    ...(circle === undefined ? {} : { circleMm: positive('--circle', circle) }),
    luxes: lux === undefined ? LUXES : [inRange('--lux', positive('--lux', lux), 0, 1e6)],
    ...(time === undefined ? {} : { exposureTimeS: inRange('--time', positive('--time', time), 0, 86_400) }),
    ...(iso === undefined ? {} : { iso: inRange('--iso', positive('--iso', iso), 0, 1e7) }),
    light: findIlluminant(flags.light ?? 'D65'),
  };
}

/** The f-number of a lens: that asked for where its iris can have it, wide open otherwise. */
function fNumberOf({ id, lens }: CameraModule, wanted: number | undefined, anyLens: boolean): number {
  const { open, closed, kind } = lens.aperture.value;
  if (wanted === undefined) return open;
  positive('--f', wanted);
  if (anyLens) return wanted;
  const possible = kind === 'two' ? wanted === open || wanted === closed : wanted >= open && wanted <= closed;
  if (possible) return wanted;
  const choice = {
    fixed: `f/${open} alone`,
    two: `f/${open} and f/${closed}`,
    continuous: `f/${open} to f/${closed}`,
  };
  throw new OpticsError(`${wanted} is not possible; ${id} has ${choice[kind]}.`, { field: '--f' });
}

function ofModule(module: CameraModule, { focal, f }: OpticsFlags): Setup {
  const { lens, sensor } = module;
  // Another focal length is another lens: what the preset knows of its own does not hold for it.
  const other = focal !== undefined;
  const aperture = { aperture: lens.aperture, stabilised: lens.stabilised };
  return {
    title: `${module.camera}, ${module.purpose}${other ? `, with a lens of ${positive('--focal', focal)} mm` : ''}`,
    id: module.id,
    ...sensorSizeMm(sensor),
    format: sensor.format,
    sensor,
    lens: {
      focalLengthMm: other ? { value: focal, source: 'as given' } : lens.focalLengthMm,
      transmittance: lens.transmittance,
      fNumber: fNumberOf(module, f, other),
      ...(other ? {} : { ...aperture, equivalentFocalLengthMm: lens.equivalentFocalLengthMm }),
    },
  };
}

function sizeOf({ format, sensor }: OpticsFlags): { widthMm: number; heightMm: number; name?: string } {
  if (format !== undefined && sensor !== undefined)
    throw new UsageError('--format and --sensor both say how large the sensor is. Give one of them.');
  if (format !== undefined) return findFormat(format);
  const [, width, height] = /^\s*([\d.]+)\s*[x×*]\s*([\d.]+)\s*(?:mm)?\s*$/i.exec(sensor ?? '') ?? [];
  if (width === undefined || height === undefined)
    throw new UsageError(`--sensor takes width and height in mm, e.g. 13.1x9.8, not "${sensor}".`);
  return { widthMm: positive('--sensor', Number(width)), heightMm: positive('--sensor', Number(height)) };
}

function ofNumbers(flags: OpticsFlags): Setup {
  const { focal, f, pitch, fullWell, readNoise, bits, qe } = flags;
  const { name, widthMm, heightMm } = sizeOf(flags);
  if (pitch === undefined)
    for (const flag of ['fullWell', 'readNoise', 'bits', 'qe'] as const)
      if (flags[flag] !== undefined)
        throw new UsageError('figures of the photosites need their size too. Add --pitch, in µm.');
  const sensor =
    pitch === undefined
      ? undefined
      : ownSensor({
          widthMm,
          heightMm,
          pitchUm: inRange('--pitch', positive('--pitch', pitch), 0.1, 1000),
          ...(name === undefined ? {} : { format: name }),
          ...(fullWell === undefined ? {} : { fullWellE: positive('--full-well', fullWell) }),
          ...(readNoise === undefined ? {} : { readNoiseE: positive('--read-noise', readNoise) }),
          ...(bits === undefined ? {} : { bitDepth: inRange('--bits', bits, 8, 16) }),
          ...(qe === undefined ? {} : { peakQuantumEfficiency: inRange('--qe', positive('--qe', qe), 0, 1) }),
        });
  if (f !== undefined) positive('--f', f);
  return {
    title: 'Own numbers',
    widthMm,
    heightMm,
    ...(name === undefined ? {} : { format: { value: name, source: 'as given' } }),
    ...(sensor === undefined ? {} : { sensor }),
    ...(focal === undefined
      ? {}
      : {
          lens: {
            focalLengthMm: { value: positive('--focal', focal), source: 'as given' },
            transmittance: assumed(ISO_TRANSMITTANCE, 'as in ISO 12232’s q'),
            ...(f === undefined ? {} : { fNumber: f }),
          },
        }),
  };
}

/** The modules that a name means: one by its id, all of a camera by the camera's. */
function modulesOf(name: string): readonly CameraModule[] {
  const id = name.trim().toLowerCase();
  const all = CAMERAS.filter((module) => module.id.startsWith(`${id}/`));
  return all.length > 0 ? all : [findCamera(name)];
}

const OWN_FLAGS = {
  format: '--format',
  sensor: '--sensor',
  pitch: '--pitch',
  fullWell: '--full-well',
} as const;
const OWN_SENSOR = { ...OWN_FLAGS, readNoise: '--read-noise', bits: '--bits', qe: '--qe' } as const;

/** What the arguments ask about; empty: nothing in particular. */
export function setupsOf(camera: string | undefined, flags: OpticsFlags): readonly Setup[] {
  const names = [...(camera === undefined ? [] : [camera]), ...(flags.compare?.split(',') ?? [])];
  const own = flags.format !== undefined || flags.sensor !== undefined;
  if (names.length > 0)
    for (const [flag, text] of Object.entries(OWN_SENSOR))
      if (flags[flag as keyof typeof OWN_SENSOR] !== undefined)
        throw new UsageError(
          `${text} describes a sensor of your own, but a camera is named. Leave one of them out.`,
        );
  if (names.length > 0) return names.flatMap(modulesOf).map((module) => ofModule(module, flags));
  if (own) return [ofNumbers(flags)];
  const given = Object.keys(flags).filter((flag) => !['json', 'debug', 'sources'].includes(flag));
  if (given.length > 0)
    throw new UsageError(
      'say of which sensor: name a camera, or give --format or --sensor. Try: photosite optics --help',
    );
  return [];
}
