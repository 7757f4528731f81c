// Highlights, the fast path: reference.ts says the same to be read.

@inline
function clipped(value: v128, level: v128, zero: v128, one: v128): v128 {
  // From 0.9 of the white level to 0.99.
  const share = f32x4.div(value, level);
  const t = f32x4.pmin(one, f32x4.pmax(zero,
    f32x4.mul(f32x4.sub(share, f32x4.splat(0.9)), f32x4.splat(<f32>(1.0 / 0.09)))));
  // smoothstep
  return f32x4.mul(f32x4.mul(t, t), f32x4.sub(f32x4.splat(3), f32x4.add(t, t)));
}

@inline
function difference(a: v128, b: v128): v128 {
  return f32x4.div(f32x4.sub(a, b), f32x4.add(a, b));
}

@inline
function between(a: v128, b: v128, t: v128): v128 {
  return f32x4.add(a, f32x4.mul(f32x4.sub(b, a), t));
}

/** Four floats of a node, bilinear between nodes. `at`: the node's address; `right`, `below`: bytes to its neighbours. */
@inline
function node(at: usize, right: usize, below: usize, u: f32, v: f32): v128 {
  const upper = between(v128.load(at), v128.load(at + right), f32x4.splat(u));
  const lower = between(v128.load(at + below), v128.load(at + below + right), f32x4.splat(u));
  return between(upper, lower, f32x4.splat(v));
}

/**
 * `table`: 1 / neutral, three floats. `nodes`: a grid of `columns × rows` nodes of eight floats: the colour around and one
 * of no meaning, the ceilings and one of no meaning. `least`: the smallest of all ceilings. Pixel (x, y) lies at
 * (left + x·stepX, top + y·stepY) in the picture, of which `perX`, `perY` nodes come on a pixel. These are double, so that
 * a pixel's place does not depend on its tile. Widths are rounded up to four. Strides in bytes.
 */
export function highlights(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, table: usize,
  nodes: usize, columns: i32, rows: i32, least: f32,
  left: f64, stepX: f64, perX: f64, top: f64, stepY: f64, perY: f64,
): void {
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const trusted = f32x4.splat(1.0009765625);
  const heard = f32x4.splat(1.125);
  const plain = f32x4.splat(0.015625);
  const quarter = f32x4.splat(0.25);
  const tiny = f32x4.splat(<f32>(1.0 / 1073741824.0));
  const thrice = f32x4.splat(3);
  const wr = v128.load32_splat(table);
  const wg = v128.load32_splat(table, 4);
  const wb = v128.load32_splat(table, 8);
  const start = f32x4.splat(<f32>0.9 * least);
  const sr = f32x4.mul(wr, start);
  const sg = f32x4.mul(wg, start);
  const sb = f32x4.mul(wb, start);
  const lastU = <f32>(columns - 1);
  const lastV = <f32>(rows - 1);
  for (let y: i32 = 0; y < height; y++) {
    const row = planes + <usize>y * rowStride;
    const atV = min<f32>(max<f32>(<f32>((top + <f64>y * stepY) * perY - 0.5), 0), lastV);
    const upper = <i32>atV;
    const fv = atV - <f32>upper;
    const below: usize = upper + 1 < rows ? <usize>columns << 5 : 0;
    const line = nodes + ((<usize>(upper * columns)) << 5);
    for (let x: i32 = 0; x < width; x += 4) {
      const pr = row + (x << 2);
      const pg = pr + planeStride;
      const pb = pg + planeStride;
      const r = v128.load(pr);
      const g = v128.load(pg);
      const b = v128.load(pb);
      const above = v128.or(v128.or(f32x4.gt(r, sr), f32x4.gt(g, sg)), f32x4.gt(b, sb));
      if (!v128.any_true(above)) continue;

      const u0 = min<f32>(max<f32>(<f32>((left + <f64>x * stepX) * perX - 0.5), 0), lastU);
      const u1 = min<f32>(max<f32>(<f32>((left + <f64>(x + 1) * stepX) * perX - 0.5), 0), lastU);
      const u2 = min<f32>(max<f32>(<f32>((left + <f64>(x + 2) * stepX) * perX - 0.5), 0), lastU);
      const u3 = min<f32>(max<f32>(<f32>((left + <f64>(x + 3) * stepX) * perX - 0.5), 0), lastU);
      const i0 = <i32>u0;
      const i1 = <i32>u1;
      const i2 = <i32>u2;
      const i3 = <i32>u3;
      const r0: usize = i0 + 1 < columns ? 32 : 0;
      const r1: usize = i1 + 1 < columns ? 32 : 0;
      const r2: usize = i2 + 1 < columns ? 32 : 0;
      const r3: usize = i3 + 1 < columns ? 32 : 0;
      const n0 = line + (<usize>i0 << 5);
      const n1 = line + (<usize>i1 << 5);
      const n2 = line + (<usize>i2 << 5);
      const n3 = line + (<usize>i3 << 5);
      let a0 = node(n0, r0, below, u0 - <f32>i0, fv);
      let a1 = node(n1, r1, below, u1 - <f32>i1, fv);
      let a2 = node(n2, r2, below, u2 - <f32>i2, fv);
      let a3 = node(n3, r3, below, u3 - <f32>i3, fv);
      let low01 = v128.shuffle<f32>(a0, a1, 0, 4, 1, 5);
      let low23 = v128.shuffle<f32>(a2, a3, 0, 4, 1, 5);
      const qr = v128.shuffle<f32>(low01, low23, 0, 1, 4, 5);
      const qg = v128.shuffle<f32>(low01, low23, 2, 3, 6, 7);
      const qb = v128.shuffle<f32>(v128.shuffle<f32>(a0, a1, 2, 6, 3, 7), v128.shuffle<f32>(a2, a3, 2, 6, 3, 7), 0, 1, 4, 5);
      a0 = node(n0 + 16, r0, below, u0 - <f32>i0, fv);
      a1 = node(n1 + 16, r1, below, u1 - <f32>i1, fv);
      a2 = node(n2 + 16, r2, below, u2 - <f32>i2, fv);
      a3 = node(n3 + 16, r3, below, u3 - <f32>i3, fv);
      low01 = v128.shuffle<f32>(a0, a1, 0, 4, 1, 5);
      low23 = v128.shuffle<f32>(a2, a3, 0, 4, 1, 5);
      const lr = f32x4.mul(wr, v128.shuffle<f32>(low01, low23, 0, 1, 4, 5));
      const lg = f32x4.mul(wg, v128.shuffle<f32>(low01, low23, 2, 3, 6, 7));
      const lb = f32x4.mul(wb, v128.shuffle<f32>(v128.shuffle<f32>(a0, a1, 2, 6, 3, 7), v128.shuffle<f32>(a2, a3, 2, 6, 3, 7), 0, 1, 4, 5));

      const cr = clipped(r, lr, zero, one);
      const cg = clipped(g, lg, zero, one);
      const cb = clipped(b, lb, zero, one);

      const hr = f32x4.sub(heard, cr);
      const hg = f32x4.sub(heard, cg);
      const hb = f32x4.sub(heard, cb);
      const vr = f32x4.pmax(r, tiny);
      const vg = f32x4.pmax(g, tiny);
      const vb = f32x4.pmax(b, tiny);
      const xrg = difference(qr, qg);
      const xgb = difference(qg, qb);
      const xbr = difference(qb, qr);
      const vividness = f32x4.add(f32x4.add(f32x4.mul(xrg, xrg), f32x4.mul(xgb, xgb)), f32x4.mul(xbr, xbr));
      const prior = f32x4.add(plain, f32x4.mul(quarter, f32x4.mul(vividness, vividness)));
      const srg = f32x4.mul(f32x4.mul(hr, hg), xrg);
      const sgb = f32x4.mul(f32x4.mul(hg, hb), xgb);
      const sbr = f32x4.mul(f32x4.mul(hb, hr), xbr);
      let along = f32x4.add(prior, f32x4.mul(srg, difference(vr, vg)));
      along = f32x4.add(along, f32x4.mul(sgb, difference(vg, vb)));
      along = f32x4.add(along, f32x4.mul(sbr, difference(vb, vr)));
      let length = f32x4.add(prior, f32x4.mul(srg, xrg));
      length = f32x4.add(length, f32x4.mul(sgb, xgb));
      length = f32x4.add(length, f32x4.mul(sbr, xbr));
      const strength = f32x4.pmin(one, f32x4.pmax(zero, f32x4.div(along, length)));
      const er = between(one, qr, strength);
      const eg = between(one, qg, strength);
      const eb = between(one, qb, strength);

      const tr = f32x4.sub(trusted, cr);
      const tg = f32x4.sub(trusted, cg);
      const tb = f32x4.sub(trusted, cb);
      const seen = f32x4.add(f32x4.add(f32x4.mul(tr, r), f32x4.mul(tg, g)), f32x4.mul(tb, b));
      const told = f32x4.add(f32x4.add(f32x4.mul(tr, er), f32x4.mul(tg, eg)), f32x4.mul(tb, eb));
      const light = f32x4.div(seen, told);
      const most = f32x4.mul(thrice, f32x4.pmax(lr, f32x4.pmax(lg, lb)));
      const r1st = between(r, f32x4.pmax(r, f32x4.pmin(f32x4.mul(light, er), most)), cr);
      const g1st = between(g, f32x4.pmax(g, f32x4.pmin(f32x4.mul(light, eg), most)), cg);
      const b1st = between(b, f32x4.pmax(b, f32x4.pmin(f32x4.mul(light, eb), most)), cb);
      const all = f32x4.pmin(cr, f32x4.pmin(cg, cb));
      const brightest = f32x4.pmax(r1st, f32x4.pmax(g1st, b1st));
      v128.store(pr, between(r1st, brightest, all));
      v128.store(pg, between(g1st, brightest, all));
      v128.store(pb, between(b1st, brightest, all));
    }
  }
}
