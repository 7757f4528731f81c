/** Colour spaces that a picture can be in. */
export type ColorSpaceName = 'srgb' | 'display-p3' | 'linear-rec2020' | 'camera-rgb';

/**
 * A finished picture: pixels with their colour space, upright or with an orientation to write, and the metadata
 * to go along. Pixels are RGB interleaved, rows top to bottom.
 */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /**
   * `width * height * 3` samples: display-encoded 8 or 16 bit (full range), or float (1 = white) where the colour
   * space is linear or the file shall be float.
   */
  readonly pixels: Uint8Array | Uint16Array | Float32Array;
  readonly colorSpace: ColorSpaceName;
  /** Exif to write: a TIFF stream; its orientation is set to 1 and its size tags are corrected when written. */
  readonly exif?: Uint8Array;
  /** XMP packet to write. */
  readonly xmp?: Uint8Array;
  /** How the picture was made (the recipe's JSON), written into XMP where the format has room for it. */
  readonly recipe?: string;
}
