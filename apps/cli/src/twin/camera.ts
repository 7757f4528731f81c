import {
  type CameraModule,
  type Channels,
  drawIdeal,
  drawLens,
  findIlluminant,
  findLens,
  findSensitivities,
  type Lens,
  type LensDrawing,
  paraxialFigures,
  readLens,
  type SensorModel,
  scaleLens,
  sensorModelOf,
  type TwinCamera,
  WAVELENGTHS_NM,
} from '@photosite/optics';
import { UsageError } from '../errors.js';
import { readNamedFile } from './files.js';

/** How much of a sensor is used. */
export interface SensorRequest {
  readonly module: CameraModule;
  /** Samples of a frame; undefined: all of the sensor. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Whether photosites are binned where the camera does that. */
  readonly binning: boolean;
}

/** How a camera is set. */
export interface CameraRequest extends SensorRequest {
  readonly lens?: Lens;
  readonly fNumber?: number;
  readonly focusDistanceM: number;
  /** Whether anything lies elsewhere than in the focus plane. */
  readonly hasDepth: boolean;
  readonly illuminant: string;
}

/** Share of the cosine-fourth law that phones' lenses and microlenses leave, and cameras by their exit pupil far away. */
const IDEAL_FALL_OFF = 0.5;
/** Wavelengths at which a lens is asked how it draws a channel, nm apart; weaker ones than a tenth are left out. */
const CHANNEL_STEP_NM = 30;
const WEAKEST = 0.1;
/** How far beyond the corner a lens is asked about: with pincushion distortion, undoing it needs what lies there. */
const RADIUS_MARGIN = 1.15;
/** Places from the centre to the corner at which a traced lens's point spread is computed. */
const PLACES = 9;
/** Share of the centre's light below which a place counts as black. */
const LEAST_LIGHT = 0.01;

/**
 * The sensor as it is used: binned or not, and of the size of the frames.
 * @throws {UsageError} where the frames are larger than the sensor
 */
export function usedSensor({ module, size, binning: wanted }: SensorRequest): SensorModel {
  const whole = sensorModelOf(module);
  const binning = wanted ? whole.binning : 1;
  const [width, height] = [Math.floor(whole.width / binning), Math.floor(whole.height / binning)];
  // Whole tiles of any colour pattern, so that the corner keeps its colour.
  const even = (side: number): number => side - (side % 2);
  const used = size ?? { width: even(width), height: even(height) };
  if (used.width > width || used.height > height)
    throw new UsageError(
      `--size ${used.width}x${used.height} is more than the ${width}x${height} that ${module.id} has.`,
    );
  return { ...whole, binning, width: used.width * binning, height: used.height * binning };
}

/** From the image's centre to the frames' corner, mm. */
function cornerOf({ width, height, pitchUm }: SensorModel): number {
  return (Math.hypot(width, height) * pitchUm) / 2000;
}

/** The light that each channel counts under an illuminant, for the lens's colours. */
function channelLights(sensitivities: string, illuminant: string): Channels {
  const { red, green, blue } = findSensitivities(sensitivities);
  const { spectrum } = findIlluminant(illuminant);
  return [red, green, blue].map((channel) => {
    const light = WAVELENGTHS_NM.map((nm, i) => ({ nm, weight: channel[i]! * spectrum[i]! })).filter(
      ({ nm }) => nm % CHANNEL_STEP_NM === 0,
    );
    const most = Math.max(...light.map(({ weight }) => weight));
    const strong = light.filter(({ weight }) => weight >= WEAKEST * most);
    return { wavelengthsNm: strong.map(({ nm }) => nm), weights: strong.map(({ weight }) => weight) };
  }) as unknown as Channels;
}

/** Endings of lens files. */
const LENS_FILE = /\.(dat|zmx|roa|json(#.+)?)$/i;

/**
 * Finds a lens among those that are shipped, or reads it from a file; of a database, the one that is named after a #.
 * @throws {OpticsError} where there is none of that name, or the file is broken
 * @throws {JobError} where the file can't be read
 */
export async function loadLens(idOrFile: string): Promise<Lens> {
  if (!LENS_FILE.test(idOrFile)) return findLens(idOrFile);
  const [file = idOrFile, id] = idOrFile.split('#', 2);
  return readLens(await readNamedFile(file), { file, ...(id !== undefined && { id }) });
}

/** @throws {UsageError} for an f-number that the camera's own lens can't be set to */
function checkAperture({ id, lens }: CameraModule, fNumber: number): void {
  const { open, closed, kind } = lens.aperture.value;
  const possible =
    kind === 'continuous' ? fNumber >= open && fNumber <= closed : fNumber === open || fNumber === closed;
  if (possible) return;
  const range = open === closed ? `f/${open} only` : `f/${open} ${kind === 'two' ? 'and' : 'to'} f/${closed}`;
  throw new UsageError(`--f ${fNumber}: ${id} has ${range}. Leave it out, or add a --lens.`);
}

/**
 * @throws {UsageError} where a lens leaves the frames' corners black, with the size that it fills
 */
function checkImageCircle({ illumination, distortion, name }: LensDrawing, sensor: SensorModel): void {
  const dark = illumination.values.findIndex((share) => share < LEAST_LIGHT);
  // The last place with light is one before; undoing the distortion has to be possible up to the corner, too.
  const litMm = (dark < 0 ? illumination.values.length : dark - 1) * illumination.stepMm;
  const filledMm = Math.min(litMm, ...distortion.map(({ stepMm, values }) => stepMm * (values.length - 1)));
  const cornerMm = cornerOf(sensor);
  if (filledMm >= cornerMm) return;
  const even = (side: number): number => 2 * Math.floor((side / sensor.binning / 2) * (filledMm / cornerMm));
  throw new UsageError(
    `the picture of ${name} ends ${filledMm.toFixed(1)} mm from its centre, the corners of these frames are ` +
      `${cornerMm.toFixed(1)} mm away. Use --size ${even(sensor.width)}x${even(sensor.height)} or smaller, or another --lens.`,
  );
}

function drawingOf(request: CameraRequest, sensor: SensorModel): LensDrawing {
  const { module, lens, focusDistanceM } = request;
  const focalLengthMm = module.lens.focalLengthMm.value;
  const common = {
    focusDistanceM,
    imageRadiusMm: RADIUS_MARGIN * cornerOf(sensor),
    channels: channelLights(sensor.sensitivities, request.illuminant),
    // Every distance takes its time.
    ...(!request.hasDepth && { depthsM: [focusDistanceM] }),
  };
  if (lens === undefined) {
    const fNumber = request.fNumber ?? module.lens.aperture.value.open;
    checkAperture(module, fNumber);
    return drawIdeal({ ...common, focalLengthMm, fNumber, cosineFourthShare: IDEAL_FALL_OFF });
  }
  const scaled = scaleLens(lens, focalLengthMm / paraxialFigures(lens).focalLengthMm);
  const drawing = drawLens(scaled, {
    ...common,
    radiiMm: Array.from({ length: PLACES }, (_, i) => (cornerOf(sensor) * i) / (PLACES - 1)),
    ...(request.fNumber !== undefined && { fNumber: request.fNumber }),
  });
  checkImageCircle(drawing, sensor);
  return drawing;
}

/** The camera as the twin wants it. */
export function makeCamera(request: CameraRequest): TwinCamera {
  const { module, lens } = request;
  const sensor = usedSensor(request);
  const drawing = drawingOf(request, sensor);
  const focalLengthMm = module.lens.focalLengthMm.value;
  const wideOpen = lens === undefined ? module.lens.aperture.value.open : paraxialFigures(lens).fNumber;
  return {
    id: module.id,
    make: 'Photosite',
    model: module.id,
    sensor,
    drawing,
    transmission: module.lens.transmittance.value,
    fNumber: request.fNumber ?? wideOpen,
    focalLengthMm,
  };
}
