import { OpticsError } from '../../OpticsError.js';
import type { RgbScene } from '../Scene.js';
import { nightStreet, STREET_HALF_WIDTH } from './nightStreet.js';
import type { PictureSize } from './picture.js';
import { PORTRAIT_HALF_WIDTH, portrait } from './portrait.js';

export type { PictureSize } from './picture.js';

/** A rendered scene and how one would photograph it. */
export interface PictureSpec {
  readonly name: string;
  /** One line of help. */
  readonly help: string;
  /** Tangent of half the horizontal angle of view. */
  readonly halfWidth: number;
  /** Where to focus, m. */
  readonly focusDistanceM: number;
  /** Illuminance of what is as bright as white paper, lux. */
  readonly illuminanceLux: number;
  readonly render: (size: PictureSize) => RgbScene;
}

/** The scenes that the twin renders by itself: with depth, so that blur and parallax are right. */
export const PICTURES: readonly PictureSpec[] = [
  {
    name: 'portrait',
    help: 'a sitter 1.2 m away at dusk, strings of lamps and a house behind',
    halfWidth: PORTRAIT_HALF_WIDTH,
    focusDistanceM: 1.2,
    illuminanceLux: 60,
    render: portrait,
  },
  {
    name: 'night-street',
    help: 'a street at night after rain: lamps, shop windows, people, cars',
    halfWidth: STREET_HALF_WIDTH,
    focusDistanceM: 14,
    illuminanceLux: 8,
    render: nightStreet,
  },
];

/**
 * A rendered scene by name.
 * @throws {OpticsError} where there is none of that name
 */
export function findPicture(name: string): PictureSpec {
  const found = PICTURES.find((picture) => picture.name === name);
  if (found !== undefined) return found;
  const names = PICTURES.map((picture) => picture.name).join(', ');
  throw new OpticsError(`there is no scene "${name}"; there are ${names}.`, { field: 'scene' });
}
