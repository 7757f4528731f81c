import { OpticsError } from './OpticsError.js';

/**
 * The value itself where it is finite and within [least, most].
 * @param field name with unit, for the message
 * @throws {OpticsError} that names the field, the value and the allowed range
 */
export function inRange(field: string, value: number, least: number, most: number): number {
  if (Number.isFinite(value) && value >= least && value <= most) return value;
  throw new OpticsError(`${value} is not possible; allowed are ${least} to ${most}.`, { field });
}

/**
 * The value itself where it is finite and greater than 0.
 * @throws {OpticsError} that names the field and the value
 */
export function positive(field: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new OpticsError(`${value} is not possible; it has to be a finite number greater than 0.`, { field });
}
