// Lens vignetting, the fast path: reference.ts says the same to be read.

/**
 * Multiplies a row of three planes by a gain over the squared distance from a centre: the row's first pixel lies at
 * column `x`, the centre at `centreX`, the row `dy` below it in units of the radius, `perPixel` of which make a pixel.
 * `table` holds gains at squared distances 0, 1/`perUnit`, 2/`perUnit` …, `last` + 1 of them and one more; they are read
 * linearly.
 */
export function lensVignettingRow(
  planes: usize, planeStride: usize, x: i32, centreX: f64, dy: f64, perPixel: f64, count: i32,
  table: usize, perUnit: f64, last: i32,
): void {
  const yy = dy * dy;
  for (let i: i32 = 0; i < count; i++) {
    // From whole columns, so that a pixel's gain does not depend on where its tile begins.
    const dx = (<f64>(x + i) - centreX) * perPixel;
    const at = min((dx * dx + yy) * perUnit, <f64>last);
    const k = <i32>at;
    const t = <f32>(at - <f64>k);
    const a = load<f32>(table + (k << 2));
    const gain = a + (load<f32>(table + (k << 2), 4) - a) * t;
    const p = planes + (i << 2);
    store<f32>(p, load<f32>(p) * gain);
    store<f32>(p + planeStride, load<f32>(p + planeStride) * gain);
    store<f32>(p + 2 * planeStride, load<f32>(p + 2 * planeStride) * gain);
  }
}
