import { OpticsError } from '../../OpticsError.js';
import { RandomStream } from '../../sensors/random.js';
import { discCoverage } from '../coverage.js';
import { neutral, type Place } from './Chart.js';
import { defineChart } from './defineChart.js';

/** Keys this chart's random numbers among others of the same seed. */
const PURPOSE = 0x1a3b;
/** Tries for a place that is free before the picture counts as full. */
const MOST_TRIES = 2000;

/**
 * Round lamps of equal size in random places on black, their light spread evenly over stops: for flare, ghosts, the point
 * spread function and what clipping does. No two lamps touch; more lamps than the picture holds are refused.
 */
export const pointLights = defineChart(
  {
    name: 'point-lights',
    title: 'Point lights',
    help: 'Small lamps on black, from faint to glaring: flare, point spread, clipping.',
    parameters: {
      seed: {
        kind: 'number',
        whole: true,
        default: 0,
        least: 0,
        most: 2 ** 32 - 1,
        help: 'The same seed, the same chart.',
      },
      count: { kind: 'number', whole: true, default: 64, least: 1, most: 10000, help: 'Lamps.' },
      stops: { kind: 'number', default: 8, least: 0, most: 30, help: 'From the faintest to the brightest.' },
      faintest: {
        kind: 'number',
        default: 1,
        least: 1e-6,
        most: 1e6,
        help: 'Light of the faintest; 1 is a white diffuser.',
      },
      radius: { kind: 'number', default: 1, least: 0.3, most: 100, help: 'Radius of a lamp, samples.' },
      surround: { kind: 'number', default: 0, least: 0, most: 1, help: 'Reflectance of the dark around.' },
    },
  },
  (canvas, { seed, count, stops, faintest, radius, surround }) => {
    const { width, height } = canvas;
    const free = Math.min(width, height) - 2 * radius - 2;
    if (!(free > 0))
      throw new OpticsError(
        `lamps of ${radius} do not fit into ${width} × ${height} samples; at most ${Math.min(width, height) / 2 - 1} do.`,
        { field: 'radius' },
      );
    const random = new RandomStream().start(seed, 0, PURPOSE, 0);
    // Far enough apart that no sample is touched by two.
    const apart = 2 * radius + 3;
    const taken = new Map<string, (readonly [number, number])[]>();
    const cellOf = (place: number): number => Math.floor(place / apart);
    const isFree = (x: number, y: number): boolean => {
      for (let j = -1; j <= 1; j++)
        for (let i = -1; i <= 1; i++)
          for (const [ox, oy] of taken.get(`${cellOf(x) + i},${cellOf(y) + j}`) ?? [])
            if (Math.hypot(ox - x, oy - y) < apart) return false;
      return true;
    };
    const points: { readonly at: Place; readonly light: number }[] = [];
    const materials = [neutral(surround)];
    for (let lamp = 0; lamp < count; lamp++) {
      let [x, y, tries] = [0, 0, 0];
      do {
        if (++tries > MOST_TRIES)
          throw new OpticsError(
            `${width} × ${height} samples hold no more than ${lamp} lamps of radius ${radius}; ask for fewer or smaller ones.`,
            { field: 'count' },
          );
        x = radius + 1 + random.uniform() * (width - 2 * radius - 2);
        y = radius + 1 + random.uniform() * (height - 2 * radius - 2);
      } while (!isFree(x, y));
      const key = `${cellOf(x)},${cellOf(y)}`;
      taken.set(key, [...(taken.get(key) ?? []), [x, y]]);
      const light = faintest * 2 ** (count === 1 ? 0 : (stops * lamp) / (count - 1));
      materials.push(neutral(light));
      for (let row = Math.floor(y - radius); row < y + radius; row++)
        for (let column = Math.floor(x - radius); column < x + radius; column++)
          canvas.cover(column, row, lamp + 1, discCoverage(x, y, radius, column, row));
      points.push({ at: [x / width, y / height], light });
    }
    return { scene: canvas.scene('Point lights', materials), landmarks: { kind: 'points', points, radius } };
  },
);
