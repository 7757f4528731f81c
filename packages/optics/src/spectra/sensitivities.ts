import { nearNames } from '../nearNames.js';
import { OpticsError } from '../OpticsError.js';
import { cameras } from './data/cameras.generated.js';
import { parseSpectrum } from './parseSpectrum.js';
import type { Spectrum } from './Spectrum.js';

/**
 * A camera's measured response per unit of radiant ENERGY at each wavelength, colour filters and infrared filter included;
 * the greatest value of the three channels is 1. Divided by the wavelength it is proportional to quantum efficiency.
 */
export interface Sensitivities {
  readonly red: Spectrum;
  readonly green: Spectrum;
  readonly blue: Spectrum;
  readonly make: string;
  readonly model: string;
  /** Where the measurement was published. */
  readonly source: string;
  /**
   * Whether the three channels keep their proportions (`camera`) or each was scaled to 1 by who measured it (`channel`):
   * then a neutral's red and blue, relative to green, are not those of the real camera.
   */
  readonly scale: 'camera' | 'channel';
}

const SOURCE = 'rawtoaces, Academy of Motion Picture Arts and Sciences (Apache-2.0)';

/** The shipped cameras' sensitivities by name. */
export const SENSITIVITIES: Readonly<Record<string, Sensitivities>> = Object.fromEntries(
  Object.entries(cameras).map(([name, { make, model, ...channels }]) => {
    const red = parseSpectrum(channels.red);
    const green = parseSpectrum(channels.green);
    const blue = parseSpectrum(channels.blue);
    const scale = [red, green, blue].every((channel) => Math.max(...channel) === 1) ? 'channel' : 'camera';
    return [name, { red, green, blue, make, model, source: SOURCE, scale }];
  }),
);

/**
 * Sensitivities by name.
 * @throws {OpticsError} for an unknown name, with near ones
 */
export function findSensitivities(name: string): Sensitivities {
  if (Object.hasOwn(SENSITIVITIES, name)) return SENSITIVITIES[name]!;
  throw new OpticsError(
    `there are no sensitivities ${JSON.stringify(name)}; near are ${nearNames(name, Object.keys(SENSITIVITIES)).join(', ')}.`,
    { field: 'sensitivities' },
  );
}
