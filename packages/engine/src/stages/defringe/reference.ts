import type { Vector3 } from '../../colour/matrix3.js';

const f = Math.fround;

/** A picture whose pixels outside of it are asked for by place. */
export type PixelAt = (x: number, y: number) => Vector3;

function step(value: number, from: number, to: number): number {
  return Math.min(Math.max(f(f(value - f(from)) * f(1 / f(f(to) - f(from)))), 0), 1);
}

/** How far red and blue lie above green. */
function purple([r, g, b]: Vector3): number {
  return Math.max(Math.min(f(b - g), f(f(r - g) * 3)), 0);
}

/** One pixel without its purple fringe: written for reading. */
export function defringedPixel(
  at: PixelAt,
  x: number,
  y: number,
  reach: number,
  near: number,
  amount: number,
): Vector3 {
  const pixel = at(x, y);
  const [r, g, b] = pixel;
  const own = purple(pixel);
  const all = f(f(r + g) + b);
  const slant = Math.floor(reach * Math.SQRT1_2 + 0.5);
  const crosses = (d: number): number[][] => [
    [-d, 0],
    [d, 0],
    [0, -d],
    [0, d],
  ];
  const corners = (d: number): number[][] => [
    [-d, -d],
    [d, d],
    [d, -d],
    [-d, d],
  ];
  const around = (places: number[][]): Vector3[] => places.map(([u, v]) => at(x + u!, y + v!));
  const light = Math.max(
    ...around([...crosses(reach), ...crosses(near), ...corners(near)]).map((v) => Math.max(v[0], v[1])),
  );
  const contrast = f(1 - f(g / Math.max(light, f(0.0001))));
  const beside = f(step(light, 0.35, 0.7) * step(contrast, 0.3, 0.6));
  const third = around([...crosses(reach), ...corners(slant)])
    .map(purple)
    .sort((a, c) => c - a)[2]!;
  const alone = step(f(f(own - f(third * 1.5)) / Math.max(all, f(0.0001))), 0.02, 0.08);
  const weight = Math.min(f(f(beside * alone) * f(amount)), 1);
  return [f(r - f(Math.max(f(r - g), 0) * weight)), g, f(b - f(Math.max(f(b - g), 0) * weight))];
}
