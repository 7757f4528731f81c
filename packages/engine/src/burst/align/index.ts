export type { Alignment, GlobalMotion } from './Alignment.js';
export { type AlignedFrame, align } from './align.js';
export type { BurstPlane, GreyResponse } from './BurstPlane.js';
export { type AlignPyramid, fillPyramid, planPyramid, prepare } from './pyramid.js';
export { burstResponse, light, stabilise } from './response.js';
export { type AlignKernels, alignScratch } from './work.js';
