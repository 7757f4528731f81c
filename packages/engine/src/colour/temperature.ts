import type { Chromaticity } from '@photosite/raw';

/** A white by its correlated colour temperature and its distance from the Planckian locus. */
export interface Temperature {
  /** Correlated colour temperature in kelvin. */
  readonly kelvin: number;
  /** Distance from the locus in units of 1/3000 in CIE 1960 uv, positive where the light is greenish, as in DNG tools. */
  readonly tint: number;
}

// Robertson 1968, J. Opt. Soc. Am. 58, table 2: reciprocal megakelvin, u, v and the isotherm's slope in CIE 1960 uv.
const ISOTHERMS: readonly (readonly [number, number, number, number])[] = [
  [0, 0.18006, 0.26352, -0.24341],
  [10, 0.18066, 0.26589, -0.25479],
  [20, 0.18133, 0.26846, -0.26876],
  [30, 0.18208, 0.27119, -0.28539],
  [40, 0.18293, 0.27407, -0.3047],
  [50, 0.18388, 0.27709, -0.32675],
  [60, 0.18494, 0.28021, -0.35156],
  [70, 0.18611, 0.28342, -0.37915],
  [80, 0.1874, 0.28668, -0.40955],
  [90, 0.1888, 0.28997, -0.44278],
  [100, 0.19032, 0.29326, -0.47888],
  [125, 0.19462, 0.30141, -0.58204],
  [150, 0.19962, 0.30921, -0.70471],
  [175, 0.20525, 0.31647, -0.84901],
  [200, 0.21142, 0.32312, -1.0182],
  [225, 0.21807, 0.32909, -1.2168],
  [250, 0.22511, 0.33439, -1.4512],
  [275, 0.23247, 0.33904, -1.7298],
  [300, 0.2401, 0.34308, -2.0637],
  [325, 0.24792, 0.34655, -2.4681],
  [350, 0.25591, 0.34951, -2.9641],
  [375, 0.264, 0.352, -3.5814],
  [400, 0.27218, 0.35407, -4.3633],
  [425, 0.28039, 0.35577, -5.3762],
  [450, 0.28863, 0.35714, -6.7262],
  [475, 0.29685, 0.35823, -8.5955],
  [500, 0.30505, 0.35907, -11.324],
  [525, 0.3132, 0.35968, -15.628],
  [550, 0.32129, 0.36011, -23.325],
  [575, 0.32931, 0.36038, -40.77],
  [600, 0.33724, 0.36051, -116.45],
];

const TINT_SCALE = -3000;

/** The isotherm at a reciprocal temperature: a point on the locus and the unit vector along the isotherm. */
function isotherm(mired: number): { u: number; v: number; du: number; dv: number } {
  let i = 1;
  while (i < ISOTHERMS.length - 1 && mired >= ISOTHERMS[i]![0]) i++;
  const [m0, u0, v0, t0] = ISOTHERMS[i - 1]!;
  const [m1, u1, v1, t1] = ISOTHERMS[i]!;
  const f = (mired - m0) / (m1 - m0);
  const along = (slope: number): [number, number] => {
    const length = Math.hypot(1, slope);
    return [1 / length, slope / length];
  };
  const [a, b] = [along(t0), along(t1)];
  const du = a[0] + (b[0] - a[0]) * f;
  const dv = a[1] + (b[1] - a[1]) * f;
  const length = Math.hypot(du, dv);
  return { u: u0 + (u1 - u0) * f, v: v0 + (v1 - v0) * f, du: du / length, dv: dv / length };
}

/**
 * Chromaticity of a temperature and tint.
 * @param white kelvin in [1667, 1e6], tint any
 */
export function chromaticityOfTemperature(white: Temperature): Chromaticity {
  const { u, v, du, dv } = isotherm(1e6 / white.kelvin);
  const offset = white.tint / TINT_SCALE;
  const uu = u + du * offset;
  const vv = v + dv * offset;
  const d = 2 * uu - 8 * vv + 4;
  return { x: (3 * uu) / d, y: (2 * vv) / d };
}

/** Temperature and tint of a chromaticity: the inverse of {@link chromaticityOfTemperature}, limited to its range. */
export function temperatureOfChromaticity(white: Chromaticity): Temperature {
  const d = -2 * white.x + 12 * white.y + 3;
  const u = (4 * white.x) / d;
  const v = (6 * white.y) / d;
  // The signed distance across the isotherm changes sign where the isotherm sweeps past the point.
  const across = (mired: number): number => {
    const line = isotherm(mired);
    return (v - line.v) * line.du - (u - line.u) * line.dv;
  };
  let [low, high] = [1, 600];
  let [atLow, atHigh] = [across(low), across(high)];
  if (Math.sign(atLow) === Math.sign(atHigh)) low = high = Math.abs(atLow) < Math.abs(atHigh) ? low : high;
  // False position; an end that stays twice counts half, so that both ends close in (the Illinois rule).
  for (let i = 0, stayed = 0; i < 100 && high - low > 1e-9; i++) {
    const next = (low * atHigh - high * atLow) / (atHigh - atLow);
    const atNext = across(next);
    if (atNext === 0) low = high = next;
    else if (Math.sign(atNext) === Math.sign(atLow)) {
      [low, atLow] = [next, atNext];
      if (stayed === 1) atHigh /= 2;
      stayed = 1;
    } else {
      [high, atHigh] = [next, atNext];
      if (stayed === -1) atLow /= 2;
      stayed = -1;
    }
  }
  const mired = (low + high) / 2;
  const line = isotherm(mired);
  const offset = (u - line.u) * line.du + (v - line.v) * line.dv;
  return { kelvin: 1e6 / mired, tint: offset * TINT_SCALE };
}

// Exif LightSource codes as correlated colour temperatures in kelvin; fluorescents by the middle of Exif 2.32's ranges.
const KELVIN_OF_LIGHT_SOURCE: Readonly<Record<number, number>> = {
  1: 5500,
  2: 4150,
  3: 2856,
  4: 5500,
  9: 5500,
  10: 6504,
  11: 7500,
  12: 6400,
  13: 5050,
  14: 4150,
  15: 3525,
  16: 2925,
  17: 2856,
  18: 4874,
  19: 6774,
  20: 5503,
  21: 6504,
  22: 7504,
  23: 5003,
  24: 3200,
};

/** Temperature of an Exif LightSource code in kelvin, or undefined for an unknown or "other" one. */
export function kelvinOfLightSource(code: number): number | undefined {
  return KELVIN_OF_LIGHT_SOURCE[code];
}
