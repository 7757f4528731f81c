// Frames that the twin takes for the pages in docs/.
import { autoExposure, drawIdeal, exposeFrame, planBurst } from '../packages/optics/dist/index.js';

/**
 * A raw frame of a scene through a perfect lens, or one that `draw` gives for the distance from the image's centre to
 * its corner in mm, with the exposure that the light asks for.
 */
export async function takeFrame(
  scene,
  { model, focalLengthMm, fNumber, focusDistanceM, lux, timeS, cropTo, illuminant = 'D65', draw = drawIdeal },
) {
  const width = cropTo?.width ?? Math.floor(model.width / model.binning);
  const height = cropTo?.height ?? Math.floor(model.height / model.binning);
  const pitchMm = (model.pitchUm * model.binning) / 1000;
  const drawing = draw({
    focalLengthMm,
    fNumber,
    focusDistanceM,
    imageRadiusMm: (1.1 * Math.hypot(width, height) * pitchMm) / 2,
    cosineFourthShare: 0.4,
  });
  const camera = {
    id: model.name,
    make: 'Photosite',
    model: model.name,
    sensor: model,
    drawing,
    transmission: 0.9,
    fNumber,
    focalLengthMm,
  };
  const light = { illuminant, illuminanceLux: lux };
  const { exposureTimeS, iso } = autoExposure(scene, camera, { ...light, maxTimeS: timeS, maxIso: 25600 });
  const plan = planBurst(scene, camera, {
    ...light,
    frames: 1,
    exposureTimeS,
    iso,
    intervalS: 0.1 + exposureTimeS,
    seed: 1,
    ...(cropTo !== undefined && { cropTo }),
  });
  const { frame } = await exposeFrame(plan, 0, { truth: false });
  return { frame, iso, exposureTimeS };
}
