import type { Area, Orientation, RawFrame } from '@photosite/raw';

/** A rectangle of pixels. */
export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How sensor coordinates become upright ones: u = u0 + ux·x + uy·y, v = v0 + vx·x + vy·y. */
export interface Turn {
  readonly width: number;
  readonly height: number;
  readonly u0: number;
  readonly ux: number;
  readonly uy: number;
  readonly v0: number;
  readonly vx: number;
  readonly vy: number;
}

/** The turn that sets a picture of `width × height` sensor pixels upright (Exif 2.32, Orientation, tag 274). */
export function turnOf(orientation: Orientation, width: number, height: number): Turn {
  const [right, down] = [width - 1, height - 1];
  const upright = { width, height };
  const turned = { width: height, height: width };
  switch (orientation) {
    case 1:
      return { ...upright, u0: 0, ux: 1, uy: 0, v0: 0, vx: 0, vy: 1 };
    case 2:
      return { ...upright, u0: right, ux: -1, uy: 0, v0: 0, vx: 0, vy: 1 };
    case 3:
      return { ...upright, u0: right, ux: -1, uy: 0, v0: down, vx: 0, vy: -1 };
    case 4:
      return { ...upright, u0: 0, ux: 1, uy: 0, v0: down, vx: 0, vy: -1 };
    case 5:
      return { ...turned, u0: 0, ux: 0, uy: 1, v0: 0, vx: 1, vy: 0 };
    case 6:
      return { ...turned, u0: down, ux: 0, uy: -1, v0: 0, vx: 1, vy: 0 };
    case 7:
      return { ...turned, u0: down, ux: 0, uy: -1, v0: right, vx: -1, vy: 0 };
    case 8:
      return { ...turned, u0: 0, ux: 0, uy: 1, v0: right, vx: -1, vy: 0 };
  }
}

/** The sensor rectangle that an upright rectangle shows. */
export function toSensor(turn: Turn, upright: Rectangle): Rectangle {
  const corner = (u: number, v: number): [number, number] => {
    const [du, dv] = [u - turn.u0, v - turn.v0];
    // The turn is orthogonal: its inverse is its transpose.
    return [turn.ux * du + turn.vx * dv, turn.uy * du + turn.vy * dv];
  };
  const [x0, y0] = corner(upright.left, upright.top);
  const [x1, y1] = corner(upright.left + upright.width - 1, upright.top + upright.height - 1);
  return {
    left: Math.min(x0, x1),
    top: Math.min(y0, y1),
    width: Math.abs(x1 - x0) + 1,
    height: Math.abs(y1 - y0) + 1,
  };
}

/** A rectangle of the active area. */
export function rectangleOf(area: Area): Rectangle {
  return { left: area.left, top: area.top, width: area.right - area.left, height: area.bottom - area.top };
}

/** The default crop in active-area coordinates, kept inside of the active area; all of it where the crop is no rectangle. */
export function cropOf(frame: Pick<RawFrame, 'activeArea' | 'defaultCrop'>): Rectangle {
  const active = rectangleOf(frame.activeArea);
  const crop = rectangleOf(frame.defaultCrop);
  if (!Object.values(crop).every(Number.isInteger)) return { ...active, left: 0, top: 0 };
  const left = Math.min(Math.max(crop.left, 0), active.width - 1);
  const top = Math.min(Math.max(crop.top, 0), active.height - 1);
  return {
    left,
    top,
    width: Math.min(Math.max(crop.width, 1), active.width - left),
    height: Math.min(Math.max(crop.height, 1), active.height - top),
  };
}
