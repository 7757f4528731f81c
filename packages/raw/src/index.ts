export { type DngWriteOptions, writeDng } from './dng/write.js';
export type * from './opcodes.js';
export * from './RawFileError.js';
export type * from './RawFrame.js';
