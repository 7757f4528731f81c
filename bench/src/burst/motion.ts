import { seededRandom } from '../truth/random.js';

/** Where a frame looks: its pixel p, seen from the centre, shows the scene's place R(turn) · p + shift. */
export interface Motion {
  readonly shiftX: number;
  readonly shiftY: number;
  readonly turnDeg: number;
}

/** How the camera moves between the frames: not at all, by whole periods of the array, by whole pixels, by a hand. */
export type MotionKind = 'none' | 'periods' | 'pixels' | 'hand';

/** The protocol's bounds: pixels each way and degrees. */
const MOST_SHIFT = 12;
const MOST_TURN_DEG = 0.15;

/** The motions of a burst, the first frame's none. */
export function motionsOf(kind: MotionKind, frames: number, seed: number): Motion[] {
  const random = seededRandom(seed);
  const within = (most: number) => (2 * random() - 1) * most;
  const shift = (): number => {
    const wanted = within(MOST_SHIFT);
    if (kind === 'hand') return wanted;
    return kind === 'periods' ? 2 * Math.round(wanted / 2) : Math.round(wanted);
  };
  return Array.from({ length: frames }, (_, i) => {
    const [shiftX, shiftY, turnDeg] = [shift(), shift(), within(MOST_TURN_DEG)];
    if (i === 0 || kind === 'none') return { shiftX: 0, shiftY: 0, turnDeg: 0 };
    return { shiftX, shiftY, turnDeg: kind === 'hand' ? turnDeg : 0 };
  });
}

/** The place of the reference, seen from the centre, that a frame's pixel shows. */
export function placeSeen({ shiftX, shiftY, turnDeg }: Motion, x: number, y: number): [number, number] {
  const [cos, sin] = [Math.cos((turnDeg * Math.PI) / 180), Math.sin((turnDeg * Math.PI) / 180)];
  return [cos * x - sin * y + shiftX, sin * x + cos * y + shiftY];
}

/** Where a place of the reference lies in a frame, both seen from the centre. */
export function placeInFrame({ shiftX, shiftY, turnDeg }: Motion, x: number, y: number): [number, number] {
  return placeSeen({ shiftX: 0, shiftY: 0, turnDeg: -turnDeg }, x - shiftX, y - shiftY);
}
