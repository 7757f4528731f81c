import {
  autoExposure,
  type BurstSettings,
  findIlluminant,
  findSensitivities,
  gainForIso,
  type MovingObject,
  type Scene,
  type TwinCamera,
  toCameraRgb,
} from '@photosite/optics';
import type { TwinFlags } from './options.js';

/** Longest exposure that a hand holds, and a tripod, s: what phones take at night. */
const MAX_HAND_S = 1 / 15;
const MAX_TRIPOD_S = 4;
/** Longest time that is metered for a given sensitivity, s. */
const MAX_METERED_S = 3600;
/** Highest sensitivity that is chosen by itself. */
const MAX_AUTO_ISO = 12800;
const USUAL_HAND = 1;
/** Part of the strayed light that makes a ghost; the rest is spread. */
const GHOST_SHARE = 0.1;

/** Exposure time and sensitivity: as asked for, or what the light needs. */
function exposureOf(
  scene: Scene,
  camera: TwinCamera,
  illuminanceLux: number,
  { time, iso, illuminant, tripod, hand }: TwinFlags,
): { readonly exposureTimeS: number; readonly iso: number } {
  if (time !== undefined && iso !== undefined) return { exposureTimeS: time, iso };
  const light = { illuminant, illuminanceLux };
  const longestS = tripod === true || hand === 0 ? MAX_TRIPOD_S : MAX_HAND_S;
  const metered = autoExposure(scene, camera, {
    ...light,
    maxTimeS: time ?? (iso === undefined ? longestS : MAX_METERED_S),
    maxIso: MAX_AUTO_ISO,
  });
  // Cameras know whole numbers.
  const whole = { ...metered, iso: Math.round(metered.iso) };
  if (time !== undefined) return { ...whole, exposureTimeS: time };
  if (iso === undefined) return whole;
  // As many electrons at the white level as the light gives in that time.
  const white = (at: number): number => {
    const { fullWellE, fromIso } = gainForIso(camera.sensor, at);
    return (fullWellE * fromIso) / at;
  };
  const wantedS = (metered.exposureTimeS * white(iso)) / white(metered.iso);
  return { exposureTimeS: Math.min(wantedS, longestS), iso };
}

/** A moving thing whose colour was given as light of the scene, in the camera's colours. */
function inCameraRgb(object: MovingObject, { sensor }: TwinCamera, illuminant: string): MovingObject {
  const { look } = object;
  if (look.kind === 'picture') return object;
  const surface = {
    kind: 'rgb',
    name: 'surface',
    width: 1,
    height: 1,
    rgb: Float32Array.from(look.rgb),
  } as const;
  const [r, g, b] = toCameraRgb(
    surface,
    findSensitivities(sensor.sensitivities),
    findIlluminant(illuminant).spectrum,
  );
  return { ...object, look: { ...look, rgb: [r!, g!, b!] } };
}

/** The burst's settings from the flags, with what a person should know about them. */
export function burstSettings(
  scene: Scene,
  camera: TwinCamera,
  illuminanceLux: number,
  flags: TwinFlags,
): { readonly settings: BurstSettings; readonly warnings: readonly string[] } {
  const { bracket = [0], flicker, flare, moving, fps, seed } = flags;
  const warnings: string[] = [];
  const exposure = exposureOf(scene, camera, illuminanceLux, flags);
  const frames = flags.frames ?? bracket.length;
  const longestS = exposure.exposureTimeS * 2 ** Math.max(...bracket) + camera.sensor.readoutS;
  const intervalS = Math.max(1 / fps, longestS);
  if (frames > 1 && intervalS > 1 / fps)
    warnings.push(
      `exposure and readout take ${longestS.toPrecision(3)} s: ${(1 / intervalS).toPrecision(3)} frames per second instead of ${fps}.`,
    );
  const strength = flags.tripod === true ? 0 : (flags.hand ?? USUAL_HAND);
  const settings = {
    frames,
    illuminant: flags.illuminant,
    illuminanceLux,
    ...exposure,
    exposureSteps: bracket,
    intervalS,
    ...(strength > 0 && { hand: { strength, seed } }),
    ...(moving !== undefined && {
      objects: moving.map((object) => inCameraRgb(object, camera, flags.illuminant)),
    }),
    ...(flicker !== undefined && { flicker: { frequencyHz: flicker[0], depth: flicker[1], phase: 0 } }),
    ...(flare !== undefined && { flare: { veil: flare * (1 - GHOST_SHARE), ghost: flare * GHOST_SHARE } }),
    temperatureC: flags.temperature,
    seed,
  };
  return { settings, warnings };
}
