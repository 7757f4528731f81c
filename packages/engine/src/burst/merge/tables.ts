import type { Alignment } from '../align/index.js';

/** Fractions of a pixel that taps are tabulated for: errors of place stay below 1/256 of a pixel. */
const PHASES = 128;
/** Deviations, in pixels, of the kernels that light and colours are gathered with. */
export const LIGHT_SIGMA = 0.45;
export const COLOUR_SIGMA = 0.7;

/** Four taps, at distances -1 - f, -f, 1 - f and 2 - f, for each fraction f. */
function tabulate(tap: (distance: number) => number): Float32Array {
  return Float32Array.from({ length: (PHASES + 1) * 4 }, (_, i) =>
    tap((i % 4) - 1 - Math.floor(i / 4) / PHASES),
  );
}

/** Keys' cubic interpolation with a = -1/2 (IEEE Trans. ASSP 29(6), 1981). */
export function cubicTaps(): Float32Array {
  return tabulate((distance) => {
    const t = Math.abs(distance);
    if (t < 1) return 1 + t * t * (1.5 * t - 2.5);
    return t < 2 ? 2 + t * (-4 + t * (2.5 - 0.5 * t)) : 0;
  });
}

/** The same for light where the result has twice the resolution. */
export const FINE_SIGMA = 0.24;

/** A Gaussian. */
export function gaussTaps(sigma: number): Float32Array {
  return tabulate((distance) => Math.exp((distance * distance) / (-2 * sigma * sigma)));
}

/** What the taps of one frame sum to on the average over all fractions, in two dimensions. */
export function massOf(taps: Float32Array): number {
  let sum = 0;
  for (let phase = 0; phase < PHASES; phase++) for (let k = 0; k < 4; k++) sum += taps[phase * 4 + k]!;
  return (sum / PHASES) ** 2;
}

/** The taps for the middle between two pixels, with sum 1: how colours were gathered around the centre of a cell. */
export function cellTaps(taps: Float32Array): Float32Array {
  const middle = taps.subarray((PHASES / 2) * 4, (PHASES / 2) * 4 + 4);
  const sum = middle.reduce((a, b) => a + b, 0);
  return middle.map((tap) => tap / sum);
}

/** A grid of nodes as the kernels read it: dx, dy and trust, three floats each. */
export interface Nodes {
  readonly spacing: number;
  readonly columns: number;
  readonly rows: number;
  readonly values: Float32Array;
}

/** Nodes of the way from the reference to a frame; at least two each way. */
export function forwardNodes({ step, columns, rows, offsets, trust }: Alignment): Nodes {
  const [across, down] = [Math.max(columns, 2), Math.max(rows, 2)];
  const values = new Float32Array(across * down * 3);
  for (let j = 0; j < down; j++)
    for (let i = 0; i < across; i++) {
      const from = Math.min(j, rows - 1) * columns + Math.min(i, columns - 1);
      const to = (j * across + i) * 3;
      values[to] = offsets[2 * from]!;
      values[to + 1] = offsets[2 * from + 1]!;
      values[to + 2] = trust[from]!;
    }
  return { spacing: step, columns: across, rows: down, values };
}

/** The way from the reference's picture of twice the size: its pixel X shows the reference's place X / 2 - 1/4. */
export function twiceForward({ spacing, columns, rows, values }: Nodes): Nodes {
  return {
    spacing: 2 * spacing,
    columns,
    rows,
    values: values.map((value, i) => {
      const node = Math.floor(i / 3);
      const place = spacing * (i % 3 === 0 ? node % columns : Math.floor(node / columns));
      return i % 3 === 2 ? value : value - place - 0.25;
    }),
  };
}

/** The way back to the reference's picture of twice the size. */
export function twiceBackward({ spacing, columns, rows, values }: Nodes): Nodes {
  return {
    spacing,
    columns,
    rows,
    values: values.map((value, i) => {
      const node = Math.floor(i / 3);
      const place = spacing * (i % 3 === 0 ? node % columns : Math.floor(node / columns));
      return i % 3 === 2 ? value : 2 * value + place + 0.5;
    }),
  };
}
