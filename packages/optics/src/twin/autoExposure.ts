import { inRange, positive } from '../checks.js';
import type { Scene } from '../scenes/Scene.js';
import { toCameraRgb } from '../scenes/toCameraRgb.js';
import { MAX_ISO } from '../sensors/checkSensor.js';
import { gainForIso } from '../sensors/Readout.js';
import { electronsPerWhite } from '../spectra/electrons.js';
import { findIlluminant } from '../spectra/illuminants.js';
import { findSensitivities } from '../spectra/sensitivities.js';
import type { TwinCamera } from './Burst.js';

/** Mean signal that is aimed at, as a share of the white level: a grey card of 18 % with half a stop of headroom. */
const TARGET = 0.13;
/** Shortest exposure, s. */
const SHORTEST_S = 1 / 16_000;
/** Samples that the scene's mean is taken over, about. */
const METERED = 65_536;

/** What exposure has to keep to. */
export interface AutoExposureSettings {
  readonly illuminant: string;
  readonly illuminanceLux: number;
  /** Longest exposure, s. */
  readonly maxTimeS: number;
  /** Highest ISO; the sensor's limit by default. */
  readonly maxIso?: number;
}

/**
 * Time and ISO as a camera would choose them: the mean of the scene, in which nothing counts more than a white surface,
 * becomes 13 % of the white level. First the time is lengthened up to its limit at base ISO, then the ISO raised.
 * @throws {OpticsError} for numbers that are not possible
 */
export function autoExposure(
  scene: Scene,
  camera: TwinCamera,
  { illuminant, illuminanceLux, maxTimeS, maxIso = MAX_ISO }: AutoExposureSettings,
): { exposureTimeS: number; iso: number } {
  const { sensor, drawing, transmission } = camera;
  inRange('maxTimeS', positive('maxTimeS', maxTimeS), SHORTEST_S, 3600);
  const least = Math.max(sensor.baseIso, sensor.gains[0]!.fromIso);
  inRange('maxIso', maxIso, least, MAX_ISO);
  const { spectrum } = findIlluminant(illuminant);
  const rgb = toCameraRgb(thinned(scene), findSensitivities(sensor.sensitivities), spectrum);
  let mean = 0;
  for (let i = 0; i < rgb.length; i += 3)
    mean += Math.min(Math.max(rgb[i]!, rgb[i + 1]!, rgb[i + 2]!), 1) / (rgb.length / 3);
  const perSecond = Math.max(
    ...electronsPerWhite({
      sensor,
      illuminant: spectrum,
      illuminanceLux,
      exposureTimeS: 1,
      workingFNumber: drawing.workingFNumber,
      transmission,
    }),
  );
  const { fullWellE, fromIso } = gainForIso(sensor, least);
  // Time × ISO: electrons at the white level go down as the ISO goes up.
  const wanted = (TARGET * fullWellE * fromIso) / (mean * perSecond);
  const exposureTimeS = Math.min(Math.max(wanted / least, SHORTEST_S), maxTimeS);
  const high = wanted / exposureTimeS;
  if (!(high > least)) return { exposureTimeS, iso: least };
  // Another conversion gain has another scale.
  const gain = gainForIso(sensor, Math.min(high, maxIso));
  const iso = (TARGET * gain.fullWellE * gain.fromIso) / (mean * perSecond * exposureTimeS);
  return { exposureTimeS, iso: Math.min(Math.max(iso, least), maxIso) };
}

/** Every so manyth sample of a scene. */
function thinned(scene: Scene): Scene {
  const step = Math.max(1, Math.floor(Math.sqrt((scene.width * scene.height) / METERED)));
  const width = Math.ceil(scene.width / step);
  const height = Math.ceil(scene.height / step);
  const source = (i: number) => Math.floor(i / width) * step * scene.width + (i % width) * step;
  const count = width * height;
  const base = { name: scene.name, width, height };
  if (scene.kind === 'rgb') {
    const rgb = Float32Array.from(
      { length: count * 3 },
      (_, i) => scene.rgb[source(Math.floor(i / 3)) * 3 + (i % 3)]!,
    );
    return { ...base, kind: 'rgb', rgb };
  }
  const { first, second, mix, materials } = scene;
  return {
    ...base,
    kind: 'spectral',
    materials,
    first: Uint16Array.from({ length: count }, (_, i) => first[source(i)]!),
    second: Uint16Array.from({ length: count }, (_, i) => second[source(i)]!),
    mix: Float32Array.from({ length: count }, (_, i) => mix[source(i)]!),
  };
}
