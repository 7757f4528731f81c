// Lens shading, the fast path: reference.ts says the same to be read.

/**
 * Multiplies one row by gains that are linear between the map's columns.
 * `columns[i]` is the picture column of sample i. `index` and `fraction` hold, for each picture column, the map column
 * to its left and how far beyond it lies; a negative index leaves the sample alone. `gains` holds this row's map
 * values, already interpolated between the map's rows, the last one repeated once.
 */
export function lensShadingRow(
  row: usize, columns: usize, index: usize, fraction: usize, gains: usize, count: i32,
): void {
  for (let i: i32 = 0; i < count; i++) {
    const x = load<i32>(columns + (i << 2)) << 2;
    const k = load<i32>(index + x);
    if (k < 0) continue;
    const left = load<f32>(gains + (k << 2));
    const right = load<f32>(gains + (k << 2), 4);
    const at = row + (i << 2);
    store<f32>(at, load<f32>(at) * (left + (right - left) * load<f32>(fraction + x)));
  }
}
