import { type PartialRecipe, type Recipe } from '@photosite/engine';
/**
 * Reads a recipe; what it leaves out keeps its default.
 * @throws {UsageError} naming the file and the place in it
 */
export declare function readRecipe(path: string): Promise<PartialRecipe>;
/** The recipe as a file: JSON with the format's version. */
export declare function recipeText(recipe: Recipe): string;
//# sourceMappingURL=recipeFile.d.ts.map