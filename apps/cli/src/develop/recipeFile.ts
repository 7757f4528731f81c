import { readFile } from 'node:fs/promises';
import { completeRecipe, type PartialRecipe, RECIPE_VERSION, type Recipe } from '@photosite/engine';
import { describeError, UsageError } from '../errors.js';

/**
 * Reads a recipe; what it leaves out keeps its default.
 * @throws {UsageError} naming the file and the place in it
 */
export async function readRecipe(path: string): Promise<PartialRecipe> {
  try {
    const json: unknown = JSON.parse(await readFile(path, 'utf8'));
    completeRecipe(json);
    const { photosite: _, ...recipe } = json as Record<string, unknown>;
    return recipe as PartialRecipe;
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`${path} is not JSON: ${error.message}`);
    throw new UsageError(describeError(error, path));
  }
}

/** The recipe as a file: JSON with the format's version. */
export function recipeText(recipe: Recipe): string {
  return `${JSON.stringify({ photosite: RECIPE_VERSION, ...recipe }, undefined, 2)}\n`;
}
