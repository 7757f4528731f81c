// Defects, the fast path: reference.ts says the same to be read, neighbourhoods.ts lays out the table.

const ENTRY: usize = 88;
const SAME_AT: usize = 4;
const PAIRS_AT: usize = 28;
const WITNESSES_AT: usize = 48;
/** Photosites at the tile's border that are copied unseen. */
const HALO: i32 = 4;

/** What the threshold multiplies: shares of noise, of texture in the same colour and of texture around. */
const NOISE: f32 = 0.4;
const TEXTURE: f32 = 0.125;
const AROUND: f32 = 0.0625;
/** What the neighbours of other colours may show by noise alone, in standard deviations. */
const NOISE_LIGHT: f32 = 1.5;
/** Range of a handful of samples that is noise alone, in standard deviations. */
const NOISE_RANGE: f32 = 3;

@inline
function sample(at: usize, stride: i32, offset: usize): f32 {
  return load<f32>(at + ((<i32>load<f32>(offset) * stride + <i32>load<f32>(offset, 4)) << 2));
}

/** What the photosite at `at` should say: its own value, or what its neighbours say where it is a defect. */
function judged(at: usize, stride: i32, entry: usize, threshold: f32, noise: usize): f32 {
  const c = load<f32>(at);
  const colour = <usize>load<f32>(entry) << 3;
  const scale = load<f32>(noise + colour);
  const offset = load<f32>(noise + colour, 4);
  const count = <usize>load<f32>(entry, 4);
  let low: f32 = f32.MAX_VALUE;
  let high: f32 = -f32.MAX_VALUE;
  for (let i: usize = 0; i < count; i++) {
    const v = sample(at, stride, entry + ((SAME_AT + 2 * i) << 2));
    low = min<f32>(low, v);
    high = max<f32>(high, v);
  }
  if (c >= low && c <= high) return c;
  const sign: f32 = c > high ? 1 : -1;
  const nearest = c > high ? high : low;
  const variance: f32 = scale * max<f32>(nearest, 0) + offset;
  const sigma = sqrt<f32>(variance);
  const excess: f32 = sign * (c - nearest);
  let explained: f32 = NOISE * sigma + TEXTURE * max<f32>(high - low - NOISE_RANGE * sigma, 0);
  if (excess <= threshold * explained) return c;

  // Light that falls on a photosite falls on those beside it too: what they show above their own surroundings speaks
  // against a defect, and so do restless surroundings.
  const witnesses = <usize>load<f32>(entry, 12);
  let seen: f32 = 0;
  let restless: f32 = 0;
  for (let i: usize = 0; i < witnesses; i++) {
    const w = entry + ((WITNESSES_AT + 10 * i) << 2);
    const r0 = sample(at, stride, w + 8);
    const r1 = sample(at, stride, w + 16);
    const r2 = sample(at, stride, w + 24);
    const r3 = sample(at, stride, w + 32);
    seen += sign * (sample(at, stride, w) - <f32>0.25 * (r0 + r1 + r2 + r3));
    const top = max<f32>(max<f32>(r0, r1), max<f32>(r2, r3));
    restless = max<f32>(restless, top - min<f32>(min<f32>(r0, r1), min<f32>(r2, r3)));
  }
  explained += AROUND * max<f32>(restless - NOISE_RANGE * sigma, 0);
  explained += max<f32>(seen / <f32>witnesses - NOISE_LIGHT * sigma, 0);
  if (excess <= threshold * explained) return c;

  const pairs = <usize>load<f32>(entry, 8);
  let total: f32 = 0;
  let value: f32 = 0;
  for (let i: usize = 0; i < pairs; i++) {
    const p = entry + ((PAIRS_AT + 5 * i) << 2);
    const a = sample(at, stride, p);
    const b = sample(at, stride, p + 8);
    const k = load<f32>(p, 16);
    const d = a - b;
    const weight: f32 = <f32>1 / (d * d + variance);
    total += weight;
    value += weight * (b + k * (a - b));
  }
  return value / total;
}

@inline
function judgeLanes(
  lanes: i32, src: usize, dst: usize, x: i32, y: i32, stride: i32, table: usize, threshold: f32, noise: usize,
): void {
  for (let lane: i32 = 0; lane < 4; lane++) {
    if (((lanes >> lane) & 1) == 0) continue;
    const at = <usize>(y * stride + x + lane) << 2;
    const entry = table + (<usize>((y % 6) * 6 + (x + lane) % 6) * ENTRY << 2);
    store<f32>(dst + at, judged(src + at, stride, entry, threshold, noise));
  }
}

/** Which of four photosites stand out of [low, high] by more than texture, and by more than the smallest noise, allow. */
@inline
function outside(c: v128, low: v128, high: v128, texture: v128, gain: v128, base: v128, zero: v128): i32 {
  const range = f32x4.mul(texture, f32x4.sub(high, low));
  const above = f32x4.sub(c, high);
  const below = f32x4.sub(low, c);
  const excess = f32x4.pmax(above, below);
  const nearest = v128.bitselect(high, low, f32x4.gt(above, zero));
  const noise = f32x4.add(f32x4.mul(gain, f32x4.pmax(nearest, zero)), base);
  return i32x4.bitmask(v128.and(f32x4.gt(excess, range), f32x4.gt(f32x4.mul(excess, excess), noise)));
}

function smallest(noise: usize, at: usize): f32 {
  return min<f32>(load<f32>(noise + at), min<f32>(load<f32>(noise + at, 8), load<f32>(noise + at, 16)));
}

/**
 * Replaces hot and dead photosites of a Bayer mosaic. The halo is 4; what lies nearer to the tile's border is copied.
 * @param src `stride` floats per row, width a multiple of 4; `dst` likewise, another buffer
 * @param table of `defectNeighbourhoods` for the tile's first sample
 * @param threshold dimensionless, about 10: how many times noise and texture a defect stands out by
 * @param noise scale and offset of the variance for red, green, blue: six floats
 */
export function defectsBayer(
  src: usize, stride: i32, width: i32, height: i32, dst: usize, table: usize, threshold: f32, noise: usize,
): void {
  const zero = f32x4.splat(0);
  const texture = f32x4.splat(threshold * TEXTURE);
  const gain = f32x4.splat(NOISE * NOISE * threshold * threshold * smallest(noise, 0));
  const base = f32x4.splat(NOISE * NOISE * threshold * threshold * smallest(noise, 4));
  const rowBytes = <usize>stride << 2;
  memory.copy(dst, src, rowBytes * <usize>height);
  const two = rowBytes << 1;
  for (let y = HALO; y < height - HALO; y++) {
    for (let x = HALO; x < width - HALO; x += 4) {
      const at = src + rowBytes * <usize>y + (x << 2);
      const c = v128.load(at);
      const w = v128.load(at - 8);
      const e = v128.load(at, 8);
      let low = f32x4.pmin(w, e);
      let high = f32x4.pmax(w, e);
      const above = at - two;
      const below = at + two;
      let v = v128.load(above);
      low = f32x4.pmin(low, v);
      high = f32x4.pmax(high, v);
      v = v128.load(below);
      low = f32x4.pmin(low, v);
      high = f32x4.pmax(high, v);
      v = v128.load(above - 8);
      low = f32x4.pmin(low, v);
      high = f32x4.pmax(high, v);
      v = v128.load(above, 8);
      low = f32x4.pmin(low, v);
      high = f32x4.pmax(high, v);
      v = v128.load(below - 8);
      low = f32x4.pmin(low, v);
      high = f32x4.pmax(high, v);
      v = v128.load(below, 8);
      low = f32x4.pmin(low, v);
      high = f32x4.pmax(high, v);
      const lanes = outside(c, low, high, texture, gain, base, zero);
      if (lanes != 0) judgeLanes(lanes, src, dst, x, y, stride, table, threshold, noise);
    }
  }
}

/**
 * The same for X-Trans, whose pattern repeats itself three rows and three columns on: a first look compares with
 * the four photosites there.
 */
export function defectsXTrans(
  src: usize, stride: i32, width: i32, height: i32, dst: usize, table: usize, threshold: f32, noise: usize,
): void {
  const zero = f32x4.splat(0);
  const texture = f32x4.splat(threshold * TEXTURE);
  const gain = f32x4.splat(NOISE * NOISE * threshold * threshold * smallest(noise, 0));
  const base = f32x4.splat(NOISE * NOISE * threshold * threshold * smallest(noise, 4));
  const rowBytes = <usize>stride << 2;
  memory.copy(dst, src, rowBytes * <usize>height);
  const three = rowBytes * 3;
  for (let y = HALO; y < height - HALO; y++) {
    for (let x = HALO; x < width - HALO; x += 4) {
      const at = src + rowBytes * <usize>y + (x << 2);
      const c = v128.load(at);
      const nw = v128.load(at - three - 12);
      const ne = v128.load(at - three, 12);
      const sw = v128.load(at + three - 12);
      const se = v128.load(at + three, 12);
      const lanes = outside(
        c, f32x4.pmin(f32x4.pmin(nw, ne), f32x4.pmin(sw, se)), f32x4.pmax(f32x4.pmax(nw, ne), f32x4.pmax(sw, se)),
        texture, gain, base, zero);
      if (lanes != 0) judgeLanes(lanes, src, dst, x, y, stride, table, threshold, noise);
    }
  }
}
