import { OpticsError } from '../../OpticsError.js';
import { type LensFile, placeOf } from './source.js';

/** A JSON object of a file. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether a value is an object, no array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * JSON of a file. Python writes Infinity and NaN bare: the first becomes 1e999, which is read as Infinity, the second null.
 * @throws {OpticsError} with the line where it is broken
 */
export function parseJson(text: string, file: LensFile): unknown {
  const plain = text.replace(/"(?:[^"\\]|\\.)*"|\bInfinity\b|\bNaN\b/g, (word) =>
    word === 'Infinity' ? '1e999' : word === 'NaN' ? 'null' : word,
  );
  try {
    return JSON.parse(plain);
  } catch (error) {
    const at = Number(/position (\d+)/.exec(String(error))?.[1]);
    const line = at >= 0 ? plain.slice(0, at).split('\n').length : undefined;
    throw new OpticsError('this is no valid JSON; the file may be cut off.', placeOf(file, line));
  }
}

/**
 * A finite number of an object.
 * @throws {OpticsError} that names the field
 */
export function numberIn(object: JsonObject, key: string, file: LensFile, path: string): number {
  const value = object[key];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new OpticsError(
    `${JSON.stringify(value)?.slice(0, 60) ?? 'nothing'} is no number; a finite number has to stand here.`,
    placeOf(file, undefined, `${path}.${key}`),
  );
}

/**
 * A list of finite numbers of an object: plain, or as numpy arrays are written.
 * @throws {OpticsError} that names the field
 */
export function numbersIn(object: JsonObject, key: string, file: LensFile, path: string): number[] {
  const found = object[key];
  const list = isObject(found) ? (found.__ndarray__ ?? found.values) : found;
  if (Array.isArray(list) && list.every((value) => typeof value === 'number' && Number.isFinite(value)))
    return list as number[];
  throw new OpticsError(
    `${JSON.stringify(found)?.slice(0, 60) ?? 'nothing'} is no list of finite numbers.`,
    placeOf(file, undefined, `${path}.${key}`),
  );
}
