/** A function of the distance from the image centre, as a table; between entries linear, beyond the last one constant. */
export interface RadialTable {
  /** Distance of two entries, mm; the first is at 0. */
  readonly stepMm: number;
  readonly values: Float64Array;
}

/** Point spread functions by place, depth and channel. */
export interface PsfTable {
  /** Image places, mm from the centre, ascending from 0. One entry where the lens draws alike everywhere. */
  readonly radiiMm: readonly number[];
  /** Distances of the point, m, by ascending vergence (1/m): Infinity first. One entry where depth is ignored. */
  readonly depthsM: readonly number[];
  /** Odd number of samples across. */
  readonly size: number;
  /**
   * `[radius][depth][channel R,G,B]`: distance of two samples on the sensor, µm. Every function has its own, fitted to its
   * extent: a blur disc of a millimetre and an Airy disc of two micrometres fit the same number of samples.
   */
  readonly stepsUm: Float64Array;
  /**
   * `[radius][depth][channel R,G,B][row][column]`, each sums to 1, relative to the place that `distortion` gives. Columns
   * grow away from the image centre (radially), rows along the tangent. Between two radii or vergences both the samples and
   * the step are interpolated linearly, so that a blur disc between two depths has the size between: `photositeKernel`
   * does so.
   */
  readonly data: Float32Array;
}

/**
 * How a lens draws on a sensor at one aperture and focus: plain data, so that it travels between threads. The lens is
 * rotationally symmetric: everything is a function of the distance from the image centre.
 */
export interface LensDrawing {
  readonly name: string;
  readonly focalLengthMm: number;
  /** Effective f-number at the image side on the axis (with focus extension). */
  readonly workingFNumber: number;
  readonly focusDistanceM: number;
  /**
   * Scale of the ideal rectilinear image, mm: a point seen at the angle θ from the axis belongs at imageDistanceMm · tan θ.
   * For a thin lens focused at s it is f s / (s − f).
   */
  readonly imageDistanceMm: number;
  /**
   * Where light arrives, mm from the centre, that an ideal rectilinear lens of this focal length and focus would put at the
   * table's place; for R, G, B: distortion and lateral colour.
   */
  readonly distortion: readonly [RadialTable, RadialTable, RadialTable];
  /** Illumination relative to the centre (1 at 0), by image place: vignetting, pupil aberration and the cosine law. */
  readonly illumination: RadialTable;
  readonly psfs: PsfTable;
}
