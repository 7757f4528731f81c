// Mapping opcodes, the fast path: reference.ts says the same to be read.
// `columns[i]` is the picture column of sample i, `gains` the balance of each picture column: the opcodes speak about
// unbalanced values on [0,1]. `applies[x]` is 0 for columns that the opcode leaves alone.

/** Replaces values by a polynomial of them: `coefficients`, lowest power first, `degree + 1` floats. */
export function mapPolynomialRow(
  row: usize, columns: usize, gains: usize, applies: usize, coefficients: usize, degree: i32, count: i32,
): void {
  for (let i: i32 = 0; i < count; i++) {
    const x = load<i32>(columns + (i << 2)) << 2;
    if (load<i32>(applies + x) == 0) continue;
    const gain = load<f32>(gains + x);
    const at = row + (i << 2);
    const v = min<f32>(max<f32>(load<f32>(at) / gain, 0), 1);
    let sum = load<f32>(coefficients + (degree << 2));
    for (let k = degree - 1; k >= 0; k--) sum = sum * v + load<f32>(coefficients + (k << 2));
    store<f32>(at, min<f32>(max<f32>(sum, 0), 1) * gain);
  }
}

/** Replaces values by a table of 65536 floats on [0,1]. */
export function mapTableRow(
  row: usize, columns: usize, gains: usize, applies: usize, table: usize, count: i32,
): void {
  for (let i: i32 = 0; i < count; i++) {
    const x = load<i32>(columns + (i << 2)) << 2;
    if (load<i32>(applies + x) == 0) continue;
    const gain = load<f32>(gains + x);
    const at = row + (i << 2);
    const v = min<f32>(max<f32>(load<f32>(at) / gain, 0), 1);
    store<f32>(at, load<f32>(table + (<i32>(v * 65535 + <f32>0.5) << 2)) * gain);
  }
}

/** value · scale + offset, per column of the picture, and once more for the whole row. */
export function mapLinearRow(
  row: usize, columns: usize, gains: usize, applies: usize, scales: usize, offsets: usize, rowScale: f32, rowOffset: f32,
  count: i32,
): void {
  for (let i: i32 = 0; i < count; i++) {
    const x = load<i32>(columns + (i << 2)) << 2;
    if (load<i32>(applies + x) == 0) continue;
    const gain = load<f32>(gains + x);
    const at = row + (i << 2);
    const v = load<f32>(at) * (load<f32>(scales + x) * rowScale) + (load<f32>(offsets + x) + rowOffset) * gain;
    store<f32>(at, min<f32>(v, gain));
  }
}
