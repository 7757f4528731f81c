// Whole numbers of floats without WebAssembly's saturating conversion, which costs several instructions a time.

/** 3·2^22: floats about it are whole, and their lowest bits count them. */
const WHOLE: f32 = 12582912;
const WHOLE_BITS: i32 = 0x4b400000;

/** Numbers from 0 to 2^21 rounded to the nearest whole one, ties to the even one, as integers. */
@inline
export function nearestWhole(x: v128): v128 {
  return i32x4.sub(f32x4.add(x, f32x4.splat(WHOLE)), i32x4.splat(WHOLE_BITS));
}

/**
 * The cell from one whole number to the next that numbers from 0 to 2^21 lie in, at most `last`; on a border it is
 * either of the two. The number's place in it is what `placeInCell` says.
 */
@inline
export function cellOf(x: v128, last: i32): v128 {
  return f32x4.pmin(f32x4.add(f32x4.sub(x, f32x4.splat(0.5)), f32x4.splat(WHOLE)), f32x4.splat(WHOLE + <f32>last));
}

/** A cell as an integer. */
@inline
export function cellNumber(cell: v128): v128 {
  return i32x4.sub(cell, i32x4.splat(WHOLE_BITS));
}

/** How far a number lies behind its cell's beginning, [0, 1]. */
@inline
export function placeInCell(x: v128, cell: v128): v128 {
  return f32x4.sub(x, f32x4.sub(cell, f32x4.splat(WHOLE)));
}
