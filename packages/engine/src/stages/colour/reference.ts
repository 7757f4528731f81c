import type { HueSatMap, Matrix3 } from '@photosite/raw';
import { apply, type Vector3 } from '../../colour/matrix3.js';
import { srgbDecode, srgbEncode } from '../../colour/spaces.js';

/** A pixel through a 3×3 matrix. */
export function colourMatrix(pixel: Vector3, matrix: Matrix3): Vector3 {
  return apply(matrix, pixel);
}

/** Hue in degrees [0, 360), saturation [0, 1] and value of non-negative RGB. */
export function hsvOf([r, g, b]: Vector3): Vector3 {
  const value = Math.max(r, g, b);
  const gap = value - Math.min(r, g, b);
  if (gap === 0) return [0, 0, value];
  const sixths = value === r ? (g - b) / gap : value === g ? 2 + (b - r) / gap : 4 + (r - g) / gap;
  return [((sixths + 6) % 6) * 60, gap / value, value];
}

/** RGB of hue in degrees, saturation and value. */
export function rgbOf([hue, saturation, value]: Vector3): Vector3 {
  const channel = (offset: number): number => {
    const place = (offset + hue / 60) % 6;
    return value * (1 - saturation * Math.max(0, Math.min(place, 4 - place, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}

/** The table's hue shift, saturation scale and value scale at a place: linear in all three directions, hue in a circle. */
function looked(map: HueSatMap, hue: number, saturation: number, index: number): Vector3 {
  const { hueDivisions, satDivisions, valDivisions, data } = map;
  const axis = (at: number, last: number): readonly (readonly [entry: number, weight: number])[] => {
    const low = Math.min(Math.floor(at), last);
    return [
      [low, 1 - (at - low)],
      [Math.min(low + 1, last), at - low],
    ];
  };
  const hueAt = (hue / 360) * hueDivisions;
  const left = Math.floor(hueAt);
  const hues = [
    [left % hueDivisions, 1 - (hueAt - left)],
    [(left + 1) % hueDivisions, hueAt - left],
  ] as const;
  const sum = [0, 0, 0];
  for (const [v, wv] of axis(index * (valDivisions - 1), valDivisions - 1))
    for (const [h, wh] of hues)
      for (const [s, ws] of axis(saturation * (satDivisions - 1), satDivisions - 1))
        for (let field = 0; field < 3; field++)
          sum[field]! += wv * wh * ws * data[((v * hueDivisions + h) * satDivisions + s) * 3 + field]!;
  return [sum[0]!, sum[1]!, sum[2]!];
}

/** A pixel in linear ProPhoto RGB through a hue/saturation/value table; light above white is scaled as white is. */
export function hueSatMap(pixel: Vector3, map: HueSatMap): Vector3 {
  const [hue, saturation, value] = hsvOf([
    Math.max(pixel[0], 0),
    Math.max(pixel[1], 0),
    Math.max(pixel[2], 0),
  ]);
  const shown = Math.min(value, 1);
  const index = map.encoding === 'srgb' ? srgbEncode(shown) : shown;
  const [shift, saturationScale, valueScale] = looked(map, hue, saturation, index);
  const scaled =
    map.encoding === 'srgb'
      ? Math.max(value, 1) * srgbDecode(Math.min(Math.max(index * valueScale, 0), 1))
      : value * valueScale;
  return rgbOf([(hue + shift + 360) % 360, Math.min(saturation * saturationScale, 1), scaled]);
}
