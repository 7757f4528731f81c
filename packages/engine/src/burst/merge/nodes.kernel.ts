// Grids of nodes, the fast path: reference.ts says the same to be read. They are small, but one thread works on them while all others wait,
// and a loop that runs once is slow in JavaScript.

const ROUNDS: i32 = 5;
const CLOSE: f64 = 1e-7;

/** One of a node's three numbers, bilinear between nodes and beyond them. */
@inline
function componentAt(nodes: usize, columns: i32, column: i32, row: i32, fx: f64, fy: f64, k: usize): f64 {
  const at = nodes + <usize>((row * columns + column) * 12) + k;
  const below = at + <usize>columns * 12;
  const a = <f64>load<f32>(at), b = <f64>load<f32>(at, 12), c = <f64>load<f32>(below), d = <f64>load<f32>(below, 12);
  return a + (b - a) * fx + (c - a + (a - b - c + d) * fx) * fy;
}

@inline
function cellBefore(place: f64, count: i32): i32 {
  return min<i32>(max<i32>(<i32>floor<f64>(place), 0), count - 2);
}

@inline
function shareOf(place: f64, cell: i32): f64 {
  return min<f64>(max<f64>(place - <f64>cell, -1), 2);
}

/** Nodes of the way back: three floats (dx, dy, trust) each, `spacing` pixels apart. */
export function burstWayBack(forward: usize, columns: i32, rows: i32, spacing: f64, dst: usize): void {
  for (let j: i32 = 0; j < rows; j++)
    for (let i: i32 = 0; i < columns; i++) {
      const x = <f64>i * spacing, y = <f64>j * spacing;
      let u = x, v = y;
      for (let round: i32 = 0; round < ROUNDS; round++) {
        const px = u / spacing, py = v / spacing;
        const column = cellBefore(px, columns), row = cellBefore(py, rows);
        const fx = shareOf(px, column), fy = shareOf(py, row);
        const nextU = x - componentAt(forward, columns, column, row, fx, fy, 0);
        const nextV = y - componentAt(forward, columns, column, row, fx, fy, 4);
        const moved = abs<f64>(nextU - u) + abs<f64>(nextV - v);
        u = nextU;
        v = nextV;
        if (moved < CLOSE) break;
      }
      store<f32>(dst, <f32>(u - x));
      store<f32>(dst, <f32>(v - y), 4);
      store<f32>(dst, 1, 8);
      dst += 12;
    }
}

/** The next of a rectangle's ends and the nodes between them. */
@inline
function nextTurn(place: f64, end: f64, spacing: f64): f64 {
  return place >= end ? Infinity : min<f64>(spacing * (floor<f64>(place / spacing) + 1), end);
}

/** Where the places of a rectangle of the picture lie: least and greatest x, least and greatest y, as doubles. */
export function burstExtent(
  nodes: usize, columns: i32, rows: i32, spacing: f64, x0: f64, y0: f64, x1: f64, y1: f64, dst: usize,
): void {
  let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
  for (let y = y0; y <= y1; y = nextTurn(y, y1, spacing)) {
    const py = y / spacing;
    const row = cellBefore(py, rows);
    const fy = shareOf(py, row);
    for (let x = x0; x <= x1; x = nextTurn(x, x1, spacing)) {
      const px = x / spacing;
      const column = cellBefore(px, columns);
      const fx = shareOf(px, column);
      const u = x + componentAt(nodes, columns, column, row, fx, fy, 0);
      const v = y + componentAt(nodes, columns, column, row, fx, fy, 4);
      left = min<f64>(left, u);
      right = max<f64>(right, u);
      top = min<f64>(top, v);
      bottom = max<f64>(bottom, v);
    }
  }
  store<f64>(dst, left);
  store<f64>(dst, right, 8);
  store<f64>(dst, top, 16);
  store<f64>(dst, bottom, 24);
}
