import type { OpticalSystem } from './system.js';

/** Numbers of a ray: place x, y, z in mm, then direction cosines. */
export const RAY_LENGTH = 6;
/** Numbers of a traced ray: place and direction on the image plane, then the optical path from the ray's start, mm. */
export const TRACED_LENGTH = 7;

/** What became of a ray. */
export type Fate = 'passed' | 'missed' | 'reflected' | 'vignetted';
const FATES: readonly Fate[] = ['passed', 'missed', 'reflected', 'vignetted'];

const PASSED = 0;
const MISSED = 1;
const REFLECTED = 2;
const VIGNETTED = 3;

/** Newton steps on an asphere before a ray counts as missing it; a lens that can be made needs five. */
const MOST_STEPS = 40;
/** A surface is met when the ray is this near to it, mm: a ten-thousandth of a wavelength's thousandth. */
const NEAR_MM = 1e-11;
/** Rays this little beyond a clear edge still pass, relative: a marginal ray aimed at the edge does. */
const EDGE_ROUNDING = 1e-9;

/** Where a surface lies and how it slopes, by the square of the distance from the axis: scratch of {@link sagAt}. */
let sag = 0;
/** Half the derivative of the sag by r, over r: the normal is (−2x h, −2y h, 1) with h = `halfSlope`. */
let halfSlope = 0;

/** @returns false where the conic does not reach out to there */
function sagAt(curvature: number, conic: number, even: Float64Array, odd: Float64Array, r2: number): boolean {
  const inside = 1 - (1 + conic) * curvature * curvature * r2;
  if (inside <= 0) return false;
  const root = Math.sqrt(inside);
  let polynomial = 0;
  let derivative = 0;
  for (let k = even.length - 1; k >= 0; k--) {
    derivative = derivative * r2 + (k + 1) * (even[k] ?? 0);
    polynomial = (polynomial + (even[k] ?? 0)) * r2;
  }
  sag = (curvature * r2) / (1 + root) + polynomial;
  halfSlope = curvature / (2 * root) + derivative;
  if (odd.length > 0) {
    const r = Math.sqrt(r2);
    let value = 0;
    let slope = 0;
    for (let k = odd.length - 1; k >= 0; k--) {
      slope = slope * r2 + (2 * k + 1) * (odd[k] ?? 0);
      value = value * r2 + (odd[k] ?? 0);
    }
    sag += value * r;
    if (r > 0) halfSlope += slope / (2 * r);
  }
  return true;
}

/**
 * Sag of a surface of a system at a distance from the axis, mm; NaN where the surface does not reach out to there.
 * @param system prepared lens
 * @param surface its number
 * @param radiusMm distance from the axis, mm
 */
export function surfaceSagMm(system: OpticalSystem, surface: number, radiusMm: number): number {
  const even = system.even[surface];
  const odd = system.odd[surface];
  if (even === undefined || odd === undefined) return Number.NaN;
  const reaches = sagAt(
    system.curvaturePerMm[surface] ?? 0,
    system.conic[surface] ?? 0,
    even,
    odd,
    radiusMm * radiusMm,
  );
  return reaches ? sag : Number.NaN;
}

/**
 * Traces one ray.
 * @param last number of surfaces to pass; where it is that of the system, the ray goes on to the image plane, otherwise it
 *   stops on that surface, before refraction
 * @param clip whether clear apertures stop rays
 * @returns fate in the two lowest bits, number of the surface that stopped the ray above them
 */
function traceOne(
  system: OpticalSystem,
  rays: Float64Array,
  from: number,
  out: Float64Array,
  to: number,
  last: number,
  clip: boolean,
): number {
  const {
    vertexMm,
    curvaturePerMm,
    conic,
    aspheric,
    idealPowerPerMm,
    index,
    semiDiameterMm,
    obscurationMm,
    reflects,
  } = system;
  const count = vertexMm.length;
  let x = rays[from] as number;
  let y = rays[from + 1] as number;
  let z = rays[from + 2] as number;
  let dx = rays[from + 3] as number;
  let dy = rays[from + 4] as number;
  let dz = rays[from + 5] as number;
  let path = 0;
  /** +1 while light runs to the right, −1 behind an odd number of mirrors. */
  let towards = 1;
  const end = last < count ? last + 1 : count;
  for (let k = 0; k < end; k++) {
    const vertex = vertexMm[k] as number;
    const c = curvaturePerMm[k] as number;
    const n = index[k] as number;
    z -= vertex;
    // The conic, as the root of A t² − 2 B t + C that lies on the sheet through the vertex.
    const q = 1 + (conic[k] as number);
    let t: number;
    let met = true;
    if (c === 0) {
      t = -z / dz;
    } else {
      const a = c * (dx * dx + dy * dy + q * dz * dz);
      const b = dz - c * (x * dx + y * dy + q * z * dz);
      const e = c * (x * x + y * y + q * z * z) - 2 * z;
      const square = b * b - a * e;
      if (square < 0) {
        met = false;
        t = -z / dz;
      } else {
        const root = towards * Math.sqrt(square);
        t = b * towards >= 0 ? e / (b + root) : (b - root) / a;
        if (1 - c * q * (z + t * dz) <= 0) {
          t = b * towards >= 0 ? (b + root) / a : e / (b - root);
          met = 1 - c * q * (z + t * dz) > 0;
        }
      }
    }
    let nx: number;
    let ny: number;
    let nz: number;
    if (aspheric[k] === 1) {
      const even = system.even[k] as Float64Array;
      const odd = system.odd[k] as Float64Array;
      // Newton on z(t) − sag(t), from the conic's point or the vertex plane's; half steps where it grows.
      const k0 = conic[k] as number;
      if (!met || !sagAt(c, k0, even, odd, (x + t * dx) ** 2 + (y + t * dy) ** 2)) {
        t = -z / dz;
        if (!sagAt(c, k0, even, odd, (x + t * dx) ** 2 + (y + t * dy) ** 2)) return MISSED + 4 * k;
      }
      let off = z + t * dz - sag;
      met = Math.abs(off) < NEAR_MM;
      for (let step = 0; step < MOST_STEPS && !met; step++) {
        const slope = dz - 2 * halfSlope * ((x + t * dx) * dx + (y + t * dy) * dy);
        let move = -off / slope;
        if (!Number.isFinite(move)) return MISSED + 4 * k;
        let better = false;
        for (let halving = 0; halving < MOST_STEPS && !better; halving++) {
          const at = t + move;
          if (sagAt(c, k0, even, odd, (x + at * dx) ** 2 + (y + at * dy) ** 2)) {
            const left = z + at * dz - sag;
            if (Math.abs(left) < Math.abs(off)) {
              better = true;
              t = at;
              off = left;
            }
          }
          move /= 2;
        }
        met = Math.abs(off) < NEAR_MM;
        // No step gets nearer: at the limit of the numbers' precision, or the ray passes by.
        if (!better) {
          met = Math.abs(off) < NEAR_MM * 1000;
          sagAt(c, k0, even, odd, (x + t * dx) ** 2 + (y + t * dy) ** 2);
          break;
        }
      }
      if (!met) return MISSED + 4 * k;
      x += t * dx;
      y += t * dy;
      z += t * dz;
      const length = 1 / Math.sqrt(1 + 4 * halfSlope * halfSlope * (x * x + y * y));
      nx = -2 * halfSlope * x * length;
      ny = -2 * halfSlope * y * length;
      nz = length;
    } else {
      if (!met || !Number.isFinite(t)) return MISSED + 4 * k;
      x += t * dx;
      y += t * dy;
      z += t * dz;
      nx = -c * x;
      ny = -c * y;
      nz = 1 - c * q * z;
      if (q !== 1) {
        const length = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz);
        nx *= length;
        ny *= length;
        nz *= length;
      }
    }
    path += n * t;
    z += vertex;
    if (clip) {
      const edge = semiDiameterMm[k] as number;
      const hole = obscurationMm[k] as number;
      const r2 = x * x + y * y;
      if (r2 > edge * edge * (1 + EDGE_ROUNDING) || r2 < hole * hole) return VIGNETTED + 4 * k;
    }
    if (k === last) break;
    const ideal = idealPowerPerMm[k] as number;
    if (ideal !== 0) {
      // Slopes change in proportion to the height, which draws every plane sharply. The path is what makes all rays of a
      // far point reach its image in phase; light between two near planes gets that path too.
      const f = n / ideal;
      const mx = (towards * dx) / dz;
      const my = (towards * dy) / dz;
      const centre = Math.sqrt(1 + mx * mx + my * my);
      const toX = f * mx - x;
      const toY = f * my - y;
      const away = Math.sqrt(toX * toX + toY * toY + f * f);
      const before = dx * x + dy * y;
      path += n * (f * centre - Math.sign(f) * away - before);
      const length = 1 / Math.sqrt(1 + (toX * toX + toY * toY) / (f * f));
      dx = (toX / f) * length;
      dy = (toY / f) * length;
      dz = towards * length;
      continue;
    }
    // Refraction: n' d' = n d + (n' cos' − n cos) N; reflection: d' = d − 2 cos N.
    const cos = dx * nx + dy * ny + dz * nz;
    if (reflects[k] === 1) {
      dx -= 2 * cos * nx;
      dy -= 2 * cos * ny;
      dz -= 2 * cos * nz;
      towards = -towards;
    } else {
      const behind = index[k + 1] as number;
      if (behind !== n) {
        const ratio = n / behind;
        const square = 1 - ratio * ratio * (1 - cos * cos);
        if (square < 0) return REFLECTED + 4 * k;
        const bend = (cos < 0 ? -Math.sqrt(square) : Math.sqrt(square)) - ratio * cos;
        dx = ratio * dx + bend * nx;
        dy = ratio * dy + bend * ny;
        dz = ratio * dz + bend * nz;
      }
    }
  }
  if (last >= count) {
    const t = (system.imageMm - z) / dz;
    if (!Number.isFinite(t)) return MISSED + 4 * count;
    x += t * dx;
    y += t * dy;
    z = system.imageMm;
    path += t * (index[count] as number);
  }
  out[to] = x;
  out[to + 1] = y;
  out[to + 2] = z;
  out[to + 3] = dx;
  out[to + 4] = dy;
  out[to + 5] = dz;
  out[to + 6] = path;
  return PASSED;
}

/**
 * Exact sequential trace of many rays through spheres, conics and aspheres to the image plane; nothing is allocated.
 * @param system prepared lens
 * @param rays {@link RAY_LENGTH} numbers each: x, y, z of a point on the ray in mm (anywhere before the first surface), and
 *   direction cosines
 * @param count number of rays
 * @param out {@link TRACED_LENGTH} numbers each: x, y, z on the image plane, direction cosines, optical path from the
 *   start in mm; left as it is for lost rays
 * @param passed 1 for rays that reach the image plane, 0 for lost ones
 * @returns number of rays that pass
 */
export function traceRays(
  system: OpticalSystem,
  rays: Float64Array,
  count: number,
  out: Float64Array,
  passed: Uint8Array,
): number {
  const last = system.vertexMm.length;
  let passes = 0;
  for (let ray = 0; ray < count; ray++) {
    const code = traceOne(system, rays, ray * RAY_LENGTH, out, ray * TRACED_LENGTH, last, true);
    passed[ray] = code === PASSED ? 1 : 0;
    if (code === PASSED) passes++;
  }
  return passes;
}

/** One traced ray. */
export interface TracedRay {
  readonly fate: Fate;
  /** Number of the surface that stopped the ray; undefined where it passed. */
  readonly surface: number | undefined;
  /** x, y, z on the image plane, mm (or on the surface that was asked for); NaN for lost rays. */
  readonly point: readonly [number, number, number];
  /** Direction cosines there. */
  readonly direction: readonly [number, number, number];
  /** Optical path from the ray's start, mm. */
  readonly opticalPathMm: number;
}

/**
 * Exact trace of one ray.
 * @param system prepared lens
 * @param ray x, y, z of a point on the ray in mm, and direction cosines
 * @param options a surface to stop on, before refraction there, instead of the image plane; whether clear apertures stop the
 *   ray, as they do where this is left out
 */
export function traceRay(
  system: OpticalSystem,
  ray: readonly [number, number, number, number, number, number],
  { toSurface, clip = true }: { toSurface?: number; clip?: boolean } = {},
): TracedRay {
  const out = new Float64Array(TRACED_LENGTH).fill(Number.NaN);
  const last = toSurface ?? system.vertexMm.length;
  const code = traceOne(system, Float64Array.from(ray), 0, out, 0, last, clip);
  const [x = 0, y = 0, z = 0, dx = 0, dy = 0, dz = 0, opticalPathMm = 0] = out;
  return {
    fate: FATES[code & 3] ?? 'missed',
    surface: code === PASSED ? undefined : code >> 2,
    point: [x, y, z],
    direction: [dx, dy, dz],
    opticalPathMm,
  };
}

/**
 * Traces one ray from a buffer to a surface without clipping; for aiming.
 * @returns whether it gets there
 */
export function traceToSurface(
  system: OpticalSystem,
  rays: Float64Array,
  out: Float64Array,
  surface: number,
): boolean {
  return traceOne(system, rays, 0, out, 0, surface, false) === PASSED;
}
