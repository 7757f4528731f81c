/** Compression numbers (tag 259) that a DNG's raw picture can have. */
export const COMPRESSION = {
  none: 1,
  jpeg: 7,
  deflate: 8,
  vc5: 9,
  deflateOld: 32946,
  lossyJpeg: 34892,
  jpegXl: 52546,
} as const;

/** PhotometricInterpretation numbers (tag 262) of raw pictures (TIFF/EP, DNG). */
export const PHOTOMETRIC = { cfa: 32803, linearRaw: 34892 } as const;
