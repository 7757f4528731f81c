import { readFile } from 'node:fs/promises';
import { completeRecipe, RECIPE_VERSION } from '@photosite/engine';
import { describeError, UsageError } from '../errors.js';
/**
 * Reads a recipe; what it leaves out keeps its default.
 * @throws {UsageError} naming the file and the place in it
 */
export async function readRecipe(path) {
    try {
        const json = JSON.parse(await readFile(path, 'utf8'));
        completeRecipe(json);
        const { photosite: _, ...recipe } = json;
        return recipe;
    }
    catch (error) {
        if (error instanceof SyntaxError)
            throw new UsageError(`${path} is not JSON: ${error.message}`);
        throw new UsageError(describeError(error, path));
    }
}
/** The recipe as a file: JSON with the format's version. */
export function recipeText(recipe) {
    return `${JSON.stringify({ photosite: RECIPE_VERSION, ...recipe }, undefined, 2)}\n`;
}
//# sourceMappingURL=recipeFile.js.map