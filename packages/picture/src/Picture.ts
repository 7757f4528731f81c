/** Colour spaces that a picture can be in. */
export type ColorSpaceName = 'srgb' | 'display-p3' | 'linear-rec2020' | 'camera-rgb';

/**
 * A finished picture: upright pixels with their colour space, and the metadata to go along. Pixels are RGB
 * interleaved, rows top to bottom.
 */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /**
   * `width * height * 3` samples: display-encoded 8 or 16 bit (full range), or float (1 = white) where the colour
   * space is linear or the file shall be float. They may lie on shared memory.
   */
  readonly pixels: Uint8Array | Uint16Array | Float32Array;
  readonly colorSpace: ColorSpaceName;
  /** Exif that came with the raw: a TIFF stream. What is still true of the picture is written, upright. */
  readonly exif?: Uint8Array;
  /** The XMP packet that came with the raw; what is still true of the picture is written. */
  readonly xmp?: Uint8Array;
  /** How the picture was made (the recipe's JSON), written into XMP where the format has room for it. */
  readonly recipe?: string;
}
