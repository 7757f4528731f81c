// Local tone, the fast path: reference.ts says the same to be read.
import { cellNumber, cellOf, placeInCell } from '../../colour/whole.kernel';

/** Gains at a node and four floats wide: at this level and the next, then the same of the node to the right. */
@inline
function levels(at: usize, below: usize, v: v128): v128 {
  const upper = v128.load(at);
  return f32x4.add(upper, f32x4.mul(f32x4.sub(v128.load(at + below), upper), v));
}

/**
 * Multiplies pixels of linear Rec.2020 by a gain that depends on their place and luminance.
 * `grid`: `rows × columns × count` places of four floats, see `levels`. The luminance's logarithm is that of the float's own
 * bits, straight within an octave; `first` is that of level 0, whole, `perOctave` the levels in an octave. Pixel (x, y) lies at
 * (left + x·stepX, top + y·stepY) in the picture, of which `perX`, `perY` nodes come on a pixel. These are double, so that
 * a pixel's place does not depend on its tile. Widths are rounded up to four. Strides in bytes. `scratch`: eight bytes for each
 * of the columns, where their nodes' addresses and how far they lie beyond them are kept.
 */
export function localTone(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32,
  grid: usize, columns: i32, rows: i32, count: i32, first: i32, perOctave: f32,
  left: f64, stepX: f64, perX: f64, top: f64, stepY: f64, perY: f64, scratch: usize,
): void {
  const weightR = f32x4.splat(<f32>0.2627002120112671);
  const weightG = f32x4.splat(<f32>0.6779980715188708);
  const weightB = f32x4.splat(<f32>0.05930171646986196);
  const zero = f32x4.splat(0);
  const octave = f32x4.splat(<f32>(1.0 / 8388608.0));
  const bias = i32x4.splat((127 + first) << 23);
  const perLevel = f32x4.splat(perOctave);
  const lastLevel = f32x4.splat(<f32>(count - 1));
  const lastU = <f32>(columns - 1);
  const lastV = <f32>(rows - 1);
  const nodeBytes = <usize>count << 4;
  const padded = width + 3 & ~3;
  const fractions = scratch + (<usize>padded << 2);
  for (let x: i32 = 0; x < padded; x++) {
    const u = min<f32>(max<f32>(<f32>((left + <f64>x * stepX) * perX - 0.5), 0), lastU);
    const i = <i32>u;
    store<i32>(scratch + (x << 2), i * <i32>nodeBytes);
    store<f32>(fractions + (x << 2), u - <f32>i);
  }
  for (let y: i32 = 0; y < height; y++) {
    const row = planes + <usize>y * rowStride;
    const v = min<f32>(max<f32>(<f32>((top + <f64>y * stepY) * perY - 0.5), 0), lastV);
    const upper = min<i32>(<i32>v, max<i32>(rows - 2, 0));
    const fv = f32x4.splat(v - <f32>upper);
    const below: usize = rows > 1 ? <usize>columns * nodeBytes : 0;
    const line = grid + <usize>(upper * columns) * nodeBytes;
    for (let x: i32 = 0; x < width; x += 4) {
      const pr = row + (x << 2);
      const pg = pr + planeStride;
      const pb = pg + planeStride;
      const r = v128.load(pr);
      const g = v128.load(pg);
      const b = v128.load(pb);
      const luminance = f32x4.pmax(zero,
        f32x4.add(f32x4.add(f32x4.mul(weightR, r), f32x4.mul(weightG, g)), f32x4.mul(weightB, b)));
      // As an integer, a positive float is its logarithm, straight within an octave.
      const logarithm = f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(luminance, bias)), octave);
      const at = f32x4.pmin(lastLevel, f32x4.pmax(zero, f32x4.mul(logarithm, perLevel)));
      const cell = cellOf(at, count - 2);
      const fz = placeInCell(at, cell);

      const fu = v128.load(fractions + (x << 2));
      const nodes = i32x4.add(v128.load(scratch + (x << 2)), i32x4.shl(cellNumber(cell), 4));
      const a0 = levels(line + i32x4.extract_lane(nodes, 0), below, fv);
      const a1 = levels(line + i32x4.extract_lane(nodes, 1), below, fv);
      const a2 = levels(line + i32x4.extract_lane(nodes, 2), below, fv);
      const a3 = levels(line + i32x4.extract_lane(nodes, 3), below, fv);
      const low01 = v128.shuffle<f32>(a0, a1, 0, 4, 1, 5);
      const low23 = v128.shuffle<f32>(a2, a3, 0, 4, 1, 5);
      const high01 = v128.shuffle<f32>(a0, a1, 2, 6, 3, 7);
      const high23 = v128.shuffle<f32>(a2, a3, 2, 6, 3, 7);
      const here = v128.shuffle<f32>(low01, low23, 0, 1, 4, 5);
      const hereNext = v128.shuffle<f32>(low01, low23, 2, 3, 6, 7);
      const right = v128.shuffle<f32>(high01, high23, 0, 1, 4, 5);
      const rightNext = v128.shuffle<f32>(high01, high23, 2, 3, 6, 7);
      const atLeft = f32x4.add(here, f32x4.mul(f32x4.sub(hereNext, here), fz));
      const atRight = f32x4.add(right, f32x4.mul(f32x4.sub(rightNext, right), fz));
      const gain = f32x4.add(atLeft, f32x4.mul(f32x4.sub(atRight, atLeft), fu));
      v128.store(pr, f32x4.mul(r, gain));
      v128.store(pg, f32x4.mul(g, gain));
      v128.store(pb, f32x4.mul(b, gain));
    }
  }
}
