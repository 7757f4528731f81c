import type { Opcode } from '@photosite/raw';

/** A GainMap opcode. */
export type GainMap = Extract<Opcode, { kind: 'GainMap' }>;

/**
 * The gain of a map at a place of the active area: bilinear between the map's points, level beyond them.
 * @param plane of the picture, counted from the opcode's first
 */
export function gainAt(
  map: GainMap,
  x: number,
  y: number,
  width: number,
  height: number,
  plane: number,
): number {
  const across = (x + 0.5) / width;
  const down = (y + 0.5) / height;
  const column = map.mapPointsH < 2 ? 0 : (across - map.mapOriginH) / map.mapSpacingH;
  const row = map.mapPointsV < 2 ? 0 : (down - map.mapOriginV) / map.mapSpacingV;
  const h = Math.min(Math.max(column, 0), map.mapPointsH - 1);
  const v = Math.min(Math.max(row, 0), map.mapPointsV - 1);
  const point = (i: number, j: number): number => {
    const right = Math.min(i, map.mapPointsH - 1);
    const below = Math.min(j, map.mapPointsV - 1);
    return map.gains[(below * map.mapPointsH + right) * map.mapPlanes + Math.min(plane, map.mapPlanes - 1)]!;
  };
  const [left, top] = [Math.floor(h), Math.floor(v)];
  const between = (a: number, b: number, t: number): number => a + (b - a) * t;
  return between(
    between(point(left, top), point(left, top + 1), v - top),
    between(point(left + 1, top), point(left + 1, top + 1), v - top),
    h - left,
  );
}

/** True where a map's area and pitch include a photosite. */
function covers({ area }: GainMap, x: number, y: number): boolean {
  return (
    y >= area.top &&
    y < area.bottom &&
    x >= area.left &&
    x < area.right &&
    (y - area.top) % area.rowPitch === 0 &&
    (x - area.left) % area.colPitch === 0
  );
}

/**
 * Planes over the active area, multiplied by gain maps.
 * @param planes one for a mosaic or a monochrome picture, else R, G and B
 */
export function lensShading(
  planes: readonly (readonly number[])[],
  maps: readonly GainMap[],
  width: number,
): number[][] {
  return planes.map((values, plane) =>
    values.map((value, i) => {
      const [x, y, height] = [i % width, Math.floor(i / width), values.length / width];
      return maps
        .filter(({ area }) => plane >= area.plane && plane < area.plane + area.planes)
        .filter((map) => covers(map, x, y))
        .reduce((light, map) => light * gainAt(map, x, y, width, height, plane - map.area.plane), value);
    }),
  );
}
