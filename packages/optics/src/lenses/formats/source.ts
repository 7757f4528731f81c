import { OpticsError } from '../../OpticsError.js';
import { PLANE_RADIUS_MM } from '../checkLens.js';

/** Lens files are small; the largest models with drawings reach some hundred kilobytes. */
export const MOST_FILE_BYTES = 16 * 1024 * 1024;
/** Lines of a text file. */
export const MOST_LINES = 200_000;
/** Characters of a line. */
export const MOST_LINE_LENGTH = 100_000;

/** What a reader is told about a file. */
export interface LensFile {
  /** Its name, for messages and for the figures that some names state. */
  readonly file?: string;
}

/** A file's name without folders. */
export function baseName(file: string | undefined): string {
  return file === undefined ? 'lens' : (file.split(/[\\/]/).pop() ?? file);
}

/** The place of a fault, without keys that are not known. */
export function placeOf(
  { file }: LensFile,
  line?: number,
  field?: string,
): { file?: string; line?: number; field?: string } {
  return {
    ...(file === undefined ? {} : { file: baseName(file) }),
    ...(line === undefined ? {} : { line }),
    ...(field === undefined ? {} : { field }),
  };
}

/**
 * Text of a file: UTF-8 or UTF-16, with or without byte order mark.
 * @throws {OpticsError} where it is empty, too large or no text
 */
export function textOf(bytes: Uint8Array, file: LensFile): string {
  if (bytes.length === 0 || bytes.length > MOST_FILE_BYTES)
    throw new OpticsError(
      `${bytes.length} bytes are not possible; a lens file has 1 to ${MOST_FILE_BYTES}.`,
      placeOf(file),
    );
  const [a, b] = bytes;
  let encoding = 'utf-8';
  if (a === 0xff && b === 0xfe) encoding = 'utf-16le';
  else if (a === 0xfe && b === 0xff) encoding = 'utf-16be';
  // Without a mark: every other byte of latin text is 0.
  else if (bytes.length > 3 && a !== 0 && b === 0 && bytes[3] === 0) encoding = 'utf-16le';
  else if (bytes.length > 3 && a === 0 && b !== 0 && bytes[2] === 0) encoding = 'utf-16be';
  const text = new TextDecoder(encoding).decode(bytes);
  if (text.includes('\0'))
    throw new OpticsError(
      'the file holds bytes that are no text; it is no lens file of a known kind.',
      placeOf(file),
    );
  return text;
}

/** Lines without their ends, within limits. */
export function linesOf(text: string, file: LensFile): string[] {
  const lines = text.split(/\r\n|\n|\r/, MOST_LINES + 1);
  if (lines.length > MOST_LINES)
    throw new OpticsError(`more than ${MOST_LINES} lines; this is no lens file.`, placeOf(file));
  for (const [k, line] of lines.entries())
    if (line.length > MOST_LINE_LENGTH)
      throw new OpticsError(
        `a line of ${line.length} characters; this is no lens file.`,
        placeOf(file, k + 1),
      );
  return lines;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eEdD][+-]?\d+)?$/;

/**
 * A number of a text file.
 * @throws {OpticsError} where the word is none, or is not finite
 */
export function numberOf(word: string | undefined, file: LensFile, line: number, field: string): number {
  const value = word !== undefined && NUMBER.test(word) ? Number(word.replace(/[dD]/, 'e')) : Number.NaN;
  if (Number.isFinite(value)) return value;
  throw new OpticsError(
    `${JSON.stringify((word ?? '').slice(0, 40))} is no number; a finite decimal number has to stand here.`,
    placeOf(file, line, field),
  );
}

/** A radius of curvature, where files write a plane as 0 or as a large number. */
export function radiusOf(value: number): number {
  return value === 0 || Math.abs(value) >= PLANE_RADIUS_MM ? Number.POSITIVE_INFINITY : value;
}
