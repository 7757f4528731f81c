import type { MovingObject } from '@photosite/optics';
import { UsageError } from '../errors.js';
import { checkKeys, parseSpec, specNumber } from './spec.js';

const KINDS = ['disc', 'rectangle'] as const;
/** A grey thing of a sixth of the frame's width that crosses a third of it in a second. */
const DEFAULTS = {
  x: 0.3,
  y: 0.5,
  width: 1 / 6,
  vx: 1 / 3,
  vy: 0,
  ax: 0,
  ay: 0,
  red: 0.4,
  green: 0.4,
  blue: 0.4,
  texture: 0.5,
  seed: 1,
} as const;
const KEYS = [...Object.keys(DEFAULTS), 'height', 'distance'];

/** What `--moving` takes, for its help. */
export const MOVING_HELP =
  `a moving thing, ${KINDS.join(' or ')}, with values after a colon: x, y centre at the start, width, height, vx, vy ` +
  '(a second), ax, ay, all as fractions of the frame; red, green, blue (linear Rec.709, 1 = white), texture, seed, distance ' +
  '(m). May be given several times. E.g. disc:x=0.2,width=0.1,vx=0.5';

/**
 * A moving thing; its colour is light of the scene, linear Rec.709.
 * @throws {UsageError} for a thing that there is not
 */
export function parseMoving(text: string): MovingObject {
  const spec = parseSpec('--moving', text);
  const kind = KINDS.find((each) => each === spec.name);
  if (kind === undefined)
    throw new UsageError(`--moving "${spec.name}": there is no such thing. Choose ${KINDS.join(' or ')}.`);
  checkKeys(`--moving ${kind}`, spec, KEYS);
  const value = (key: keyof typeof DEFAULTS): number => {
    const given = spec.values.get(key);
    return given === undefined ? DEFAULTS[key] : specNumber('--moving', key, given);
  };
  const width = value('width');
  const height = spec.values.get('height');
  const distance = spec.values.get('distance');
  return {
    look: {
      kind,
      rgb: [value('red'), value('green'), value('blue')],
      texture: value('texture'),
      seed: value('seed'),
    },
    size: [width, height === undefined ? width : specNumber('--moving', 'height', height)],
    centre: [value('x'), value('y')],
    velocity: [value('vx'), value('vy')],
    acceleration: [value('ax'), value('ay')],
    ...(distance !== undefined && { distanceM: specNumber('--moving', 'distance', distance) }),
  };
}
