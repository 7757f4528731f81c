import { inRange, positive } from '../checks.js';
import type { FlickerSettings } from './Burst.js';

/** The settings themselves where they are possible: 1 Hz to 1 MHz, depth 0 to 1. */
function check(flicker: FlickerSettings): FlickerSettings {
  inRange('flicker.frequencyHz', flicker.frequencyHz, 1, 1e6);
  inRange('flicker.depth', flicker.depth, 0, 1);
  inRange('flicker.phase', flicker.phase, -1e6, 1e6);
  return flicker;
}

/**
 * Light of lamps on the mains at a time, relative to its mean: 1 + depth · cos 2π(frequency · time + phase). Filament and
 * simple LED lamps follow the mains' power, whose frequency is twice the voltage's: 100 or 120 Hz.
 * @throws {OpticsError} where a setting is out of its range
 */
export function flickerAt(flicker: FlickerSettings, timeS: number): number {
  const { frequencyHz, depth, phase } = check(flicker);
  return 1 + depth * Math.cos(2 * Math.PI * (frequencyHz * timeS + phase));
}

/**
 * Mean of {@link flickerAt} over an exposure: what a row gathers relative to steady light. An exposure of whole periods
 * gathers 1, whenever it begins.
 * @throws {OpticsError} where a setting is out of its range or the exposure time is not above 0
 */
export function flickerMean(flicker: FlickerSettings, startS: number, exposureTimeS: number): number {
  const { frequencyHz, depth, phase } = check(flicker);
  const halfPeriods = Math.PI * frequencyHz * positive('exposureTimeS', exposureTimeS);
  const middle = frequencyHz * (startS + exposureTimeS / 2) + phase;
  return 1 + depth * (Math.sin(halfPeriods) / halfPeriods) * Math.cos(2 * Math.PI * middle);
}
