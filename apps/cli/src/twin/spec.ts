import { UsageError } from '../errors.js';

/** `NAME` or `NAME:key=value,key=value`, taken apart; a part without a key belongs to the list before it. */
export interface Spec {
  readonly name: string;
  readonly values: ReadonlyMap<string, string>;
}

/**
 * Takes a specification apart.
 * @param what what it is of, for messages
 * @throws {UsageError} where it is not written so
 */
export function parseSpec(what: string, text: string): Spec {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const values = new Map<string, string>();
  if (colon < 0) return { name, values };
  let last: string | undefined;
  for (const part of text.slice(colon + 1).split(',')) {
    const [, key, value] = /^\s*([\w-]+)\s*=\s*(.+?)\s*$/.exec(part) ?? [];
    if (key !== undefined && value !== undefined) {
      if (values.has(key)) throw new UsageError(`${what} "${text}": ${key} stands twice.`);
      values.set(key, value);
      last = key;
    } else if (last !== undefined && part.trim() !== '' && !part.includes('=')) {
      values.set(last, `${values.get(last)},${part.trim()}`);
    } else
      throw new UsageError(`${what} "${text}": "${part}" is not KEY=VALUE. Write NAME:key=value,key=value.`);
  }
  return { name, values };
}

/**
 * A finite number of a specification.
 * @throws {UsageError} where it is none
 */
export function specNumber(what: string, key: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new UsageError(`${what}: ${key} has to be a number, not "${text}".`);
}

/**
 * Refuses keys that mean nothing.
 * @throws {UsageError} that lists the known ones
 */
export function checkKeys(what: string, { values }: Spec, known: readonly string[]): void {
  for (const key of values.keys())
    if (!known.includes(key))
      throw new UsageError(`${what} knows no ${key}; it knows ${known.join(', ') || 'none'}.`);
}
