export { joinChunks } from './bytes.js';
export { type EncodedPicture, encodePicture, prepareEncoder } from './encodePicture.js';
export { iccProfile } from './icc.js';
export {
  type BooleanSpec,
  type ChoiceSpec,
  type JpegOptions,
  type NumberSpec,
  type OptionSpec,
  OUTPUT_FORMATS,
  type OutputFormat,
  type OutputFormatName,
  type OutputOptions,
  type PngOptions,
  type ResolvedOptions,
  resolveOptions,
  sampleTypeOf,
  type TiffOptions,
} from './outputOptions.js';
export type { ColorSpaceName, Picture } from './Picture.js';
export { PictureError } from './PictureError.js';
export { RECIPE_NAMESPACE } from './xmp.js';
