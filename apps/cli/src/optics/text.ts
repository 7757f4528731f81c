/** Numbers as people read them: so many significant digits, thousands apart. */
export function number(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return '∞';
  const rounded = Number(value.toPrecision(digits));
  const [whole = '', fraction] = (Math.abs(rounded) >= 1e-4 ? rounded.toString() : rounded.toFixed(7)).split(
    '.',
  );
  const apart = whole.length > 4 ? whole.replace(/\B(?=(\d{3})+$)/g, ' ') : whole;
  return fraction === undefined ? apart : `${apart}.${fraction}`;
}

/** A number with as many decimals as it is given: columns stay in line. */
export function fixed(value: number, decimals: number): string {
  return Number.isFinite(value) ? value.toFixed(decimals) : '∞';
}

/** Distances: metres, or centimetres and millimetres where they are short. */
export function distance(metres: number): string {
  if (!Number.isFinite(metres)) return '∞';
  if (metres >= 1) return `${number(metres)} m`;
  return metres >= 0.01 ? `${number(metres * 100)} cm` : `${number(metres * 1000)} mm`;
}

/** Exposure times as photographers say them: 1/250 s. */
export function time(seconds: number): string {
  return seconds < 0.4 ? `1/${number(1 / seconds, 2)} s` : `${number(seconds, 2)} s`;
}

/** f-numbers: f/1.63. */
export function fText(fNumber: number): string {
  return `f/${number(fNumber, 3)}`;
}

/** Columns in line: the first to the left, the others to the right unless `left` names them. */
export function columns(
  rows: readonly (readonly string[])[],
  indent = 2,
  left: readonly number[] = [0],
): string {
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) => {
      const cells = row.map((cell, i) =>
        left.includes(i) ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!),
      );
      return `${' '.repeat(indent)}${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}
