import type { RgbScene } from '../Scene.js';
import { lattice, turbulence, valueNoise } from './noise.js';
import { type PictureSize, type Rgb, renderScene } from './picture.js';

/** Tangent of half the angle of view: that of a 75 mm lens on 36 × 24 mm, cut to 4:3. */
export const PORTRAIT_HALF_WIDTH = 16 / 75;
/** Where the sitter's head is, metres from the camera along the axis. */
const SITTER_M = 1.3;
const HEAD_X = -0.085;
const HEAD_Y = -0.012;

type Part = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7;

const [FACE, LIPS, EYE, BROW, HAIR, HAT, SCARF, COAT] = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** Which part of the sitter the last call of {@link sitter} found nearest. */
let part: Part = 0;

const mix = (a: number, b: number, t: number): number => a + (b - a) * t;
const clamp01 = (t: number): number => Math.min(Math.max(t, 0), 1);

/** Union whose seam is rounded over a width k (polynomial smooth minimum; Quilez, "Smooth minimum", 2013). */
function blend(a: number, b: number, k: number): number {
  const h = Math.max(k - Math.abs(a - b), 0) / k;
  return Math.min(a, b) - h * h * k * 0.25;
}

function ball(x: number, y: number, z: number, cx: number, cy: number, cz: number, r: number): number {
  const [dx, dy, dz] = [x - cx, y - cy, z - cz];
  return Math.sqrt(dx * dx + dy * dy + dz * dz) - r;
}

/** Distance to an ellipsoid about the origin, good near its surface. */
function egg(x: number, y: number, z: number, rx: number, ry: number, rz: number): number {
  const [ax, ay, az] = [x / rx, y / ry, z / rz];
  const [bx, by, bz] = [ax / rx, ay / ry, az / rz];
  const k0 = Math.sqrt(ax * ax + ay * ay + az * az);
  const k1 = Math.sqrt(bx * bx + by * by + bz * bz);
  return k1 === 0 ? -Math.min(rx, ry, rz) : (k0 * (k0 - 1)) / k1;
}

/** Distance to a rod with round ends whose radius changes from ra to rb. */
function rod(
  x: number,
  y: number,
  z: number,
  ax: number,
  ay: number,
  az: number,
  bx: number,
  by: number,
  bz: number,
  ra: number,
  rb: number,
): number {
  const [ux, uy, uz] = [bx - ax, by - ay, bz - az];
  const [px, py, pz] = [x - ax, y - ay, z - az];
  const t = clamp01((px * ux + py * uy + pz * uz) / (ux * ux + uy * uy + uz * uz));
  const [dx, dy, dz] = [px - ux * t, py - uy * t, pz - uz * t];
  return Math.sqrt(dx * dx + dy * dy + dz * dz) - mix(ra, rb, t);
}

/**
 * Signed distance to the sitter, metres, in the head's own coordinates: x to the picture's right, y up, z away from the
 * camera. A woman with a knitted hat and a scarf; the face is even in x.
 */
function sitter(x: number, y: number, z: number): number {
  // The head is turned a little.
  const [c, s] = [0.955, 0.296];
  const hx = c * x + s * z;
  const hz = c * z - s * x;
  const ax = Math.abs(hx);
  let distance = Infinity;

  if (y > -0.3) {
    let face = egg(hx, y - 0.03, hz, 0.074, 0.095, 0.09);
    face = blend(face, egg(hx, y + 0.04, hz + 0.018, 0.051, 0.069, 0.064), 0.045);
    face = blend(face, ball(ax, y, hz, 0.035, -0.014, -0.052, 0.0255), 0.03);
    face = blend(face, ball(hx, y, hz, 0, -0.093, -0.065, 0.013), 0.03);
    face = blend(face, rod(ax, y, hz, 0.008, 0.037, -0.083, 0.037, 0.034, -0.068, 0.006, 0.005), 0.02);
    // Sockets of the eyes.
    const socket = ball(ax, y, hz, 0.03, 0.016, -0.096, 0.016);
    face = -blend(-face, socket, 0.018);
    face = blend(face, rod(hx, y, hz, 0, 0.026, -0.087, 0, -0.016, -0.1, 0.0065, 0.0095), 0.014);
    face = blend(face, ball(ax, y, hz, 0.0095, -0.018, -0.094, 0.006), 0.01);
    face = blend(face, rod(hx, y, hz, 0, -0.08, 0.018, 0, -0.19, 0.03, 0.043, 0.046), 0.03);
    face = blend(face, egg(ax - 0.076, y, hz - 0.008, 0.008, 0.028, 0.016), 0.008);
    // Lids over the eyes, open by some millimetres.
    const lid = ball(ax, y, hz, 0.03, 0.0155, -0.0745, 0.0128);
    const open = Math.abs(y - 0.0148 + (ax - 0.03) ** 2 * 7) - 0.0042 + (ax - 0.03) ** 2 * 11;
    face = blend(face, Math.max(lid, -open), 0.004);
    distance = face;
    part = FACE;

    const eye = ball(ax, y, hz, 0.03, 0.0155, -0.0745, 0.0117);
    if (eye < distance) {
      distance = eye;
      part = EYE;
    }
    const smile = y + 0.0535 - ax * ax * 17;
    const upper = rod(ax, smile, hz, 0.0035, 0.0034, -0.0905, 0.0235, 0, -0.0765, 0.0037, 0.0012);
    const lower = rod(ax, smile, hz, 0, -0.0042, -0.0895, 0.0205, -0.0012, -0.0775, 0.0047, 0.0014);
    const lips = Math.min(upper, lower);
    if (lips < distance) part = LIPS;
    distance = blend(distance, lips, 0.004);
    const brow = rod(
      ax,
      y - 0.003 + (ax - 0.03) ** 2 * 12,
      hz,
      0.013,
      0.0376,
      -0.0925,
      0.045,
      0.0355,
      -0.0745,
      0.0034,
      0.0017,
    );
    if (brow < distance) {
      distance = brow;
      part = BROW;
    }
  }

  // Hair: a cap, and locks down to the shoulders.
  const wave = 0.006 * Math.sin(y * 42 + hx * 9);
  let hair = egg(hx, y - 0.035, hz - 0.014, 0.086, 0.1, 0.094);
  hair = Math.max(hair, -egg(hx, y - 0.0, hz + 0.06, 0.066, 0.11, 0.075));
  hair = blend(hair, rod(ax + wave, y, hz, 0.08, 0.05, 0.0, 0.088, -0.09, 0.0, 0.019, 0.026), 0.03);
  hair = blend(hair, rod(ax + wave, y, hz, 0.088, -0.08, 0.0, 0.098, -0.21, -0.03, 0.025, 0.014), 0.03);
  if (hair < distance + 0.006) {
    const angle = Math.atan2(hz, hx) * 60 + y * 14;
    hair += 0.0016 * Math.sin(angle * 2.3 + 3 * valueNoise(y * 20, angle * 0.2, 0, 3)) - 0.001;
  }
  if (hair < distance) {
    distance = hair;
    part = HAIR;
  }

  // A knitted hat with its brim turned up.
  if (y > 0.02) {
    const tilt = y + hz * 0.22;
    let hat = Math.max(egg(hx, tilt - 0.078, hz - 0.012, 0.096, 0.105, 0.108), 0.07 - tilt);
    const rim = Math.sqrt((hx / 0.092) ** 2 + ((hz - 0.012) / 0.104) ** 2) * 0.098 - 0.098;
    const brim = Math.max(Math.abs(rim) - 0.011, Math.abs(tilt - 0.078) - 0.024);
    hat = blend(hat, brim, 0.012);
    hat = blend(hat, ball(hx, y, hz, 0.0, 0.196, 0.03, 0.03), 0.008);
    if (hat < distance + 0.008) {
      const around = Math.atan2(hz - 0.012, hx);
      const ribs = Math.sin(around * 44);
      const stitch = Math.sin(tilt * 900 + 1.2 * Math.abs(ribs));
      hat +=
        y > 0.168
          ? 0.006 * (valueNoise(hx * 260, y * 260, hz * 260, 5) - 0.5)
          : -0.0016 * ribs - 0.0005 * stitch;
    }
    if (hat < distance) {
      distance = hat;
      part = HAT;
    }
  }

  if (y < -0.08) {
    // A scarf in two turns, and a coat.
    const round = Math.sqrt(x * x + (z - 0.02) ** 2 * 1.15);
    const sag = 0.012 * Math.sin(Math.atan2(z, x) * 3 + 1);
    let scarf = Math.sqrt((round - 0.068) ** 2 + ((y + 0.152 + sag) * 0.9) ** 2) - 0.029;
    scarf = blend(scarf, Math.sqrt((round - 0.082) ** 2 + ((y + 0.188 - sag) * 0.9) ** 2) - 0.03, 0.01);
    scarf = blend(scarf, rod(x, y, z, 0.035, -0.2, -0.075, 0.05, -0.36, -0.115, 0.03, 0.036), 0.012);
    if (scarf < distance + 0.008)
      scarf += 0.0022 * Math.sin(round * 500) * Math.sin(y * 420 + Math.atan2(z, x) * 30);
    if (scarf < distance) {
      distance = scarf;
      part = SCARF;
    }
    let coat = egg(x, y + 0.43, z - 0.04, 0.2, 0.24, 0.115);
    coat = blend(coat, ball(Math.abs(x), y, z, 0.155, -0.3, 0.045, 0.072), 0.07);
    coat = blend(coat, rod(Math.abs(x), y, z, 0.17, -0.3, 0.045, 0.225, -0.6, 0.02, 0.068, 0.06), 0.04);
    if (coat < distance) {
      distance = coat;
      part = COAT;
    }
  }
  return distance;
}

/** Sphere about all of the sitter that the picture shows. */
const BOUND = { y: -0.13, radius: 0.42 } as const;
const LONGEST = 0.9;

/** Distance along a ray at which it meets the sitter, or Infinity; coordinates are the head's. */
function march(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number): number {
  const along = -(ox * dx + (oy - BOUND.y) * dy + oz * dz);
  const square = ox * ox + (oy - BOUND.y) ** 2 + oz * oz;
  const half = BOUND.radius ** 2 - (square - along * along);
  if (half <= 0) return Infinity;
  const end = along + Math.sqrt(half);
  let t = Math.max(along - Math.sqrt(half), 0);
  for (let i = 0; i < 110 && t < end; i++) {
    const d = sitter(ox + t * dx, oy + t * dy, oz + t * dz);
    if (d < 1.2e-4) return t;
    t += d * 0.75;
  }
  return Infinity;
}

/** Share of a lamp of some width that is seen from a place (Quilez, "Soft shadows in raymarched SDFs", 2010). */
function openness(
  x: number,
  y: number,
  z: number,
  dx: number,
  dy: number,
  dz: number,
  width: number,
): number {
  let share = 1;
  for (let t = 0.004; t < 0.35; ) {
    const d = sitter(x + t * dx, y + t * dy, z + t * dz);
    share = Math.min(share, 0.5 + (0.5 * d) / (width * t));
    if (share <= 0) return 0;
    t += Math.min(Math.max(d * 0.9, 0.004), 0.04);
  }
  return share * share * (3 - 2 * share);
}

const KEY: Rgb = [1.22, 1.14, 1.02];
const KEY_FROM: readonly [number, number, number] = [-0.62, 0.45, -0.643];
const RIM: Rgb = [1.3, 0.75, 0.34];
const RIM_FROM: readonly [number, number, number] = [0.76, 0.28, 0.587];
const FILL_TOP: Rgb = [0.17, 0.19, 0.25];
const FILL_LOW: Rgb = [0.12, 0.09, 0.075];

/** What a part of the sitter looks like at a place: albedo, and how shiny it is. */
function paint(found: Part, x: number, y: number, z: number, albedo: Rgb): [shine: number, gloss: number] {
  const [c, s] = [0.955, 0.296];
  const hx = c * x + s * z;
  const hz = c * z - s * x;
  const ax = Math.abs(hx);
  const set = (r: number, g: number, b: number, by = 1): void => {
    albedo[0] = r * by;
    albedo[1] = g * by;
    albedo[2] = b * by;
  };
  if (found === FACE) {
    const pores = 0.95 + 0.1 * valueNoise(hx * 900, y * 900, hz * 900, 7);
    const blush =
      Math.exp(-((ax - 0.042) ** 2 + (y + 0.02) ** 2) / 0.0005) +
      0.7 * Math.exp(-(ax ** 2 + (y + 0.014) ** 2) / 0.0002);
    const freckles =
      lattice(Math.floor(hx * 420), Math.floor(y * 420), 0, 9) > 0.93 && y > -0.04 && y < 0.012 && ax < 0.06
        ? 0.86
        : 1;
    const under = 1 - 0.16 * Math.exp(-((ax - 0.029) ** 2) / 0.0003 - (y - 0.002) ** 2 / 0.00004);
    const lash =
      Math.abs(ax - 0.03) < 0.0125 && Math.abs(y - 0.0196 + (ax - 0.03) ** 2 * 16) < 0.0011 && hz < -0.07
        ? 0.18
        : 1;
    set(0.6 + 0.02 * blush, 0.4 - 0.055 * blush, 0.315 - 0.045 * blush, pores * freckles * under * lash);
    return [0.24, 24];
  }
  if (found === LIPS) {
    set(0.5, 0.19, 0.18, 0.88 + 0.2 * valueNoise(hx * 700, y * 120, 0, 8));
    return [0.4, 46];
  }
  if (found === EYE) {
    const [ex, ey] = [ax - 0.0305 + (hx > 0 ? 0.0012 : -0.0012), y - 0.0152];
    const r = Math.sqrt(ex * ex + ey * ey);
    if (r < 0.0022) set(0.012, 0.01, 0.01);
    else if (r < 0.0056) {
      const fibre = 0.7 + 0.6 * valueNoise(Math.atan2(ey, ex) * 9, r * 600, 0, 10);
      set(0.13, 0.2, 0.17, fibre * (r > 0.005 ? 0.4 : 1.15));
    } else set(0.66, 0.62, 0.6);
    return [1.3, 320];
  }
  if (found === BROW) {
    set(0.12, 0.07, 0.045, 0.6 + 0.8 * lattice(Math.floor(hx * 1800 + y * 900), 0, 0, 12));
    return [0.05, 10];
  }
  if (found === HAIR) {
    const strand = valueNoise(Math.atan2(hz, hx) * 130 + y * 30, y * 6, 0, 11);
    set(0.19, 0.095, 0.05, 0.35 + 1.15 * strand);
    return [0.5, 30];
  }
  if (found === HAT) {
    const band = Math.abs(((y + hz * 0.22 - 0.06) * 26) % 1) < 0.28 && y < 0.168 && y > 0.11;
    if (band) set(0.62, 0.56, 0.46);
    else set(0.11, 0.21, 0.27);
    return [0.03, 6];
  }
  if (found === SCARF) {
    const stripe = Math.sin(y * 190 + Math.atan2(z, x) * 2.2);
    if (stripe > 0.55) set(0.62, 0.52, 0.36);
    else set(0.46, 0.09, 0.075);
    const weave = 0.8 + 0.4 * valueNoise(x * 420, y * 420, z * 420, 13);
    set(albedo[0], albedo[1], albedo[2], weave);
    return [0.03, 6];
  }
  const twill =
    0.75 +
    0.35 * (Math.sin((x + y) * 1500) > 0 ? 1 : 0) +
    0.25 * (turbulence(x * 30, y * 30, z * 30, 14) - 0.5);
  const seam = Math.abs(x - 0.012) < 0.0016 ? 0.45 : 1;
  set(0.09, 0.085, 0.1, twill * seam);
  return [0.06, 9];
}

interface Bulb {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly radius: number;
  readonly light: Rgb;
}

const WARM: Rgb = [1, 0.63, 0.27];
/** Strings of bulbs in a garden, and windows of a house behind. */
const BULBS: readonly Bulb[] = [
  ...[2.6, 4.2, 6.5, 9].flatMap((z, row) =>
    Array.from({ length: 9 + row }, (_, i) => {
      const along = i / (8 + row);
      const x = (along - 0.5) * z * 0.66 + 0.09 * (lattice(i, row, 0, 21) - 0.5);
      const sag = 4 * along * (1 - along) * (row % 2 === 0 ? 0.07 : 0.11);
      const y = z * (0.165 - 0.018 * row - sag);
      const color: Rgb =
        row === 1 && i % 3 === 0 ? [1, 0.28, 0.16] : row === 2 && i % 4 === 1 ? [0.35, 0.7, 1] : WARM;
      return { x, y, z: z + 0.4 * along, radius: 0.009, light: color.map((v) => v * (180 + 15 * z)) as Rgb };
    }),
  ),
];

/** A garden at dusk: what is seen past the sitter; returns the depth, m. */
function garden(tx: number, ty: number, out: Rgb): number {
  let depth = Infinity;
  // Sky with the last light.
  const glow = Math.exp(-Math.max(ty + 0.05, 0) * 6);
  out[0] = mix(0.055, 0.42, glow);
  out[1] = mix(0.085, 0.24, glow);
  out[2] = mix(0.19, 0.16, glow);
  const cloud = turbulence(tx * 7 + 3, ty * 16, 0, 31);
  for (let c = 0; c < 3; c++) out[c] = out[c]! * (0.75 + 0.5 * cloud);
  // A house at 22 m with lit windows.
  const [hx, hy] = [tx * 22, ty * 22];
  const roof = 2.3 - 0.55 * Math.abs(hx - 3.2);
  if (Math.abs(hx - 3.2) < 2.6 && hy < roof + 0.4) {
    depth = 22;
    const eaves = hy > 1.05;
    const [wx, wy] = [((hx - 0.6) % 1.3) / 1.3, (hy + 1.6) / 1.25];
    const pane = !eaves && Math.abs(wx - 0.5) < 0.27 && Math.abs(wy - Math.floor(wy) - 0.5) < 0.33;
    const cross = Math.abs(wx - 0.5) < 0.02 || Math.abs(wy - Math.floor(wy) - 0.55) < 0.03;
    const lit = lattice(Math.floor((hx - 0.6) / 1.3), Math.floor(wy), 0, 32) < 0.7;
    if (pane && lit && !cross) {
      out[0] = 3.1;
      out[1] = 1.75;
      out[2] = 0.62;
    } else {
      const shade = eaves ? 0.5 : 1;
      out[0] = 0.075 * shade;
      out[1] = 0.058 * shade;
      out[2] = 0.06 * shade;
    }
  }
  // Hedges and shrubs in three rows, lit by the bulbs.
  for (const [z, top, seed] of [
    [15, -0.35, 41],
    [8, -0.55, 42],
    [4.5, -0.62, 43],
  ] as const) {
    const [x, y] = [tx * z, ty * z];
    const edge =
      top + 0.9 * (turbulence(x * 0.7, 0, z, seed) - 0.4) + 0.25 * (turbulence(x * 4, y * 4, z, seed) - 0.5);
    if (y > edge) continue;
    depth = z;
    const leaf = turbulence(x * 9, y * 9, z, seed + 10);
    const near = 0.35 + 0.9 * valueNoise(x * 0.8, y * 0.8, z, seed + 20);
    const light = (0.02 + 0.13 * leaf * leaf) * near;
    out[0] = light * 0.75;
    out[1] = light * 0.82;
    out[2] = light * 0.3;
  }
  // Trunks of two birches.
  for (const [cx, z, width] of [
    [0.98, 5.2, 0.075],
    [-2.2, 7.5, 0.1],
  ] as const) {
    const x = tx * z - cx - 0.03 * Math.sin(ty * 9);
    if (Math.abs(x) > width) continue;
    depth = Math.min(depth, z);
    const round = Math.sqrt(1 - (x / width) ** 2);
    const bark = turbulence(x * 9, ty * z * 40, z, 51) > 0.62 ? 0.25 : 1;
    const light = (0.1 + 0.32 * Math.max(0, round * 0.5 - (x / width) * 0.6)) * bark;
    out[0] = light;
    out[1] = light * 0.86;
    out[2] = light * 0.68;
  }
  for (const { x, y, z, radius, light } of BULBS) {
    const [dx, dy] = [tx * z - x, ty * z - y];
    const far = Math.sqrt(dx * dx + dy * dy);
    if (z < depth + 0.5 && far < radius) {
      depth = z;
      out[0] = light[0];
      out[1] = light[1];
      out[2] = light[2];
    } else if (z < depth && Math.abs(dx) < 0.0025 && dy > 0 && dy < 0.05) {
      depth = z;
      out[0] = out[1] = out[2] = 0.01;
    }
  }
  return depth;
}

/**
 * A portrait at dusk: a sitter 1.2 m away, strings of lamps from 2.6 m on and a house 22 m behind, with its depth. Rendered
 * by sphere tracing (Hart, "Sphere tracing", The Visual Computer 12, 1996). Made for this project.
 * @throws {OpticsError} for an impossible size
 */
export function portrait({ width, height, rays }: PictureSize): RgbScene {
  const albedo: Rgb = [0, 0, 0];
  return renderScene('portrait', { width, height, halfWidth: PORTRAIT_HALF_WIDTH, rays }, (tx, ty, out) => {
    const norm = 1 / Math.sqrt(tx * tx + ty * ty + 1);
    const [dx, dy, dz] = [tx * norm, ty * norm, norm];
    const t = march(-HEAD_X, -HEAD_Y, -SITTER_M, dx, dy, dz);
    if (t === Infinity || t > SITTER_M + LONGEST) return garden(tx, ty, out);
    const [x, y, z] = [t * dx - HEAD_X, t * dy - HEAD_Y, t * dz - SITTER_M];
    sitter(x, y, z);
    const found = part;
    const e = 2.5e-4;
    const [d1, d2, d3, d4] = [
      sitter(x + e, y - e, z - e),
      sitter(x - e, y - e, z + e),
      sitter(x - e, y + e, z - e),
      sitter(x + e, y + e, z + e),
    ];
    let [nx, ny, nz] = [d1 - d2 - d3 + d4, -d1 - d2 + d3 + d4, -d1 + d2 - d3 + d4];
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz) || 1;
    [nx, ny, nz] = [nx / length, ny / length, nz / length];
    const [shine, gloss] = paint(found, x, y, z, albedo);
    const key = nx * KEY_FROM[0] + ny * KEY_FROM[1] + nz * KEY_FROM[2];
    const rim = nx * RIM_FROM[0] + ny * RIM_FROM[1] + nz * RIM_FROM[2];
    const off = 0.002;
    const lit = key > -0.3 ? openness(x + nx * off, y + ny * off, z + nz * off, ...KEY_FROM, 0.22) : 0;
    // Creases get less of the light from all around.
    const crease = clamp01(0.35 + 0.65 * (sitter(x + nx * 0.02, y + ny * 0.02, z + nz * 0.02) / 0.02));
    for (let c = 0; c < 3; c++) {
      // Light that has wandered through skin comes out beyond the shadow's edge, red the farthest.
      const wrap = found === FACE || found === LIPS ? [0.3, 0.12, 0.07][c]! : 0.03;
      const wrapped = Math.max(0, (key + wrap) / (1 + wrap));
      const shadow = found === FACE ? lit ** [0.6, 0.95, 1][c]! : lit;
      const around = mix(FILL_LOW[c]!, FILL_TOP[c]!, 0.5 + 0.5 * ny) * crease;
      out[c] = albedo[c]! * (KEY[c]! * wrapped * shadow + RIM[c]! * Math.max(0, rim) * 0.8 + around);
    }
    // Highlights of the two lamps.
    const highlight = (from: readonly [number, number, number]): number => {
      const [vx, vy, vz] = [from[0] - dx, from[1] - dy, from[2] - dz];
      const l = Math.sqrt(vx * vx + vy * vy + vz * vz);
      return Math.max(0, (nx * vx + ny * vy + nz * vz) / l) ** gloss;
    };
    const [fromKey, fromRim] = [highlight(KEY_FROM) * lit, highlight(RIM_FROM)];
    for (let c = 0; c < 3; c++) out[c] = out[c]! + shine * 0.35 * (KEY[c]! * fromKey + RIM[c]! * fromRim);
    return t * dz;
  });
}
