import type { RawFrame } from '@photosite/raw';
import { inRange } from '../checks.js';
import type { LensDrawing } from '../lenses/LensDrawing.js';
import { OpticsError } from '../OpticsError.js';
import { cfaOf } from '../sensors/cfa.js';
import { distortionWarp, shadingGainMaps } from '../sensors/lensOpcodes.js';
import { makeRawFrame } from '../sensors/makeRawFrame.js';
import { Readout } from '../sensors/Readout.js';
import { cameraCalibrations } from '../spectra/calibration.js';
import { illuminantRgb } from '../spectra/cameraRgb.js';
import { findIlluminant } from '../spectra/illuminants.js';
import { findSensitivities } from '../spectra/sensitivities.js';
import type { Band, BandTruth, BurstPlan, ExposeOptions, FrameRecord } from './Burst.js';
import { FrameGeometry, lensMapOf, NODE_COLUMNS, poseByTime } from './FrameGeometry.js';
import { Flare } from './flare.js';
import { flickerMean } from './flicker.js';
import type { ImagePath, Kernel } from './kernelGrid.js';
import { KernelSpace } from './kernelModule.js';
import { BLOCK, SheetRenderer } from './SheetRenderer.js';
import { Truth } from './truth.js';

/** Rows of a band where the caller does not say. */
const BAND_ROWS = 64;
const MAX_BAND_ROWS = 1024;
/** Positions per pixel of the image's path during an exposure, and their number at least and at most. */
const POSITIONS_PER_PIXEL = 2;
const LEAST_POSITIONS = 8;
const MOST_POSITIONS = 256;

/** The reference of all motion. */
const REFERENCE = 0;

/**
 * Exposes one frame of a plan: band by band, from the top. The same bytes for any band size and on any thread.
 * @throws {OpticsError} for an index that the plan does not have; what `signal` says when it is aborted
 */
export async function exposeFrame(
  plan: BurstPlan,
  index: number,
  { truth, onRows, bandRows = BAND_ROWS, signal }: ExposeOptions,
): Promise<FrameRecord> {
  if (!Number.isInteger(index)) inRange('index', Number.NaN, 0, plan.exposures.length - 1);
  inRange('index', index, 0, plan.exposures.length - 1);
  inRange('bandRows', bandRows, BLOCK, MAX_BAND_ROWS);
  if (bandRows % BLOCK !== 0)
    throw new OpticsError(`${bandRows} is not possible; it has to be a multiple of ${BLOCK}.`, {
      field: 'bandRows',
    });
  signal?.throwIfAborted();
  const { width, height, settings } = plan;
  const lens = lensMapOf(plan);
  const byTime = poseByTime(plan);
  const geometry = new FrameGeometry(plan, index, lens, byTime);
  const reference = index === REFERENCE ? geometry : new FrameGeometry(plan, REFERENCE, lens, byTime);
  const space = await KernelSpace.create();
  const kernels = lensKernelsOf(plan);
  const renderers = plan.sheets
    .map(
      (sheet, i) =>
        new SheetRenderer(
          space,
          geometry,
          sheet,
          bandRows,
          settings.hand && ((x, y) => pathAt(geometry, sheet.depthM, x, y)),
          kernels[i]!,
        ),
    )
    // From front to back, so that what is hidden need not be computed.
    .reverse();
  const known = new Truth(geometry, reference, index === REFERENCE || stillSince(plan));
  const development = new Development(geometry, index);
  const flare = settings.flare && new Flare(geometry);

  const size = bandRows * width;
  const planes = Array.from({ length: 6 }, () => new Float32Array(size));
  const light = Array.from({ length: 3 }, () => new Float32Array(size));
  const through = Array.from({ length: 3 }, () => new Float32Array(size));
  const signals = new Float32Array(size);
  const bandTruth: BandTruth | undefined = truth
    ? {
        linear: new Float32Array(size * 3),
        motion: new Float32Array(size * 2),
        depthM: new Float32Array(size),
        moved: new Uint8Array(size),
      }
    : undefined;
  const samples = new Uint16Array(width * height);
  for (let top = 0; top < height; top += bandRows) {
    signal?.throwIfAborted();
    const rows = Math.min(bandRows, height - top);
    const channels = truth ? [0, 1, 2] : development.channelsOf(top, rows);
    for (const c of channels) {
      light[c]!.fill(0);
      through[c]!.fill(1);
    }
    for (const renderer of renderers) {
      if (!renderer.render(top, rows, channels, through, planes)) continue;
      for (const c of channels)
        under(light[c]!, through[c]!, planes[c]!, renderer.partly ? planes[3 + c]! : undefined, rows * width);
    }
    if (flare)
      for (const c of channels)
        for (let y = 0; y < rows; y++)
          flare.addTo(light[c]!.subarray(y * width, (y + 1) * width), c, top + y, width);
    const levels = samples.subarray(top * width, (top + rows) * width);
    development.expose(top, rows, light, signals, levels, bandTruth?.linear);
    if (bandTruth) known.fill(top, rows, bandTruth);
    if (onRows) {
      const band: Band = {
        top,
        rows,
        width,
        samples: levels,
        signal: signals.subarray(0, rows * width),
        ...(bandTruth && {
          truth: {
            linear: bandTruth.linear.subarray(0, rows * width * 3),
            motion: bandTruth.motion.subarray(0, rows * width * 2),
            depthM: bandTruth.depthM.subarray(0, rows * width),
            moved: bandTruth.moved.subarray(0, rows * width),
          },
        }),
      };
      await onRows(band);
    }
  }
  const middle = (height - 1) / 2;
  const pose = geometry.poseOf(middle);
  return {
    index,
    frame: development.frame(samples),
    exposure: plan.exposures[index]!,
    pose,
    shiftPx: known.centreShift(),
    rotationDegrees: ((pose.roll - reference.poseOf(middle).roll) * 180) / Math.PI,
    clippedShare: development.clipped / samples.length,
  };
}

const knownKernels = new WeakMap<BurstPlan, Map<number, Kernel>[]>();

/** Kernels of each sheet without movement: a thread that exposes several frames of a plan makes them once. */
function lensKernelsOf(plan: BurstPlan): Map<number, Kernel>[] {
  let kernels = knownKernels.get(plan);
  if (kernels === undefined) {
    kernels = plan.sheets.map(() => new Map());
    knownKernels.set(plan, kernels);
  }
  return kernels;
}

/** Whether the camera stands still. */
function stillSince(plan: BurstPlan): boolean {
  return plan.settings.hand === undefined && (plan.settings.objects ?? []).length === 0;
}

/** Coverage from which nothing is seen behind: kernels add up to 1 within this. */
const OPAQUE = 1 - 1e-6;

/** Adds light from behind what has been added, premultiplied, and lessens what still comes through. */
function under(
  light: Float32Array,
  through: Float32Array,
  behind: Float32Array,
  coverage: Float32Array | undefined,
  count: number,
): void {
  for (let i = 0; i < count; i++) {
    light[i] = light[i]! + through[i]! * behind[i]!;
    const cover = coverage === undefined ? 1 : coverage[i]!;
    through[i] = cover >= OPAQUE ? 0 : through[i]! * (1 - cover);
  }
}

/** How the image of a still point moves while a row is exposed, pixels from where it is in the middle. */
function pathAt(geometry: FrameGeometry, depthM: number, column: number, row: number): ImagePath {
  const place = geometry.scenePlace(depthM, 1, column, row);
  const start = geometry.startOf(row);
  const { exposureTimeS } = geometry.exposure;
  const path = (count: number): [number, number][] =>
    Array.from({ length: count }, (_, i) => {
      const pose = geometry.poseAt(start + (exposureTimeS * (i + 0.5)) / count);
      const [x, y] = geometry.pixelAt(pose, depthM, 1, place[0], place[1]);
      return [x - column, y - row];
    });
  const rough = path(LEAST_POSITIONS);
  let length = 0;
  for (let i = 1; i < rough.length; i++)
    length += Math.hypot(rough[i]![0] - rough[i - 1]![0], rough[i]![1] - rough[i - 1]![1]);
  const count = Math.min(Math.ceil(POSITIONS_PER_PIXEL * length), MOST_POSITIONS);
  return count <= LEAST_POSITIONS ? rough : path(count);
}

/** Whether places differ from those of an ideal lens at all: a reader need not resample for nothing. */
function bends({ distortion }: LensDrawing): boolean {
  return distortion.some(({ stepMm, values }) =>
    values.some((place, i) => Math.abs(place - i * stepMm) > 1e-9 * i * stepMm),
  );
}

/** From light on the sensor to samples, signals and the frame. */
class Development {
  clipped = 0;
  readonly #geometry: FrameGeometry;
  readonly #readout: Readout;
  readonly #pattern: { readonly width: number; readonly height: number; readonly pattern: readonly number[] };
  readonly #electrons: Float32Array;
  readonly #perWhite: number;

  constructor(geometry: FrameGeometry, index: number) {
    const { plan, exposure } = geometry;
    const { camera, settings, width, height } = plan;
    const { binning } = camera.sensor;
    this.#geometry = geometry;
    this.#readout = new Readout({
      sensor: { ...camera.sensor, width: width * binning, height: height * binning },
      iso: exposure.iso,
      exposureTimeS: exposure.exposureTimeS,
      ...(settings.temperatureC !== undefined && { temperatureC: settings.temperatureC }),
      seed: settings.seed,
      frame: index,
    });
    this.#pattern = cfaOf(camera.sensor.cfa, binning);
    this.#electrons = new Float32Array(width);
    // Camera RGB is relative to white's greatest channel.
    this.#perWhite = Math.max(...exposure.electronsPerWhite);
  }

  /** Colours that occur in rows. */
  channelsOf(top: number, rows: number): number[] {
    const { width, height, pattern } = this.#pattern;
    const found = new Set<number>();
    for (let y = top; y < top + Math.min(rows, height); y++)
      for (let x = 0; x < width; x++) found.add(pattern[(y % height) * width + x]!);
    return [...found].sort();
  }

  expose(
    top: number,
    rows: number,
    light: readonly Float32Array[],
    signals: Float32Array,
    samples: Uint16Array,
    linear: Float32Array | undefined,
  ): void {
    const { plan, exposure, lens } = this.#geometry;
    const { width, height, settings } = plan;
    const pitch = plan.pitchUm / 1000;
    const electrons = this.#electrons;
    const { width: across, height: down, pattern } = this.#pattern;
    const readout = this.#readout;
    const nodes = new Float64Array(Math.ceil(width / NODE_COLUMNS) + 1);
    for (let y = 0; y < rows; y++) {
      const row = top + y;
      const flicker = settings.flicker
        ? flickerMean(settings.flicker, this.#geometry.startOf(row), exposure.exposureTimeS)
        : 1;
      const scale = this.#perWhite * flicker;
      for (let i = 0; i < nodes.length; i++)
        nodes[i] = lens.illumination(
          (i * NODE_COLUMNS - (width - 1) / 2) * pitch,
          (row - (height - 1) / 2) * pitch,
        );
      const colours = pattern.slice((row % down) * across, (row % down) * across + across);
      const at = y * width;
      for (let x = 0; x < width; x++) {
        const node = x >> 3;
        const shading = nodes[node]! + ((nodes[node + 1]! - nodes[node]!) * (x & 7)) / NODE_COLUMNS;
        electrons[x] = light[colours[x % across]!]![at + x]! * scale * shading;
      }
      const signal = signals.subarray(at, at + width);
      readout.expectedRow(row, electrons, signal);
      const levels = samples.subarray(at, at + width);
      if (settings.noiseless)
        for (let x = 0; x < width; x++) levels[x] = Math.round(readout.levelOf(signal[x]!));
      else readout.readRow(row, electrons, levels);
      for (let x = 0; x < width; x++) if (signal[x]! >= 1) this.clipped++;
      if (linear) {
        const toSignal = readout.signalOf(scale);
        for (let c = 0; c < 3; c++)
          for (let x = 0, from = at, to = at * 3 + c; x < width; x++, from++, to += 3)
            linear[to] = light[c]![from]! * toSignal;
      }
    }
  }

  /** The frame with all that a camera knows of itself: colour, shading and distortion too. */
  frame(samples: Uint16Array): RawFrame {
    const { plan, exposure } = this.#geometry;
    const { camera, settings } = plan;
    const { sensor } = this.#readout;
    const sensitivities = findSensitivities(sensor.sensitivities);
    const neutral = illuminantRgb(findIlluminant(settings.illuminant).spectrum, sensitivities);
    const coloured = sensor.cfa !== 'mono';
    return makeRawFrame({
      samples,
      readout: this.#readout,
      color: { calibrations: coloured ? cameraCalibrations(sensitivities) : [] },
      asShotNeutral: coloured ? neutral : [1],
      gainMaps: shadingGainMaps(sensor, camera.drawing.illumination),
      ...(bends(camera.drawing) && { warp: distortionWarp(sensor, camera.drawing.distortion).opcode }),
      exposure: {
        fNumber: camera.fNumber,
        focalLengthMm: camera.focalLengthMm,
        exposureBias: exposure.ev,
        ...(Number.isFinite(camera.drawing.focusDistanceM) && {
          subjectDistanceM: camera.drawing.focusDistanceM,
        }),
      },
      make: camera.make,
      model: camera.model,
      lens: camera.drawing.name,
    });
  }
}
