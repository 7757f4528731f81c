// Denoising by shrinking the spectra of overlapping blocks: reference.ts says the same to be read, README.md says why.
// Every pixel's sums are made in one fixed order of blocks, so that it has the same bytes in any tile. Rows stream through
// rings of eight, so that a pass reads and writes a tile once.

const SIDE: i32 = 8; // of a block
const LINE: usize = 32; // bytes of one column's spectrum
const BLOCK: usize = 256; // bytes of one number for each of a block's frequencies
const RECORD: usize = 96; // bytes of a line of a block in work: energies, coefficients, thresholds
const CHANNEL: usize = 864; // bytes of eight lines, and of one without energies before the next channel's
const ROOM: i32 = 64; // columns whose spectra are held
const SHARED: f32 = 1.2; // the channels' common part of an energy, and what of it is not a channel's own
const OWN: f32 = 0.2;
const TINY: f32 = 1e-9;
/** Spectra there and back are 64 times too large: the transforms leave their factors out. */
const PER_AREA: f32 = 1.0 / 64;
// What a table holds for each channel before the basis: see tables.ts.
const PER_CHANNEL: usize = 24;

// √½, sin π/8, and cos π/8 less and more it: the fast DCT's factors on the way there, then on the way back (Arai, Agui and
// Nakajima, "A fast DCT-SQ scheme for images", 1988). Coefficients come out scaled, and lose that on the way back.
const R2: f32 = 0.7071067811865476;
const S8: f32 = 0.3826834323650898;
const N8: f32 = 0.541196100146197;
const P8: f32 = 1.3065629648763766;
const ROOT2: f32 = 1.4142135623730951;
const B1: f32 = 1.8477590650225735;
const B2: f32 = 1.082392200292394;
const B3: f32 = 2.613125929752753;

@inline function add(a: v128, b: v128): v128 { return f32x4.add(a, b); }
@inline function sub(a: v128, b: v128): v128 { return f32x4.sub(a, b); }
@inline function mul(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
@inline function splat(v: f32): v128 { return f32x4.splat(v); }
@inline function tap(table: usize, i: i32): v128 { return v128.load32_splat(table + (<usize>i << 2)); }

/** Four columns of eight rows at `ring` + `o0`…`o7` to four columns' spectra, a line of eight each. */
@inline function columnsForward(
  ring: usize, o0: usize, o1: usize, o2: usize, o3: usize, o4: usize, o5: usize, o6: usize, o7: usize, to: usize,
): void {
  const v0 = v128.load(ring + o0), v1 = v128.load(ring + o1), v2 = v128.load(ring + o2), v3 = v128.load(ring + o3);
  const v4 = v128.load(ring + o4), v5 = v128.load(ring + o5), v6 = v128.load(ring + o6), v7 = v128.load(ring + o7);
  const s0 = add(v0, v7), s1 = add(v1, v6), s2 = add(v2, v5), s3 = add(v3, v4);
  const d0 = sub(v0, v7), d1 = sub(v1, v6), d2 = sub(v2, v5), d3 = sub(v3, v4);
  const t0 = add(s0, s3), t1 = add(s1, s2), t2 = sub(s0, s3), t3 = sub(s1, s2);
  const u = mul(add(t2, t3), splat(R2));
  const a = add(d3, d2), b = mul(add(d2, d1), splat(R2)), c = add(d1, d0);
  const m = mul(sub(a, c), splat(S8)), p = add(mul(a, splat(N8)), m), q = add(mul(c, splat(P8)), m);
  const e = add(d0, b), g = sub(d0, b);
  transpose(add(t0, t1), add(e, q), add(t2, u), sub(g, p), to, LINE);
  transpose(sub(t0, t1), add(g, p), sub(t2, u), sub(e, q), to + 16, LINE);
}

/** Eight columns' spectra, four frequencies at once, to the block's lines: coefficients and their energies. */
@inline function rowsForward(at: usize, to: usize, scales: usize): void {
  const v0 = v128.load(at), v1 = v128.load(at, 32), v2 = v128.load(at, 64), v3 = v128.load(at, 96);
  const v4 = v128.load(at, 128), v5 = v128.load(at, 160), v6 = v128.load(at, 192), v7 = v128.load(at, 224);
  const s0 = add(v0, v7), s1 = add(v1, v6), s2 = add(v2, v5), s3 = add(v3, v4);
  const d0 = sub(v0, v7), d1 = sub(v1, v6), d2 = sub(v2, v5), d3 = sub(v3, v4);
  const t0 = add(s0, s3), t1 = add(s1, s2), t2 = sub(s0, s3), t3 = sub(s1, s2);
  const x0 = add(t0, t1);
  v128.store(to, x0, 32); v128.store(to, mul(mul(x0, x0), v128.load(scales)));
  const x4 = sub(t0, t1);
  v128.store(to, x4, 416); v128.store(to, mul(mul(x4, x4), v128.load(scales, 128)), 384);
  const u = mul(add(t2, t3), splat(R2));
  const x2 = add(t2, u);
  v128.store(to, x2, 224); v128.store(to, mul(mul(x2, x2), v128.load(scales, 64)), 192);
  const x6 = sub(t2, u);
  v128.store(to, x6, 608); v128.store(to, mul(mul(x6, x6), v128.load(scales, 192)), 576);
  const a = add(d3, d2), b = mul(add(d2, d1), splat(R2)), c = add(d1, d0);
  const m = mul(sub(a, c), splat(S8)), p = add(mul(a, splat(N8)), m), q = add(mul(c, splat(P8)), m);
  const e = add(d0, b), g = sub(d0, b);
  const x1 = add(e, q);
  v128.store(to, x1, 128); v128.store(to, mul(mul(x1, x1), v128.load(scales, 32)), 96);
  const x3 = sub(g, p);
  v128.store(to, x3, 320); v128.store(to, mul(mul(x3, x3), v128.load(scales, 96)), 288);
  const x5 = add(g, p);
  v128.store(to, x5, 512); v128.store(to, mul(mul(x5, x5), v128.load(scales, 160)), 480);
  const x7 = sub(e, q);
  v128.store(to, x7, 704); v128.store(to, mul(mul(x7, x7), v128.load(scales, 224)), 672);
}

/** From four columns of eight frequencies to eight rows of four columns, or as many the other way. */
@inline function transpose(a: v128, b: v128, c: v128, d: v128, to: usize, step: usize): void {
  const ab0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5), ab1 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
  const cd0 = v128.shuffle<f32>(c, d, 0, 4, 1, 5), cd1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<f64>(ab0, cd0, 0, 2));
  v128.store(to + step, v128.shuffle<f64>(ab0, cd0, 1, 3));
  v128.store(to + 2 * step, v128.shuffle<f64>(ab1, cd1, 0, 2));
  v128.store(to + 3 * step, v128.shuffle<f64>(ab1, cd1, 1, 3));
}


/** The way back of `rowsForward`, times `weight`, added to eight columns' spectra at `to`. */
@inline function rowsBackward(at: usize, weight: v128, to: usize): void {
  const x0 = v128.load(at, 32), x4 = v128.load(at, 416), x2 = v128.load(at, 224), x6 = v128.load(at, 608);
  const both = add(x0, x4), one = sub(x0, x4), q = add(x2, x6), r = sub(mul(sub(x2, x6), splat(ROOT2)), q);
  const e0 = add(both, q), e3 = sub(both, q), e1 = add(one, r), e2 = sub(one, r);
  const x5 = v128.load(at, 512), x3 = v128.load(at, 320), x1 = v128.load(at, 128), x7 = v128.load(at, 704);
  const a = sub(x5, x3), b = add(x5, x3), c = add(x1, x7), d = sub(x1, x7);
  const o0 = add(c, b), m = mul(add(a, d), splat(B1));
  const o1 = sub(sub(m, mul(a, splat(B3))), o0);
  const o2 = sub(mul(sub(c, b), splat(ROOT2)), o1);
  const o3 = sub(sub(m, mul(d, splat(B2))), o2);
  put(to, mul(weight, add(e0, o0))); put(to + 32, mul(weight, add(e1, o1)));
  put(to + 64, mul(weight, add(e2, o2))); put(to + 96, mul(weight, add(e3, o3)));
  put(to + 128, mul(weight, sub(e3, o3))); put(to + 160, mul(weight, sub(e2, o2)));
  put(to + 192, mul(weight, sub(e1, o1))); put(to + 224, mul(weight, sub(e0, o0)));
}
@inline function put(to: usize, v: v128): void { v128.store(to, add(v128.load(to), v)); }

/** The way back of `columnsForward`, added to eight rows. */
@inline function columnsBackward(
  at: usize, ring: usize, o0: usize, o1: usize, o2: usize, o3: usize, o4: usize, o5: usize, o6: usize, o7: usize,
): void {
  const k0 = v128.load(at), k1 = v128.load(at, 32), k2 = v128.load(at, 64), k3 = v128.load(at, 96);
  const k01 = v128.shuffle<f32>(k0, k1, 0, 4, 1, 5), k23 = v128.shuffle<f32>(k2, k3, 0, 4, 1, 5);
  const l01 = v128.shuffle<f32>(k0, k1, 2, 6, 3, 7), l23 = v128.shuffle<f32>(k2, k3, 2, 6, 3, 7);
  const x0 = v128.shuffle<f64>(k01, k23, 0, 2), x1 = v128.shuffle<f64>(k01, k23, 1, 3);
  const x2 = v128.shuffle<f64>(l01, l23, 0, 2), x3 = v128.shuffle<f64>(l01, l23, 1, 3);
  const k4 = v128.load(at, 16), k5 = v128.load(at, 48), k6 = v128.load(at, 80), k7 = v128.load(at, 112);
  const k45 = v128.shuffle<f32>(k4, k5, 0, 4, 1, 5), k67 = v128.shuffle<f32>(k6, k7, 0, 4, 1, 5);
  const l45 = v128.shuffle<f32>(k4, k5, 2, 6, 3, 7), l67 = v128.shuffle<f32>(k6, k7, 2, 6, 3, 7);
  const x4 = v128.shuffle<f64>(k45, k67, 0, 2), x5 = v128.shuffle<f64>(k45, k67, 1, 3);
  const x6 = v128.shuffle<f64>(l45, l67, 0, 2), x7 = v128.shuffle<f64>(l45, l67, 1, 3);
  const both = add(x0, x4), one = sub(x0, x4), q = add(x2, x6), r = sub(mul(sub(x2, x6), splat(ROOT2)), q);
  const e0 = add(both, q), e3 = sub(both, q), e1 = add(one, r), e2 = sub(one, r);
  const a = sub(x5, x3), b = add(x5, x3), c = add(x1, x7), d = sub(x1, x7);
  const p0 = add(c, b), m = mul(add(a, d), splat(B1));
  const p1 = sub(sub(m, mul(a, splat(B3))), p0);
  const p2 = sub(mul(sub(c, b), splat(ROOT2)), p1);
  const p3 = sub(sub(m, mul(d, splat(B2))), p2);
  put(ring + o0, add(e0, p0)); put(ring + o1, add(e1, p1)); put(ring + o2, add(e2, p2)); put(ring + o3, add(e3, p3));
  put(ring + o4, sub(e3, p3)); put(ring + o5, sub(e2, p2)); put(ring + o6, sub(e1, p1)); put(ring + o7, sub(e0, p0));
}

/**
 * Multiplies a line of eight coefficients by their gains; returns the sums of gains' squares with theirs added. `before` is
 * the line before it. Energies of three lines are summed, then of three within them.
 */
@inline function shrinkLine(all: v128, before: usize, totals: usize): v128 {
  const zero = splat(0), one = splat(1), own = splat(OWN);
  const ownLow = v128.load(before, 96), ownHigh = v128.load(before, 112);
  const low = add(add(v128.load(before), ownLow), v128.load(before, 192));
  const high = add(add(v128.load(before, 16), ownHigh), v128.load(before, 208));
  const lowBox = add(add(v128.shuffle<f32>(zero, low, 3, 4, 5, 6), low), v128.shuffle<f32>(low, high, 1, 2, 3, 4));
  const highBox = add(add(v128.shuffle<f32>(low, high, 3, 4, 5, 6), high), v128.shuffle<f32>(high, zero, 1, 2, 3, 4));
  const lowEnergy = add(sub(lowBox, mul(own, ownLow)), v128.load(totals));
  const highEnergy = add(sub(highBox, mul(own, ownHigh)), v128.load(totals, 16));
  const lowGain = f32x4.pmax(zero, sub(one, f32x4.div(v128.load(before, 160), lowEnergy)));
  const highGain = f32x4.pmax(zero, sub(one, f32x4.div(v128.load(before, 176), highEnergy)));
  v128.store(before, mul(v128.load(before, 128), lowGain), 128);
  v128.store(before, mul(v128.load(before, 144), highGain), 144);
  return add(add(all, mul(lowGain, lowGain)), mul(highGain, highGain));
}

/** What a map says at a place: `columns × rows` numbers, bilinear between the middles of its cells. See tables.ts. */
function levelAt(levels: usize, x: i32, y: i32): f32 {
  const columns = <i32>load<f32>(levels), rows = <i32>load<f32>(levels, 4);
  const per = load<f32>(levels, 8);
  const u = min<f32>(max<f32>(<f32>x * per - 0.5, 0), <f32>(columns - 1));
  const v = min<f32>(max<f32>(<f32>y * per - 0.5, 0), <f32>(rows - 1));
  const i = min<i32>(<i32>u, max<i32>(columns - 2, 0)), j = min<i32>(<i32>v, max<i32>(rows - 2, 0));
  const right: usize = columns > 1 ? 4 : 0, under = rows > 1 ? <usize>columns << 2 : 0;
  const at = levels + 12 + (<usize>(j * columns + i) << 2);
  const a = load<f32>(at), b = load<f32>(at + right), c = load<f32>(at + under), d = load<f32>(at + under + right);
  const fu = u - <f32>i, fv = v - <f32>j;
  const upper = a + (b - a) * fu;
  return upper + (c + (d - c) * fu - upper) * fv;
}

/** Puts thresholds, times a level, where the lines of a block are worked on. */
function putThresholds(lines: usize, channels: i32, thresholds: usize, level: f32): void {
  const times = splat(level);
  for (let c = 0; c < channels; c++)
    for (let l = 0; l < SIDE; l++) {
      const to = lines + <usize>c * CHANNEL + <usize>(l + 1) * RECORD + 64;
      const from = thresholds + <usize>c * BLOCK + <usize>l * LINE;
      v128.store(to, mul(times, v128.load(from)));
      v128.store(to, mul(times, v128.load(from, 16)), 16);
    }
}

/** First place from 0 on whose number in the picture is a multiple of `step`. */
@inline function firstBlock(place: i32, step: i32): i32 {
  const over = ((place % step) + step) % step;
  return over == 0 ? 0 : step - over;
}

/** How many blocks reach a place, along one direction. */
@inline function blocksOver(place: i32, step: i32): i32 {
  return (SIDE - 1 - ((place % step) + step) % step) / step + 1;
}

// Work memory: rings of eight rows with the channels to be shrunk, with their sums, and with the sums' weights; what each
// column's blocks would weigh without shrinking; held columns' spectra, their sums and weights; one block.
@inline function ringBytes(columns: i32): usize { return <usize>(SIDE * columns) << 2; }
@inline function sumsOf(work: usize, channels: i32, columns: i32): usize { return work + <usize>channels * ringBytes(columns); }
@inline function weightsOf(work: usize, channels: i32, columns: i32): usize {
  return work + <usize>(2 * channels) * ringBytes(columns);
}
@inline function sharesOf(work: usize, channels: i32, columns: i32): usize {
  return work + <usize>(2 * channels + 1) * ringBytes(columns);
}
@inline function heldOf(work: usize, channels: i32, columns: i32): usize {
  return sharesOf(work, channels, columns) + (<usize>columns << 2);
}

function shrinkScratch(channels: i32, width: i32): i32 {
  const columns = (width + 3) & ~3;
  return <i32>heldOf(0, channels, columns) + channels * (2 * ROOM * <i32>LINE + <i32>CHANNEL) + ROOM * 4 + <i32>(BLOCK + RECORD) + 64;
}

/**
 * Makes the work memory ready for a tile whose first column lies at `placeX` in the picture.
 * @param thresholds 64 for each channel, by frequency along the row, then along the column
 */
function shrinkBegin(work: usize, channels: i32, width: i32, placeX: i32, step: i32, thresholds: usize): void {
  const columns = (width + 3) & ~3;
  const sums = sumsOf(work, channels, columns), shares = sharesOf(work, channels, columns);
  memory.fill(sums, 0, shares - sums);
  // Each block over a pixel keeps as much noise as the inverse of its weight says; 64 for the weight's own factor.
  for (let x = 0; x < columns; x++)
    store<f32>(shares + (<usize>x << 2), <f32>blocksOver(placeX + x, step) / <f32>channels);
  const lines = heldOf(work, channels, columns) + <usize>(2 * channels * ROOM) * LINE + (<usize>ROOM << 2) + BLOCK;
  memory.fill(lines, 0, <usize>channels * CHANNEL + RECORD);
  putThresholds(lines, channels, thresholds, 1);
}

/**
 * Shrinks the spectra of the blocks whose first row is `y`, from the ring of rows to that of sums.
 * @param x0 first column of the first block
 * @param placeX place of the first column in the picture, placeY of the first row
 * @param scales 64 factors that make energies of coefficients' squares, the thresholds, and the map of what they are multiplied by
 */
function shrinkRow(
  work: usize, channels: i32, width: i32, x0: i32, y: i32, placeX: i32, placeY: i32, step: i32, scales: usize,
): void {
  const columns = (width + 3) & ~3;
  const rowBytes = <usize>columns << 2;
  const ring = ringBytes(columns);
  const sums = sumsOf(work, channels, columns), weights = weightsOf(work, channels, columns);
  const spectra = heldOf(work, channels, columns);
  const room = <usize>ROOM * LINE;
  const shrunk = spectra + <usize>channels * room;
  const columnWeights = shrunk + <usize>channels * room;
  const totals = columnWeights + (<usize>ROOM << 2);
  const lines = totals + BLOCK;
  const thresholds = scales + BLOCK;
  const levels = thresholds + <usize>channels * BLOCK;
  const mapped = load<f32>(levels) > 0;
  const zero = splat(0), shared = splat(SHARED), tiny = splat(TINY);
  const o0 = <usize>(y & 7) * rowBytes, o1 = <usize>(y + 1 & 7) * rowBytes, o2 = <usize>(y + 2 & 7) * rowBytes;
  const o3 = <usize>(y + 3 & 7) * rowBytes, o4 = <usize>(y + 4 & 7) * rowBytes, o5 = <usize>(y + 5 & 7) * rowBytes;
  const o6 = <usize>(y + 6 & 7) * rowBytes, o7 = <usize>(y + 7 & 7) * rowBytes;
  // Columns from `done` to `ready` are held, the first place is that of `origin`.
  let origin = 0, done = 0, ready = 0;
  for (let x = x0; x + SIDE <= width; x += step) {
    if (x + SIDE + 4 - origin > ROOM) {
      const by = <usize>(done - origin) * LINE;
      const bytes = <usize>(ready - done) * LINE;
      for (let c = 0; c < 2 * channels; c++) {
        const to = spectra + <usize>c * room;
        for (let i: usize = 0; i < bytes; i += 16) v128.store(to + i, v128.load(to + by + i));
      }
      for (let i: usize = 0; i < bytes >> 3; i += 16)
        v128.store(columnWeights + i, v128.load(columnWeights + (by >> 3) + i));
      origin = done;
    }
    for (; ready < x + SIDE; ready += 4) {
      const at = <usize>(ready - origin) * LINE;
      for (let c = 0; c < channels; c++) {
        const rows = work + <usize>c * ring + (<usize>ready << 2);
        const to = <usize>c * room + at;
        columnsForward(rows, o0, o1, o2, o3, o4, o5, o6, o7, spectra + to);
        for (let i: usize = 0; i < 4 * LINE; i += 16) v128.store(shrunk + to + i, zero);
      }
      v128.store(columnWeights + (at >> 3), zero);
    }
    const place = <usize>(x - origin) * LINE;
    for (let c = 0; c < channels; c++) {
      const from = spectra + <usize>c * room + place;
      const to = lines + <usize>c * CHANNEL + RECORD;
      rowsForward(from, to, scales);
      rowsForward(from + 16, to + 16, scales + 16);
    }
    if (mapped)
      putThresholds(lines, channels, thresholds, levelAt(levels, placeX + x + SIDE / 2, placeY + y + SIDE / 2));
    let line = lines + RECORD;
    for (let i: usize = 0; i < BLOCK; i += LINE) {
      let low = add(add(v128.load(line), v128.load(line, 864)), v128.load(line, 1728));
      let high = add(add(v128.load(line, 16), v128.load(line, 880)), v128.load(line, 1744));
      if (channels == 4) {
        low = add(low, v128.load(line, 2592));
        high = add(high, v128.load(line, 2608));
      }
      v128.store(totals + i, add(mul(shared, low), tiny));
      v128.store(totals + i, add(mul(shared, high), tiny), 16);
      line += RECORD;
    }
    let all = zero;
    for (let c = 0; c < channels; c++) {
      let before = lines + <usize>c * CHANNEL;
      for (let i: usize = 0; i < BLOCK; i += LINE) {
        all = shrinkLine(all, before, totals + i);
        before += RECORD;
      }
    }
    const kept = (f32x4.extract_lane(all, 0) + f32x4.extract_lane(all, 1)) + (f32x4.extract_lane(all, 2) + f32x4.extract_lane(all, 3));
    const weight = splat(<f32>1 / kept);
    for (let c = 0; c < channels; c++) {
      const from = lines + <usize>c * CHANNEL + RECORD;
      const to = shrunk + <usize>c * room + place;
      rowsBackward(from, weight, to);
      rowsBackward(from + 16, weight, to + 16);
    }
    const sum = columnWeights + (place >> 3);
    v128.store(sum, add(v128.load(sum), weight));
    v128.store(sum, add(v128.load(sum, 16), weight), 16);
    // No further block reaches the columns before the next one; after the last, all are done.
    const until = x + step + SIDE > width ? ready : x + step & ~3;
    for (; done < until; done += 4) {
      const at = <usize>(done - origin) * LINE;
      const to = <usize>done << 2;
      for (let c = 0; c < channels; c++)
        columnsBackward(shrunk + <usize>c * room + at, sums + <usize>c * ring + to, o0, o1, o2, o3, o4, o5, o6, o7);
      const more = v128.load(columnWeights + (at >> 3));
      const w = weights + to;
      put(w + o0, more); put(w + o1, more); put(w + o2, more); put(w + o3, more);
      put(w + o4, more); put(w + o5, more); put(w + o6, more); put(w + o7, more);
    }
  }
}

/** Noise of variance 1 out of a signal. */
@inline function stabilise(x: v128, channel: usize): v128 {
  return f32x4.sqrt(f32x4.pmax(splat(0), add(mul(x, v128.load32_splat(channel)), v128.load32_splat(channel, 4))));
}
/** The signal whose noisy values have this mean, as far as noise is gone; see tables.ts. */
@inline function restore(value: v128, channel: usize, removed: v128): v128 {
  const d = f32x4.pmax(v128.load32_splat(channel, 20), value);
  const i = f32x4.div(splat(1), d);
  const lack = add(splat(0.25), mul(i, add(splat(0.30618621784789724), mul(i, add(splat(-1.375), mul(i, splat(0.7654655446197431)))))));
  return sub(add(mul(mul(d, d), v128.load32_splat(channel, 8)), mul(lack, mul(removed, v128.load32_splat(channel, 12)))), v128.load32_splat(channel, 16));
}
/** The same where the way back is that of the value itself. */
@inline function restorePlain(value: v128, channel: usize): v128 {
  const d = f32x4.pmax(v128.load32_splat(channel, 20), value);
  return sub(mul(mul(d, d), v128.load32_splat(channel, 8)), v128.load32_splat(channel, 16));
}

@inline function blend3(m: usize, a: v128, b: v128, c: v128): v128 {
  return add(add(mul(tap(m, 0), a), mul(tap(m, 1), b)), mul(tap(m, 2), c));
}
@inline function unblend3(m: usize, a: v128, b: v128, c: v128): v128 {
  return add(add(mul(tap(m, 0), a), mul(tap(m, 3), b)), mul(tap(m, 6), c));
}
@inline function blend4(m: usize, a: v128, b: v128, c: v128, d: v128): v128 {
  return add(add(mul(tap(m, 0), a), mul(tap(m, 1), b)), add(mul(tap(m, 2), c), mul(tap(m, 3), d)));
}
@inline function unblend4(m: usize, a: v128, b: v128, c: v128, d: v128): v128 {
  return add(add(mul(tap(m, 0), a), mul(tap(m, 4), b)), add(mul(tap(m, 8), c), mul(tap(m, 12), d)));
}

/** Bytes of scratch for a mosaic of `stride` floats by `height` rows. */
export function denoiseMosaicScratch(stride: i32, height: i32): i32 {
  return shrinkScratch(4, stride >> 1) + 16;
}

/**
 * Denoises a Bayer mosaic in place; width and height are even and the tile begins on the array's period. What no block
 * reaches stays as it is.
 * @param left the tile's first column in the active area, `top` its first row
 * @param table four photosites' six numbers, the basis of 4 × 4, 64 scales, four times 64 thresholds, a map of levels (float32)
 */
export function denoiseMosaic(
  mosaic: usize, stride: i32, width: i32, height: i32, left: i32, top: i32, step: i32, table: usize, scratch: usize,
): void {
  const rowBytes = <usize>stride << 2;
  const across = width >> 1, down = height >> 1;
  const columns = (across + 3) & ~3;
  const ring = ringBytes(columns);
  const work = (scratch + 15) & ~(<usize>15);
  const sums = sumsOf(work, 4, columns), weights = weightsOf(work, 4, columns), shares = sharesOf(work, 4, columns);
  const basis = table + 4 * PER_CHANNEL;
  const t1 = table + PER_CHANNEL, t2 = table + 2 * PER_CHANNEL, t3 = table + 3 * PER_CHANNEL;
  const x0 = firstBlock(left >> 1, step);
  const zero = splat(0), one = splat(1), perArea = splat(PER_AREA);
  shrinkBegin(work, 4, across, left >> 1, step, basis + 64 + BLOCK);
  let ready = firstBlock(top >> 1, step);
  for (let y = ready; y + SIDE <= down; y += step) {
    for (; ready < y + SIDE; ready++) {
      const upper = mosaic + <usize>(2 * ready) * rowBytes, lower = upper + rowBytes;
      const to = work + (<usize>((ready & 7) * columns) << 2);
      for (let b = 0; b < across; b += 4) {
        const x = b > across - 4 ? across - 4 : b;
        const p = upper + (<usize>x << 3), q = lower + (<usize>x << 3);
        const u = v128.load(p), v = v128.load(p, 16), m = v128.load(q), n = v128.load(q, 16);
        const s0 = stabilise(v128.shuffle<f32>(u, v, 0, 2, 4, 6), table), s1 = stabilise(v128.shuffle<f32>(u, v, 1, 3, 5, 7), t1);
        const s2 = stabilise(v128.shuffle<f32>(m, n, 0, 2, 4, 6), t2), s3 = stabilise(v128.shuffle<f32>(m, n, 1, 3, 5, 7), t3);
        const at = to + (<usize>x << 2);
        v128.store(at, blend4(basis, s0, s1, s2, s3));
        v128.store(at + ring, blend4(basis + 16, s0, s1, s2, s3));
        v128.store(at + 2 * ring, blend4(basis + 32, s0, s1, s2, s3));
        v128.store(at + 3 * ring, blend4(basis + 48, s0, s1, s2, s3));
      }
    }
    shrinkRow(work, 4, across, x0, y, left >> 1, top >> 1, step, basis + 64);
    // No further block reaches the first rows; after the last block, all eight are done.
    const done = y + step + SIDE <= down ? y + step : y + SIDE;
    for (let r = y; r < done; r++) {
      const upper = mosaic + <usize>(2 * r) * rowBytes, lower = upper + rowBytes;
      const row = <usize>((r & 7) * columns) << 2;
      const over = splat(<f32>blocksOver((top >> 1) + r, step));
      for (let b = 0; b < across; b += 4) {
        // What was done already has no weight any more, and stays.
        const x = b > across - 4 ? across - 4 : b;
        const column = <usize>x << 2;
        const at = sums + row + column;
        const w = v128.load(weights + row + column);
        const per = f32x4.div(perArea, w);
        const c0 = mul(v128.load(at), per), c1 = mul(v128.load(at + ring), per);
        const c2 = mul(v128.load(at + 2 * ring), per), c3 = mul(v128.load(at + 3 * ring), per);
        const gone = sub(one, mul(mul(over, v128.load(shares + column)), per));
        const s0 = restore(unblend4(basis, c0, c1, c2, c3), table, gone), s1 = restore(unblend4(basis + 4, c0, c1, c2, c3), t1, gone);
        const s2 = restore(unblend4(basis + 8, c0, c1, c2, c3), t2, gone), s3 = restore(unblend4(basis + 12, c0, c1, c2, c3), t3, gone);
        const reached = f32x4.gt(w, zero);
        const p = upper + (<usize>x << 3), q = lower + (<usize>x << 3);
        const left = v128.shuffle<f32>(reached, reached, 0, 0, 1, 1), right = v128.shuffle<f32>(reached, reached, 2, 2, 3, 3);
        v128.store(p, v128.bitselect(v128.shuffle<f32>(s0, s1, 0, 4, 1, 5), v128.load(p), left));
        v128.store(p, v128.bitselect(v128.shuffle<f32>(s0, s1, 2, 6, 3, 7), v128.load(p, 16), right), 16);
        v128.store(q, v128.bitselect(v128.shuffle<f32>(s2, s3, 0, 4, 1, 5), v128.load(q), left));
        v128.store(q, v128.bitselect(v128.shuffle<f32>(s2, s3, 2, 6, 3, 7), v128.load(q, 16), right), 16);
        v128.store(at, zero); v128.store(at + ring, zero); v128.store(at + 2 * ring, zero); v128.store(at + 3 * ring, zero);
        v128.store(weights + row + column, zero);
      }
    }
  }
}

/** Bytes of scratch for planes of that size. */
export function denoisePlanesScratch(width: i32, height: i32): i32 {
  return shrinkScratch(3, width) + 16;
}

/**
 * Denoises three planes in place; rows have room for three floats more than `width`, whose values are lost. What no block
 * reaches stays as it is.
 * @param left place of the first column in the picture, `top` of the first row
 * @param table three channels' six numbers, the basis of 3 × 3, 36 bytes, 64 scales, three times 64 thresholds, a map of levels (float32)
 */
export function denoisePlanes(
  planes: usize, planeStride: usize, rowStride: usize, width: i32, height: i32, left: i32, top: i32, step: i32,
  table: usize, scratch: usize,
): void {
  const t1 = table + PER_CHANNEL, t2 = table + 2 * PER_CHANNEL;
  const basis = table + 3 * PER_CHANNEL;
  const columns = (width + 3) & ~3;
  const ring = ringBytes(columns);
  const work = (scratch + 15) & ~(<usize>15);
  const sums = sumsOf(work, 3, columns), weights = weightsOf(work, 3, columns), shares = sharesOf(work, 3, columns);
  const x0 = firstBlock(left, step);
  const zero = splat(0), one = splat(1), perArea = splat(PER_AREA);
  const isBiased = load<f32>(table, 12) != 0 || load<f32>(t1, 12) != 0 || load<f32>(t2, 12) != 0;
  shrinkBegin(work, 3, width, left, step, basis + 36 + BLOCK);
  let ready = firstBlock(top, step);
  for (let y = ready; y + SIDE <= height; y += step) {
    for (; ready < y + SIDE; ready++) {
      const row = planes + <usize>ready * rowStride;
      const to = work + (<usize>((ready & 7) * columns) << 2);
      for (let x = 0; x < width; x += 4) {
        const from = row + (<usize>x << 2), at = to + (<usize>x << 2);
        const r = stabilise(v128.load(from), table), g = stabilise(v128.load(from + planeStride), t1);
        const b = stabilise(v128.load(from + 2 * planeStride), t2);
        v128.store(at, blend3(basis, r, g, b));
        v128.store(at + ring, blend3(basis + 12, r, g, b));
        v128.store(at + 2 * ring, blend3(basis + 24, r, g, b));
      }
    }
    shrinkRow(work, 3, width, x0, y, left, top, step, basis + 36);
    const done = y + step + SIDE <= height ? y + step : y + SIDE;
    for (let r = y; r < done; r++) {
      const row = <usize>((r & 7) * columns) << 2;
      const over = splat(<f32>blocksOver(top + r, step));
      for (let x = 0; x < width; x += 4) {
        const column = <usize>x << 2;
        const at = sums + row + column;
        const to = planes + <usize>r * rowStride + column;
        const w = v128.load(weights + row + column);
        const per = f32x4.div(perArea, w);
        const c0 = mul(v128.load(at), per), c1 = mul(v128.load(at + ring), per), c2 = mul(v128.load(at + 2 * ring), per);
        const red = unblend3(basis, c0, c1, c2), green = unblend3(basis + 4, c0, c1, c2), blue = unblend3(basis + 8, c0, c1, c2);
        const reached = f32x4.gt(w, zero);
        if (isBiased) {
          const gone = sub(one, mul(mul(over, v128.load(shares + column)), per));
          v128.store(to, v128.bitselect(restore(red, table, gone), v128.load(to), reached));
          v128.store(to + planeStride, v128.bitselect(restore(green, t1, gone), v128.load(to + planeStride), reached));
          v128.store(to + 2 * planeStride, v128.bitselect(restore(blue, t2, gone), v128.load(to + 2 * planeStride), reached));
        } else {
          v128.store(to, v128.bitselect(restorePlain(red, table), v128.load(to), reached));
          v128.store(to + planeStride, v128.bitselect(restorePlain(green, t1), v128.load(to + planeStride), reached));
          v128.store(to + 2 * planeStride, v128.bitselect(restorePlain(blue, t2), v128.load(to + 2 * planeStride), reached));
        }
        v128.store(at, zero); v128.store(at + ring, zero); v128.store(at + 2 * ring, zero);
        v128.store(weights + row + column, zero);
      }
    }
  }
}

/** Least gain that is believed: what was multiplied by less cannot be told again. */
const LEAST_GAIN: f32 = 0.001;

/** Writes ones; room for three more. */
export function denoiseUnits(to: usize, count: i32): void {
  for (let i = 0; i < count; i += 4) v128.store(to + (<usize>i << 2), splat(1));
}

/** Divides an area by gains that lie as it does, or multiplies it by them again; rows have room for three floats more. */
export function denoiseGain(at: usize, gains: usize, rowStride: usize, width: i32, height: i32, divide: bool): void {
  const one = splat(1), least = splat(LEAST_GAIN);
  for (let y = 0; y < height; y++) {
    const row = <usize>y * rowStride;
    for (let x = 0; x < width; x += 4) {
      const p = row + (<usize>x << 2);
      const given = v128.load(gains + p);
      const gain = v128.bitselect(given, one, f32x4.gt(given, least));
      const v = v128.load(at + p);
      v128.store(at + p, divide ? f32x4.div(v, gain) : mul(v, gain));
    }
  }
}
