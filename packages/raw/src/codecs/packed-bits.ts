import { RawFileError } from '../RawFileError.js';
import { checkPlacement, type TilePlacement } from './TilePlacement.js';

/**
 * Unpacks samples that lie bit to bit, most significant first, each row beginning on a byte (TIFF 6.0 with FillOrder 1;
 * DNG, BitsPerSample: whatever the file's byte order).
 *
 * @param bits bits per sample, 1 to 16
 * @throws RawFileError where there are too few bytes
 */
export function unpackBits(bytes: Uint8Array, bits: number, target: TilePlacement, fileOffset = 0): void {
  if (!(bits >= 1 && bits <= 16)) throw new RangeError(`Samples of ${bits} bits cannot be unpacked`);
  const { samples, offset, stride, rowLength, columns, rows } = target;
  checkPlacement(target, rowLength * rows, fileOffset);
  const rowBytes = Math.ceil((rowLength * bits) / 8);
  const needed = rows === 0 ? 0 : rowBytes * (rows - 1) + Math.ceil((columns * bits) / 8);
  if (bytes.length < needed) {
    throw new RawFileError(`Packed samples have ${bytes.length} bytes where ${needed} are needed`, {
      offset: fileOffset,
      hint: 'The file is truncated',
    });
  }
  for (let y = 0; y < rows; y++) {
    unpackRow(bytes, y * rowBytes, bits, samples, offset + y * stride, columns);
  }
}

function unpackRow(
  bytes: Uint8Array,
  from: number,
  bits: number,
  samples: Uint16Array,
  to: number,
  count: number,
): void {
  let at = from;
  let i = to;
  const end = to + count;
  // The depths that cameras write, a whole number of bytes at a time; the loop below takes the rest of the row.
  if (bits === 12) {
    for (; i + 2 <= end; i += 2, at += 3) {
      const middle = bytes[at + 1];
      samples[i] = (bytes[at] << 4) | (middle >> 4);
      samples[i + 1] = ((middle & 15) << 8) | bytes[at + 2];
    }
  } else if (bits === 14) {
    for (; i + 4 <= end; i += 4, at += 7) {
      const b1 = bytes[at + 1];
      const b3 = bytes[at + 3];
      const b5 = bytes[at + 5];
      samples[i] = (bytes[at] << 6) | (b1 >> 2);
      samples[i + 1] = ((b1 & 3) << 12) | (bytes[at + 2] << 4) | (b3 >> 4);
      samples[i + 2] = ((b3 & 15) << 10) | (bytes[at + 4] << 2) | (b5 >> 6);
      samples[i + 3] = ((b5 & 63) << 8) | bytes[at + 6];
    }
  } else if (bits === 10) {
    for (; i + 4 <= end; i += 4, at += 5) {
      const b1 = bytes[at + 1];
      const b2 = bytes[at + 2];
      const b3 = bytes[at + 3];
      samples[i] = (bytes[at] << 2) | (b1 >> 6);
      samples[i + 1] = ((b1 & 63) << 4) | (b2 >> 4);
      samples[i + 2] = ((b2 & 15) << 6) | (b3 >> 2);
      samples[i + 3] = ((b3 & 3) << 8) | bytes[at + 4];
    }
  }
  const mask = (1 << bits) - 1;
  let pending = 0;
  let pendingBits = 0;
  for (; i < end; i++) {
    while (pendingBits < bits) {
      pending = (pending << 8) | bytes[at++];
      pendingBits += 8;
    }
    pendingBits -= bits;
    samples[i] = (pending >>> pendingBits) & mask;
  }
}
