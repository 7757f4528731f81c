import type { Rectangle } from '@photosite/measure';

/** Widest sheet: three Kodak pictures side by side. */
export const SHEET_WIDTH = 2304;

/** Where each picture of a sheet lies, and how large the sheet is. */
export interface Sheet {
  readonly width: number;
  readonly height: number;
  /** One place per picture, in the order given. */
  readonly places: readonly Rectangle[];
}

/**
 * Lays pictures edge to edge on shelves, tallest first, at most `maxWidth` wide, nothing between them. Sizes must be
 * even so that each picture keeps the phase of the colour filter array.
 */
export function layOut(sizes: readonly { width: number; height: number }[], maxWidth: number): Sheet {
  for (const { width, height } of sizes) {
    if (width % 2 !== 0 || height % 2 !== 0) throw new RangeError(`${width}×${height} is not even`);
    if (width > maxWidth) throw new RangeError(`${width} pixels do not fit into ${maxWidth}`);
  }
  const order = sizes.map((_, i) => i).sort((a, b) => sizes[b]!.height - sizes[a]!.height || a - b);
  const places: Rectangle[] = [];
  let [left, top, shelf, sheetWidth] = [0, 0, 0, 0];
  for (const i of order) {
    const { width, height } = sizes[i]!;
    if (left + width > maxWidth) {
      top += shelf;
      [left, shelf] = [0, 0];
    }
    places[i] = { left, top, width, height };
    left += width;
    shelf = Math.max(shelf, height);
    sheetWidth = Math.max(sheetWidth, left);
  }
  return { width: sheetWidth, height: top + shelf, places };
}
