/** Where the points of the reference frame lie in another frame of the burst. Coordinates are pixel centres at integers. */
export interface Alignment {
  /** Pixels between nodes; node (i, j) stands at pixel (i·step, j·step) of the reference's active area. */
  readonly step: number;
  /** Nodes; the last ones stand at or beyond the active area's last pixel. */
  readonly columns: number;
  readonly rows: number;
  /**
   * `columns × rows` pairs dx, dy in pixels: the reference's pixel x lies at x + d in the frame, d bilinear between
   * nodes.
   */
  readonly offsets: Float32Array;
  /**
   * `columns × rows` shares of trust, [0, 1]: 0 where nothing of the frame matches. Whether a pixel lies inside of the frame
   * the offsets say, not the trust.
   */
  readonly trust: Float32Array;
  /** The motion of the whole, about the active area's centre. */
  readonly global: GlobalMotion;
}

/** A similarity about the active area's centre: what a hand does to a distant scene. */
export interface GlobalMotion {
  /** Where the reference's centre lies in the frame, less the centre, in pixels. */
  readonly dx: number;
  readonly dy: number;
  /** Clockwise positive, in degrees. */
  readonly rotationDeg: number;
  /** 1 where nothing grows. */
  readonly scale: number;
}
