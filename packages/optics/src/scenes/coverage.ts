/** Where something ends: points with `normalX * x + normalY * y < offset` belong to it; the normal has length 1. */
export interface HalfPlane {
  readonly normalX: number;
  readonly normalY: number;
  readonly offset: number;
}

/**
 * The half-plane through a point whose edge runs at an angle.
 * @param angleDegrees direction of the edge, from the columns' direction (down) towards the right; 0 covers what is left
 */
export function halfPlaneThrough(x: number, y: number, angleDegrees: number): HalfPlane {
  const angle = (angleDegrees * Math.PI) / 180;
  const [normalX, normalY] = [Math.cos(angle), -Math.sin(angle)];
  return { normalX, normalY, offset: normalX * x + normalY * y };
}

/**
 * Area of the unit square with its top left corner at (x, y) that lies in a half-plane: exact, by the closed form for a
 * line that cuts a square (a triangle, a trapezium, or what they leave).
 */
export function halfPlaneCoverage({ normalX, normalY, offset }: HalfPlane, x: number, y: number): number {
  const across = Math.abs(normalX);
  const down = Math.abs(normalY);
  // Distance of the edge from the corner of the square that is deepest inside.
  const d = offset - normalX * (x + 0.5) - normalY * (y + 0.5) + (across + down) / 2;
  if (d <= 0) return 0;
  if (d >= across + down) return 1;
  const short = Math.min(across, down);
  const long = Math.max(across, down);
  if (d <= short) return (d * d) / (2 * short * long);
  if (d >= long) return 1 - (across + down - d) ** 2 / (2 * short * long);
  return (d - short / 2) / long;
}

/**
 * Area of the unit square with its top left corner at (x, y) that lies in all of the half-planes: exact, by clipping the
 * square (Sutherland and Hodgman 1974) and the shoelace formula.
 */
export function convexCoverage(sides: readonly HalfPlane[], x: number, y: number): number {
  const cutting: HalfPlane[] = [];
  for (const side of sides) {
    const share = halfPlaneCoverage(side, x, y);
    if (share === 0) return 0;
    if (share < 1) cutting.push(side);
  }
  if (cutting.length === 0) return 1;
  if (cutting.length === 1) return halfPlaneCoverage(cutting[0]!, x, y);
  // Relative to the square's corner, so that no digits are lost far from the origin.
  let polygon: readonly (readonly [number, number])[] = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ];
  for (const { normalX, normalY, offset } of cutting) {
    const kept: (readonly [number, number])[] = [];
    const depth = ([px, py]: readonly [number, number]): number =>
      offset - normalX * (x + px) - normalY * (y + py);
    polygon.forEach((point, i) => {
      const next = polygon[(i + 1) % polygon.length]!;
      const [from, to] = [depth(point), depth(next)];
      if (from > 0) kept.push(point);
      if (from > 0 !== to > 0) {
        const t = from / (from - to);
        kept.push([point[0] + t * (next[0] - point[0]), point[1] + t * (next[1] - point[1])]);
      }
    });
    polygon = kept;
  }
  const doubled = polygon.reduce((sum, [px, py], i) => {
    const [nx, ny] = polygon[(i + 1) % polygon.length]!;
    return sum + px * ny - nx * py;
  }, 0);
  return Math.min(Math.max(doubled / 2, 0), 1);
}

/** Share of the unit interval [at, at + 1) that lies between two places. */
export function intervalCoverage(from: number, to: number, at: number): number {
  return Math.max(0, Math.min(to, at + 1) - Math.max(from, at));
}

/** Area of the unit disc's part with coordinates below (x, y). */
function cornerOfDisc(x: number, y: number): number {
  const [cx, cy] = [Math.min(Math.max(x, -1), 1), Math.min(Math.max(y, -1), 1)];
  // Area under the chord function: ∫ √(1 − t²) dt.
  const under = (t: number): number => (t * Math.sqrt(Math.max(0, 1 - t * t)) + Math.asin(t)) / 2;
  const half = Math.sqrt(1 - cy * cy);
  // Columns t < x of height min(y, √(1−t²)) + √(1−t²), none where y < −√(1−t²).
  const middle = Math.min(Math.max(cx, -half), half);
  const inner = cy * (middle + half) + under(middle) - under(-half);
  if (cy < 0) return inner;
  const left = 2 * (under(Math.min(cx, -half)) - under(-1));
  const right = cx > half ? 2 * (under(cx) - under(half)) : 0;
  return left + inner + right;
}

/** Area of the unit square with its top left corner at (x, y) that lies in a disc: exact, by the circle's integral. */
export function discCoverage(centreX: number, centreY: number, radius: number, x: number, y: number): number {
  const left = x - centreX;
  const top = y - centreY;
  const farX = Math.max(Math.abs(left), Math.abs(left + 1));
  const farY = Math.max(Math.abs(top), Math.abs(top + 1));
  if (farX * farX + farY * farY <= radius * radius) return 1;
  const nearX = Math.max(left, -left - 1, 0);
  const nearY = Math.max(top, -top - 1, 0);
  if (nearX * nearX + nearY * nearY >= radius * radius) return 0;
  const corner = (cx: number, cy: number): number => cornerOfDisc(cx / radius, cy / radius);
  const area = corner(left + 1, top + 1) - corner(left, top + 1) - corner(left + 1, top) + corner(left, top);
  return Math.min(Math.max(area * radius * radius, 0), 1);
}
