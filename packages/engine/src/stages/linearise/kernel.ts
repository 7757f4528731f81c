// Linearise, the fast path: reference.ts says the same to be read.

@inline
function sampleAt(src: usize, table: usize, black: usize, scale: usize, ceiling: usize, deltaV: f32, x: i32): f32 {
  const s = <i32>load<u16>(src + (x << 1));
  const v = table == 0 ? <f32>s : load<f32>(table + (s << 2));
  const at = x << 2;
  return min<f32>((v - load<f32>(black + at) - deltaV) * load<f32>(scale + at), load<f32>(ceiling + at));
}

/**
 * One row of 16-bit samples to floats: min((table[s] - black - deltaV) * scale, ceiling).
 * `columns[i]` is the source column of output i; from `first` to `last` the columns are consecutive, elsewhere mirrored.
 */
export function lineariseRow(
  src: usize, table: usize, black: usize, scale: usize, ceiling: usize, deltaV: f32,
  columns: usize, first: i32, last: i32, count: i32, dst: usize,
): void {
  let i: i32 = 0;
  for (; i < first; i++) {
    store<f32>(dst + (i << 2), sampleAt(src, table, black, scale, ceiling, deltaV, load<i32>(columns + (i << 2))));
  }
  if (table == 0 && first < last) {
    const shift = load<i32>(columns + (first << 2)) - first;
    const dv = f32x4.splat(deltaV);
    for (; i + 8 <= last; i += 8) {
      const x = i + shift;
      const s = v128.load(src + (x << 1));
      const b = black + (x << 2);
      const k = scale + (x << 2);
      const c = ceiling + (x << 2);
      const low = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(s));
      const high = f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(s));
      const out = dst + (i << 2);
      v128.store(out, f32x4.pmin(
        f32x4.mul(f32x4.sub(f32x4.sub(low, v128.load(b)), dv), v128.load(k)), v128.load(c)));
      v128.store(out, f32x4.pmin(
        f32x4.mul(f32x4.sub(f32x4.sub(high, v128.load(b, 16)), dv), v128.load(k, 16)), v128.load(c, 16)), 16);
    }
  }
  for (; i < count; i++) {
    store<f32>(dst + (i << 2), sampleAt(src, table, black, scale, ceiling, deltaV, load<i32>(columns + (i << 2))));
  }
}

/**
 * The same for float samples, which have no table. What is no number or lies below -white is no light: it would spread
 * through the demosaic, and the bits of a NaN are not the same on every machine.
 */
export function lineariseFloatRow(
  src: usize, black: usize, scale: usize, ceiling: usize, deltaV: f32, columns: usize, count: i32, dst: usize,
): void {
  for (let i: i32 = 0; i < count; i++) {
    const at = load<i32>(columns + (i << 2)) << 2;
    const top = load<f32>(ceiling + at);
    const light = (load<f32>(src + at) - load<f32>(black + at) - deltaV) * load<f32>(scale + at);
    store<f32>(dst + (i << 2), light >= -top ? min<f32>(light, top) : 0);
  }
}
