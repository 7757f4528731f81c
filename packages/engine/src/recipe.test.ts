import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PIPELINE } from './pipeline.js';
import {
  completeRecipe,
  describeRange,
  type PartialRecipe,
  RECIPE_VERSION,
  RecipeError,
  recipeKey,
  recipeSchema,
} from './recipe.js';
import type { Parameter } from './stage.js';

interface Place {
  readonly stage: string;
  readonly name: string;
  readonly parameter: Parameter;
}

const PLACES: readonly Place[] = PIPELINE.flatMap((stage) =>
  Object.entries<Parameter>(stage.parameters).map(([name, parameter]) => ({
    stage: recipeKey(stage.name),
    name,
    parameter,
  })),
);

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
type Schema = { readonly [keyword: string]: unknown };

/** The keywords of JSON Schema (draft 2020-12) that the recipe's schema uses; any other is an error of this test. */
function accepts(schema: Schema, value: Json): boolean {
  const typeOf = (json: Json): string =>
    json === null
      ? 'null'
      : Array.isArray(json)
        ? 'array'
        : typeof json === 'object'
          ? 'object'
          : typeof json;
  const rules: Record<string, (argument: never) => boolean> = {
    $schema: () => true,
    title: () => true,
    description: () => true,
    default: () => true,
    type: (types: string | readonly string[]) => [types].flat().includes(typeOf(value)),
    enum: (choices: readonly Json[]) => choices.includes(value),
    const: (only: Json) => value === only,
    minimum: (least: number) => typeof value !== 'number' || value >= least,
    maximum: (most: number) => typeof value !== 'number' || value <= most,
    minLength: (least: number) => typeof value !== 'string' || value.length >= least,
    maxLength: (most: number) => typeof value !== 'string' || value.length <= most,
    minItems: (least: number) => !Array.isArray(value) || value.length >= least,
    maxItems: (most: number) => !Array.isArray(value) || value.length <= most,
    items: (item: Schema) => !Array.isArray(value) || value.every((entry: Json) => accepts(item, entry)),
    properties: (properties: Readonly<Record<string, Schema>>) =>
      typeOf(value) !== 'object' ||
      Object.entries(value as Record<string, Json>).every(
        ([key, entry]) => !Object.hasOwn(properties, key) || accepts(properties[key]!, entry),
      ),
    additionalProperties: (allowed: boolean) =>
      allowed ||
      typeOf(value) !== 'object' ||
      Object.keys(value as object).every((key) => Object.hasOwn(schema.properties as object, key)),
  };
  return Object.entries(schema).every(([keyword, argument]) => {
    const rule = rules[keyword];
    if (rule === undefined) throw new Error(`the test does not know the keyword ${keyword}`);
    return rule(argument as never);
  });
}

function problemOf(input: unknown): RecipeError | undefined {
  try {
    completeRecipe(input);
  } catch (error) {
    if (error instanceof RecipeError) return error;
    throw error;
  }
  return undefined;
}

/** Values at and around what a parameter allows. */
function candidates(parameter: Parameter): fc.Arbitrary<Json> {
  const anything = fc.constantFrom<Json>(
    null,
    true,
    false,
    0,
    -1,
    1,
    'x',
    '',
    [],
    {},
    [0.5, 0.5],
    [0, 2],
    [1],
    ['a', 'b'],
  );
  switch (parameter.kind) {
    case 'number': {
      const { min, max } = parameter;
      const span = max - min;
      return fc.oneof(
        anything,
        fc.double({ min: min - span, max: max + span, noNaN: true }),
        fc.constantFrom(min, max, min - 1e-9 * span, max + 1e-9 * span),
      );
    }
    case 'asset':
      return fc.oneof(anything, fc.constantFrom('a table', 'x'.repeat(4096), 'x'.repeat(4097)));
    case 'choice':
      return fc.oneof(anything, fc.constantFrom(...parameter.choices, 'constructor'));
    case 'boolean':
      return anything;
    case 'rectangle':
      return fc.oneof(
        anything,
        fc.array(fc.double({ min: 0, max: 1.1, noNaN: true }), { minLength: 3, maxLength: 5 }),
      );
    case 'curve': {
      // Rising places: that they must rise is the one thing that a schema can't say.
      const places = fc.uniqueArray(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 4 });
      const point = (x: number): fc.Arbitrary<Json> =>
        fc.double({ min: 0, max: 1.1, noNaN: true }).map((y) => [x, y]);
      return fc.oneof(
        anything,
        places.chain((xs) => fc.tuple(...xs.toSorted((a, b) => a - b).map(point))),
      );
    }
    case 'point':
      return fc.oneof(anything, fc.array(fc.double({ min: -0.5, max: 1.5, noNaN: true }), { maxLength: 3 }));
  }
}

const anyRecipe: fc.Arbitrary<Json> = fc
  .array(
    fc
      .constantFrom(...PLACES)
      .chain((place) => candidates(place.parameter).map((value) => ({ ...place, value }))),
    { maxLength: 4 },
  )
  .map((entries) => {
    const recipe: Record<string, Record<string, Json>> = {};
    for (const { stage, name, value } of entries) recipe[stage] = { ...recipe[stage], [name]: value };
    return recipe;
  });

describe('completeRecipe', () => {
  it('fills in every default', () => {
    const recipe = completeRecipe() as unknown as Record<string, Record<string, unknown>>;
    for (const { stage, name, parameter } of PLACES) expect(recipe[stage]![name]).toEqual(parameter.default);
    expect(Object.values(recipe).flatMap(Object.keys).length).toBe(PLACES.length);
  });

  it('takes its own result, with the version and without, and keeps what was asked for', () => {
    const recipe = completeRecipe({ exposure: { ev: 1.5 }, display: { space: 'display-p3' } });
    expect(completeRecipe(recipe)).toEqual(recipe);
    expect(completeRecipe(JSON.parse(JSON.stringify({ photosite: RECIPE_VERSION, ...recipe })))).toEqual(
      recipe,
    );
    expect(recipe.exposure.ev).toBe(1.5);
    expect(recipe.display.space).toBe('display-p3');
  });

  it('does not change what it is given', () => {
    const given: PartialRecipe = Object.freeze({ exposure: Object.freeze({ ev: 1 }) });
    completeRecipe(given);
    expect(given).toEqual({ exposure: { ev: 1 } });
  });

  it.each(PLACES)('names path and range of a bad $stage.$name', ({ stage, name, parameter }) => {
    const wrong: unknown[] = [{}, Number.NaN, Infinity, [1, 2, 3]];
    wrong.push(parameter.kind === 'asset' ? '' : 'no such thing');
    if (parameter.kind === 'number') wrong.push(parameter.min - 1e-6, parameter.max + 1e-6, true);
    if (parameter.kind === 'number' && parameter.default !== null) wrong.push(null);
    if (parameter.kind === 'boolean') wrong.push('true', 1);
    if (parameter.kind === 'point') wrong.push([0, 1.01], [-0.01, 0], [Number.NaN, 0]);
    if (parameter.kind === 'curve')
      wrong.push(
        [[0, 0]],
        [
          [0, 0],
          [0, 1],
        ],
        [
          [0.5, 0],
          [0.4, 1],
        ],
        [
          [0, 0],
          [1, 1.01],
        ],
        [[0, 0], [1]],
      );
    if (parameter.kind === 'rectangle')
      wrong.push([0.5, 0, 0.6, 1], [0, 0, 0, 1], [0, 0, 1, 1.01], [0, 0, 1]);
    for (const value of wrong) {
      const problem = problemOf({ [stage]: { [name]: value } });
      expect(problem?.path).toBe(`${stage}.${name}`);
      expect(problem?.message).toContain(`recipe at ${stage}.${name}: `);
      expect(problem?.message).toContain(describeRange(parameter));
    }
  });

  it('a range is said with its unit, and whether it may be left to the engine', () => {
    const described = (stage: string, name: string): string =>
      describeRange(PLACES.find((place) => place.stage === stage && place.name === name)!.parameter);
    expect(described('exposure', 'ev')).toBe('a number from -8 to 8 stops');
    expect(described('whiteBalance', 'temperature')).toBe(
      'a number from 1700 to 25000 K, or null for automatic',
    );
    expect(described('display', 'space')).toBe('one of srgb, display-p3');
  });

  it.each([
    [{ exposure: { evv: 1 } }, 'exposure.evv'],
    [{ exposure: { constructor: 1 } }, 'exposure.constructor'],
    [JSON.parse('{"exposure":{"__proto__":1}}'), 'exposure.__proto__'],
    [{ exposre: {} }, 'exposre'],
    [{ 'white-balance': {} }, 'white-balance'],
    [{ exposure: 1 }, 'exposure'],
    [{ exposure: null }, 'exposure'],
    [{ exposure: [] }, 'exposure'],
    [{ photosite: 2 }, 'photosite'],
    [[], ''],
    ['{}', ''],
    [null, ''],
  ])('%j is refused at %s', (input, path) => {
    expect(problemOf(input)?.path).toBe(path);
  });
});

describe('recipeSchema', () => {
  const schema = recipeSchema() as Schema;

  it('accepts exactly what completeRecipe accepts', () => {
    let accepted = 0;
    fc.assert(
      fc.property(anyRecipe, (recipe) => {
        const fine = problemOf(recipe) === undefined;
        expect(accepts(schema, recipe)).toBe(fine);
        if (fine) accepted++;
      }),
      { numRuns: 1000 },
    );
    // Neither side of the property is empty.
    expect(accepted).toBeGreaterThan(100);
    expect(accepted).toBeLessThan(900);
  });

  it('accepts the complete recipe, and unknown stages and versions no more than completeRecipe does', () => {
    const complete = JSON.parse(JSON.stringify(completeRecipe())) as Record<string, Json>;
    expect(accepts(schema, complete)).toBe(true);
    expect(accepts(schema, { ...complete, photosite: RECIPE_VERSION })).toBe(true);
    expect(accepts(schema, { photosite: 2 })).toBe(false);
    expect(accepts(schema, { exposre: {} })).toBe(false);
    expect(accepts(schema, { exposure: null })).toBe(false);
    expect(accepts(schema, { exposure: { constructor: 1 } })).toBe(false);
  });

  it('has a line of help and the default of every parameter', () => {
    const stages = schema.properties as Record<string, { properties: Record<string, Schema> }>;
    for (const { stage, name, parameter } of PLACES) {
      const entry = stages[stage]!.properties[name]!;
      expect(entry.description).toBe(parameter.help);
      expect(entry.default).toEqual(parameter.default);
    }
  });
});

describe('parameters as data', () => {
  it('have defaults that they allow themselves, and flags that no other has', () => {
    expect(problemOf({})).toBeUndefined();
    const flags = PLACES.map(({ parameter }) => parameter.flag);
    expect(new Set(flags).size).toBe(flags.length);
    for (const flag of flags) expect(flag).toMatch(/^[a-z][a-z0-9-]*$/);
  });

  it('a stage’s key is its name in camel case', () => {
    expect(recipeKey('white-balance')).toBe('whiteBalance');
    expect(recipeKey('tone')).toBe('tone');
  });
});
