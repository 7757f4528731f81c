/** The part of the picture an opcode works on (DNG 1.6, chapter 7): rows and columns by pitch, planes by range. */
export interface OpcodeArea {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
  readonly plane: number;
  readonly planes: number;
  readonly rowPitch: number;
  readonly colPitch: number;
}

/** What all opcodes carry. */
export interface OpcodeBase {
  /** DNG version that introduced the opcode, e.g. `1.3.0.0`. */
  readonly dngVersion: string;
  /** A reader that does not know the opcode may skip it. */
  readonly optional: boolean;
  /** The opcode may be skipped for a quick preview. */
  readonly previewSkip: boolean;
}

/**
 * One opcode of OpcodeList1 (on the raw mosaic), OpcodeList2 (after linearisation) or OpcodeList3 (after demosaic):
 * DNG 1.6, chapter 7. Units and coordinates are the specification's.
 */
export type Opcode = OpcodeBase &
  (
    | {
        readonly kind: 'WarpRectilinear';
        /** Per plane: four radial (kr0..kr3) and two tangential (kt0, kt1) coefficients. */
        readonly coefficients: readonly (readonly number[])[];
        readonly center: readonly [x: number, y: number];
      }
    | {
        readonly kind: 'WarpRectilinear2';
        /** Per plane: fifteen radial, two tangential coefficients and the valid range of the radius. */
        readonly coefficients: readonly (readonly number[])[];
        readonly center: readonly [x: number, y: number];
        readonly reciprocal: boolean;
      }
    | {
        readonly kind: 'WarpFisheye';
        readonly coefficients: readonly (readonly number[])[];
        readonly center: readonly [x: number, y: number];
      }
    | {
        readonly kind: 'FixVignetteRadial';
        /** k0..k4: gain = 1 + k0 r² + k1 r⁴ + k2 r⁶ + k3 r⁸ + k4 r¹⁰. */
        readonly coefficients: readonly number[];
        readonly center: readonly [x: number, y: number];
      }
    | { readonly kind: 'FixBadPixelsConstant'; readonly constant: number; readonly bayerPhase: number }
    | {
        readonly kind: 'FixBadPixelsList';
        readonly bayerPhase: number;
        /** Pairs row, column. */
        readonly points: Int32Array;
        /** Quadruples top, left, bottom, right (exclusive). */
        readonly rects: Int32Array;
      }
    | {
        readonly kind: 'TrimBounds';
        readonly top: number;
        readonly left: number;
        readonly bottom: number;
        readonly right: number;
      }
    | { readonly kind: 'MapTable'; readonly area: OpcodeArea; readonly table: Uint16Array }
    | { readonly kind: 'MapPolynomial'; readonly area: OpcodeArea; readonly coefficients: readonly number[] }
    | {
        readonly kind: 'GainMap';
        readonly area: OpcodeArea;
        readonly mapPointsV: number;
        readonly mapPointsH: number;
        readonly mapSpacingV: number;
        readonly mapSpacingH: number;
        readonly mapOriginV: number;
        readonly mapOriginH: number;
        readonly mapPlanes: number;
        /** `mapPointsV × mapPointsH × mapPlanes` gains. */
        readonly gains: Float32Array;
      }
    | {
        readonly kind: 'DeltaPerRow' | 'DeltaPerColumn' | 'ScalePerRow' | 'ScalePerColumn';
        readonly area: OpcodeArea;
        readonly values: Float32Array;
      }
    /** An opcode that this reader does not know; its parameters are kept so that a copy can be written. */
    | { readonly kind: 'unknown'; readonly id: number; readonly data: Uint8Array }
  );
