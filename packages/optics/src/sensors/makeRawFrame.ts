import type { ColorProfile, Exposure, Opcode, Orientation, RawFrame } from '@photosite/raw';
import { OpticsError } from '../OpticsError.js';
import { cfaOf } from './cfa.js';
import type { Readout } from './Readout.js';

/** What a raw frame of the twin is made from. */
export interface RawFrameParts {
  /** `readout.width * readout.height` levels, row by row, as {@link Readout.readRow} writes them; kept, not copied. */
  readonly samples: Uint16Array;
  readonly readout: Readout;
  /** Calibrations with ColorMatrix and ForwardMatrix, solved from the sensitivities. */
  readonly color: ColorProfile;
  /** Camera RGB of a neutral under the scene's light, greatest 1; R, G, B, or one value for a sensor without filters. */
  readonly asShotNeutral?: readonly number[];
  /** Figures of the exposure beside time and ISO, which the readout says. */
  readonly exposure?: Omit<Exposure, 'exposureTime' | 'iso'>;
  /** Default `Photosite`. */
  readonly make?: string;
  /** Name of the simulated camera; default the sensor's. The file's UniqueCameraModel is `Photosite Twin: MODEL`. */
  readonly model?: string;
  readonly lens?: string;
  /** Local time, `YYYY-MM-DDTHH:MM:SS[.sss][±HH:MM]`. */
  readonly time?: string;
  /** Default 1, upright. */
  readonly orientation?: Orientation;
  /** For OpcodeList2, of `shadingGainMaps`. */
  readonly gainMaps?: readonly Opcode[];
  /** For OpcodeList3, of `distortionWarp`. */
  readonly warp?: Opcode;
}

/**
 * A simulated frame as the pipeline reads it and `writeDng` writes it, with everything that a camera knows about itself:
 * levels, noise, colour, shading and distortion. A sensor without filters gives a LinearRaw frame of one plane.
 * @throws {OpticsError} where there are not as many samples as the sensor has
 */
export function makeRawFrame(parts: RawFrameParts): RawFrame {
  const { samples, readout, model = readout.sensor.name } = parts;
  const { sensor, width, height } = readout;
  if (samples.length !== width * height) {
    throw new OpticsError(
      `${samples.length} samples; ${width} × ${height} of ${sensor.name} are ${width * height}.`,
      { field: 'samples' },
    );
  }
  const all = { top: 0, left: 0, bottom: height, right: width };
  return {
    samples,
    width,
    height,
    samplesPerPixel: 1,
    bitsPerSample: sensor.bitDepth,
    ...(sensor.cfa !== 'mono' && { cfa: cfaOf(sensor.cfa, sensor.binning) }),
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [sensor.blackLevel] },
    whiteLevel: [sensor.whiteLevel],
    activeArea: all,
    maskedAreas: [],
    defaultCrop: all,
    defaultScale: [1, 1],
    orientation: parts.orientation ?? 1,
    color: parts.color,
    ...(parts.asShotNeutral !== undefined && { asShotNeutral: parts.asShotNeutral }),
    noiseProfile: [readout.noiseProfile],
    opcodes: { list1: [], list2: parts.gainMaps ?? [], list3: parts.warp === undefined ? [] : [parts.warp] },
    exposure: { ...parts.exposure, exposureTime: readout.exposureTimeS, iso: readout.iso },
    make: parts.make ?? 'Photosite',
    model,
    uniqueCameraModel: `Photosite Twin: ${model}`,
    ...(parts.lens !== undefined && { lens: parts.lens }),
    software: 'Photosite Twin',
    ...(parts.time !== undefined && { time: parts.time }),
    previews: [],
  };
}
