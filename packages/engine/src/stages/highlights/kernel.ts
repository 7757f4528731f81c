// Highlights, the fast path: reference.ts says the same to be read.

@inline
function clipped(value: v128, start: v128, slope: v128, zero: v128, one: v128): v128 {
  const t = f32x4.min(one, f32x4.max(zero, f32x4.mul(f32x4.sub(value, start), slope)));
  // smoothstep
  return f32x4.mul(f32x4.mul(t, t), f32x4.sub(f32x4.splat(3), f32x4.add(t, t)));
}

@inline
function lift(value: v128, share: v128, a: v128, trustA: v128, b: v128, trustB: v128): v128 {
  const estimate = f32x4.div(f32x4.add(f32x4.mul(trustA, a), f32x4.mul(trustB, b)), f32x4.add(trustA, trustB));
  return f32x4.add(value, f32x4.mul(share, f32x4.sub(f32x4.max(value, estimate), value)));
}

/** `table`: start and slope of clipping per channel, six floats. Widths are rounded up to four. Strides in bytes. */
export function highlights(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, table: usize,
): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  // What a clipped channel still counts beside an unclipped one; with two clipped ones it makes their plain mean.
  const trusted = f32x4.splat(1.0009765625);
  const s0 = v128.load32_splat(table);
  const k0 = v128.load32_splat(table, 4);
  const s1 = v128.load32_splat(table, 8);
  const k1 = v128.load32_splat(table, 12);
  const s2 = v128.load32_splat(table, 16);
  const k2 = v128.load32_splat(table, 20);
  for (let y: i32 = 0; y < height; y++) {
    const row = planes + <usize>y * rowStride;
    for (let x: i32 = 0; x < width; x += 4) {
      const pr = row + (x << 2);
      const pg = pr + planeStride;
      const pb = pg + planeStride;
      let r = v128.load(pr);
      let g = v128.load(pg);
      let b = v128.load(pb);
      const above = v128.or(v128.or(f32x4.gt(r, s0), f32x4.gt(g, s1)), f32x4.gt(b, s2));
      if (!v128.any_true(above)) continue;
      const cr = clipped(r, s0, k0, zero, one);
      const cg = clipped(g, s1, k1, zero, one);
      const cb = clipped(b, s2, k2, zero, one);
      const tr = f32x4.sub(trusted, cr);
      const tg = f32x4.sub(trusted, cg);
      const tb = f32x4.sub(trusted, cb);
      const r1 = lift(r, cr, g, tg, b, tb);
      const g1 = lift(g, cg, r, tr, b, tb);
      const b1 = lift(b, cb, r, tr, g, tg);
      const all = f32x4.min(cr, f32x4.min(cg, cb));
      const top = f32x4.max(r1, f32x4.max(g1, b1));
      v128.store(pr, f32x4.add(r1, f32x4.mul(all, f32x4.sub(top, r1))));
      v128.store(pg, f32x4.add(g1, f32x4.mul(all, f32x4.sub(top, g1))));
      v128.store(pb, f32x4.add(b1, f32x4.mul(all, f32x4.sub(top, b1))));
    }
  }
}
