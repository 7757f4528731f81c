/**
 * Solves the square system `matrix · x = right` by elimination with partial pivoting; `undefined` where the matrix is
 * singular to rounding.
 * @param matrix rows of the matrix, not changed
 */
export function solve(
  matrix: readonly (readonly number[])[],
  right: readonly number[],
): number[] | undefined {
  const n = right.length;
  const rows = matrix.map((row, i) => [...row, right[i]!]);
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let i = column + 1; i < n; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const head = rows[column]!;
    const scale = Math.max(...head.slice(0, n).map(Math.abs));
    if (!(Math.abs(head[column]!) > 1e-13 * scale)) return undefined;
    for (let i = 0; i < n; i++) {
      if (i === column) continue;
      const factor = rows[i]![column]! / head[column]!;
      for (let j = column; j <= n; j++) rows[i]![j]! -= factor * head[j]!;
    }
  }
  return rows.map((row, i) => row[n]! / row[i]!);
}

/**
 * Weighted least squares by the normal equations: the coefficients c that minimise Σ w (basis·c − value)²; `undefined`
 * where the rows do not determine them.
 */
export function leastSquares(
  rows: readonly (readonly number[])[],
  values: readonly number[],
  weights?: readonly number[],
): number[] | undefined {
  const n = rows[0]?.length ?? 0;
  const normal = Array.from({ length: n }, () => new Array<number>(n).fill(0));
  const right = new Array<number>(n).fill(0);
  rows.forEach((row, k) => {
    const weight = weights?.[k] ?? 1;
    for (let i = 0; i < n; i++) {
      right[i]! += weight * row[i]! * values[k]!;
      for (let j = 0; j < n; j++) normal[i]![j]! += weight * row[i]! * row[j]!;
    }
  });
  return solve(normal, right);
}
