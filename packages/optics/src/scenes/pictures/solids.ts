/** A solid that a ray can meet: an ellipsoid, or the space behind all of some planes. */
export interface Solid<Material> {
  readonly material: Material;
  /** Centre and square of the radius of a sphere about all of it. */
  readonly bound: readonly [x: number, y: number, z: number, square: number];
  /** Half axes of an ellipsoid about the bound's centre. */
  readonly halves?: readonly [x: number, y: number, z: number];
  /** Outward normals (unit) and offsets of a convex body: four numbers a plane. */
  readonly planes?: Float64Array;
}

/** An ellipsoid with its axes along the world's. */
export function ellipsoid<Material>(
  material: Material,
  [x, y, z]: readonly [number, number, number],
  halves: readonly [number, number, number],
): Solid<Material> {
  return { material, bound: [x, y, z, Math.max(...halves) ** 2], halves };
}

/** A body bounded by planes through points with outward normals; `radius` bounds it about its centre. */
export function convex<Material>(
  material: Material,
  [x, y, z]: readonly [number, number, number],
  radius: number,
  faces: readonly { readonly normal: readonly [number, number, number]; readonly at: number }[],
): Solid<Material> {
  const planes = new Float64Array(faces.length * 4);
  for (const [i, { normal, at }] of faces.entries()) {
    const length = Math.hypot(...normal);
    // `at` is how far the face lies from the centre along its normal.
    const [nx, ny, nz] = [normal[0] / length, normal[1] / length, normal[2] / length];
    planes.set([nx, ny, nz, nx * x + ny * y + nz * z + at], i * 4);
  }
  return { material, bound: [x, y, z, radius * radius], planes };
}

/** A box about a centre. */
export function box<Material>(
  material: Material,
  centre: readonly [number, number, number],
  [hx, hy, hz]: readonly [number, number, number],
): Solid<Material> {
  return convex(material, centre, Math.hypot(hx, hy, hz), [
    { normal: [1, 0, 0], at: hx },
    { normal: [-1, 0, 0], at: hx },
    { normal: [0, 1, 0], at: hy },
    { normal: [0, -1, 0], at: hy },
    { normal: [0, 0, 1], at: hz },
    { normal: [0, 0, -1], at: hz },
  ]);
}

/** Solids among which rays look for the first one that they meet. */
export class Solids<Material> {
  readonly #solids: readonly Solid<Material>[];
  /** All bounds in one table, so that most solids are passed by without looking at them. */
  readonly #bounds: Float64Array;
  /** Normal (outward, unit) where the last ray that {@link first} found entered. */
  readonly normal = new Float64Array(3);
  /** Distance at which it entered. */
  distance = Infinity;

  constructor(solids: readonly Solid<Material>[]) {
    this.#solids = solids;
    this.#bounds = Float64Array.from(solids.flatMap(({ bound }) => bound));
  }

  /**
   * The first solid that a ray (unit direction) enters between two distances, and where, or undefined.
   * @param any true where whichever solid is found will do
   */
  first(
    ox: number,
    oy: number,
    oz: number,
    dx: number,
    dy: number,
    dz: number,
    from: number,
    to: number,
    any = false,
  ): Solid<Material> | undefined {
    const bounds = this.#bounds;
    let found: Solid<Material> | undefined;
    let nearest = to;
    for (let i = 0; i < bounds.length; i += 4) {
      const cx = bounds[i]! - ox;
      const cy = bounds[i + 1]! - oy;
      const cz = bounds[i + 2]! - oz;
      const reach = bounds[i + 3]!;
      const along = cx * dx + cy * dy + cz * dz;
      const square = cx * cx + cy * cy + cz * cz;
      if (square - along * along > reach || (along < 0 && square > reach)) continue;
      if (along > nearest && (along - nearest) ** 2 > reach) continue;
      const solid = this.#solids[i / 4]!;
      const t =
        solid.halves === undefined
          ? this.#meetConvex(solid.planes!, ox, oy, oz, dx, dy, dz, from, nearest)
          : this.#meetEllipsoid(solid.halves, cx, cy, cz, dx, dy, dz, from, nearest);
      if (t === Infinity) continue;
      found = solid;
      nearest = t;
      this.distance = t;
      if (any) return found;
    }
    return found;
  }

  #meetEllipsoid(
    halves: readonly [number, number, number],
    cx: number,
    cy: number,
    cz: number,
    dx: number,
    dy: number,
    dz: number,
    from: number,
    to: number,
  ): number {
    const [ax, ay, az] = [dx / halves[0], dy / halves[1], dz / halves[2]];
    const [bx, by, bz] = [cx / halves[0], cy / halves[1], cz / halves[2]];
    const a = ax * ax + ay * ay + az * az;
    const b = ax * bx + ay * by + az * bz;
    const inside = b * b - a * (bx * bx + by * by + bz * bz - 1);
    if (inside <= 0) return Infinity;
    const t = (b - Math.sqrt(inside)) / a;
    if (t <= from || t >= to) return Infinity;
    const nx = (t * dx - cx) / halves[0] ** 2;
    const ny = (t * dy - cy) / halves[1] ** 2;
    const nz = (t * dz - cz) / halves[2] ** 2;
    const length = Math.sqrt(nx * nx + ny * ny + nz * nz);
    this.normal[0] = nx / length;
    this.normal[1] = ny / length;
    this.normal[2] = nz / length;
    return t;
  }

  #meetConvex(
    planes: Float64Array,
    ox: number,
    oy: number,
    oz: number,
    dx: number,
    dy: number,
    dz: number,
    from: number,
    to: number,
  ): number {
    let near = from;
    let far = to;
    let face = -1;
    for (let i = 0; i < planes.length; i += 4) {
      const speed = planes[i]! * dx + planes[i + 1]! * dy + planes[i + 2]! * dz;
      const distance = planes[i + 3]! - (planes[i]! * ox + planes[i + 1]! * oy + planes[i + 2]! * oz);
      if (speed < 0) {
        if (distance / speed > near) {
          near = distance / speed;
          face = i;
        }
      } else if (speed > 0) far = Math.min(far, distance / speed);
      else if (distance < 0) return Infinity;
    }
    if (face < 0 || near >= far) return Infinity;
    for (let k = 0; k < 3; k++) this.normal[k] = planes[face + k]!;
    return near;
  }
}
