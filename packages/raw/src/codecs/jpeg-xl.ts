import type { Image, Vips } from 'wasm-vips';
import { RawFileError } from '../RawFileError.js';

/** A decoded JPEG XL picture. */
export interface JpegXl {
  readonly width: number;
  readonly height: number;
  readonly components: number;
  /** Bits per sample as the codestream states them. */
  readonly bits: number;
  /** `width * height * components` samples, row by row, components interleaved; floats are as coded. */
  readonly samples: Uint16Array | Float32Array;
}

/** A JPEG XL decoder that holds WASM memory and threads until it is closed. */
export interface JpegXlDecoder {
  /**
   * Decodes one codestream or container (DNG 1.7, compression 52546), exact to 16 bits.
   *
   * @param maxSamples the most samples to decode, checked before any pixel is
   * @throws RawFileError where the stream is damaged, ends early, or holds more than `maxSamples`
   */
  decode(bytes: Uint8Array, maxSamples: number, fileOffset?: number): JpegXl;
  close(): void;
}

/**
 * Loads the JPEG XL decoder, libjxl in the optional package wasm-vips.
 *
 * @throws RawFileError where wasm-vips is not installed or cannot start
 */
export async function openJpegXlDecoder(): Promise<JpegXlDecoder> {
  let vips: Vips;
  try {
    const { default: start } = await import('wasm-vips');
    vips = await start({ dynamicLibraries: ['vips-jxl.wasm'] });
  } catch (cause) {
    throw new RawFileError('JPEG XL tiles need the package wasm-vips', {
      hint: 'Run `npm install wasm-vips@0.0.19`',
      cause,
    });
  }
  return {
    decode(bytes, maxSamples, fileOffset = 0) {
      let image: Image | undefined;
      try {
        image = vips.Image.jxlloadBuffer(bytes, { fail_on: 'warning' });
        const { width, height, bands: components } = image;
        if (width * height * components > maxSamples) {
          throw new RawFileError(
            `A JPEG XL tile of ${width} × ${height} × ${components} is larger than its place`,
            { offset: fileOffset, hint: 'The file is damaged' },
          );
        }
        const bits = image.getInt('bits-per-sample');
        const samples = image.writeToMemory();
        return {
          width,
          height,
          components,
          bits,
          samples: samples instanceof Uint8Array ? Uint16Array.from(samples) : samples,
        };
      } catch (cause) {
        if (cause instanceof RawFileError) throw cause;
        throw new RawFileError('A JPEG XL tile cannot be decoded', {
          offset: fileOffset,
          hint: 'The file is truncated or damaged',
          cause,
        });
      } finally {
        image?.delete();
      }
    },
    close() {
      vips.shutdown();
    },
  };
}
