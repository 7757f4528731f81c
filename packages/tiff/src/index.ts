export * from './read.js';
export * from './TiffError.js';
export * from './tags.js';
export * from './types.js';
export * from './write.js';
