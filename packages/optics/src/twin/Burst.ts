import type { RawFrame } from '@photosite/raw';
import type { LensDrawing } from '../lenses/LensDrawing.js';
import type { ClampedSamples } from '../scenes/toCameraRgb.js';
import type { SensorModel } from '../sensors/SensorModel.js';
import type { HandSettings } from './hand.js';
import type { Pose } from './Pose.js';

/** A camera as the twin needs it: plain data. */
export interface TwinCamera {
  /** As in the presets, e.g. `xiaomi-14-ultra/main`. */
  readonly id: string;
  readonly make: string;
  readonly model: string;
  readonly sensor: SensorModel;
  /** How its lens draws at `fNumber`, focused where the burst is. */
  readonly drawing: LensDrawing;
  /** Share of the light that the lens lets through (T-stop and f-number differ by its square root), in (0,1]. */
  readonly transmission: number;
  readonly fNumber: number;
  readonly focalLengthMm: number;
}

/** The surface of a moving thing. */
export type ObjectLook =
  /** A disc or rectangle of one colour, its light modulated by seeded bands and spots where `texture` is above 0. */
  | {
      readonly kind: 'disc' | 'rectangle';
      /** Camera RGB, 1 = white diffuser; above 1 it shines. */
      readonly rgb: readonly [number, number, number];
      /** Depth of the modulation in [0,1]; 0 by default. */
      readonly texture?: number;
      /** Of the texture; 0 by default. */
      readonly seed?: number;
    }
  /** A picture in camera RGB, not multiplied by its coverage. */
  | {
      readonly kind: 'picture';
      readonly width: number;
      readonly height: number;
      /** `width * height * 3` values. */
      readonly rgb: Float32Array;
      /** Coverage in [0,1], `width * height` values. */
      readonly alpha: Float32Array;
    };

/** A thing that moves through the picture; later ones in the list lie in front of earlier ones at the same distance. */
export interface MovingObject {
  readonly look: ObjectLook;
  /** Width and height as fractions of the frame's width. */
  readonly size: readonly [width: number, height: number];
  /** Centre at the first frame's start, fractions of the frame's width and height from the top left. */
  readonly centre: readonly [x: number, y: number];
  /** Fractions of the frame's width per second, right and down. */
  readonly velocity: readonly [x: number, y: number];
  /** Fractions of the frame's width per second², right and down; none by default. */
  readonly acceleration?: readonly [x: number, y: number];
  /** Distance, m: for its blur, parallax and what covers it. Undefined: in the focus plane, before the scene. */
  readonly distanceM?: number;
}

/** Light that goes astray in the lens. */
export interface FlareSettings {
  /** Share of all light that is spread widely over the picture (veiling glare, ISO 9358), in [0,0.5]. */
  readonly veil: number;
  /** Share of all light in a blurred ghost mirrored through the picture's centre, in [0,0.1]. */
  readonly ghost: number;
}

/** Lamps that flicker with the mains. */
export interface FlickerSettings {
  /** Of the light (twice the mains'), Hz. */
  readonly frequencyHz: number;
  /** Modulation depth in [0,1]: 0 none, 1 to black. */
  readonly depth: number;
  /** Phase at the first frame's start, cycles. */
  readonly phase: number;
}

/** How a burst is taken. */
export interface BurstSettings {
  readonly frames: number;
  /** Name that `findIlluminant` knows, e.g. `D65`, `A`, `3200K`. */
  readonly illuminant: string;
  /** On a white diffuser of the scene, lux. */
  readonly illuminanceLux: number;
  /** Of a frame without exposure step, s; see `autoExposure`. */
  readonly exposureTimeS: number;
  readonly iso: number;
  /** EV per frame, cycled where fewer than frames; the exposure time is changed, 2^EV. [0] by default. */
  readonly exposureSteps?: readonly number[];
  /** From one frame's start to the next's, s; at least exposure and readout. */
  readonly intervalS: number;
  /** Hand-held, or undefined: on a tripod. */
  readonly hand?: HandSettings;
  readonly objects?: readonly MovingObject[];
  readonly flicker?: FlickerSettings;
  readonly flare?: FlareSettings;
  /** °C; 25 by default. */
  readonly temperatureC?: number;
  /** Of the noise; every frame and row has streams of its own. */
  readonly seed: number;
  /** A centred part of the sensor, in samples after binning, even numbers; all by default. */
  readonly cropTo?: { readonly width: number; readonly height: number };
  /** No photon, dark or read noise and no fixed pattern: samples are the rounded signal. False by default. */
  readonly noiseless?: boolean;
}

/** Light and time of one frame. */
export interface FrameExposure {
  /** Start of the first row's exposure, s; the first frame's is 0. */
  readonly startS: number;
  readonly exposureTimeS: number;
  readonly iso: number;
  /** Step of the bracket, EV. */
  readonly ev: number;
  /** Electrons that a white diffuser at the image centre gives in R, G, B. */
  readonly electronsPerWhite: readonly [number, number, number];
}

/** A part of the scene at about one distance. */
export interface Sheet {
  /** Distance for blur and parallax, m. */
  readonly depthM: number;
  /**
   * Camera RGB of the working scene, planes R, G, B, premultiplied by the coverage, and with `covers` a fourth plane, the
   * coverage in [0,1]. Undefined where only objects lie here.
   */
  readonly planes?: Float32Array;
  /** Part of the working scene that the planes hold: left, top, right, bottom (exclusive). */
  readonly bounds: readonly [left: number, top: number, right: number, bottom: number];
  /** Whether it lets something behind it be seen. */
  readonly covers: 'all' | 'partly';
  /** Photosites across, as a power of two, that are averaged before the blur: large blurs need no finer samples. */
  readonly level: number;
  /** Indices into the settings' objects, back to front. */
  readonly objects: readonly number[];
}

/** All that it takes to expose any frame of a burst: plain data for `structuredClone`, large arrays shared where possible. */
export interface BurstPlan {
  readonly camera: TwinCamera;
  readonly settings: BurstSettings;
  /** Samples across and down of every frame. */
  readonly width: number;
  readonly height: number;
  /** Distance of two samples (after binning), µm. */
  readonly pitchUm: number;
  /** Size of the working scene. */
  readonly sceneWidth: number;
  readonly sceneHeight: number;
  /** Distance of two samples of the working scene in the ideal image, mm. */
  readonly sceneStepMm: readonly [x: number, y: number];
  /** Blur of the resampling, B of Mitchell and Netravali's filters. */
  readonly resampling: number;
  /** Back to front. */
  readonly sheets: readonly Sheet[];
  /** Index of the sheet that is seen per working sample and its distance, m; undefined where all lies in one plane. */
  readonly visible?: { readonly sheet: Uint8Array; readonly depthM: Float32Array };
  /** The scene reduced to about 128 samples across, planes R, G, B: for flare. */
  readonly coarse: { readonly width: number; readonly height: number; readonly planes: Float32Array };
  readonly exposures: readonly FrameExposure[];
  /** What of the scene could not be recorded as it is. */
  readonly clamped: ClampedSamples;
}

/** Rows of a frame; its arrays are used again: copy what is to be kept when `onRows` is done. */
export interface Band {
  /** Index of the first row. */
  readonly top: number;
  readonly rows: number;
  readonly width: number;
  /** `rows * width` levels as recorded. */
  readonly samples: Uint16Array;
  /** The same without noise and without clipping: black = 0, white level = 1. */
  readonly signal: Float32Array;
  /** Where it was asked for. */
  readonly truth?: BandTruth;
}

/** What is true of a band's pixels, all without noise. */
export interface BandTruth {
  /** Camera RGB, `rows * width * 3`, on the signal's scale, before lens shading: signal = own colour × illumination. */
  readonly linear: Float32Array;
  /** From this frame's pixel to the same point in the reference frame (frame 0): dx, dy in pixels, `rows * width * 2`. */
  readonly motion: Float32Array;
  /** Distance of what is seen, m; Infinity is possible. */
  readonly depthM: Float32Array;
  /** {@link MOVING} and {@link UNSEEN} as bits. */
  readonly moved: Uint8Array;
}

/** Bit of {@link BandTruth.moved}: a moving object is seen here. */
export const MOVING = 1;
/** Bit of {@link BandTruth.moved}: what is seen here is hidden or out of the picture in the reference frame. */
export const UNSEEN = 2;

/** A frame as the camera would save it, and how it was taken. */
export interface FrameRecord {
  readonly index: number;
  readonly frame: RawFrame;
  readonly exposure: FrameExposure;
  /** The camera's pose at the middle of the frame's exposure and readout. */
  readonly pose: Pose;
  /** Movement of the picture's centre from this frame to the reference, pixels: the truth's motion there. */
  readonly shiftPx: readonly [dx: number, dy: number];
  /** Rotation of this frame about the axis relative to the reference, degrees, positive turns the camera clockwise. */
  readonly rotationDegrees: number;
  /** Share of samples at or above the white level. */
  readonly clippedShare: number;
}

/** What to hand out while a frame is exposed. */
export interface ExposeOptions {
  /** Also linear RGB, motion, depth and mask: about twice the time. */
  readonly truth: boolean;
  /** Called band by band, top to bottom; waited for. */
  readonly onRows?: (band: Band) => void | Promise<void>;
  /** Rows of a band, a multiple of 16; 64 by default. Has no influence on any value. */
  readonly bandRows?: number;
  readonly signal?: AbortSignal;
}
