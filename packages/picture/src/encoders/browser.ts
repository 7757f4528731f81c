import { barePng, headerChunk } from '../pngFile.js';
import type { Encoders } from './Encoders.js';

/*
 * Browsers: MozJPEG in WebAssembly through @jsquash/jpeg, PNG by the browser's own deflate. @jsquash/png is of no
 * use here: it stores an alpha channel always.
 */

/** Filtered rows are handed to the compressor in pieces of about this size. */
const PNG_PIECE_BYTES = 1 << 18;
/** "Up", W3C PNG 9.2: the cheapest filter, and as good as any on deep photographs, whose low bits are noise. */
const PNG_FILTER_UP = 2;

async function load(): Promise<typeof import('@jsquash/jpeg/encode.js')> {
  return import('@jsquash/jpeg/encode.js');
}

/** The encoders of browsers. */
export const encoders: Encoders = {
  async prepare(format): Promise<void> {
    if (format === 'jpeg') await (await load()).init();
  },

  async encodeJpeg(pixels, width, height, settings): Promise<Uint8Array> {
    const { default: encode } = await load();
    const image = { data: toRgba(pixels), width, height, colorSpace: 'srgb' as const };
    const file = await encode(image, {
      quality: settings.quality,
      progressive: settings.progressive,
      baseline: !settings.progressive,
      // Progressive files are only defined with computed codes; libjpeg sets this by itself.
      optimize_coding: settings.optimize || settings.progressive,
      // The same quantisation tables as libjpeg-turbo (ITU-T T.81 annex K), and none of MozJPEG's searches except its
      // trellis quantisation, which this module always does: smaller files than in Node, and slower.
      quant_table: 0,
      trellis_multipass: false,
      auto_subsample: false,
      chroma_subsample: settings.subsampling === '4:4:4' ? 1 : 2,
    });
    return new Uint8Array(file);
  },

  async encodePng(pixels, width, height): Promise<Uint8Array> {
    const deflated: Uint8Array[] = [];
    const compressor = new CompressionStream('deflate');
    const collected = compressor.readable.pipeTo(
      new WritableStream({
        write(piece: Uint8Array) {
          deflated.push(piece);
        },
      }),
    );
    const writer = compressor.writable.getWriter();
    for (const rows of filteredRows(pixels, width, height)) {
      await writer.ready;
      // Failures surface through `collected`, which the pipe rejects.
      writer.write(rows).catch(() => undefined);
    }
    writer.close().catch(() => undefined);
    await collected;
    return barePng(headerChunk(width, height, pixels instanceof Uint16Array ? 16 : 8), deflated);
  },

  async deflate(bytes): Promise<Uint8Array> {
    const compressed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'));
    return new Uint8Array(await new Response(compressed).arrayBuffer());
  },
};

/** MozJPEG's door takes four channels: the one copy that the pixels need on their way. */
function toRgba(pixels: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const rgba = new Uint8ClampedArray((pixels.length / 3) * 4);
  for (let i = 0, j = 0; i < pixels.length; i += 3, j += 4) {
    rgba[j] = pixels[i];
    rgba[j + 1] = pixels[i + 1];
    rgba[j + 2] = pixels[i + 2];
    rgba[j + 3] = 255;
  }
  return rgba;
}

/** The rows as PNG wants them, filtered and 16 bits in big-endian order, some at a time. */
function* filteredRows(
  pixels: Uint8Array | Uint16Array,
  width: number,
  height: number,
): Generator<Uint8Array<ArrayBuffer>> {
  const rowSamples = width * 3;
  const rowBytes = 1 + rowSamples * pixels.BYTES_PER_ELEMENT;
  const rowsPerPiece = Math.max(1, Math.floor(PNG_PIECE_BYTES / rowBytes));
  const filterRow = pixels instanceof Uint16Array ? filterUp16 : filterUp8;
  const above = pixels.slice(0, rowSamples).fill(0);
  for (let top = 0; top < height; top += rowsPerPiece) {
    const bottom = Math.min(height, top + rowsPerPiece);
    const piece = new Uint8Array((bottom - top) * rowBytes);
    for (let y = top; y < bottom; y++) {
      const offset = (y - top) * rowBytes;
      const previous = y === 0 ? above : pixels.subarray((y - 1) * rowSamples, y * rowSamples);
      piece[offset] = PNG_FILTER_UP;
      filterRow(pixels.subarray(y * rowSamples, (y + 1) * rowSamples), previous, piece, offset + 1);
    }
    yield piece;
  }
}

type Samples = Uint8Array | Uint16Array;

function filterUp8(row: Samples, above: Samples, out: Uint8Array, offset: number): void {
  for (let i = 0; i < row.length; i++) out[offset + i] = row[i] - above[i];
}

function filterUp16(row: Samples, above: Samples, out: Uint8Array, offset: number): void {
  for (let i = 0, j = offset; i < row.length; i++, j += 2) {
    const value = row[i];
    const up = above[i];
    out[j] = (value >> 8) - (up >> 8);
    out[j + 1] = value - up;
  }
}
