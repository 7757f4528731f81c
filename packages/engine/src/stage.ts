import type { Chromaticity, RawFrame } from '@photosite/raw';
import type { CameraModel } from './colour/camera.js';
import type { Vector3 } from './colour/matrix3.js';
import type { CurvePoint } from './colour/monotoneCurve.js';
import type { Kernels } from './kernel-module.js';
import type { Recipe } from './recipe.js';
import type { LensCorrection } from './stages/lens-geometry/LensCorrection.js';
import type { PictureGeometry } from './stages/lens-geometry/map.js';
import type { CubeLut } from './stages/look/cube.js';

interface ParameterBase {
  /** The command line's flag, without dashes; unique over all stages. */
  readonly flag: string;
  /** One line of help. */
  readonly help: string;
}

/** A number within a range; `default: null` means that the stage finds the value by itself. */
export interface NumberParameter extends ParameterBase {
  readonly kind: 'number';
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Unit as shown to people, e.g. `K` or `stops`. */
  readonly unit?: string;
  readonly default: number | null;
}

/** One of a few named choices. */
export interface ChoiceParameter extends ParameterBase {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly default: string;
}

/** On or off. */
export interface BooleanParameter extends ParameterBase {
  readonly kind: 'boolean';
  readonly default: boolean;
}

/** A place in the upright picture as fractions of its width and height, or null for none. */
export interface PointParameter extends ParameterBase {
  readonly kind: 'point';
  readonly default: null;
}

/** A rectangle of the upright picture as fractions of its width and height: left, top, width, height; or null for all. */
export interface RectangleParameter extends ParameterBase {
  readonly kind: 'rectangle';
  readonly default: null;
}

/** A curve through at least two points [x, y] in [0, 1], x rising; or null for none. */
export interface CurveParameter extends ParameterBase {
  readonly kind: 'curve';
  readonly default: null;
}

/** A table from a file, by name; the table itself travels beside the recipe (`RenderRequest.assets`). Null for none. */
export interface AssetParameter extends ParameterBase {
  readonly kind: 'asset';
  /** What the file holds, for people. */
  readonly asset: 'colour table' | 'camera profile';
  readonly default: null;
}

/** A stage's parameter as data: flags, the recipe's schema, panels and docs are generated from it. */
export type Parameter =
  | NumberParameter
  | ChoiceParameter
  | BooleanParameter
  | PointParameter
  | RectangleParameter
  | CurveParameter
  | AssetParameter;

/** A stage's parameters by name. */
export type ParameterSet = Readonly<Record<string, Parameter>>;

type ValueOf<P extends Parameter> = P extends NumberParameter
  ? P['default'] extends null
    ? number | null
    : number
  : P extends ChoiceParameter
    ? P['choices'][number]
    : P extends BooleanParameter
      ? boolean
      : P extends RectangleParameter
        ? readonly [left: number, top: number, width: number, height: number] | null
        : P extends CurveParameter
          ? readonly CurvePoint[] | null
          : P extends AssetParameter
            ? string | null
            : readonly [x: number, y: number] | null;

/** The values of a set of parameters. */
export type ValuesOf<S extends ParameterSet> = { readonly [K in keyof S]: ValueOf<S[K]> };

/** Any typed array that a plan may put into the shared memory. */
export type Table = Float32Array | Int32Array | Uint8Array | Uint16Array;

/** The white that the scene is balanced for. */
export interface SceneWhite {
  readonly chromaticity: Chromaticity;
  /** Camera RGB of a neutral, largest value 1. */
  readonly neutral: Vector3;
}

/**
 * A reduced picture of the whole frame for those who judge the scene: camera RGB (white level = 1, the frame's balance
 * taken out again) of the default crop as it lies on the sensor, each pixel the mean of the area under it, before
 * denoising, lens correction and the person's crop. The same for every recipe, thread count and tile size.
 */
export interface Overview {
  readonly width: number;
  readonly height: number;
  /** `width × height` pixels, RGB interleaved. */
  readonly pixels: Float32Array;
  /**
   * Where a place of the picture lies in the overview, both as numbers of pixels from the upper left corner on the
   * sensor (pixel i covers [i, i + 1)): full-resolution pixels of the picture as it will be, lens corrected, straightened
   * and cropped, to pixels of the overview. What lies outside of the frame gets a place outside.
   */
  locate(x: number, y: number): readonly [x: number, y: number];
}

/** What a stage may use to plan its work: everything but pixels. */
export interface PlanContext {
  /** The frame, its samples included: a plan may look at a few of them, never at all. */
  readonly frame: RawFrame;
  readonly recipe: Recipe;
  readonly camera: CameraModel;
  readonly white: SceneWhite;
  /**
   * Gains R, G, B under which neutrals are about equal: what the mosaic is multiplied by for defects and demosaic and
   * divided by again afterwards. It is the frame's own, not the recipe's, so that a new white balance leaves the
   * demosaiced picture as it is.
   */
  readonly balance: Vector3;
  /** Address of the frame's samples in the kernels' memory, plane after plane. */
  readonly samples: number;
  /** What the lens did, from the file or looked up; undefined where it is not known or shall be left. */
  readonly lens: LensCorrection | undefined;
  /** The whole picture after lens correction and crop, in full-resolution pixels, as it lies on the sensor. */
  readonly picture: PictureGeometry;
  /** Pixels of the job's grid per full-resolution pixel, (0, 1]: radii of local stages after colour are scaled by it. */
  readonly scale: number;
  /** The picture is to be seen at the size of the grid (`RenderRequest.size`), not a view of a larger one. */
  readonly isOutput: boolean;
  /** There where a stage of the recipe asks for it (`needsOverview`), undefined otherwise. */
  readonly overview: Overview | undefined;
  /** The colour table that the recipe names. */
  readonly lut: CubeLut | undefined;
  /** Puts a table into the memory that the kernels see; returns its address, aligned to 16 bytes. */
  place(table: Table): number;
  /** Says what had to be assumed because the file does not say it. */
  assume(what: string): void;
}

/**
 * Where pixels lie: the centre of pixel (i, j) of a tile's inner part is at (x + i·stepX, y + j·stepY), in numbers of
 * full-resolution pixels from the upper left corner on the sensor, pixel i covering [i, i + 1). Up to the lens geometry
 * they are counted in the active area, after it in the picture (`PlanContext.picture`), whatever the region and scale:
 * a preview's pixel gets the place of the area that it shows.
 */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly stepX: number;
  readonly stepY: number;
}

/** The picture before the lens geometry, developed piece by piece on demand. */
export interface SceneSource {
  /** The largest piece. */
  readonly width: number;
  readonly height: number;
  /** Size of the active area. */
  readonly areaWidth: number;
  readonly areaHeight: number;
  /**
   * Develops a rectangle of the active area, which may reach beyond its borders: the tile's inner part is the rectangle.
   * It holds until the next call, which like this one uses scratch memory.
   */
  open(left: number, top: number, width: number, height: number): Tile;
}

/** A tile on its way through the stages. All pointers are byte addresses in the kernels' memory. */
export interface Tile {
  /** Left column of the tile with its halo, in the active area; may be negative. */
  readonly left: number;
  readonly top: number;
  /** Size with the halo; the width is a multiple of 4. */
  readonly width: number;
  readonly height: number;
  /** Floats per row of every buffer. */
  readonly stride: number;
  /** `width` picture columns (int32), mirrored into the active area: where sample i of a row comes from. */
  readonly columns: number;
  /** The range of `columns` that is consecutive. */
  readonly firstInside: number;
  readonly lastInside: number;
  /** The row of the active area that row y of the tile shows (mirrored at the borders). */
  sourceRow(y: number): number;
  /** The mosaic; stages that can't work in place swap it with `spare`. */
  mosaic: number;
  spare: number;
  /** Three planes R, G, B of `stride × height` floats. */
  readonly planes: number;
  /** Bytes from plane to plane. */
  readonly planeStride: number;
  /** Working memory for the kernels, of the size that the stages asked for. */
  readonly scratch: number;
  /** The part that stages on planes work on: address of its first red value, and its size; width rounded up to 4. */
  inner: number;
  innerWidth: number;
  innerHeight: number;
  /** Where the inner part lies. */
  place: Place;
  /**
   * For local stages alone: as `inner`, in three more planes of the same strides. A local stage may read its halo around
   * `inner`; it leaves its result there, or writes it here and swaps the two. What lies around the result is undefined.
   */
  spareInner: number;
  /** For the lens geometry alone: where it gets its pixels. */
  readonly source?: SceneSource | undefined;
  /** Puts numbers into scratch memory. */
  write(address: number, table: Float64Array | Int32Array): void;
}

/** How a stage runs. `Plan` is plain data that travels to the threads. */
export interface Stage<N extends string = string, S extends ParameterSet = ParameterSet, Plan = unknown> {
  /** The folder's name; in camel case, the recipe's key. */
  readonly name: N;
  readonly title: string;
  readonly parameters: S;
  /**
   * On the mosaic; from mosaic to planes; on the planes, pixel by pixel; on the planes, reading a halo around each pixel;
   * or as the one resampling, which gets its pixels from `Tile.source`.
   */
  readonly works: 'mosaic' | 'demosaic' | 'planes' | 'local' | 'geometry';
  /** True where `plan` wants `PlanContext.overview`; it costs a pass over the frame, once. Left out: never. */
  needsOverview?(values: ValuesOf<S>): boolean;
  /** Turns values and the frame into what `run` needs; undefined where there is nothing to do. Runs once a job. */
  plan(values: ValuesOf<S>, context: PlanContext): Plan | undefined;
  /** Pixels around a tile that the stage reads; 0 for stages that work pixel by pixel. */
  halo(plan: Plan): number;
  /** Bytes of scratch for a tile with rows of `stride` floats and `height` rows. */
  scratch(plan: Plan, stride: number, height: number, kernels: Kernels): number;
  /** For the lens geometry: the side of the source piece that a piece of the picture with this side needs, mostly. */
  sourceSide?(plan: Plan, side: number): number;
  /** Works on one tile; called on any thread. */
  run(plan: Plan, tile: Tile, kernels: Kernels): void;
}

/** A stage whose plan's type is its own affair. */
export function defineStage<const N extends string, const S extends ParameterSet, Plan>(
  stage: Stage<N, S, Plan>,
): Stage<N, S> {
  return stage as Stage<N, S>;
}
