export * from './charts/findColorChecker.js';
export type { Point } from './charts/Homography.js';
export * from './color/angularError.js';
export * from './color/chartColors.js';
export * from './color/colorChecker.js';
export * from './color/deltaE2000.js';
export * from './color/iccMatrix.js';
export * from './color/lab.js';
export * from './color/linearPicture.js';
export * from './color/srgb.js';
export * from './crop.js';
export * from './fidelity/hdr.js';
export * from './fidelity/pq.js';
export * from './fidelity/psnr.js';
export * from './fidelity/pu21.js';
export * from './fidelity/ssim.js';
export * from './MeasureError.js';
export * from './noise/dynamicRange.js';
export { type FramesNoise, framesNoise } from './noise/framesNoise.js';
export * from './noise/photonTransfer.js';
export {
  type ChannelNoise,
  type RegionNoise,
  type RegionNoiseOptions,
  regionNoise,
} from './noise/regionNoise.js';
export * from './Plane.js';
export * from './RgbImage.js';
export * from './sharpness/curve.js';
export * from './sharpness/findSlantedEdges.js';
export * from './sharpness/siemensStar.js';
export * from './sharpness/slantedEdge.js';
export * from './texture/acutance.js';
export * from './texture/textureMtf.js';
