import type { RgbScene } from '../Scene.js';
import { lattice, turbulence, valueNoise } from './noise.js';
import { type PictureSize, type Rgb, renderScene } from './picture.js';
import { box, convex, ellipsoid, type Solid, Solids } from './solids.js';

/** Tangent of half the angle of view: that of a 23 mm lens on 36 × 24 mm, cut to 4:3. */
export const STREET_HALF_WIDTH = 16 / 23;

/** A street after rain, metres: x to the right, y up, z along the street; the camera stands at x = 0, z = 0. */
const EYE_HEIGHT = 1.6;
const KERB = 4.2;
const KERB_HEIGHT = 0.14;
const FRONT = 6.8;
const END = 86;
/** How far above the horizon the camera looks; verticals stay upright, as with a shifted lens. */
const TILT = 0.1;
const STOREY = 3.3;
const SHOP = 3.9;
const BAY = 2.15;

interface Lamp {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly radius: number;
  /** Light of the lamp's own surface. */
  readonly glow: Rgb;
  /** Illumination at 1 m, 1 = that of the scene's illuminance. */
  readonly power: Rgb;
}

const scaled = ([r, g, b]: Rgb, by: number): Rgb => [r * by, g * by, b * by];
/** Lamps that throw less than this on a surface are left out. */
const LEAST_ILLUMINATION = 0.008;
const SODIUM: Rgb = [1, 0.62, 0.24];
const LED: Rgb = [1, 0.86, 0.68];
const BULBS: readonly Rgb[] = [
  [1, 0.75, 0.42],
  [1, 0.35, 0.2],
  [0.4, 0.85, 1],
  [1, 0.85, 0.3],
  [0.5, 1, 0.45],
];

const STREET_LAMPS: readonly Lamp[] = Array.from({ length: 8 }, (_, i) => {
  const color = i % 3 === 1 ? LED : SODIUM;
  const side = i % 2 === 0 ? 1 : -1;
  return {
    x: side * 3.7,
    y: 5.4,
    z: 8 + i * 10,
    radius: 0.19,
    glow: scaled(color, 420),
    power: scaled(color, 17),
  };
});

/** Strings of coloured bulbs that hang across the street. */
const STRINGS: readonly Lamp[] = [13, 27].flatMap((z, row) =>
  Array.from({ length: 15 }, (_, i) => {
    const along = (i + 0.5) / 15;
    const color = BULBS[(i * 2 + row) % BULBS.length]!;
    const x = (along * 2 - 1) * FRONT;
    const y = 5.7 - 3.2 * along * (1 - along) + row * 0.4;
    return {
      x,
      y,
      z: z + (along - 0.5) * 2,
      radius: 0.055,
      glow: scaled(color, 75),
      power: scaled(color, 0.22),
    };
  }),
);

/** A car that comes, and one parked. */
const CAR_LAMPS: readonly Lamp[] = [
  ...[-2.65, -1.35].map((x) => ({
    x,
    y: 0.68,
    z: 33.92,
    radius: 0.11,
    glow: [900, 880, 820] as Rgb,
    power: [9, 8.8, 8.2] as Rgb,
  })),
  ...[2.25, 3.55].map((x) => ({
    x,
    y: 0.82,
    z: 11.93,
    radius: 0.07,
    glow: [26, 0.9, 0.5] as Rgb,
    power: [0.5, 0.02, 0.01] as Rgb,
  })),
];

const LAMPS: readonly Lamp[] = [...STREET_LAMPS, ...CAR_LAMPS, ...STRINGS];
/** Numbers of a lamp in {@link LAMP_TABLE}: place, radius, power, and the square of how far it reaches. */
const LAMP_ENTRY = 8;
/** Bulbs come last: they are too weak for shadows that one would see. */
const BULB_TABLE_START = LAMP_ENTRY * (STREET_LAMPS.length + CAR_LAMPS.length);
const LAMP_TABLE = Float64Array.from(
  LAMPS.flatMap(({ x, y, z, radius, power }) => [x, y, z, radius, ...power, power[0] / LEAST_ILLUMINATION]),
);

type Material =
  | 'post'
  | 'red'
  | 'blue'
  | 'glass'
  | 'chrome'
  | 'tyre'
  | 'coat'
  | 'jacket'
  | 'mantle'
  | 'trousers'
  | 'head';

const car = (paint: Material, x: number, z: number): Solid<Material>[] => [
  // The body, its edges broken.
  convex(paint, [x, 0.66, z], 2.4, [
    { normal: [1, 0, 0], at: 0.88 },
    { normal: [-1, 0, 0], at: 0.88 },
    { normal: [1, 0.7, 0], at: 0.87 },
    { normal: [-1, 0.7, 0], at: 0.87 },
    { normal: [1, -0.9, 0], at: 0.78 },
    { normal: [-1, -0.9, 0], at: 0.78 },
    { normal: [0, 1, 0], at: 0.3 },
    { normal: [0, 1, 0.16], at: 0.33 },
    { normal: [0, 1, -0.16], at: 0.33 },
    { normal: [0, -1, 0], at: 0.38 },
    { normal: [0, 0.25, 1], at: 2.05 },
    { normal: [0, 0.25, -1], at: 2.05 },
    { normal: [0, -0.8, 1], at: 1.82 },
    { normal: [0, -0.8, -1], at: 1.82 },
    { normal: [0.5, 0, 1], at: 2.12 },
    { normal: [-0.5, 0, 1], at: 2.12 },
    { normal: [0.5, 0, -1], at: 2.12 },
    { normal: [-0.5, 0, -1], at: 2.12 },
  ]),
  ...(['glass', paint] as const).map((material) =>
    convex(material, [x, material === 'glass' ? 1.12 : 1.41, z - 0.1], 1.7, [
      { normal: [1, 0.38, 0], at: material === 'glass' ? 0.68 : 0.58 },
      { normal: [-1, 0.38, 0], at: material === 'glass' ? 0.68 : 0.58 },
      { normal: [0, 1, 0], at: material === 'glass' ? 0.29 : 0.06 },
      { normal: [0, -1, 0], at: material === 'glass' ? 0.3 : 0.03 },
      { normal: [0, 1, 0.8], at: material === 'glass' ? 0.86 : 0.68 },
      { normal: [0, 1, -0.8], at: material === 'glass' ? 0.86 : 0.68 },
    ]),
  ),
  box('chrome', [x, 0.47, z - 2.06], [0.8, 0.055, 0.04]),
  ...[-0.78, 0.78].flatMap((side) =>
    [-1.28, 1.3].map((along) => ellipsoid<Material>('tyre', [x + side, 0.31, z + along], [0.14, 0.31, 0.31])),
  ),
];
const walker = (clothes: Material, x: number, z: number, stride: number): Solid<Material>[] => [
  ellipsoid('trousers', [x - 0.09, KERB_HEIGHT + 0.42, z - stride], [0.085, 0.46, 0.1]),
  ellipsoid('trousers', [x + 0.09, KERB_HEIGHT + 0.42, z + stride], [0.085, 0.46, 0.1]),
  ellipsoid(clothes, [x, KERB_HEIGHT + 1.06, z], [0.225, 0.42, 0.15]),
  ellipsoid(clothes, [x - 0.24, KERB_HEIGHT + 1.02, z + stride], [0.06, 0.32, 0.07]),
  ellipsoid(clothes, [x + 0.24, KERB_HEIGHT + 1.02, z - stride], [0.06, 0.32, 0.07]),
  ellipsoid('head', [x, KERB_HEIGHT + 1.6, z], [0.085, 0.125, 0.1]),
];
const SOLIDS: readonly Solid<Material>[] = [
  ...car('red', 2.9, 14),
  ...car('blue', -2, 36),
  ...walker('coat', -5.35, 9.5, 0.12),
  ...walker('jacket', 5.2, 18.3, 0.1),
  ...walker('mantle', 5.75, 18.6, -0.1),
  ...walker('coat', -5.7, 26, 0.1),
  ...STREET_LAMPS.flatMap((lamp): Solid<Material>[] => {
    const foot = Math.sign(lamp.x) * 4.55;
    return [
      box('post', [foot, 2.85, lamp.z], [0.05, 2.85, 0.05]),
      box('post', [(foot + lamp.x) / 2, 5.66, lamp.z], [Math.abs(foot - lamp.x) / 2, 0.035, 0.04]),
    ];
  }),
];
/** Nothing that throws shadows is higher. */
const SHADING_HEIGHT = 2;
/** Posts are too thin to shade. */
const SHADING = new Solids(SOLIDS.filter(({ material }) => material !== 'post'));
const SEEN = new Solids(SOLIDS);

const PLASTERS: readonly Rgb[] = [
  [0.42, 0.2, 0.14],
  [0.5, 0.42, 0.32],
  [0.3, 0.26, 0.24],
  [0.46, 0.33, 0.22],
  [0.34, 0.36, 0.38],
];
const SIGNS: readonly Rgb[] = [
  [9, 1.2, 1.6],
  [1, 5, 9],
  [8, 5.5, 1.4],
  [2, 8, 3.5],
];

interface Hit {
  t: number;
  x: number;
  y: number;
  z: number;
  nx: number;
  ny: number;
  nz: number;
  albedo: Rgb;
  glow: Rgb;
  /** Share of mirror-like reflection at normal incidence; 0 is matt. */
  shine: number;
}

function newHit(): Hit {
  return { t: Infinity, x: 0, y: 0, z: 0, nx: 0, ny: 0, nz: 0, albedo: [0, 0, 0], glow: [0, 0, 0], shine: 0 };
}

function put(out: Rgb, [r, g, b]: Rgb, by = 1): void {
  out[0] = r * by;
  out[1] = g * by;
  out[2] = b * by;
}

interface House {
  readonly index: number;
  readonly start: number;
  readonly end: number;
  readonly height: number;
}

function houses(side: number): House[] {
  const row: House[] = [];
  for (let index = 0, start = -6; start < END; index++) {
    const end = start + BAY * (4 + Math.floor(lattice(index, side, 0, 11) * 3));
    row.push({
      index,
      start,
      end,
      height: SHOP + STOREY * (3 + Math.floor(lattice(index, side, 1, 11) * 3)) + 0.5,
    });
    start = end;
  }
  return row;
}
const [LEFT_HOUSES, RIGHT_HOUSES] = [houses(-1), houses(1)];

function houseAt(z: number, side: number): House | undefined {
  return (side < 0 ? LEFT_HOUSES : RIGHT_HOUSES).find(({ end }) => z < end);
}

/** Brick or plaster, windows lit and dark, a shop on the ground floor. `along` is the place on the front, metres. */
function paintFront(hit: Hit, along: number, y: number, index: number, side: number): void {
  const wall = PLASTERS[Math.floor(lattice(index, side, 2, 11) * PLASTERS.length)]!;
  const stain = 0.65 + 0.5 * turbulence(along * 0.6, y * 0.35, index * 7 + side, 21);
  hit.shine = 0;
  put(hit.glow, [0, 0, 0]);
  const bay = Math.floor(along / BAY);
  const inBay = along / BAY - bay;
  if (y < SHOP) {
    const shop = Math.floor(bay / 2);
    const open = lattice(index, shop, side, 31) < 0.62;
    const tint = lattice(index, shop, side, 32);
    const sign = y > 3.05 && y < 3.55 && Math.abs(along / (2 * BAY) - shop - 0.5) < 0.4;
    if (sign) {
      const letters = valueNoise(along * 5.5, Math.floor((y - 3.05) * 9), shop + index * 3, 33) > 0.52;
      put(hit.albedo, [0.06, 0.06, 0.07]);
      if (letters && open) put(hit.glow, SIGNS[Math.floor(tint * SIGNS.length)]!, 0.22);
      return;
    }
    if (y > 0.55 && y < 2.85 && Math.abs(inBay - 0.5) < 0.43) {
      const shelf = Math.abs(((y - 0.55) % 0.58) - 0.05) < 0.025;
      const goods = lattice(Math.floor(along * 7), Math.floor((y - 0.55) / 0.58), index * 5 + shop, 34);
      const hue = lattice(Math.floor(along * 7), Math.floor(y / 0.58), index, 35);
      const light = open ? 0.55 * (0.35 + 0.75 * goods) * (shelf ? 0.35 : 1) : 0.015;
      const edge = (along * 7) % 1 < 0.12 ? 0.5 : 1;
      put(hit.albedo, [0.04, 0.045, 0.05]);
      put(hit.glow, [0.75 + 0.35 * hue, 0.72 + 0.12 * tint, 0.36 + 0.4 * (1 - hue) * tint], light * edge);
      hit.shine = 0.05;
      return;
    }
    put(hit.albedo, [0.12, 0.1, 0.09], stain);
    return;
  }
  const storey = Math.floor((y - SHOP) / STOREY);
  const inStorey = (y - SHOP) / STOREY - storey;
  const [wx, wy] = [(inBay - 0.5) / 0.27, (inStorey - 0.45) / 0.3];
  if (Math.abs(wx) < 1 && Math.abs(wy) < 1) {
    const frame =
      Math.abs(wx) < 0.05 || Math.abs(wx) > 0.92 || Math.abs(wy) > 0.94 || Math.abs(wy - 0.35) < 0.04;
    if (frame) {
      put(hit.albedo, [0.55, 0.53, 0.48], stain);
      return;
    }
    const lit = lattice(index * 31 + bay, storey, side, 41);
    put(hit.albedo, [0.02, 0.022, 0.03]);
    hit.shine = 0.06;
    if (lit < 0.34) {
      const warmth = lattice(index * 31 + bay, storey, side, 42);
      const curtain = 0.55 + 0.45 * Math.cos(along * 42 + 3 * Math.cos(along * 9));
      const drawn = Math.abs(wx) > 0.45 ? curtain : 1 - 0.35 * Math.max(0, -wy) - 0.25 * (wy > 0.5 ? 1 : 0);
      put(
        hit.glow,
        [1, 0.66 + 0.18 * warmth, 0.28 + 0.42 * warmth],
        (0.12 + 0.5 * lattice(bay, storey, index, 43)) * drawn,
      );
    }
    return;
  }
  const sill = Math.abs(wx) < 1.15 && wy < -1 && wy > -1.14;
  const cornice = inStorey > 0.965;
  if (sill || cornice) {
    put(hit.albedo, [0.5, 0.47, 0.42], stain);
    return;
  }
  const brick = lattice(index, side, 3, 11) < 0.6;
  let shade = stain;
  if (brick) {
    const course = Math.floor(y / 0.075);
    const shifted = along / 0.24 + (course % 2) * 0.5;
    const mortar = (y / 0.075) % 1 < 0.14 || shifted - Math.floor(shifted) < 0.05;
    shade *= mortar ? 1.35 : 0.7 + 0.55 * lattice(Math.floor(shifted), course, index, 44);
  } else shade *= 0.92 + 0.16 * valueNoise(along * 18, y * 18, index, 45);
  put(hit.albedo, wall, shade);
}

/** Colour and mirror-like share of a material. */
const MATERIALS: Readonly<Record<Material, readonly [albedo: Rgb, shine: number]>> = {
  post: [[0.045, 0.05, 0.05], 0.02],
  red: [[0.3, 0.03, 0.025], 0.07],
  blue: [[0.04, 0.09, 0.2], 0.07],
  glass: [[0.012, 0.014, 0.016], 0.09],
  chrome: [[0.1, 0.1, 0.1], 0.4],
  tyre: [[0.022, 0.022, 0.024], 0],
  coat: [[0.07, 0.09, 0.15], 0],
  jacket: [[0.42, 0.33, 0.14], 0],
  mantle: [[0.36, 0.09, 0.06], 0],
  trousers: [[0.05, 0.055, 0.07], 0],
  head: [[0.42, 0.27, 0.2], 0],
};

function paintSolid(hit: Hit, material: Material): void {
  const [albedo, shine] = MATERIALS[material];
  const cloth = material === 'coat' || material === 'jacket' || material === 'mantle';
  const weave = cloth ? 0.75 + 0.5 * valueNoise(hit.x * 70, hit.y * 70, hit.z * 70, 51) : 1;
  // People seen from behind: hair down to the neck.
  if (material === 'head' && (hit.y > 1.7 || hit.nz < 0.2)) put(hit.albedo, [0.06, 0.04, 0.028]);
  else put(hit.albedo, albedo, weave);
  put(hit.glow, [0, 0, 0]);
  hit.shine = shine;
}

/** First surface on a ray; its look is filled in. */
function cast(ox: number, oy: number, oz: number, dx: number, dy: number, dz: number, hit: Hit): void {
  hit.t = Infinity;
  let ground = false;
  let side = 0;
  if (dy < 0) {
    const t = -oy / dy;
    const x = ox + t * dx;
    if (t > 1e-4 && Math.abs(x) < KERB) {
      hit.t = t;
      ground = true;
    } else {
      const tk = (KERB_HEIGHT - oy) / dy;
      const xk = ox + tk * dx;
      if (tk > 1e-4 && Math.abs(xk) >= KERB) {
        hit.t = tk;
        ground = true;
      } else if (dx !== 0) {
        hit.t = (Math.sign(dx) * KERB - ox) / dx;
        ground = true;
      }
    }
  }
  if (dx !== 0) {
    const sign = Math.sign(dx);
    const t = (sign * FRONT - ox) / dx;
    if (t > 1e-4 && t < hit.t) {
      const [y, z] = [oy + t * dy, oz + t * dz];
      const house = houseAt(z, sign);
      if (house !== undefined && z < END && y < house.height) {
        hit.t = t;
        side = sign;
        ground = false;
      }
    }
  }
  if (dz > 0) {
    const t = (END - oz) / dz;
    const [x, y] = [ox + t * dx, oy + t * dy];
    if (t < hit.t && Math.abs(x) < FRONT + 6 && y < 15 + 3 * Math.sign(x)) {
      hit.t = t;
      side = 2;
      ground = false;
    }
  }
  const solid = SEEN.first(ox, oy, oz, dx, dy, dz, 1e-4, hit.t);
  if (solid !== undefined) {
    hit.t = SEEN.distance;
    hit.nx = SEEN.normal[0]!;
    hit.ny = SEEN.normal[1]!;
    hit.nz = SEEN.normal[2]!;
  }
  let lamp = -1;
  for (let at = 0; at < LAMP_TABLE.length; at += LAMP_ENTRY) {
    const cx = LAMP_TABLE[at]! - ox;
    const cy = LAMP_TABLE[at + 1]! - oy;
    const cz = LAMP_TABLE[at + 2]! - oz;
    const radius = LAMP_TABLE[at + 3]!;
    const along = cx * dx + cy * dy + cz * dz;
    const inside = radius * radius - (cx * cx + cy * cy + cz * cz - along * along);
    if (inside <= 0 || along <= 0) continue;
    const t = along - Math.sqrt(inside);
    if (t > 1e-3 && t < hit.t) {
      hit.t = t;
      lamp = at / LAMP_ENTRY;
    }
  }
  hit.x = ox + hit.t * dx;
  hit.y = oy + hit.t * dy;
  hit.z = oz + hit.t * dz;
  if (lamp >= 0) {
    put(hit.albedo, [0, 0, 0]);
    put(hit.glow, LAMPS[lamp]!.glow);
    hit.shine = 0;
  } else if (solid !== undefined) paintSolid(hit, solid.material);
  else if (ground) paintGround(hit);
  else if (side === 2) {
    hit.nx = 0;
    hit.ny = 0;
    hit.nz = -1;
    paintFront(hit, hit.x + 40, hit.y, 90, 0);
  } else if (side !== 0) {
    const house = houseAt(hit.z, side)!;
    hit.nx = -side;
    hit.ny = 0;
    hit.nz = 0;
    paintFront(hit, hit.z - house.start, hit.y, house.index, side);
  }
}

function paintGround(hit: Hit): void {
  put(hit.glow, [0, 0, 0]);
  hit.nx = 0;
  hit.ny = 1;
  hit.nz = 0;
  const { x, z } = hit;
  if (Math.abs(x) >= KERB - 1e-6) {
    if (hit.y < KERB_HEIGHT - 1e-6) {
      hit.nx = -Math.sign(x);
      hit.ny = 0;
      put(hit.albedo, [0.3, 0.29, 0.27]);
      hit.shine = 0;
      return;
    }
    const [u, v] = [x / 0.5, z / 0.5];
    const joint = u - Math.floor(u) < 0.03 || v - Math.floor(v) < 0.03;
    const slab = 0.7 + 0.4 * lattice(Math.floor(u), Math.floor(v), 0, 61);
    put(hit.albedo, [0.22, 0.21, 0.2], joint ? 0.4 : slab * (0.85 + 0.3 * valueNoise(x * 22, 0, z * 22, 62)));
    hit.shine = 0.012;
    return;
  }
  const dashed = Math.abs(x) < 0.07 && z % 4 < 2;
  const worn = valueNoise(x * 30, 0, z * 30, 63);
  const grain = 0.7 + 0.6 * valueNoise(x * 55, 0, z * 55, 64);
  if (dashed && worn > 0.25) put(hit.albedo, [0.5, 0.49, 0.45], 0.6 + 0.5 * worn);
  else put(hit.albedo, [0.055, 0.055, 0.06], grain);
  const puddle = turbulence(x * 0.55, 0, z * 0.22, 65);
  const wet = Math.min(Math.max((puddle - 0.42) * 7, 0), 1);
  hit.shine = 0.03 + 0.05 * wet;
  // A film of water on asphalt is rough where it is thin: reflections break up along the view.
  const ripple = 0.05 * (1 - wet) + 0.006;
  hit.nx = ripple * (valueNoise(x * 34, 1, z * 20, 66) - 0.5);
  hit.nz = ripple * 2.6 * (valueNoise(x * 34, 2, z * 20, 67) - 0.5);
}

/** Whether something stands between a place and a lamp in the direction (dx, dy, dz). */
function shadowed(hit: Hit, dx: number, dy: number, dz: number, distance: number): boolean {
  if (hit.y > SHADING_HEIGHT && hit.y + dy * distance > SHADING_HEIGHT) return false;
  return SHADING.first(hit.x, hit.y, hit.z, dx, dy, dz, 0.01, distance, true) !== undefined;
}

/** Light of the night sky and of the town below it. */
function sky(dx: number, dy: number, dz: number, out: Rgb): void {
  const height = Math.max(dy, 0);
  const haze = Math.exp(-height * 5);
  const cloud = turbulence((dx / (height + 0.25)) * 1.1, (dz / (height + 0.25)) * 1.1, 0, 71);
  out[0] = 0.006 + 0.05 * haze + 0.016 * cloud * cloud;
  out[1] = 0.009 + 0.032 * haze + 0.012 * cloud * cloud;
  out[2] = 0.02 + 0.026 * haze + 0.014 * cloud * cloud;
}

/** Diffuse light that a surface sends back: lamps with their shadows, and what the street as a whole throws on it. */
function diffuse(hit: Hit, out: Rgb): void {
  const ambient = 0.035 + 0.02 * hit.ny;
  let [r, g, b] = [ambient * 1.1, ambient * 0.95, ambient * 0.9];
  for (let at = 0; at < LAMP_TABLE.length; at += LAMP_ENTRY) {
    const dx = LAMP_TABLE[at]! - hit.x;
    const dy = LAMP_TABLE[at + 1]! - hit.y;
    const dz = LAMP_TABLE[at + 2]! - hit.z;
    const square = dx * dx + dy * dy + dz * dz;
    const reach = LAMP_TABLE[at + 7]!;
    if (square > reach) continue;
    const distance = Math.sqrt(square);
    const facing = (dx * hit.nx + dy * hit.ny + dz * hit.nz) / distance;
    if (facing <= 0) continue;
    const clear = distance - 2.3 * LAMP_TABLE[at + 3]!;
    const shaded = at < BULB_TABLE_START && shadowed(hit, dx / distance, dy / distance, dz / distance, clear);
    if (shaded) continue;
    // A lamp that is not a point lights what is near it less than the square law says; its share fades out.
    const weight = (facing / (square + 0.2)) * (1 - square / reach);
    r += LAMP_TABLE[at + 4]! * weight;
    g += LAMP_TABLE[at + 5]! * weight;
    b += LAMP_TABLE[at + 6]! * weight;
  }
  // Lit shops throw light on the pavement before them.
  const before = Math.max(0, Math.abs(hit.x) - 2.4) / (FRONT - 2.4);
  if (hit.y < 1 && before > 0) {
    const spill = 0.22 * before * before * (0.4 + valueNoise(hit.z * 0.23, Math.sign(hit.x), 0, 81));
    r += spill;
    g += spill * 0.8;
    b += spill * 0.5;
  }
  out[0] = hit.albedo[0] * r + hit.glow[0];
  out[1] = hit.albedo[1] * g + hit.glow[1];
  out[2] = hit.albedo[2] * b + hit.glow[2];
}

/**
 * A street at night after rain, rendered by ray casting: lamps up to 900 times brighter than white paper, shadows at a
 * hundredth of it, brick, shop windows, wet asphalt, people and cars; with its depth. Made for this project.
 * @throws {OpticsError} for an impossible size
 */
export function nightStreet({ width, height, rays }: PictureSize): RgbScene {
  const first = newHit();
  const mirror = newHit();
  const reflected: Rgb = [0, 0, 0];
  return renderScene('night-street', { width, height, halfWidth: STREET_HALF_WIDTH, rays }, (tx, ty, out) => {
    const up = ty + TILT;
    const norm = 1 / Math.sqrt(tx * tx + up * up + 1);
    const [dx, dy, dz] = [tx * norm, up * norm, norm];
    cast(0, EYE_HEIGHT, 0, dx, dy, dz, first);
    if (first.t === Infinity) {
      sky(dx, dy, dz, out);
      return Infinity;
    }
    diffuse(first, out);
    if (first.shine > 0) {
      const length = Math.sqrt(first.nx ** 2 + first.ny ** 2 + first.nz ** 2);
      const [nx, ny, nz] = [first.nx / length, first.ny / length, first.nz / length];
      const cosine = -(dx * nx + dy * ny + dz * nz);
      const share = first.shine + (1 - first.shine) * (1 - Math.min(Math.abs(cosine), 1)) ** 5;
      const [mx, my, mz] = [dx + 2 * cosine * nx, dy + 2 * cosine * ny, dz + 2 * cosine * nz];
      cast(first.x + mx * 1e-3, first.y + my * 1e-3, first.z + mz * 1e-3, mx, my, mz, mirror);
      if (mirror.t === Infinity) sky(mx, my, mz, reflected);
      else diffuse(mirror, reflected);
      for (let c = 0; c < 3; c++) out[c] = out[c]! * (1 - share) + reflected[c]! * share;
    }
    return first.z;
  });
}
