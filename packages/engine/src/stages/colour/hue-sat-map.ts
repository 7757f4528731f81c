import type { HueSatMap } from '@photosite/raw';
import type { CalibrationWeight } from '../../colour/camera.js';
import { srgbDecode, srgbEncode } from '../../colour/spaces.js';
import type { PlanContext } from '../../stage.js';

/**
 * The hue/saturation map for a white: the calibrations' maps mixed by their weights (DNG 1.6, chapter 6), or undefined
 * where the file has none; where their grids differ, the first one.
 */
export function mixedHueSatMap(weights: readonly CalibrationWeight[]): HueSatMap | undefined {
  const present = weights.flatMap(({ calibration, weight }) =>
    calibration.hueSatMap === undefined ? [] : [{ map: calibration.hueSatMap, weight }],
  );
  const first = present[0];
  if (first === undefined) return undefined;
  const total = present.reduce((sum, { weight }) => sum + weight, 0);
  if (total <= 0) return first.map;
  if (present.some(({ map }) => !sameGrid(map, first.map))) return first.map;
  const data = new Float32Array(first.map.data.length);
  for (const { map, weight } of present)
    for (let i = 0; i < data.length; i++) data[i]! += (map.data[i]! * weight) / total;
  return { ...first.map, data };
}

function sameGrid(a: HueSatMap, b: HueSatMap): boolean {
  return (
    a.hueDivisions === b.hueDivisions &&
    a.satDivisions === b.satDivisions &&
    a.valDivisions === b.valDivisions &&
    a.encoding === b.encoding
  );
}

/** A hue/saturation table in the kernels' memory, as their `hueSatMap` wants it. */
export interface PlacedMap {
  readonly table: number;
  readonly hues: number;
  readonly sats: number;
  readonly vals: number;
  readonly encode: number;
  readonly decode: number;
}

/** Places a table for the kernel. */
export function placeMap(map: HueSatMap, { place }: PlanContext): PlacedMap {
  const curve = (f: (x: number) => number): number =>
    map.encoding === 'linear' ? 0 : place(Float32Array.from({ length: 1025 }, (_, i) => f(i / 1024)));
  return {
    table: place(tableOf(map)),
    hues: map.hueDivisions,
    sats: map.satDivisions,
    vals: map.valDivisions,
    encode: curve((root) => srgbEncode(root * root)),
    decode: curve(srgbDecode),
  };
}

/** The map's data as the kernel wants it: hue shifts in sixths of a turn instead of degrees. */
export function tableOf(map: HueSatMap): Float32Array {
  return map.data.map((value, i) => (i % 3 === 0 ? value / 60 : value));
}
