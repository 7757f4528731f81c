// Purple fringes, the fast path: reference.ts says the same to be read.

// @ts-ignore: decorator
@inline
function step(value: v128, from: f32, to: f32): v128 {
  const t = f32x4.mul(f32x4.sub(value, f32x4.splat(from)), f32x4.splat(1 / (to - from)));
  return f32x4.pmin(f32x4.pmax(t, f32x4.splat(0)), f32x4.splat(1));
}

/** How far red and blue lie above green. */
// @ts-ignore: decorator
@inline
function purple(at: usize, planeStride: usize): v128 {
  const g = v128.load(at + planeStride);
  const red = f32x4.mul(f32x4.sub(v128.load(at), g), f32x4.splat(3));
  return f32x4.pmax(f32x4.pmin(f32x4.sub(v128.load(at + 2 * planeStride), g), red), f32x4.splat(0));
}

// @ts-ignore: decorator
@inline
function brightest(at: usize, planeStride: usize): v128 {
  return f32x4.pmax(v128.load(at), v128.load(at + planeStride));
}

/** Bytes of scratch: a weight for each pixel, and one for each row that says whether there is any. */
export function defringeScratch(stride: i32, height: i32): usize {
  return (<usize>(stride * height) + height) * 4 + 64;
}

/**
 * Takes the colour of purple fringes out of three planes in place. `reach` pixels around them are read, `near` of them
 * in a second, closer ring of eight. `amount` 1 makes what is surely a fringe neutral.
 */
export function defringe(
  inner: usize, planeStride: usize, rowStride: usize, width: i32, height: i32,
  reach: i32, near: i32, amount: f32, scratch: usize,
): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const stride = <usize>(width + 3 & ~3) << 2;
  const flags = scratch + stride * height;
  const far = <usize>reach << 2;
  const close = <usize>near << 2;
  const farRow = rowStride * reach;
  const closeRow = rowStride * near;
  // On a diagonal the same distance is a shorter step.
  const slant = <i32>(<f32>reach * 0.7071068 + 0.5);
  const farSlant = <usize>slant << 2;
  const farSlantRow = rowStride * slant;
  for (let y: i32 = 0; y < height; y++) {
    const p = inner + <usize>y * rowStride;
    let any = 0;
    for (let x: i32 = 0; x < width; x += 4) {
      const at = p + (x << 2);
      const own = purple(at, planeStride);
      let weight = zero;
      const all = f32x4.add(f32x4.add(v128.load(at), v128.load(at + planeStride)), v128.load(at + 2 * planeStride));
      // Below, nothing stands out by 0.02 of all.
      if (v128.any_true(f32x4.gt(own, f32x4.mul(all, f32x4.splat(0.0199))))) {
        let light = f32x4.pmax(brightest(at - far, planeStride), brightest(at + far, planeStride));
        light = f32x4.pmax(light, f32x4.pmax(brightest(at - farRow, planeStride), brightest(at + farRow, planeStride)));
        light = f32x4.pmax(light, f32x4.pmax(brightest(at - close, planeStride), brightest(at + close, planeStride)));
        light = f32x4.pmax(light, f32x4.pmax(brightest(at - closeRow, planeStride), brightest(at + closeRow, planeStride)));
        light = f32x4.pmax(light, f32x4.pmax(
          brightest(at - close - closeRow, planeStride), brightest(at + close + closeRow, planeStride)));
        light = f32x4.pmax(light, f32x4.pmax(
          brightest(at + close - closeRow, planeStride), brightest(at - close + closeRow, planeStride)));
        const contrast = f32x4.sub(one, f32x4.div(v128.load(at + planeStride), f32x4.pmax(light, f32x4.splat(0.0001))));
        weight = f32x4.mul(step(light, 0.35, 0.7), step(contrast, 0.3, 0.6));
        if (v128.any_true(f32x4.gt(weight, zero))) {
          // The third most purple of eight places around: a fringe goes on along its edge, an object in its area, too.
          let first = zero;
          let second = zero;
          let third = zero;
          for (let k: i32 = 0; k < 8; k++) {
            let place = at;
            if (k == 0) place = at - far;
            else if (k == 1) place = at + far;
            else if (k == 2) place = at - farRow;
            else if (k == 3) place = at + farRow;
            else if (k == 4) place = at - farSlant - farSlantRow;
            else if (k == 5) place = at + farSlant + farSlantRow;
            else if (k == 6) place = at + farSlant - farSlantRow;
            else place = at - farSlant + farSlantRow;
            let v = purple(place, planeStride);
            const a = f32x4.pmin(first, v);
            first = f32x4.pmax(first, v);
            const b = f32x4.pmin(second, a);
            second = f32x4.pmax(second, a);
            third = f32x4.pmax(third, b);
          }
          const more = f32x4.sub(own, f32x4.mul(third, f32x4.splat(1.5)));
          const alone = f32x4.div(more, f32x4.pmax(all, f32x4.splat(0.0001)));
          weight = f32x4.mul(f32x4.mul(weight, step(alone, 0.02, 0.08)), f32x4.splat(amount));
          weight = f32x4.pmin(weight, one);
          if (v128.any_true(f32x4.gt(weight, zero))) any = 1;
        }
      }
      v128.store(scratch + <usize>y * stride + (x << 2), weight);
    }
    store<i32>(flags + (y << 2), any);
  }
  for (let y: i32 = 0; y < height; y++) {
    if (load<i32>(flags + (y << 2)) == 0) continue;
    const p = inner + <usize>y * rowStride;
    for (let x: i32 = 0; x < width; x += 4) {
      const weight = v128.load(scratch + <usize>y * stride + (x << 2));
      if (!v128.any_true(weight)) continue;
      const at = p + (x << 2);
      const g = v128.load(at + planeStride);
      const r = v128.load(at);
      const b = v128.load(at + 2 * planeStride);
      v128.store(at, f32x4.sub(r, f32x4.mul(f32x4.pmax(f32x4.sub(r, g), zero), weight)));
      v128.store(at + 2 * planeStride, f32x4.sub(b, f32x4.mul(f32x4.pmax(f32x4.sub(b, g), zero), weight)));
    }
  }
}
