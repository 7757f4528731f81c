import type { RawFrame } from '@photosite/raw';
import type { Vector3 } from '../../colour/matrix3.js';
import { colourAt } from './tables.js';

const f32 = Math.fround;

/** The largest of a list of deltas; 0 where there are none. */
function largest(deltas: Float32Array | undefined): number {
  return deltas === undefined ? 0 : Math.max(...deltas);
}

/**
 * Stored samples to balanced light, written to be read; every step rounded to 32 bits as the kernel's.
 * @param balance gains R, G, B
 * @returns planes over the active area, row by row: one for a mosaic, else three
 */
export function linearise(frame: RawFrame, balance: Vector3): number[][] {
  const { activeArea: area, samplesPerPixel, blackLevel, linearization: table } = frame;
  const width = area.right - area.left;
  const height = area.bottom - area.top;
  const channels = frame.cfa === undefined ? [0, 1, 2] : [undefined];
  return channels.map((channel) => {
    const plane = Math.min(channel ?? 0, samplesPerPixel - 1);
    const blackAt = (x: number, y: number): number => {
      if (blackLevel === undefined) return 0;
      const { repeatRows, repeatCols, values } = blackLevel;
      return values[((y % repeatRows) * repeatCols + (x % repeatCols)) * samplesPerPixel + plane]!;
    };
    const blacks = (blackLevel?.values ?? [0]).filter((_, i) => i % samplesPerPixel === plane);
    const top = Math.max(...blacks) + largest(blackLevel?.deltaH) + largest(blackLevel?.deltaV);
    const white = frame.whiteLevel[plane] ?? frame.whiteLevel[0]!;
    const range = white > top ? white - top : 1;
    return Array.from({ length: width * height }, (_, i) => {
      const x = i % width;
      const y = Math.floor(i / width);
      const stored = frame.samples[((y + area.top) * frame.width + x + area.left) * samplesPerPixel + plane]!;
      const linear = table === undefined ? stored : table[Math.min(stored, table.length - 1)]!;
      const gain = balance[channel ?? colourAt(frame, x, y)]!;
      const aboveColumn = f32(linear - f32(blackAt(x, y) + (blackLevel?.deltaH?.[x] ?? 0)));
      const aboveBlack = f32(aboveColumn - (blackLevel?.deltaV?.[y] ?? 0));
      const light = f32(aboveBlack * f32(gain / range));
      // What is no number, or darker than white is bright, is no light.
      if (frame.samples instanceof Float32Array && !(light >= -f32(gain))) return 0;
      return Math.min(light, f32(gain));
    });
  });
}
