/**
 * What is added to green so that hue stays: fading.ts says the same to be read. The shares of white are low / top and
 * newLow / newTop; one division for all. What is no number adds nothing.
 */
@inline
export function greenForHue(
  g: v128, low: v128, top: v128, newLow: v128, newTop: v128, fall: f32,
): v128 {
  const zero = f32x4.splat(0);
  const above = f32x4.sub(g, low);
  const room = f32x4.sub(top, low);
  const after = f32x4.mul(newLow, top);
  const before = f32x4.mul(low, newTop);
  const amount = f32x4.mul(f32x4.splat(0.44), f32x4.sub(after, before));
  const size = f32x4.add(f32x4.add(after, before), f32x4.mul(f32x4.splat(fall), f32x4.mul(top, newTop)));
  // Over the fractions above / room and amount / size.
  const numerator = f32x4.mul(f32x4.mul(amount, above), f32x4.sub(top, g));
  const first = f32x4.add(
    f32x4.mul(f32x4.add(above, f32x4.mul(f32x4.splat(0.03), room)), size),
    f32x4.mul(f32x4.pmax(f32x4.neg(amount), zero), room));
  const second = f32x4.sub(f32x4.mul(f32x4.splat(1.3), room), above);
  const share = f32x4.div(numerator, f32x4.mul(first, second));
  const added = f32x4.mul(share, f32x4.sub(newTop, newLow));
  return v128.and(added, f32x4.eq(added, added));
}
