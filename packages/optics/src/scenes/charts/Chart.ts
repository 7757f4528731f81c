import { inRange } from '../../checks.js';
import { OpticsError } from '../../OpticsError.js';
import { SAMPLES, type Spectrum } from '../../spectra/Spectrum.js';
import type { SpectralScene } from '../Scene.js';

/** A place as fractions of the picture's width and height from its top left corner. */
export type Place = readonly [x: number, y: number];

/** A patch of one material. */
export interface ChartPatch {
  readonly name: string;
  /** Index of its material. */
  readonly material: number;
  /** Top left, top right, bottom right, bottom left. */
  readonly corners: readonly [Place, Place, Place, Place];
}

/** A straight edge between two materials. */
export interface ChartEdge {
  readonly from: Place;
  readonly to: Place;
  /** Smallest angle between the edge and the picture's rows or columns, degrees. */
  readonly angleDegrees: number;
  /** Which of the two it is near to. */
  readonly near: 'rows' | 'columns';
}

/** What is known of a chart's geometry, so that nothing has to be looked for in its pictures. */
export type Landmarks =
  | {
      readonly kind: 'patches';
      readonly patches: readonly ChartPatch[];
      /** Corners of the chart as a whole: where its patches' grid lies, as tools that ask for corners want it. */
      readonly corners: readonly [Place, Place, Place, Place];
    }
  | { readonly kind: 'edges'; readonly edges: readonly ChartEdge[]; readonly contrast: number }
  | {
      readonly kind: 'star';
      readonly centre: Place;
      /** Periods around the circle: at a distance of r samples a period is 2π r / cycles samples long. */
      readonly cycles: number;
    }
  | {
      readonly kind: 'texture';
      /** Mean and variance of a leaf's reflectance over all leaves, at equal energy. */
      readonly mean: number;
      readonly variance: number;
      /** Radii of the leaves, samples. */
      readonly radii: readonly [least: number, most: number];
    }
  | {
      readonly kind: 'points';
      readonly points: readonly { readonly at: Place; readonly light: number }[];
      /** Radius of each, samples. */
      readonly radius: number;
    }
  /** Crossings of the lines' centres, row by row. */
  | {
      readonly kind: 'grid';
      readonly columns: number;
      readonly rows: number;
      readonly crossings: readonly Place[];
    }
  | { readonly kind: 'none' };

/** A chart and what is known about it. */
export interface Chart {
  readonly scene: SpectralScene;
  readonly landmarks: Landmarks;
}

/** Size of a chart's picture. */
export interface ChartSize {
  /** Columns, 16 to {@link MAX_CHART_SIDE}. */
  readonly width: number;
  /** Rows, 16 to {@link MAX_CHART_SIDE}. */
  readonly height: number;
}

/** Most samples across or down: 2⁸ megapixels, 2 GiB of scene. */
export const MAX_CHART_SIDE = 16384;
const MIN_CHART_SIDE = 16;

/** A surface that reflects the same share at every wavelength. */
export function neutral(reflectance: number): Spectrum {
  return new Array<number>(SAMPLES).fill(reflectance);
}

/**
 * A whole number within a range.
 * @throws {OpticsError} that names the field, the value and the range
 */
export function wholeInRange(field: string, value: number, least: number, most: number): number {
  inRange(field, value, least, most);
  if (!Number.isInteger(value))
    throw new OpticsError(`${value} is not possible; it has to be a whole number from ${least} to ${most}.`, {
      field,
    });
  return value;
}

/** An empty chart of one material, to be drawn on. */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly first: Uint16Array;
  readonly second: Uint16Array;
  readonly mix: Float32Array;

  /** @throws {OpticsError} for a size out of range */
  constructor({ width, height }: ChartSize) {
    this.width = wholeInRange('width', width, MIN_CHART_SIDE, MAX_CHART_SIDE);
    this.height = wholeInRange('height', height, MIN_CHART_SIDE, MAX_CHART_SIDE);
    this.first = new Uint16Array(width * height);
    this.second = new Uint16Array(width * height);
    this.mix = new Float32Array(width * height);
  }

  /** Puts a share of a material over what one sample is made of so far: one material alone. */
  cover(x: number, y: number, material: number, share: number): void {
    const at = y * this.width + x;
    if (share >= 1) {
      this.first[at] = material;
      this.second[at] = material;
      this.mix[at] = 0;
    } else if (share > 0) {
      this.second[at] = material;
      this.mix[at] = share;
    }
  }

  /** Covers an upright rectangle, its edges at any place, samples from the picture's top left corner. */
  rectangle(left: number, top: number, right: number, bottom: number, material: number): void {
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(this.height, bottom); y++) {
      const down = Math.min(bottom, y + 1) - Math.max(top, y);
      for (let x = Math.max(0, Math.floor(left)); x < Math.min(this.width, right); x++)
        this.cover(x, y, material, down * (Math.min(right, x + 1) - Math.max(left, x)));
    }
  }

  /** The corners of a rectangle as fractions of the picture. */
  corners(left: number, top: number, right: number, bottom: number): readonly [Place, Place, Place, Place] {
    const [l, t, r, b] = [left / this.width, top / this.height, right / this.width, bottom / this.height];
    return [
      [l, t],
      [r, t],
      [r, b],
      [l, b],
    ];
  }

  /** The finished scene. */
  scene(name: string, materials: readonly Spectrum[]): SpectralScene {
    const { width, height, first, second, mix } = this;
    return { kind: 'spectral', name, width, height, materials, first, second, mix };
  }
}
