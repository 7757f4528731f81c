export {
  Development,
  type PixelFormat,
  type Rendered,
  type RenderRequest,
  type Rendition,
  type StageReport,
} from './Development.js';
export { Engine, type EngineOptions } from './Engine.js';
export { EngineError } from './EngineError.js';
export type { Rectangle } from './geometry.js';
export { PIPELINE } from './pipeline.js';
export {
  completeRecipe,
  describeRange,
  type PartialRecipe,
  RECIPE_VERSION,
  type Recipe,
  RecipeError,
  recipeKey,
  recipeSchema,
} from './recipe.js';
export type {
  BooleanParameter,
  ChoiceParameter,
  NumberParameter,
  Parameter,
  ParameterSet,
  PointParameter,
  Stage,
  ValuesOf,
} from './stage.js';
