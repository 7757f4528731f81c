import type { Opcode, RawFrame } from '@photosite/raw';
import { rectangleOf } from '../../geometry.js';
import type { ChannelWarp, LensCorrection, LensWarp, Vignetting } from './LensCorrection.js';

/** Most warps or vignettings of a frame: each costs time at every place. Adobe's own files hold one of a kind. */
const MAX_OPCODES = 8;

/**
 * The distortion's centre and the unit of its radius: the largest distance from the centre to a corner pixel's centre
 * (DNG 1.6, chapter 7, WarpRectilinear).
 */
function frameOf(
  frame: RawFrame,
  [u, v]: readonly [number, number],
): { readonly center: readonly [number, number]; readonly radiusPx: number } {
  const { width, height } = rectangleOf(frame.activeArea);
  const [x, y] = [u * (width - 1), v * (height - 1)];
  return {
    center: [x + 0.5, y + 0.5],
    radiusPx: Math.max(Math.hypot(Math.max(x, width - 1 - x), Math.max(y, height - 1 - y)), 1),
  };
}

function allFinite(values: readonly number[]): boolean {
  return values.every(Number.isFinite);
}

/** One coefficient set for all colours, or one for each. */
function perChannel(
  coefficients: readonly (readonly number[])[],
  channelOf: (c: readonly number[]) => ChannelWarp | undefined,
): LensWarp['channels'] | undefined {
  if (!coefficients.every(allFinite)) return undefined;
  const channels = coefficients.map(channelOf);
  const [r, g, b] = channels;
  if (r === undefined || channels.includes(undefined)) return undefined;
  return [r, g ?? r, b ?? g ?? r];
}

/** Powers of r² with nothing between them. */
function even(coefficients: readonly number[]): number[] {
  return coefficients.flatMap((c, k) => (k === 0 ? [c] : [0, c]));
}

/** Samples of a WarpRectilinear2's factor: read by cubic interpolation, it is then exact to 1e-9 for any real lens. */
const FACTOR_STEPS = 1024;

/**
 * WarpRectilinear2 (DNG 1.7): Σ kₖ·rᵏ for k from 0 to 14, or one over that, the radius kept within its valid range; then
 * two tangential coefficients and the range. Undefined where the range or the factor is damaged.
 */
function warp2Of(c: readonly number[], reciprocal: boolean): ChannelWarp | undefined {
  const [nearest, farthest] = [c[17] ?? 0, c[18] ?? 1];
  if (!(nearest >= 0 && nearest < farthest && farthest <= 1)) return undefined;
  const factors = Array.from({ length: FACTOR_STEPS + 1 }, (_, i) => {
    const r = Math.max((i / FACTOR_STEPS) * farthest, nearest);
    let sum = 0;
    for (let k = 14; k >= 0; k--) sum = sum * r + c[k]!;
    return reciprocal ? 1 / sum : sum;
  });
  if (!factors.every((factor) => Number.isFinite(factor) && factor > 0)) return undefined;
  return { radial: { kind: 'table', maxRadius: farthest, factors }, tangential: [c[15]!, c[16]!] };
}

function warpOf(frame: RawFrame, opcode: Opcode): LensWarp | undefined {
  const channels =
    opcode.kind === 'WarpRectilinear'
      ? perChannel(opcode.coefficients, (c) => ({
          radial: { kind: 'polynomial', coefficients: even(c.slice(0, 4)) },
          tangential: [c[4] ?? 0, c[5] ?? 0],
        }))
      : opcode.kind === 'WarpFisheye'
        ? perChannel(opcode.coefficients, (c) => ({
            radial: { kind: 'fisheye', coefficients: c.slice(0, 4) },
            tangential: [0, 0],
          }))
        : opcode.kind === 'WarpRectilinear2'
          ? perChannel(opcode.coefficients, (c) => warp2Of(c, opcode.reciprocal))
          : undefined;
  if (channels === undefined || !('center' in opcode) || !allFinite(opcode.center)) return undefined;
  return { ...frameOf(frame, opcode.center), channels };
}

/**
 * The warps and vignettings in a frame's OpcodeList3 (DNG 1.6 and 1.7, chapter 7); undefined where there are none. A list
 * names vignetting before warps where light is corrected where it was recorded, which is what is done here; one that names
 * it after a warp means nearly the same gain at places that differ by the distortion.
 */
export function dngCorrection(frame: RawFrame): LensCorrection | undefined {
  const warps: LensWarp[] = [];
  const vignetting: Vignetting[] = [];
  for (const opcode of frame.opcodes.list3) {
    const warp = warpOf(frame, opcode);
    if (warp !== undefined) warps.push(warp);
    if (opcode.kind === 'FixVignetteRadial' && allFinite([...opcode.coefficients, ...opcode.center]))
      vignetting.push({
        ...frameOf(frame, opcode.center),
        coefficients: opcode.coefficients,
        reciprocal: false,
      });
  }
  if (warps.length === 0 && vignetting.length === 0) return undefined;
  return { warps: warps.slice(0, MAX_OPCODES), vignetting: vignetting.slice(0, MAX_OPCODES) };
}
