// The field of offsets, the fast path of what field.ts says to be read: double precision, node by node.

const FIGURES: usize = 8;

/**
 * Turns a level's sums into measurements.
 * @param own variance of the reference's noise, `others` of the other frame's before it is interpolated, `gradientNoise` of a gradient's
 * @param shared how many samples share one's noise, `leastSamples` those that say something, `reach` the farthest move
 * @param information three doubles a node, `best` two
 */
export function alignWeigh(
  count: i32, figures: usize, offsets: usize, own: f64, others: f64, gradientNoise: f64, shared: f64, scale: f64,
  leastSamples: f64, reach: f64, information: usize, best: usize,
): void {
  for (let node = 0; node < count; node++) {
    const at = figures + (<usize>node * FIGURES << 2);
    const info = information + <usize>node * 24;
    const to = best + (<usize>node << 4);
    const ox = <f64>load<f32>(offsets + (<usize>node << 3)), oy = <f64>load<f32>(offsets + (<usize>node << 3), 4);
    store<f64>(info, 0); store<f64>(info, 0, 8); store<f64>(info, 0, 16);
    store<f64>(to, ox); store<f64>(to, oy, 8);
    const n = <f64>load<f32>(at, 24);
    if (n < leastSamples) continue;
    const xx = <f64>load<f32>(at), xy = <f64>load<f32>(at, 4), yy = <f64>load<f32>(at, 8);
    const bx = -<f64>load<f32>(at, 12), by = -<f64>load<f32>(at, 16);
    const noise = own + others * <f64>load<f32>(at, 28) / n;
    const trace = xx + yy;
    if (!(trace > 0)) continue;
    const real = max<f64>(1 - (2 * n * gradientNoise) / trace, 0.01);
    const soft = 1e-3 * trace + n * gradientNoise * 0.1 + 1e-12;
    const det = (xx + soft) * (yy + soft) - xy * xy;
    let mx = ((yy + soft) * bx - xy * by) / det;
    let my = ((xx + soft) * by - xy * bx) / det;
    const left = max<f64>(<f64>load<f32>(at, 20) - mx * bx - my * by, 0) / n;
    mx /= real;
    my /= real;
    const far2 = (mx * mx + my * my) / (reach * reach);
    const far = sqrt<f64>(far2);
    const trust: f64 = far > 1 ? 1 / (far2 * far2) : 1;
    if (far > 1) {
      mx /= far;
      my /= far;
    }
    const weight = (trust * real * real) / (max<f64>(noise, left) * shared * scale * scale);
    store<f64>(info, xx * weight); store<f64>(info, xy * weight, 8); store<f64>(info, yy * weight, 16);
    store<f64>(to, ox + mx * scale); store<f64>(to, oy + my * scale, 8);
  }
}

/** What no cell is surer than: (H⁻¹ + allowed · 1)⁻¹, three doubles a node. */
export function alignCap(count: i32, information: usize, allowed: f64, capped: usize): void {
  for (let node = 0; node < count; node++) {
    const at = <usize>node * 24;
    const xx = load<f64>(information + at), xy = load<f64>(information + at, 8), yy = load<f64>(information + at, 16);
    const a = 1 + allowed * xx, b = allowed * xy, c = 1 + allowed * yy;
    const det = a * c - b * b;
    store<f64>(capped + at, (xx * c - xy * b) / det);
    store<f64>(capped + at, (xy * a - xx * b) / det, 8);
    store<f64>(capped + at, (yy * a - xy * b) / det, 16);
  }
}

/**
 * The sums of one step of the fit of an affine motion `p`, six doubles (x, y, and xx, xy, yx, yy times the radius).
 * @param out eighteen doubles: weights' xx, xy and yy times 1, u, v, uu, uv, vv; and six of the right side
 */
export function alignFit(
  columns: i32, rows: i32, step: f64, centreX: f64, centreY: f64, radius: f64, capped: usize, best: usize, p: usize, out: usize,
): void {
  const p0 = load<f64>(p), p1 = load<f64>(p, 8), p2 = load<f64>(p, 16), p3 = load<f64>(p, 24), p4 = load<f64>(p, 32), p5 = load<f64>(p, 40);
  // Sums of xx and xy lie in the lanes of one vector, those of yy and the right sides in others.
  let s0 = f64x2.splat(0), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
  let y0: f64 = 0, y1: f64 = 0, y2: f64 = 0, y3: f64 = 0, y4: f64 = 0, y5: f64 = 0;
  let r0 = s0, r1 = s0, r2 = s0;
  for (let j = 0; j < rows; j++) {
    const v = (<f64>j * step - centreY) / radius;
    for (let i = 0; i < columns; i++) {
      const node = <usize>(j * columns + i);
      const at = capped + node * 24;
      const xx = load<f64>(at), xy = load<f64>(at, 8), yy = load<f64>(at, 16);
      if (xx + yy <= 0) continue;
      const u = (<f64>i * step - centreX) / radius;
      const ex = load<f64>(best + (node << 4)) - (p0 + p2 * u + p3 * v);
      const ey = load<f64>(best + (node << 4), 8) - (p1 + p4 * u + p5 * v);
      const off = xx * ex * ex + 2 * xy * ex * ey + yy * ey * ey;
      const t = 1 / (1 + off / 6);
      const w = t * t;
      const h = f64x2(xx, xy);
      const right = f64x2(w * (xx * ex + xy * ey), w * (xy * ex + yy * ey));
      const wu = w * u, wv = w * v;
      const wuu = wu * u, wuv = wu * v, wvv = wv * v;
      s0 = f64x2.add(s0, f64x2.mul(f64x2.splat(w), h)); y0 += w * yy;
      s1 = f64x2.add(s1, f64x2.mul(f64x2.splat(wu), h)); y1 += wu * yy;
      s2 = f64x2.add(s2, f64x2.mul(f64x2.splat(wv), h)); y2 += wv * yy;
      s3 = f64x2.add(s3, f64x2.mul(f64x2.splat(wuu), h)); y3 += wuu * yy;
      s4 = f64x2.add(s4, f64x2.mul(f64x2.splat(wuv), h)); y4 += wuv * yy;
      s5 = f64x2.add(s5, f64x2.mul(f64x2.splat(wvv), h)); y5 += wvv * yy;
      r0 = f64x2.add(r0, right);
      r1 = f64x2.add(r1, f64x2.mul(f64x2.splat(u), right));
      r2 = f64x2.add(r2, f64x2.mul(f64x2.splat(v), right));
    }
  }
  putSums(out, s0, y0); putSums(out + 8, s1, y1); putSums(out + 16, s2, y2);
  putSums(out + 24, s3, y3); putSums(out + 32, s4, y4); putSums(out + 40, s5, y5);
  v128.store(out, r0, 144);
  store<f64>(out, f64x2.extract_lane(r1, 0), 160); store<f64>(out, f64x2.extract_lane(r2, 0), 168);
  store<f64>(out, f64x2.extract_lane(r1, 1), 176); store<f64>(out, f64x2.extract_lane(r2, 1), 184);
}

@inline
function putSums(out: usize, sums: v128, yy: f64): void {
  store<f64>(out, f64x2.extract_lane(sums, 0));
  store<f64>(out, f64x2.extract_lane(sums, 1), 48);
  store<f64>(out, yy, 96);
}

/** An affine motion at every node, two doubles each. */
function fieldOf(columns: i32, rows: i32, step: f64, cx: f64, cy: f64, motion: usize, out: usize): void {
  const x = load<f64>(motion), y = load<f64>(motion, 8), xx = load<f64>(motion, 16), xy = load<f64>(motion, 24);
  const yx = load<f64>(motion, 32), yy = load<f64>(motion, 40);
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const u = <f64>i * step - cx, v = <f64>j * step - cy;
      store<f64>(out, x + xx * u + xy * v);
      store<f64>(out, y + yx * u + yy * v, 8);
      out += 16;
    }
}

/** The `k`-th smallest of `count` doubles, which change places (Hoare's selection). */
function nth(values: usize, count: i32, k: i32): f64 {
  let low: i32 = 0, high: i32 = count - 1;
  while (low < high) {
    const pivot = load<f64>(values + (<usize>((low + high) >> 1) << 3));
    let i = low, j = high;
    while (i <= j) {
      while (load<f64>(values + (<usize>i << 3)) < pivot) i++;
      while (load<f64>(values + (<usize>j << 3)) > pivot) j--;
      if (i > j) break;
      const t = load<f64>(values + (<usize>i << 3));
      store<f64>(values + (<usize>i << 3), load<f64>(values + (<usize>j << 3)));
      store<f64>(values + (<usize>j << 3), t);
      i++;
      j--;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return load<f64>(values + (<usize>k << 3));
}

@inline
function compare(sure: usize, local: usize, p: i32, q: i32, limit: f64, to: usize): usize {
  if (load<f64>(sure + (<usize>q << 3)) < limit) return to;
  const d = f64x2.sub(v128.load(local + (<usize>p << 4)), v128.load(local + (<usize>q << 4)));
  const e = f64x2.mul(d, d);
  store<f64>(to, f64x2.extract_lane(e, 0) + f64x2.extract_lane(e, 1));
  return to + 8;
}

/** The median square of what nodes `lag` apart differ by. */
function typical(columns: i32, rows: i32, lag: i32, sure: usize, local: usize, limit: f64, work: usize): f64 {
  let to = work;
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++) {
      const node = j * columns + i;
      const own = load<f64>(sure + (<usize>node << 3));
      if (own < limit || own == 0) continue;
      if (i + lag < columns) to = compare(sure, local, node, node + lag, limit, to);
      if (j + lag < rows) to = compare(sure, local, node, node + lag * columns, limit, to);
    }
  const found = <i32>((to - work) >> 3);
  return found == 0 ? 0 : nth(work, found, found >> 1);
}

/** How much motion changes from node to node beyond the whole's: a variance per axis. `sure`: a double a node, `work`: two. */
function spreadOf(columns: i32, rows: i32, information: usize, local: usize, least: f64, sure: usize, work: usize): f64 {
  const count = columns * rows;
  let seen: i32 = 0;
  for (let node = 0; node < count; node++) {
    const own = load<f64>(information + <usize>node * 24) + load<f64>(information + <usize>node * 24, 16);
    store<f64>(sure + (<usize>node << 3), own);
    if (own > 0) seen++;
  }
  let limit: f64 = 0;
  if (seen > 0) {
    memory.copy(work, sure, <usize>count << 3);
    limit = nth(work, count, count - ((seen + 1) >> 1));
  }
  const two = typical(columns, rows, 2, sure, local, limit, work);
  const one = typical(columns, rows, 1, sure, local, limit, work);
  return max<f64>((two - one) / (2 * 0.6931471805599453), least);
}

/** The system's product with a field: what cells say and what links to the four neighbours. */
function apply(columns: i32, count: i32, data: usize, across: usize, down: usize, anchor: f64, x: usize, out: usize): void {
  for (let node = 0; node < count; node++) {
    const d = data + <usize>node * 24;
    const v = v128.load(x + (<usize>node << 4));
    const swapped = v128.shuffle<f64>(v, v, 1, 0);
    const diagonal = f64x2.add(f64x2(load<f64>(d), load<f64>(d, 16)), f64x2.splat(anchor));
    v128.store(out + (<usize>node << 4), f64x2.add(f64x2.mul(diagonal, v), f64x2.mul(v128.load64_splat(d, 8), swapped)));
  }
  const line = <usize>columns << 4;
  for (let node = 0; node < count; node++) {
    const p = x + (<usize>node << 4), o = out + (<usize>node << 4);
    const v = v128.load(p);
    const right = load<f64>(across + (<usize>node << 3));
    if (right > 0) {
      const s = f64x2.mul(f64x2.splat(right), f64x2.sub(v, v128.load(p, 16)));
      v128.store(o, f64x2.add(v128.load(o), s));
      v128.store(o, f64x2.sub(v128.load(o, 16), s), 16);
    }
    const below = load<f64>(down + (<usize>node << 3));
    if (below > 0) {
      const s = f64x2.mul(f64x2.splat(below), f64x2.sub(v, v128.load(p + line)));
      v128.store(o, f64x2.add(v128.load(o), s));
      v128.store(o + line, f64x2.sub(v128.load(o + line), s));
    }
  }
}

/** What ties two nodes: the less, the further their motions are apart. */
@inline
function link(field: usize, from: i32, to: i32, stiffness: f64, tear: f64): f64 {
  const d = f64x2.sub(v128.load(field + (<usize>from << 4)), v128.load(field + (<usize>to << 4)));
  const e = f64x2.mul(d, d);
  const t = 1 / (1 + (f64x2.extract_lane(e, 0) + f64x2.extract_lane(e, 1)) / tear);
  return stiffness * t * t;
}

/**
 * The field of offsets that fits what the cells say and changes little from node to node around the whole's motion.
 * @param before the whole's motion that the offsets came from, six doubles; `whole` the new one
 * @param least least variance of motion from node to node
 * @param offsets two floats a node, in and out
 * @param work 21 doubles a node
 */
export function alignSmooth(
  columns: i32, rows: i32, step: f64, cx: f64, cy: f64, scale: f64, rounds: i32, steps: i32, least: f64,
  information: usize, best: usize, before: usize, whole: usize, offsets: usize, work: usize,
): void {
  const count = columns * rows;
  const one = <usize>count << 3, two = <usize>count << 4;
  const base = work, field = base + two, target = field + two, rest = target + two, direction = rest + two;
  const image = direction + two, prepared = image + two, diagonal = prepared + two;
  const data = diagonal + two, across = data + two + one, down = across + one;
  fieldOf(columns, rows, step, cx, cy, whole, base);
  fieldOf(columns, rows, step, cx, cy, before, field);
  for (let node = 0; node < count; node++) {
    const at = <usize>node << 4;
    const offset = f64x2.promote_low_f32x4(v128.load64_zero(offsets + (<usize>node << 3)));
    v128.store(field + at, f64x2.sub(offset, v128.load(field + at)));
    v128.store(target + at, f64x2.sub(v128.load(best + at), v128.load(base + at)));
  }
  const spread = spreadOf(columns, rows, information, target, least, across, rest);
  const stiffness = 1 / spread;
  const tear = max<f64>(25 * spread, 0.01 * scale * scale);
  const anchor = 1e-6 * stiffness;
  for (let round = 0; round < rounds; round++) {
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const node = j * columns + i;
        const info = information + <usize>node * 24;
        const at = <usize>node << 4;
        const xx = load<f64>(info), xy = load<f64>(info, 8), yy = load<f64>(info, 16);
        const e = f64x2.sub(v128.load(field + at), v128.load(target + at));
        const ex = f64x2.extract_lane(e, 0), ey = f64x2.extract_lane(e, 1);
        const t = 1 / (1 + (xx * ex * ex + 2 * xy * ex * ey + yy * ey * ey) / 16);
        const w: f64 = round == 0 ? 1 : t * t;
        const d = data + <usize>node * 24;
        store<f64>(d, w * xx); store<f64>(d, w * xy, 8); store<f64>(d, w * yy, 16);
        store<f64>(across + (<usize>node << 3), i < columns - 1 ? link(field, node, node + 1, stiffness, tear) : 0);
        store<f64>(down + (<usize>node << 3), j < rows - 1 ? link(field, node, node + columns, stiffness, tear) : 0);
      }
    apply(columns, count, data, across, down, anchor, field, image);
    let sums = f64x2.splat(0);
    for (let j = 0; j < rows; j++)
      for (let i = 0; i < columns; i++) {
        const node = j * columns + i;
        const at = <usize>node << 4;
        const n = <usize>node << 3;
        const d = data + <usize>node * 24;
        const links = anchor + load<f64>(across + n) + load<f64>(down + n) +
          (i > 0 ? load<f64>(across + n - 8) : 0) + (j > 0 ? load<f64>(down + n - (<usize>columns << 3)) : 0);
        const own = f64x2(load<f64>(d), load<f64>(d, 16));
        const t = v128.load(target + at);
        const left = f64x2.sub(f64x2.add(f64x2.mul(own, t),
          f64x2.mul(v128.load64_splat(d, 8), v128.shuffle<f64>(t, t, 1, 0))), v128.load(image + at));
        const bottom = f64x2.add(f64x2.splat(links), own);
        const ready = f64x2.div(left, bottom);
        v128.store(diagonal + at, bottom);
        v128.store(rest + at, left);
        v128.store(prepared + at, ready);
        v128.store(direction + at, ready);
        sums = f64x2.add(sums, f64x2.mul(left, ready));
      }
    let energy = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
    for (let k = 0; k < steps && energy > 1e-12; k++) {
      apply(columns, count, data, across, down, anchor, direction, image);
      sums = f64x2.splat(0);
      for (let at: usize = 0; at < two; at += 16)
        sums = f64x2.add(sums, f64x2.mul(v128.load(direction + at), v128.load(image + at)));
      const pace = f64x2.splat(energy / (f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1)));
      sums = f64x2.splat(0);
      for (let at: usize = 0; at < two; at += 16) {
        v128.store(field + at, f64x2.add(v128.load(field + at), f64x2.mul(pace, v128.load(direction + at))));
        const left = f64x2.sub(v128.load(rest + at), f64x2.mul(pace, v128.load(image + at)));
        const ready = f64x2.div(left, v128.load(diagonal + at));
        v128.store(rest + at, left);
        v128.store(prepared + at, ready);
        sums = f64x2.add(sums, f64x2.mul(left, ready));
      }
      const next = f64x2.extract_lane(sums, 0) + f64x2.extract_lane(sums, 1);
      const turn = f64x2.splat(next / energy);
      energy = next;
      for (let at: usize = 0; at < two; at += 16)
        v128.store(direction + at, f64x2.add(v128.load(prepared + at), f64x2.mul(turn, v128.load(direction + at))));
    }
  }
  for (let node = 0; node < count; node++) {
    const at = <usize>node << 4;
    const sum = f64x2.add(v128.load(field + at), v128.load(base + at));
    store<f32>(offsets + (<usize>node << 3), <f32>f64x2.extract_lane(sum, 0));
    store<f32>(offsets + (<usize>node << 3), <f32>f64x2.extract_lane(sum, 1), 4);
  }
}
