import type { Matrix3, RawFrame } from '@photosite/raw';
import { inverse, multiply } from '../../colour/matrix3.js';
import { cropOf, type Rectangle, rectangleOf, toSensor, turnOf } from '../../geometry.js';
import type { ChannelWarp, LensCorrection, LensWarp, RadialFactor } from './LensCorrection.js';

/** What is done to a picture's shape beside the lens's own correction, as a person says it: of the upright picture. */
export interface Reshaping {
  /** Degrees that the picture is turned clockwise. */
  readonly straighten: number;
  /** Degrees that the camera was pitched up. */
  readonly perspectiveVertical: number;
  /** Degrees that the camera was turned to the right. */
  readonly perspectiveHorizontal: number;
  /** Magnify so far that no place of the picture lies outside of what was recorded. */
  readonly fill: boolean;
  /** Left, top, width and height as fractions of the upright picture; null for all of it. */
  readonly crop: readonly [number, number, number, number] | null;
}

/** From places of the picture to places of the active area, per colour: plain data that travels to the threads. */
export interface PictureMap {
  /** Picture pixels to undistorted active-area pixels. */
  readonly homography: Matrix3;
  readonly warps: readonly LensWarp[];
  /** 1 where the three colours lie at the same places, else 3. */
  readonly channels: 1 | 3;
}

/** The picture's size and where its pixels come from. */
export interface PictureGeometry {
  readonly width: number;
  readonly height: number;
  /** Where the picture's upper left corner lies in the active area, for pictures without a map. */
  readonly left: number;
  readonly top: number;
  /** Undefined where every pixel of the picture is a pixel of the active area. */
  readonly map: PictureMap | undefined;
}

/** Half of the diagonal of a 36 × 24 mm frame. */
const FULL_FRAME_HALF_DIAGONAL_MM = Math.hypot(36, 24) / 2;
/** Stands in where a file does not say its focal length: a common wide angle, as of phones and zooms. */
const ASSUMED_FOCAL_LENGTH_35MM = 28;
/** Places along each border that must lie inside of the recorded picture to fill it. */
const BORDER_SAMPLES = 48;
/** Halvings of the interval in which the magnification that fills lies. */
const FILL_STEPS = 40;
/** A picture is not magnified more than this to fill its frame. */
const MOST_MAGNIFICATION = 4;

function factorAt(factor: RadialFactor, r: number): number {
  switch (factor.kind) {
    case 'polynomial': {
      let sum = 0;
      for (let k = factor.coefficients.length - 1; k >= 0; k--) sum = sum * r + factor.coefficients[k]!;
      return sum;
    }
    case 'fisheye': {
      const theta = Math.atan(r);
      let sum = 0;
      for (let k = factor.coefficients.length - 1; k >= 0; k--)
        sum = sum * theta * theta + factor.coefficients[k]!;
      return r > 1e-9 ? (sum * theta) / r : sum;
    }
    case 'table': {
      const { factors, maxRadius } = factor;
      const last = factors.length - 1;
      const at = Math.min((r / maxRadius) * last, last);
      const k = Math.min(Math.floor(at), Math.max(last - 1, 0));
      const t = at - k;
      // Catmull and Rom 1974; even about the centre, and straight on at the end.
      const b = factors[k]!;
      const c = factors[Math.min(k + 1, last)]!;
      const a = factors[k === 0 ? Math.min(1, last) : k - 1]!;
      const d = k + 2 <= last ? factors[k + 2]! : 2 * c - b;
      return b + (t / 2) * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    }
  }
}

function warped(
  { radial, tangential }: ChannelWarp,
  { center, radiusPx }: LensWarp,
  x: number,
  y: number,
): [number, number] {
  const dx = (x - center[0]) / radiusPx;
  const dy = (y - center[1]) / radiusPx;
  const r2 = dx * dx + dy * dy;
  const f = factorAt(radial, Math.sqrt(r2));
  const [kt0, kt1] = tangential;
  return [
    center[0] + radiusPx * (f * dx + 2 * kt0 * dx * dy + kt1 * (r2 + 2 * dx * dx)),
    center[1] + radiusPx * (f * dy + 2 * kt1 * dx * dy + kt0 * (r2 + 2 * dy * dy)),
  ];
}

function project(h: Matrix3, x: number, y: number): [number, number] {
  const w = h[6] * x + h[7] * y + h[8];
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}

/**
 * Where a colour's light of a place of the picture was recorded, in pixels of the active area; both places are numbers of
 * pixels from the upper left corner, pixel i covering [i, i + 1).
 * @param channel 0 red, 1 green, 2 blue
 */
export function sourceOf(map: PictureMap, channel: number, x: number, y: number): [number, number] {
  let place = project(map.homography, x, y);
  // The last warp lies nearest to the corrected picture.
  for (let i = map.warps.length - 1; i >= 0; i--) {
    const warp = map.warps[i]!;
    place = warped(warp.channels[channel]!, warp, place[0], place[1]);
  }
  return place;
}

function sameRadial(a: RadialFactor, b: RadialFactor): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function sameChannels({ channels: [r, g, b] }: LensWarp): boolean {
  const same = (other: ChannelWarp): boolean =>
    sameRadial(other.radial, g.radial) && other.tangential.every((value, i) => value === g.tangential[i]);
  return same(r) && same(b);
}

function changes({ channels }: LensWarp): boolean {
  return !channels.every(({ radial, tangential }) => {
    if (tangential[0] !== 0 || tangential[1] !== 0) return false;
    if (radial.kind === 'fisheye') return false;
    if (radial.kind === 'table') return radial.factors.every((factor) => factor === 1);
    return radial.coefficients.every((c, k) => c === (k === 0 ? 1 : 0));
  });
}

const translation = (x: number, y: number): Matrix3 => [1, 0, x, 0, 1, y, 0, 0, 1];
const scaling = (x: number, y: number): Matrix3 => [x, 0, 0, 0, y, 0, 0, 0, 1];

/**
 * From the picture to what was recorded, about the centre of the upright picture, in units of the focal length for the
 * perspective: a camera that was pitched and turned is brought level (Hartley and Zisserman, Multiple View Geometry,
 * section 8.4: the images of rotated cameras differ by K·R·K⁻¹). The centre stays where it is and keeps its scale.
 */
function levelled(
  { straighten, perspectiveVertical, perspectiveHorizontal }: Reshaping,
  focalPx: number,
): Matrix3 {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [sin, cos] = [Math.sin(radians(straighten)), Math.cos(radians(straighten))];
  const turn: Matrix3 = [cos, sin, 0, -sin, cos, 0, 0, 0, 1];
  if (perspectiveVertical === 0 && perspectiveHorizontal === 0) return turn;
  const [sv, cv] = [Math.sin(radians(perspectiveVertical)), Math.cos(radians(perspectiveVertical))];
  const [sh, ch] = [Math.sin(radians(perspectiveHorizontal)), Math.cos(radians(perspectiveHorizontal))];
  // y points down: the level camera's rays as the pitched one sees them.
  const pitch: Matrix3 = [1, 0, 0, 0, cv, sv, 0, -sv, cv];
  const yaw: Matrix3 = [ch, 0, -sh, 0, 1, 0, sh, 0, ch];
  const rotated = multiply(scaling(focalPx, focalPx), pitch, yaw, scaling(1 / focalPx, 1 / focalPx));
  const back = inverse(rotated)!;
  const centred = multiply(rotated, translation(back[2] / back[8], back[5] / back[8]));
  const step = 1e-3 * focalPx;
  const [ax, ay] = project(centred, step, 0);
  const [bx, by] = project(centred, 0, step);
  const size = Math.sqrt(Math.abs(ax * by - ay * bx)) / step;
  return multiply(turn, centred, scaling(1 / size, 1 / size));
}

/** The map's homography for a magnification: from the frame (crop in square pixels) to the active area. */
function toArea(
  frame: RawFrame,
  area: Rectangle,
  size: { readonly width: number; readonly height: number },
  level: Matrix3,
  magnification: number,
): Matrix3 {
  const { ux, uy, vx, vy } = turnOf(frame.orientation, size.width, size.height);
  const upright: Matrix3 = [ux, uy, 0, vx, vy, 0, 0, 0, 1];
  const sensor: Matrix3 = [ux, vx, 0, uy, vy, 0, 0, 0, 1];
  return multiply(
    translation(area.left + area.width / 2, area.top + area.height / 2),
    scaling(area.width / size.width, area.height / size.height),
    sensor,
    level,
    scaling(1 / magnification, 1 / magnification),
    upright,
    translation(-size.width / 2, -size.height / 2),
  );
}

/** The border of a picture, some places of each side. */
function* border(width: number, height: number): Generator<readonly [number, number]> {
  for (let i = 0; i <= BORDER_SAMPLES; i++) {
    const [x, y] = [(i * width) / BORDER_SAMPLES, (i * height) / BORDER_SAMPLES];
    yield [x, 0];
    yield [x, height];
    yield [0, y];
    yield [width, y];
  }
}

function insideOf(
  map: PictureMap,
  size: { readonly width: number; readonly height: number },
  active: Rectangle,
): boolean {
  for (const [x, y] of border(size.width, size.height)) {
    if (!(map.homography[6] * x + map.homography[7] * y + map.homography[8] > 0)) return false;
    for (let channel = 0; channel < 3; channel += map.channels === 1 ? 3 : 1) {
      const [u, v] = sourceOf(map, channel, x, y);
      if (!(u >= 0 && v >= 0 && u <= active.width && v <= active.height)) return false;
    }
  }
  return true;
}

/** The size of the default crop in square pixels: DefaultScale (DNG tag 50718) makes the coarser direction longer. */
function squareSize(frame: RawFrame, area: Rectangle): { width: number; height: number } {
  const [h, v] = frame.defaultScale;
  const ratio = h / v;
  if (!(ratio > 0.25 && ratio < 4)) return { width: area.width, height: area.height };
  return {
    width: Math.max(Math.round(area.width * Math.max(ratio, 1)), 1),
    height: Math.max(Math.round(area.height * Math.max(1 / ratio, 1)), 1),
  };
}

/**
 * Folds lens correction, straightening, perspective, magnification, pixel aspect and crop into one map.
 * @param correction what the lens did; undefined to leave it
 */
export function pictureGeometry(
  frame: RawFrame,
  reshaping: Reshaping,
  correction: LensCorrection | undefined,
): PictureGeometry {
  const area = cropOf(frame);
  const active = { ...rectangleOf(frame.activeArea), left: 0, top: 0 };
  const size = squareSize(frame, area);
  const cut = cutOf(frame, size, reshaping.crop);
  const warps = (correction?.warps ?? []).filter(changes);
  const same =
    warps.length === 0 &&
    reshaping.straighten === 0 &&
    reshaping.perspectiveVertical === 0 &&
    reshaping.perspectiveHorizontal === 0 &&
    size.width === area.width &&
    size.height === area.height;
  const place = { width: cut.width, height: cut.height, left: area.left + cut.left, top: area.top + cut.top };
  if (same) return { ...place, map: undefined };

  const stated = frame.exposure.focalLength35mm;
  const focalMm = stated !== undefined && stated > 0 ? stated : ASSUMED_FOCAL_LENGTH_35MM;
  const focalPx = (focalMm / FULL_FRAME_HALF_DIAGONAL_MM) * (Math.hypot(size.width, size.height) / 2);
  const level = levelled(reshaping, focalPx);
  const channels = warps.every(sameChannels) ? 1 : 3;
  const mapOf = (magnification: number): PictureMap => ({
    homography: toArea(frame, area, size, level, magnification),
    warps,
    channels,
  });
  const magnification = reshaping.fill ? filling((m) => insideOf(mapOf(m), size, active)) : 1;
  const { homography } = mapOf(magnification);
  return {
    ...place,
    map: { homography: multiply(homography, translation(cut.left, cut.top)), warps, channels },
  };
}

/** The smallest magnification from 1 on that fits. */
function filling(fits: (magnification: number) => boolean): number {
  if (fits(1)) return 1;
  let [small, large] = [1, MOST_MAGNIFICATION];
  if (!fits(large)) return 1;
  for (let i = 0; i < FILL_STEPS; i++) {
    const middle = (small + large) / 2;
    if (fits(middle)) large = middle;
    else small = middle;
  }
  return large;
}

/** The person's crop in whole pixels as it lies on the sensor. */
function cutOf(
  frame: RawFrame,
  size: { readonly width: number; readonly height: number },
  crop: Reshaping['crop'],
): Rectangle {
  if (crop === null) return { left: 0, top: 0, ...size };
  const turn = turnOf(frame.orientation, size.width, size.height);
  const edge = (fraction: number, length: number): number =>
    Math.min(Math.max(Math.round(fraction * length), 0), length);
  const [left, top] = [
    Math.min(edge(crop[0], turn.width), turn.width - 1),
    Math.min(edge(crop[1], turn.height), turn.height - 1),
  ];
  return toSensor(turn, {
    left,
    top,
    width: Math.max(edge(crop[0] + crop[2], turn.width) - left, 1),
    height: Math.max(edge(crop[1] + crop[3], turn.height) - top, 1),
  });
}
