import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import start, { type Vips } from 'wasm-vips';
import { RawFileError } from '../RawFileError.js';
import { type JpegXlDecoder, openJpegXlDecoder } from './jpeg-xl.js';

let vips: Vips;
let decoder: JpegXlDecoder;

beforeAll(async () => {
  vips = await start({ dynamicLibraries: ['vips-jxl.wasm'] });
  decoder = await openJpegXlDecoder();
});

afterAll(() => {
  decoder.close();
  vips.shutdown();
});

describe('JPEG XL', () => {
  it('gives back all 16 bits of a lossless picture of one and of three components', () => {
    for (const [components, interpretation] of [
      [1, 'grey16'],
      [3, 'rgb16'],
    ] as const) {
      const samples = Uint16Array.from({ length: 64 * 32 * components }, (_, i) => (i * 40503) & 0xffff);
      const bytes = vips.Image.newFromMemory(samples, 64, 32, components, 'ushort')
        .copy({ interpretation })
        .jxlsaveBuffer({ lossless: true });
      expect(decoder.decode(bytes, samples.length)).toEqual({
        width: 64,
        height: 32,
        components,
        bits: 16,
        samples,
      });
    }
  });

  it('gives floats as coded', () => {
    const samples = Float32Array.from({ length: 16 * 16 * 3 }, (_, i) => i / 700);
    const bytes = vips.Image.newFromMemory(samples, 16, 16, 3, 'float')
      .copy({ interpretation: 'scrgb' })
      .jxlsaveBuffer({ lossless: true });
    expect(decoder.decode(bytes, samples.length).samples).toEqual(samples);
  });

  it('refuses a picture larger than its place before it decodes it', () => {
    const bytes = vips.Image.newFromMemory(new Uint8Array(64 * 64), 64, 64, 1, 'uchar').jxlsaveBuffer({
      lossless: true,
    });
    expect(() => decoder.decode(bytes, 64 * 64 - 1)).toThrow(/larger than its place/);
  });

  it('ends in a RawFileError where the stream is truncated or is something else', () => {
    const samples = Uint16Array.from({ length: 64 * 64 }, (_, i) => (i * 40503) & 0xffff);
    const bytes = vips.Image.newFromMemory(samples, 64, 64, 1, 'ushort')
      .copy({ interpretation: 'grey16' })
      .jxlsaveBuffer({ lossless: true });
    for (const length of [0, 1, 20, bytes.length >> 1, bytes.length - 1]) {
      expect(() => decoder.decode(bytes.subarray(0, length), samples.length)).toThrow(RawFileError);
    }
  });
});
