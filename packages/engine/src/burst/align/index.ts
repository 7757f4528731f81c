export type { Alignment, GlobalMotion } from './Alignment.js';
export { type AlignedFrame, align } from './align.js';
export type { BurstPlane, GreyResponse } from './BurstPlane.js';
export { type AlignPyramid, prepare } from './pyramid.js';
export { burstResponse } from './response.js';
