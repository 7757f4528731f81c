export { type Choice, chooseFrames, type LeftOut, unusable } from './choose.js';
export { type FrameKind, type FrameLook, lookAt } from './look.js';
