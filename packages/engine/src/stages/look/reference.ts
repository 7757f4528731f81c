import type { Vector3 } from '../../colour/matrix3.js';
import { type CurvePoint, monotoneCurve } from '../../colour/monotoneCurve.js';
import { oklabOf, rec2020OfOklab } from '../../colour/oklab.js';
import type { Cast, HuePoint, Look } from './Look.js';

/** A pixel in linear Rec.2020, display light on [0,1], as a look renders it. */
export type Rendering = (pixel: Vector3) => Vector3;

function toneOf(points: readonly CurvePoint[] | undefined): (lightness: number) => number {
  if (points === undefined) return (lightness) => lightness;
  const ends: CurvePoint[] = [...points];
  if (ends[0]![0] > 0) ends.unshift([0, 0]);
  if (ends.at(-1)![0] < 1) ends.push([1, 1]);
  return monotoneCurve(ends);
}

/** What hue points say at a hue. */
export type HueChange = Required<Omit<HuePoint, 'hue'>>;

/** The hue points around the circle: smooth, and between their neighbours everywhere. */
export function aroundHues(points: readonly HuePoint[] = []): (hue: number) => HueChange {
  const full = points.map(({ hue, turn = 0, chroma = 1, lightness = 0 }) => ({
    hue,
    turn,
    chroma,
    lightness,
  }));
  const none: HueChange = { turn: 0, chroma: 1, lightness: 0 };
  return (hue) => {
    let after = 0;
    while (after < full.length && full[after]!.hue <= hue) after++;
    const next = full[after % full.length];
    const last = full[(after + full.length - 1) % full.length];
    if (next === undefined || last === undefined) return none;
    const gap = (next.hue - last.hue + 360) % 360 || 360;
    const t = ((hue - last.hue + 360) % 360) / gap;
    const share = t * t * (3 - 2 * t);
    const between = (a: number, b: number): number => a + (b - a) * share;
    return {
      turn: between(last.turn, next.turn),
      chroma: between(last.chroma, next.chroma),
      lightness: between(last.lightness, next.lightness),
    };
  };
}

function castVector(cast: Cast | undefined): readonly [a: number, b: number] {
  if (cast === undefined) return [0, 0];
  const angle = (cast.hue * Math.PI) / 180;
  return [cast.chroma * Math.cos(angle), cast.chroma * Math.sin(angle)];
}

/** Largest value of l (1 - l)², at 1/3. */
const SPLIT_PEAK = 4 / 27;

/** Roundings of a colour on the gamut's border are no reason to take chroma away. */
const BORDER = 1e-9;

function limited(value: number): number {
  return Math.min(Math.max(value, 0), 1);
}

function within(value: number): boolean {
  return value >= -BORDER && value <= 1 + BORDER;
}

function fits(rgb: Vector3): boolean {
  return within(rgb[0]) && within(rgb[1]) && within(rgb[2]);
}

/** Linear Rec.2020 of an Oklab colour, with as much of its chroma as fits in: lightness and hue stay. */
function fitted(lab: Vector3): Vector3 {
  const lightness = lab[0];
  const a = lab[1];
  const b = lab[2];
  let rgb = rec2020OfOklab(lab);
  if (!fits(rgb)) {
    let inside = 0;
    let beyond = 1;
    for (let pass = 0; pass < 12; pass++) {
      const share = (inside + beyond) / 2;
      if (fits(rec2020OfOklab([lightness, a * share, b * share]))) inside = share;
      else beyond = share;
    }
    rgb = rec2020OfOklab([lightness, a * inside, b * inside]);
  }
  return [limited(rgb[0]), limited(rgb[1]), limited(rgb[2])];
}

/**
 * A look at a strength: 0 leaves all as it is, 1 is the look, beyond it is overdone. Pixels are clipped to Rec.2020 on
 * the way in, and what a look drives out of it is led back toward grey of its lightness.
 */
export function rendering(look: Look, strength: number): Rendering {
  const tone = toneOf(look.tone);
  const byLightness = look.chromaByLightness === undefined ? () => 1 : monotoneCurve(look.chromaByLightness);
  const hues = aroundHues(look.hues);
  const knee = look.chromaKnee ?? Infinity;
  const shadows = castVector(look.split?.shadows);
  const highlights = castVector(look.split?.highlights);
  const factor = (value: number): number => Math.max(1 + strength * (value - 1), 0);
  const greyness = look.mono === undefined ? 0 : Math.min(strength, 1);
  return (pixel) => {
    const inside: Vector3 = [limited(pixel[0]), limited(pixel[1]), limited(pixel[2])];
    let [lightness, a, b] = oklabOf(inside);
    if (look.mono !== undefined) {
      const [wr, wg, wb] = look.mono;
      const grey = Math.max(wr * inside[0] + wg * inside[1] + wb * inside[2], 0);
      lightness += greyness * (Math.cbrt(grey) - lightness);
      a *= 1 - greyness;
      b *= 1 - greyness;
    }
    const toned = Math.max(lightness + strength * (tone(lightness) - lightness), 0);
    // Chroma goes along as it does with light, so that saturation stays.
    const along = lightness > 1e-6 ? toned / lightness : 1;
    const chroma = Math.sqrt(a * a + b * b);
    const hue = ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
    const change = hues(hue);
    const wanted = (look.chroma ?? 1) * change.chroma;
    // Strong colours need no help, and soon leave the display's gamut.
    const helped = wanted > 1 ? 1 + (wanted - 1) / (1 + (chroma / knee) ** 2) : wanted;
    const gain = along * factor(helped) * factor(byLightness(lightness));
    const angle = ((hue + strength * change.turn) * Math.PI) / 180;
    const light = limited(toned + strength * change.lightness * chroma);
    // By lightness before tone: lifted blacks stay neutral.
    const dark = Math.max(1 - lightness, 0);
    const low = (strength * lightness * dark ** 2) / SPLIT_PEAK;
    const high = (strength * lightness ** 2 * dark) / SPLIT_PEAK;
    return fitted([
      light,
      chroma * gain * Math.cos(angle) + low * shadows[0] + high * highlights[0],
      chroma * gain * Math.sin(angle) + low * shadows[1] + high * highlights[1],
    ]);
  };
}

/** A value of a three-dimensional table by tetrahedral interpolation, at a place in numbers of its entries. */
export function tetrahedral(table: ArrayLike<number>, size: number, stride: number, place: Vector3): Vector3 {
  const at = place.map((x) => Math.min(Math.max(x, 0), size - 1));
  const base = at.map((x) => Math.min(Math.floor(x), size - 2));
  const steps = [stride, stride * size, stride * size * size];
  const axes = [0, 1, 2]
    .map((axis) => ({ step: steps[axis]!, fraction: at[axis]! - base[axis]! }))
    .sort((p, q) => q.fraction - p.fraction);
  const [f1, f2, f3] = axes.map(({ fraction }) => fraction) as [number, number, number];
  let corner = base.reduce((sum, x, axis) => sum + x * steps[axis]!, 0);
  const weights = [1 - f1, f1 - f2, f2 - f3, f3];
  const sum: [number, number, number] = [0, 0, 0];
  weights.forEach((weight, i) => {
    for (let c = 0; c < 3; c++) sum[c]! += weight * table[corner + c]!;
    corner += axes[i]?.step ?? 0;
  });
  return sum;
}
