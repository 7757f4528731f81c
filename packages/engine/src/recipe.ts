import { PIPELINE } from './pipeline.js';
import type { Parameter, ParameterSet, ValuesOf } from './stage.js';

type StageOf = (typeof PIPELINE)[number];
type CamelCase<S extends string> = S extends `${infer A}-${infer B}` ? `${A}${Capitalize<CamelCase<B>>}` : S;
type Configurable = Exclude<StageOf, { readonly parameters: Record<string, never> }>;

/** All parameters' values, by stage and name: how a picture was made from its frame. */
export type Recipe = {
  readonly [S in Configurable as CamelCase<S['name']>]: ValuesOf<S['parameters']>;
};

/** A recipe in which anything may be left out: what is left out has its default. */
export type PartialRecipe = { readonly [K in keyof Recipe]?: Partial<Recipe[K]> };

/** Version of the recipe's JSON. */
export const RECIPE_VERSION = 1;

/** A recipe that is not right: names the path into the JSON and what is allowed there. */
export class RecipeError extends Error {
  override readonly name = 'RecipeError';

  /**
   * @param path into the JSON, e.g. `exposure.ev`
   * @param problem what is wrong and what is allowed
   */
  constructor(
    readonly path: string,
    problem: string,
  ) {
    super(`recipe${path === '' ? '' : ` at ${path}`}: ${problem}`);
  }
}

/** A stage's key in the recipe: its name in camel case. */
export function recipeKey(stageName: string): string {
  return stageName.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** Says what a parameter may be, for people. */
export function describeRange(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'number': {
      const unit = parameter.unit === undefined ? '' : ` ${parameter.unit}`;
      const automatic = parameter.default === null ? ', or null for automatic' : '';
      return `a number from ${parameter.min} to ${parameter.max}${unit}${automatic}`;
    }
    case 'choice':
      return `one of ${parameter.choices.join(', ')}`;
    case 'boolean':
      return 'true or false';
    case 'point':
      return 'a point [x, y] with fractions from 0 to 1 of the upright picture, or null';
    case 'rectangle':
      return 'a rectangle [left, top, width, height] inside of the upright picture, as fractions from 0 to 1, or null';
    case 'curve':
      return `a curve [[x, y], …] of 2 to ${MOST_CURVE_POINTS} points with numbers from 0 to 1, x rising, or null`;
    case 'asset':
      return `the name of a ${parameter.asset} that comes along, up to ${LONGEST_NAME} characters, or null`;
  }
}

/** Names of assets are mostly paths. */
const LONGEST_NAME = 4096;

/** More points than this nobody draws; a file's curve of measured values is no recipe. */
const MOST_CURVE_POINTS = 64;

function isAllowed(parameter: Parameter, value: unknown): boolean {
  switch (parameter.kind) {
    case 'number':
      return (
        (value === null && parameter.default === null) ||
        (typeof value === 'number' && value >= parameter.min && value <= parameter.max)
      );
    case 'choice':
      return typeof value === 'string' && parameter.choices.includes(value);
    case 'boolean':
      return typeof value === 'boolean';
    case 'point':
      return (
        value === null ||
        (Array.isArray(value) &&
          value.length === 2 &&
          value.every((v) => typeof v === 'number' && v >= 0 && v <= 1))
      );
    case 'rectangle':
      return value === null || isRectangle(value);
    case 'curve':
      return value === null || isCurve(value);
    case 'asset':
      return value === null || (typeof value === 'string' && value !== '' && value.length <= LONGEST_NAME);
  }
}

/** Rounding may let the sum of two decimal fractions exceed 1 by this much. */
const ROUNDING = 1e-9;

function isRectangle(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 4) return false;
  const fractions: readonly unknown[] = value;
  if (!fractions.every((v): v is number => typeof v === 'number' && v >= 0 && v <= 1)) return false;
  const [left, top, width, height] = fractions as [number, number, number, number];
  return width > 0 && height > 0 && left + width <= 1 + ROUNDING && top + height <= 1 + ROUNDING;
}

function isCurve(value: unknown): boolean {
  if (!Array.isArray(value) || value.length < 2 || value.length > MOST_CURVE_POINTS) return false;
  let before = -1;
  return value.every((point: unknown) => {
    if (!Array.isArray(point) || point.length !== 2) return false;
    const [x, y]: readonly unknown[] = point;
    const inside = (v: unknown): v is number => typeof v === 'number' && v >= 0 && v <= 1;
    if (!inside(x) || !inside(y) || x <= before) return false;
    before = x;
    return true;
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Checks a recipe and fills in the defaults.
 * @throws {RecipeError} for an unknown stage or parameter, or a value that is not allowed
 */
export function completeRecipe(input: unknown = {}): Recipe {
  if (!isObject(input)) throw new RecipeError('', 'a JSON object is expected.');
  const { photosite, ...given } = input;
  if (photosite !== undefined && photosite !== RECIPE_VERSION)
    throw new RecipeError(
      'photosite',
      `version ${String(photosite)} is not known; this is version ${RECIPE_VERSION}.`,
    );
  const recipe: Record<string, Record<string, unknown>> = {};
  for (const stage of PIPELINE) {
    const parameters: ParameterSet = stage.parameters;
    if (Object.keys(parameters).length === 0) continue;
    const key = recipeKey(stage.name);
    const values = given[key] === undefined ? {} : given[key];
    delete given[key];
    if (!isObject(values)) throw new RecipeError(key, 'a JSON object is expected.');
    for (const name of Object.keys(values))
      if (!Object.hasOwn(parameters, name))
        throw new RecipeError(
          `${key}.${name}`,
          `no such parameter; there are ${Object.keys(parameters).join(', ')}.`,
        );
    recipe[key] = Object.fromEntries(
      Object.entries(parameters).map(([name, parameter]) => {
        const value = values[name] === undefined ? parameter.default : values[name];
        if (!isAllowed(parameter, value))
          throw new RecipeError(
            `${key}.${name}`,
            `${JSON.stringify(value)} is not ${describeRange(parameter)}.`,
          );
        return [name, value];
      }),
    );
  }
  const unknown = Object.keys(given)[0];
  if (unknown !== undefined)
    throw new RecipeError(unknown, `no such stage; there are ${Object.keys(recipe).join(', ')}.`);
  return recipe as unknown as Recipe;
}

function schemaOf(parameter: Parameter): object {
  const common = { description: parameter.help, default: parameter.default };
  switch (parameter.kind) {
    case 'number':
      return {
        type: parameter.default === null ? ['number', 'null'] : 'number',
        minimum: parameter.min,
        maximum: parameter.max,
        ...common,
      };
    case 'choice':
      return { enum: parameter.choices, ...common };
    case 'boolean':
      return { type: 'boolean', ...common };
    case 'point':
      return {
        type: ['array', 'null'],
        items: { type: 'number', minimum: 0, maximum: 1 },
        minItems: 2,
        maxItems: 2,
        ...common,
      };
    case 'rectangle':
      return {
        type: ['array', 'null'],
        items: { type: 'number', minimum: 0, maximum: 1 },
        minItems: 4,
        maxItems: 4,
        ...common,
      };
    case 'curve':
      return {
        type: ['array', 'null'],
        items: { type: 'array', items: { type: 'number', minimum: 0, maximum: 1 }, minItems: 2, maxItems: 2 },
        minItems: 2,
        maxItems: MOST_CURVE_POINTS,
        ...common,
      };
    case 'asset':
      return { type: ['string', 'null'], minLength: 1, maxLength: LONGEST_NAME, ...common };
  }
}

/** The recipe's JSON Schema (draft 2020-12), generated from the stages' parameters. */
export function recipeSchema(): object {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Photosite recipe',
    type: 'object',
    additionalProperties: false,
    properties: {
      photosite: { const: RECIPE_VERSION },
      ...Object.fromEntries(
        PIPELINE.filter((stage) => Object.keys(stage.parameters).length > 0).map((stage) => [
          recipeKey(stage.name),
          {
            title: stage.title,
            type: 'object',
            additionalProperties: false,
            properties: Object.fromEntries(
              Object.entries<Parameter>(stage.parameters).map(([name, p]) => [name, schemaOf(p)]),
            ),
          },
        ]),
      ),
    },
  };
}
