// Display, the fast path: reference.ts says the same to be read.
import { greenForHue } from '../../colour/fading.kernel';
import { nearestWhole } from '../../colour/whole.kernel';

// The encoding tables are indexed by the square root of the value: 4096 steps from 0 to 1.
const STEPS: f32 = 4095;

/**
 * Display RGB into its gamut, in place: colours outside of it move toward grey of their own luminance until they fit, green
 * a little further so that hue stays.
 * `weights`: three luminance weights of the display's primaries.
 */
export function displayGamut(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, weights: usize,
): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const tiny = f32x4.splat(1e-9);
  const wr = v128.load32_splat(weights);
  const wg = v128.load32_splat(weights, 4);
  const wb = v128.load32_splat(weights, 8);
  for (let y: i32 = 0; y < height; y++) {
    let pr = planes + <usize>y * rowStride;
    const end = pr + (width << 2);
    for (; pr < end; pr += 16) {
      const pg = pr + planeStride;
      const pb = pg + planeStride;
      let r = v128.load(pr);
      let g = v128.load(pg);
      let b = v128.load(pb);
      const low = f32x4.pmin(r, f32x4.pmin(g, b));
      const top = f32x4.pmax(r, f32x4.pmax(g, b));
      const below = f32x4.lt(low, zero);
      const above = f32x4.gt(top, one);
      // What is no number is outside too, and black: the encoders look values up in a table.
      const outside = v128.not(v128.and(f32x4.ge(low, zero), f32x4.le(top, one)));
      if (v128.any_true(outside)) {
        const luminance = f32x4.add(f32x4.add(f32x4.mul(wr, r), f32x4.mul(wg, g)), f32x4.mul(wb, b));
        const grey = f32x4.pmin(one, f32x4.pmax(zero, luminance));
        const down = f32x4.div(grey, f32x4.pmax(f32x4.sub(grey, low), tiny));
        const up = f32x4.div(f32x4.sub(one, grey), f32x4.pmax(f32x4.sub(top, grey), tiny));
        const keep = f32x4.pmin(one, f32x4.pmin(v128.bitselect(down, one, below), v128.bitselect(up, one, above)));
        const floor = f32x4.pmax(low, f32x4.mul(top, f32x4.splat(-0.5)));
        const newLow = f32x4.add(grey, f32x4.mul(f32x4.sub(floor, grey), keep));
        const newTop = f32x4.add(grey, f32x4.mul(f32x4.sub(top, grey), keep));
        const green = greenForHue(f32x4.pmax(g, floor), floor, top, f32x4.pmax(newLow, zero), newTop, 1);
        // More green is more light: less of all.
        const dim = f32x4.div(grey, f32x4.pmax(f32x4.add(grey, f32x4.mul(wg, green)), tiny));
        const nr = f32x4.mul(f32x4.add(grey, f32x4.mul(f32x4.sub(r, grey), keep)), dim);
        const ng = f32x4.mul(f32x4.add(f32x4.add(grey, f32x4.mul(f32x4.sub(g, grey), keep)), green), dim);
        const nb = f32x4.mul(f32x4.add(grey, f32x4.mul(f32x4.sub(b, grey), keep)), dim);
        // A pixel inside of the gamut stays as it is to the last bit, whatever its neighbours in the vector are.
        r = v128.bitselect(f32x4.pmin(one, f32x4.pmax(zero, nr)), r, outside);
        g = v128.bitselect(f32x4.pmin(one, f32x4.pmax(zero, ng)), g, outside);
        b = v128.bitselect(f32x4.pmin(one, f32x4.pmax(zero, nb)), b, outside);
        v128.store(pr, r);
        v128.store(pg, g);
        v128.store(pb, b);
      }
    }
  }
}

@inline
function index8(p: usize, steps: v128): v128 {
  return nearestWhole(f32x4.mul(f32x4.sqrt(v128.load(p)), steps));
}

/**
 * Encodes planes in [0,1] to interleaved 8-bit samples. `table`: 4096 bytes over the square root.
 * Output pixel (x, y) lies at dst + x·stepX + y·stepY (steps in bytes, negative ones turn or mirror the picture).
 */
export function displayEncode8(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, table: usize,
  dst: usize, stepX: i32, stepY: i32,
): void {
  const steps = f32x4.splat(STEPS);
  for (let y: i32 = 0; y < height; y++) {
    const row = planes + <usize>y * rowStride;
    let out: usize = dst + y * stepY;
    let x: i32 = 0;
    for (; x + 4 <= width; x += 4) {
      const p = row + (x << 2);
      const r = index8(p, steps);
      const g = index8(p + planeStride, steps);
      const b = index8(p + 2 * planeStride, steps);
      put8(out, table, i32x4.extract_lane(r, 0), i32x4.extract_lane(g, 0), i32x4.extract_lane(b, 0));
      out += stepX;
      put8(out, table, i32x4.extract_lane(r, 1), i32x4.extract_lane(g, 1), i32x4.extract_lane(b, 1));
      out += stepX;
      put8(out, table, i32x4.extract_lane(r, 2), i32x4.extract_lane(g, 2), i32x4.extract_lane(b, 2));
      out += stepX;
      put8(out, table, i32x4.extract_lane(r, 3), i32x4.extract_lane(g, 3), i32x4.extract_lane(b, 3));
      out += stepX;
    }
    for (; x < width; x++) {
      const p = row + (x << 2);
      put8(out, table, step8(p), step8(p + planeStride), step8(p + 2 * planeStride));
      out += stepX;
    }
  }
}

@inline
function step8(p: usize): i32 {
  return <i32>nearest<f32>(sqrt<f32>(load<f32>(p)) * STEPS);
}

@inline
function put8(out: usize, table: usize, r: i32, g: i32, b: i32): void {
  store<u8>(out, load<u8>(table + r));
  store<u8>(out, load<u8>(table + g), 1);
  store<u8>(out, load<u8>(table + b), 2);
}

@inline
function encoded(table: usize, p: usize): f32 {
  const at = sqrt<f32>(load<f32>(p)) * STEPS;
  const i = <i32>at;
  const q = table + (i << 2);
  const a = load<f32>(q);
  return a + (load<f32>(q, 4) - a) * (at - <f32>i);
}

/** The same to interleaved 16-bit samples. `table`: 4097 floats over the square root, the last one repeated. */
export function displayEncode16(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, table: usize,
  dst: usize, stepX: i32, stepY: i32,
): void {
  for (let y: i32 = 0; y < height; y++) {
    for (let x: i32 = 0; x < width; x++) {
      const p = planes + <usize>y * rowStride + (x << 2);
      const out = dst + x * stepX + y * stepY;
      store<u16>(out, <u16>(encoded(table, p) * 65535 + <f32>0.5));
      store<u16>(out, <u16>(encoded(table, p + planeStride) * 65535 + <f32>0.5), 2);
      store<u16>(out, <u16>(encoded(table, p + 2 * planeStride) * 65535 + <f32>0.5), 4);
    }
  }
}

/** Interleaves planes as 32-bit floats, encoded by `table` as above, or as they are where `table` is 0. */
export function displayFloat(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, table: usize,
  dst: usize, stepX: i32, stepY: i32,
): void {
  for (let y: i32 = 0; y < height; y++) {
    for (let x: i32 = 0; x < width; x++) {
      const p = planes + <usize>y * rowStride + (x << 2);
      const out = dst + x * stepX + y * stepY;
      if (table == 0) {
        store<f32>(out, load<f32>(p));
        store<f32>(out, load<f32>(p + planeStride), 4);
        store<f32>(out, load<f32>(p + 2 * planeStride), 8);
      } else {
        store<f32>(out, encoded(table, p));
        store<f32>(out, encoded(table, p + planeStride), 4);
        store<f32>(out, encoded(table, p + 2 * planeStride), 8);
      }
    }
  }
}
