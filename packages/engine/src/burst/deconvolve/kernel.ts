// Deconvolution of a merge at twice the resolution, the fast path: reference.ts says the same to be read.

/** Taps on each side of the middle (filter.ts), and what is read around a tile: one more for the mean of squares. */
const TAPS: i32 = 5;
const HALO: i32 = 6;
/** Pixels on each side that a result is held against. */
const REACH: i32 = 2;
/** The result may exceed the brightest and darkest around it by this share of their difference, and fall below the darkest by that of itself. */
const OVERSHOOT: f32 = 0.05;
const UNDERSHOOT: f32 = 0.1;
/** Clipped light: from where on, and one over how far from there to white. */
const CLIPPING: f32 = 0.9;
const PER_CLIPPING: f32 = 10;
/** Coherence of the structure tensor from which on the surroundings count as one straight edge, and one over how far from there to wholly. */
const COHERENCE: f32 = 0.85;
const PER_COHERENCE: f32 = 1 / 0.13;
/** Binomial weights of five pixels in a row. */
const MIDDLE: f32 = 0.375;
const BESIDE: f32 = 0.25;
const OUTER: f32 = 0.0625;
const TINY: f32 = 1e-20;

/** Bytes from row to row of a tile's sheets. */
@inline
function sheetStride(width: i32): usize {
  return <usize>((width + 2 * HALO + 3 & ~3) + 8) << 2;
}

/** Bytes of working memory for a tile: light and peaks with their halo, gains, their squares, the structure tensor's rows, lines. */
export function burstDeconvolveScratch(width: i32, height: i32): usize {
  const rows = 2 * (height + 2 * HALO) + 2 * (height + 2) + 3 * (height + 4) + (TAPS + 1) + 7;
  return sheetStride(width) * <usize>rows + 128;
}

/** A row of interleaved pixels as light, weighted by colour (`weights`: three floats), and as the largest of their three values. */
export function burstLightRowOf(src: usize, count: i32, weights: usize, light: usize, peaks: usize): void {
  const wr = load<f32>(weights);
  const wg = load<f32>(weights, 4);
  const wb = load<f32>(weights, 8);
  for (let i: i32 = 0; i < count; i++) {
    const r = load<f32>(src);
    const g = load<f32>(src, 4);
    const b = load<f32>(src, 8);
    store<f32>(light, wr * r + wg * g + wb * b);
    store<f32>(peaks, max<f32>(r, max<f32>(g, b)));
    src += 12;
    light += 4;
    peaks += 4;
  }
}

/** A place inside of a line of so many, mirrored at its ends. */
@inline
function inside(at: i32, size: i32): i32 {
  const last = size - 1;
  let place = at < 0 ? -at : at;
  if (place > last) place = 2 * last - place;
  return min<i32>(max<i32>(place, 0), last);
}

/** A tile's part of a plane with all that is read around it, mirrored beyond the plane's borders. */
function copyAround(
  plane: usize, rowStride: usize, width: i32, height: i32, x0: i32, y0: i32, across: i32, down: i32,
  dst: usize, stride: usize,
): void {
  const left = max<i32>(HALO - x0, 0);
  const right = min<i32>(width - x0 + HALO, across);
  for (let j: i32 = 0; j < down; j++) {
    const from = plane + <usize>inside(y0 - HALO + j, height) * rowStride;
    const to = dst + <usize>j * stride;
    memory.copy(to + (<usize>left << 2), from + (<usize>(x0 - HALO + left) << 2), <usize>(right - left) << 2);
    for (let i: i32 = 0; i < left; i++)
      store<f32>(to + (<usize>i << 2), load<f32>(from + (<usize>inside(x0 - HALO + i, width) << 2)));
    for (let i = right; i < across; i++)
      store<f32>(to + (<usize>i << 2), load<f32>(from + (<usize>inside(x0 - HALO + i, width) << 2)));
  }
}

/** What a row gains by the filter, `light` its first pixel. Reads `TAPS` pixels and rows on each side. */
@inline
function gainRow(light: usize, stride: usize, count: i32, weights: usize, folded: usize, dst: usize): void {
  // The filter is the same upwards and downwards: rows at the same distance are added first.
  for (let x: i32 = -TAPS; x < count + TAPS; x += 4) {
    const at = light + (<usize>x << 2);
    const to = folded + (<usize>(x + TAPS) << 2);
    v128.store(to, v128.load(at));
    for (let l: i32 = 1; l <= TAPS; l++) {
      const beside = <usize>l * stride;
      v128.store(to + beside, f32x4.add(v128.load(at - beside), v128.load(at + beside)));
    }
  }
  for (let x: i32 = 0; x < count; x += 4) {
    let sum = f32x4.splat(0);
    let line = folded + (<usize>(x + TAPS) << 2);
    let tap = weights;
    for (let l: i32 = 0; l <= TAPS; l++) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(line), v128.load32_splat(tap)));
      sum = f32x4.add(sum, f32x4.mul(f32x4.add(v128.load(line - 4), v128.load(line, 4)), v128.load32_splat(tap, 4)));
      sum = f32x4.add(sum, f32x4.mul(f32x4.add(v128.load(line - 8), v128.load(line, 8)), v128.load32_splat(tap, 8)));
      sum = f32x4.add(sum, f32x4.mul(f32x4.add(v128.load(line - 12), v128.load(line, 12)), v128.load32_splat(tap, 12)));
      sum = f32x4.add(sum, f32x4.mul(f32x4.add(v128.load(line - 16), v128.load(line, 16)), v128.load32_splat(tap, 16)));
      sum = f32x4.add(sum, f32x4.mul(f32x4.add(v128.load(line - 20), v128.load(line, 20)), v128.load32_splat(tap, 20)));
      line += stride;
      tap += (TAPS + 1) << 2;
    }
    v128.store(dst + (<usize>x << 2), sum);
  }
}

/** The filter at one vector of pixels. */
function filteredAt(at: usize, stride: usize, weights: usize): v128 {
  let sum = f32x4.mul(v128.load(at), v128.load32_splat(weights));
  for (let k: i32 = 1; k <= TAPS; k++) {
    const by = <usize>k << 2;
    sum = f32x4.add(sum, f32x4.mul(f32x4.add(v128.load(at - by), v128.load(at + by)), v128.load32_splat(weights + by)));
  }
  let tap = weights;
  for (let l: i32 = 1; l <= TAPS; l++) {
    const over = at - <usize>l * stride;
    const under = at + <usize>l * stride;
    tap += (TAPS + 1) << 2;
    sum = f32x4.add(sum, f32x4.mul(f32x4.add(v128.load(over), v128.load(under)), v128.load32_splat(tap)));
    for (let k: i32 = 1; k <= TAPS; k++) {
      const by = <usize>k << 2;
      const sides = f32x4.add(
        f32x4.add(v128.load(over - by), v128.load(under - by)), f32x4.add(v128.load(over + by), v128.load(under + by)));
      sum = f32x4.add(sum, f32x4.mul(sides, v128.load32_splat(tap + by)));
    }
  }
  return sum;
}

@inline
function binomial(at: usize, step: usize): v128 {
  const outer = f32x4.mul(f32x4.add(v128.load(at - 2 * step), v128.load(at + 2 * step)), f32x4.splat(OUTER));
  const beside = f32x4.mul(f32x4.add(v128.load(at - step), v128.load(at + step)), f32x4.splat(BESIDE));
  return f32x4.add(f32x4.add(f32x4.mul(v128.load(at), f32x4.splat(MIDDLE)), beside), outer);
}

/** The structure tensor of a row of `count` pixels, weighted along it: squares of slopes across and down, and their product, a sheet apart. */
@inline
function tensorRow(light: usize, stride: usize, count: i32, products: usize, dst: usize, sheet: usize): void {
  for (let x: i32 = -2; x < count + 2; x += 4) {
    const at = light + (<usize>x << 2);
    const dx = f32x4.sub(v128.load(at, 4), v128.load(at - 4));
    const dy = f32x4.sub(v128.load(at + stride), v128.load(at - stride));
    const to = products + (<usize>(x + 2) << 2);
    v128.store(to, f32x4.mul(dx, dx));
    v128.store(to + stride, f32x4.mul(dy, dy));
    v128.store(to + 2 * stride, f32x4.mul(dx, dy));
  }
  for (let x: i32 = 0; x < count; x += 4) {
    const from = products + (<usize>(x + 2) << 2);
    const to = dst + (<usize>x << 2);
    v128.store(to, binomial(from, 4));
    v128.store(to + sheet, binomial(from + stride, 4));
    v128.store(to + 2 * sheet, binomial(from + 2 * stride, 4));
  }
}

/**
 * Deconvolves a tile of a picture in place. `light` and `peaks`: planes of the whole picture as burstLightRowOf wrote them, so that
 * no tile reads what another has changed. `output`: the picture, interleaved. `table`: strength, the noise's scale and offset, what is
 * added to light where colours share a gain, that by colour (three), the noise's variance in what the filter gains and in what
 * straight edges gain in addition, the filter's weights, and the weights of that addition. `trust`: a grid of `columns × rows` floats, the middles of cells of 16 × 16 pixels: what is done to the pixels there. x0 is a multiple of 4.
 */
export function burstDeconvolve(
  light: usize, peaks: usize, rowStride: usize, width: i32, height: i32,
  x0: i32, y0: i32, tileWidth: i32, tileHeight: i32,
  table: usize, trust: usize, columns: i32, rows: i32, output: usize, scratch: usize,
): void {
  const across = tileWidth + 2 * HALO;
  const down = tileHeight + 2 * HALO;
  const stride = sheetStride(tileWidth);
  const sheet = scratch + 64;
  const top = sheet + stride * down;
  const gains = top + stride * down;
  const squares = gains + stride * (tileHeight + 2);
  const folded = squares + stride * (tileHeight + 2);
  const tensor = folded + stride * (TAPS + 1);
  const tensorSheet = stride * (tileHeight + 4);
  const least = tensor + 3 * tensorSheet;
  const most = least + stride;
  const brightest = most + stride;
  const changes = brightest + stride;
  const weights = table + 36;
  const edgeWeights = weights + ((TAPS + 1) * (TAPS + 1) << 2);
  copyAround(light, rowStride, width, height, x0, y0, across, down, sheet, stride);
  // One pixel more on each side, for the mean of squares.
  for (let y: i32 = 0; y < tileHeight + 2; y++) {
    const to = gains + <usize>y * stride;
    gainRow(sheet + <usize>(y + HALO - 1) * stride + (<usize>(HALO - 1) << 2), stride, tileWidth + 2, weights, folded, to);
    const square = squares + <usize>y * stride;
    for (let x: i32 = 0; x < tileWidth; x += 4) {
      const at = to + (<usize>x << 2);
      const a = v128.load(at);
      const b = v128.load(at, 4);
      const c = v128.load(at, 8);
      v128.store(square + (<usize>x << 2), f32x4.add(f32x4.add(f32x4.mul(a, a), f32x4.mul(b, b)), f32x4.mul(c, c)));
    }
  }
  for (let y: i32 = 0; y < tileHeight + 4; y++) {
    // Lines that are used for other things later on.
    const from = sheet + <usize>(y + HALO - 2) * stride + (<usize>HALO << 2);
    tensorRow(from, stride, tileWidth, least, tensor + <usize>y * stride, tensorSheet);
  }
  copyAround(peaks, rowStride, width, height, x0, y0, across, down, top, stride);
  const begin = f32x4.splat(CLIPPING);
  const perClipping = f32x4.splat(PER_CLIPPING);
  const overshoot = f32x4.splat(OVERSHOOT);
  const undershoot = f32x4.splat(UNDERSHOOT);
  const ninth = f32x4.splat(1.0 / 9);
  const tiny = f32x4.splat(TINY);
  const zero = f32x4.splat(0);
  const one = f32x4.splat(1);
  const strength = v128.load32_splat(table);
  const scale = v128.load32_splat(table, 4);
  const offset = v128.load32_splat(table, 8);
  const shade = v128.load32_splat(table, 12);
  const ofFilter = v128.load32_splat(table, 28);
  const ofEdges = v128.load32_splat(table, 32);
  const straightFrom = f32x4.splat(COHERENCE);
  const perCoherence = f32x4.splat(PER_COHERENCE);
  const three = f32x4.splat(3);
  const s0 = load<f32>(table, 16);
  const s1 = load<f32>(table, 20);
  const s2 = load<f32>(table, 24);
  // Three vectors hold four interleaved pixels.
  const shadeA = f32x4(s0, s1, s2, s0);
  const shadeB = f32x4(s1, s2, s0, s1);
  const shadeC = f32x4(s2, s0, s1, s2);
  for (let y: i32 = 0; y < tileHeight; y++) {
    const line = sheet + <usize>(y + HALO) * stride + (<usize>HALO << 2);
    const span = tileWidth + 2 * REACH;
    for (let x: i32 = 0; x < span; x += 4) {
      const at = line + (<usize>(x - REACH) << 2);
      const clip = at + stride * down;
      let low = v128.load(at - 2 * stride);
      let high = low;
      let bright = v128.load(clip - 2 * stride);
      for (let j: i32 = -1; j <= REACH; j++) {
        const next = v128.load(at + <usize>j * stride);
        low = f32x4.min(low, next);
        high = f32x4.max(high, next);
        bright = f32x4.max(bright, v128.load(clip + <usize>j * stride));
      }
      v128.store(least + (<usize>x << 2), low);
      v128.store(most + (<usize>x << 2), high);
      v128.store(brightest + (<usize>x << 2), bright);
    }
    const gy: f32 = (<f32>(y0 + y) - <f32>7.5) * <f32>0.0625;
    const row = min<i32>(max<i32>(<i32>f32.floor(gy), 0), rows - 2);
    const fy: f32 = min<f32>(max<f32>(gy - <f32>row, 0), 1);
    const above = trust + (<usize>(row * columns) << 2);
    const below = above + (<usize>columns << 2);
    const gain = gains + <usize>(y + 1) * stride + 4;
    const square = squares + <usize>y * stride;
    for (let x: i32 = 0; x < tileWidth; x += 4) {
      const at = <usize>x << 2;
      // Middles of cells lie between the eighth pixel and the ninth: four pixels never lie on both sides of one.
      const gx: f32 = (<f32>(x0 + x) - <f32>7.5) * <f32>0.0625;
      const column = min<i32>(max<i32>(<i32>f32.floor(gx), 0), columns - 2);
      const cell = <usize>column << 2;
      const a: f32 = load<f32>(above + cell) + (load<f32>(below + cell) - load<f32>(above + cell)) * fy;
      const b: f32 = load<f32>(above + cell, 4) + (load<f32>(below + cell, 4) - load<f32>(above + cell, 4)) * fy;
      const fx = f32x4.min(f32x4.max(f32x4.add(f32x4.splat(gx - <f32>column), f32x4(0, 0.0625, 0.125, 0.1875)), zero), one);
      const believed = f32x4.add(f32x4.splat(a), f32x4.mul(f32x4.splat(b - a), fx));
      const here = v128.load(line + at);
      const energy = f32x4.mul(
        f32x4.add(f32x4.add(v128.load(square + at), v128.load(square + stride + at)), v128.load(square + 2 * stride + at)), ninth);
      const noise = f32x4.add(f32x4.mul(scale, f32x4.max(here, zero)), offset);
      const kept = f32x4.max(f32x4.sub(one, f32x4.div(f32x4.mul(noise, ofFilter), f32x4.max(energy, tiny))), zero);
      let gained = f32x4.mul(v128.load(gain + at), kept);
      // One straight edge, as far as noise lets it be told: there more is gained.
      const place = tensor + <usize>(y + 2) * stride + at;
      const ofX = binomial(place, stride);
      const ofY = binomial(place + tensorSheet, stride);
      const ofBoth = binomial(place + 2 * tensorSheet, stride);
      const total = f32x4.add(f32x4.add(ofX, ofY), noise);
      const difference = f32x4.sub(ofX, ofY);
      const lean = f32x4.add(ofBoth, ofBoth);
      const coherence = f32x4.div(
        f32x4.add(f32x4.mul(difference, difference), f32x4.mul(lean, lean)), f32x4.mul(total, total));
      const over = f32x4.mul(f32x4.sub(coherence, straightFrom), perCoherence);
      if (v128.any_true(f32x4.gt(over, zero))) {
        const t = f32x4.min(f32x4.max(over, zero), one);
        const straight = f32x4.mul(f32x4.mul(t, t), f32x4.sub(three, f32x4.add(t, t)));
        const more = filteredAt(line + at, stride, edgeWeights);
        const sure = f32x4.max(
          f32x4.sub(one, f32x4.div(f32x4.mul(noise, ofEdges), f32x4.max(f32x4.mul(more, more), tiny))), zero);
        gained = f32x4.add(gained, f32x4.mul(more, f32x4.mul(sure, straight)));
      }
      const l = least + at;
      const m = most + at;
      const p = brightest + at;
      const low = f32x4.min(
        f32x4.min(f32x4.min(v128.load(l), v128.load(l, 4)), f32x4.min(v128.load(l, 8), v128.load(l, 12))), v128.load(l, 16));
      const high = f32x4.max(
        f32x4.max(f32x4.max(v128.load(m), v128.load(m, 4)), f32x4.max(v128.load(m, 8), v128.load(m, 12))), v128.load(m, 16));
      const bright = f32x4.max(
        f32x4.max(f32x4.max(v128.load(p), v128.load(p, 4)), f32x4.max(v128.load(p, 8), v128.load(p, 12))), v128.load(p, 16));
      const clear = f32x4.sub(one, f32x4.min(f32x4.max(f32x4.mul(f32x4.sub(bright, begin), perClipping), zero), one));
      const wanted = f32x4.add(here, f32x4.mul(
        f32x4.mul(gained, strength), f32x4.mul(believed, clear)));
      const allowed = f32x4.mul(f32x4.sub(high, low), overshoot);
      const under = f32x4.min(allowed, f32x4.mul(f32x4.max(low, zero), undershoot));
      const bounded = f32x4.min(f32x4.max(wanted, f32x4.sub(low, under)), f32x4.add(high, allowed));
      v128.store(changes + at, f32x4.div(f32x4.sub(bounded, here), f32x4.add(f32x4.max(here, zero), shade)));
    }
    let out = output + <usize>((y0 + y) * width + x0) * 12;
    let x: i32 = 0;
    for (; x + 4 <= tileWidth; x += 4) {
      const change = v128.load(changes + (<usize>x << 2));
      const first = v128.load(out);
      const second = v128.load(out, 16);
      const third = v128.load(out, 32);
      v128.store(out, f32x4.add(first, f32x4.mul(
        v128.shuffle<f32>(change, change, 0, 0, 0, 1), f32x4.add(f32x4.max(first, zero), shadeA))));
      v128.store(out, f32x4.add(second, f32x4.mul(
        v128.shuffle<f32>(change, change, 1, 1, 2, 2), f32x4.add(f32x4.max(second, zero), shadeB))), 16);
      v128.store(out, f32x4.add(third, f32x4.mul(
        v128.shuffle<f32>(change, change, 2, 3, 3, 3), f32x4.add(f32x4.max(third, zero), shadeC))), 32);
      out += 48;
    }
    for (; x < tileWidth; x++) {
      const change = load<f32>(changes + (<usize>x << 2));
      const r = load<f32>(out);
      const g = load<f32>(out, 4);
      const b = load<f32>(out, 8);
      store<f32>(out, r + change * (max<f32>(r, 0) + s0));
      store<f32>(out, g + change * (max<f32>(g, 0) + s1), 4);
      store<f32>(out, b + change * (max<f32>(b, 0) + s2), 8);
      out += 12;
    }
  }
}
