export { type CameraProfile, MAX_PROFILE_BYTES, readCameraProfile } from './dng/cameraProfile.js';
export { makeCfa } from './dng/frameTags.js';
export {
  compressionName,
  MAX_PIXELS,
  type RawLimits,
  type SegmentPlan,
} from './dng/layout.js';
export { MAX_OPCODES } from './dng/opcodeLists.js';
export type { RawMetadata } from './dng/read.js';
export { allocateSamples, decodeSegment, type LoadedCodecs } from './dng/segments.js';
export { type DngWriteOptions, writeDng } from './dng/write.js';
export { type FileIdentity, identifyFile } from './identify.js';
export type * from './opcodes.js';
export * from './open.js';
export * from './RawFileError.js';
export type * from './RawFrame.js';
