export { joinChunks } from './bytes.js';
export { type EncodedPicture, encodePicture, prepareEncoder } from './encodePicture.js';
export { decodeExr, type ExrPicture, type ExrReadOptions } from './exr/decodeExr.js';
export {
  type ExrChannelSpec,
  type ExrDescription,
  type ExrSamples,
  type ExrSink,
  ExrWriter,
} from './exr/ExrWriter.js';
export type { ExrChromaticities, ExrSampleType, ExrWindow } from './exr/format.js';
export { exrLinearRgb } from './exr/linearRgb.js';
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
export { PictureError, type PictureErrorDetails } from './PictureError.js';
export { RECIPE_NAMESPACE } from './xmp.js';
