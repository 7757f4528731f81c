/** Settings of a JPEG encoder; the ranges are those of the output options. */
export interface JpegSettings {
  readonly quality: number;
  readonly subsampling: '4:4:4' | '4:2:0';
  readonly progressive: boolean;
  readonly optimize: boolean;
}

/**
 * What differs between the runtimes: the codecs. Each takes RGB interleaved rows, on shared memory or not, and gives
 * a file without metadata worth keeping.
 */
export interface Encoders {
  /** Loads what an encoder needs, so that the first picture doesn't wait for it. */
  prepare(format: 'jpeg' | 'png'): Promise<void>;
  encodeJpeg(pixels: Uint8Array, width: number, height: number, settings: JpegSettings): Promise<Uint8Array>;
  encodePng(pixels: Uint8Array | Uint16Array, width: number, height: number): Promise<Uint8Array>;
  /** Deflates into a zlib stream (RFC 1950), beside the calling thread. */
  deflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}
