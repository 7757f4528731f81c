import { describe, expect, it } from 'vitest';
import { OUTPUT_FORMATS, type OutputOptions, resolveOptions, sampleTypeOf } from './outputOptions.js';
import { PictureError } from './PictureError.js';

const FORMATS = Object.values(OUTPUT_FORMATS);

function errorOf(options: unknown): PictureError {
  try {
    resolveOptions(options as OutputOptions);
  } catch (error) {
    if (error instanceof PictureError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('resolveOptions', () => {
  it.each(FORMATS)('fills in every default of $name', ({ name, options }) => {
    expect(resolveOptions({ format: name })).toEqual({
      format: name,
      ...Object.fromEntries(options.map((spec) => [spec.name, spec.default])),
    });
  });

  it.each(FORMATS.flatMap(({ name, options }) => options.map((spec) => ({ name, spec, option: spec.name }))))(
    'refuses values outside the range of $name $option, and takes those at its ends',
    ({ name, spec }) => {
      const withValue = (value: unknown) => ({ format: name, [spec.name]: value });
      const isNumber = spec.kind === 'number' || spec.kind === 'integer';
      const bad = isNumber
        ? [spec.min - 1, spec.max + 1, Number.NaN, '50']
        : ['neither', 7, null === undefined];
      if (spec.kind === 'integer') bad.push(spec.min + 0.5);
      for (const value of bad.filter((value) => !(spec.kind === 'boolean' && typeof value === 'boolean'))) {
        const error = errorOf(withValue(value));
        expect(error.field).toBe(spec.name);
        expect(error.message).toContain(error.allowed);
      }
      const good = isNumber ? [spec.min, spec.max] : spec.kind === 'choice' ? spec.choices : [true, false];
      for (const value of good) {
        const resolved: object = resolveOptions(withValue(value) as OutputOptions);
        expect(resolved).toHaveProperty(spec.name, value);
      }
    },
  );

  it('names the formats and the options where one is unknown', () => {
    expect(errorOf({ format: 'gif' }).allowed).toBe('jpeg, png, tiff');
    expect(errorOf({ format: 'constructor' }).field).toBe('format');
    expect(errorOf({ format: 'png', quality: 90 })).toMatchObject({
      field: 'quality',
      allowed: 'bitDepth, resolution',
    });
  });
});

describe('sampleTypeOf', () => {
  it.each([
    [{ format: 'jpeg' }, 'uint8'],
    [{ format: 'png' }, 'uint8'],
    [{ format: 'png', bitDepth: 16 }, 'uint16'],
    [{ format: 'tiff' }, 'uint16'],
    [{ format: 'tiff', bitDepth: 32 }, 'float32'],
  ] as const)('%o stores %s', (options, type) => {
    expect(sampleTypeOf(options)).toBe(type);
  });
});
