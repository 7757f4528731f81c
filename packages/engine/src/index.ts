export type { Assets } from './assets.js';
export {
  type BurstSource,
  type FrameReport,
  type MergedBurst,
  type MergeOptions,
  mergeBurst,
} from './burst/Burst.js';
export { LINEAR_PHASES, linearMosaic } from './burst/linearMosaic.js';
export { type CalibrationWeight, type CameraColour, CameraModel } from './colour/camera.js';
export type { CurvePoint } from './colour/monotoneCurve.js';
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
export { findLens, type LensMatch, type LensQuery } from './lens-data/findLens.js';
export {
  type CameraEntry,
  type LensDatabase,
  type LensEntry,
  type LensProjection,
  loadLensDatabase,
} from './lens-data/LensDatabase.js';
export { type LensShot, lensCorrection } from './lens-data/lensCorrection.js';
export { type FrameLens, type LensFrame, lensOfFrame } from './lens-data/lensOfFrame.js';
export { estimateNoise } from './noise/estimate.js';
export { type NoiseModel, noiseOf } from './noise/noiseOf.js';
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
  AssetParameter,
  BooleanParameter,
  ChoiceParameter,
  CurveParameter,
  NumberParameter,
  Overview,
  Parameter,
  ParameterSet,
  Place,
  PlanContext,
  PointParameter,
  RectangleParameter,
  SceneSource,
  SceneWhite,
  Stage,
  Table,
  Tile,
  ValuesOf,
} from './stage.js';
export type {
  ChannelWarp,
  LensCorrection,
  LensWarp,
  RadialFactor,
  Vignetting,
} from './stages/lens-geometry/LensCorrection.js';
export type { PictureGeometry, PictureMap } from './stages/lens-geometry/map.js';
export { type CubeLut, LutError, parseCube } from './stages/look/cube.js';
export type { Cast, HuePoint, Look } from './stages/look/Look.js';
export { LOOKS, type LookName } from './stages/look/looks.js';
export { type CameraPixels, estimateNeutral } from './stages/white-balance/estimate.js';
