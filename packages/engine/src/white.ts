import type { RawFrame } from '@photosite/raw';
import type { CameraModel } from './colour/camera.js';
import { normalised, type Vector3 } from './colour/matrix3.js';
import { D50 } from './colour/spaces.js';
import { chromaticityOfTemperature, temperatureOfChromaticity } from './colour/temperature.js';
import { cropOf, toSensor, turnOf } from './geometry.js';
import type { Recipe } from './recipe.js';
import type { Overview, SceneWhite } from './stage.js';
import { colourAt } from './stages/linearise/tables.js';
import { estimateNeutral } from './stages/white-balance/estimate.js';

/** Photosites around a picked point whose mean counts as its colour. */
const PICK_RADIUS = 12;
/** Samples of the whole picture that a white estimate looks at, about. */
const ESTIMATE_SAMPLES = 200_000;
/** Minkowski norm of the white estimate: between grey world (1) and white patch (∞). */
const SHADE_OF_GREY_NORM = 6;
/** From this fraction of the white level on a sample may be clipped. */
const CLIPPED = 0.95;

/** The linear value of a sample of the active area on [0,1], without deltas and lens shading. */
function light(frame: RawFrame, x: number, y: number, plane: number): number {
  const { activeArea: area, samplesPerPixel: spp, blackLevel: black } = frame;
  const stored = frame.samples[((y + area.top) * frame.width + x + area.left) * spp + plane]!;
  const linear = frame.linearization?.[Math.min(stored, frame.linearization.length - 1)] ?? stored;
  const level =
    black === undefined
      ? 0
      : black.values[((y % black.repeatRows) * black.repeatCols + (x % black.repeatCols)) * spp + plane]!;
  const white = frame.whiteLevel[plane] ?? frame.whiteLevel[0]!;
  return (linear - level) / Math.max(white - level, 1e-6);
}

/** Power means of the three colours over every `step`-th photosite block of an area, clipped samples left out. */
function meanColour(
  frame: RawFrame,
  area: { left: number; top: number; right: number; bottom: number },
  step: number,
  norm: number,
): Vector3 | undefined {
  const sums = [0, 0, 0];
  const counts = [0, 0, 0];
  const period = frame.cfa === undefined ? 1 : Math.max(frame.cfa.width, frame.cfa.height);
  for (let by = area.top; by < area.bottom; by += period * step)
    for (let bx = area.left; bx < area.right; bx += period * step)
      for (let y = by; y < Math.min(by + period, area.bottom); y++)
        for (let x = bx; x < Math.min(bx + period, area.right); x++)
          for (let plane = 0; plane < frame.samplesPerPixel; plane++) {
            const value = light(frame, x, y, plane);
            if (!(value < CLIPPED)) continue;
            const colour = frame.cfa === undefined ? plane : colourAt(frame, x, y);
            sums[colour]! += Math.max(value, 0) ** norm;
            counts[colour]!++;
          }
  const means = sums.map((sum, i) => (counts[i] === 0 ? 0 : (sum / counts[i]!) ** (1 / norm)));
  if (!means.every((mean) => mean > 1e-6 && Number.isFinite(mean))) return undefined;
  return normalised([means[0]!, means[1]!, means[2]!]);
}

function usableNeutral(neutral: readonly number[] | undefined): Vector3 | undefined {
  if (neutral === undefined || neutral.length < 3 || !neutral.every((n) => Number.isFinite(n) && n > 1e-3))
    return undefined;
  return normalised([neutral[0]!, neutral[1]!, neutral[2]!]);
}

/**
 * The white that the frame itself states: AsShotNeutral, else AsShotWhiteXY, else D50 by the colour matrix, else an
 * estimate from the picture (shades of grey: Finlayson and Trezzi 2004).
 */
export function recordedWhite(
  frame: RawFrame,
  camera: CameraModel,
  assume: (what: string) => void,
): SceneWhite {
  const neutral = usableNeutral(frame.asShotNeutral);
  if (neutral !== undefined) return { neutral, chromaticity: camera.whiteOf(neutral) };
  if (frame.asShotWhite !== undefined)
    return { neutral: camera.neutralOf(frame.asShotWhite), chromaticity: frame.asShotWhite };
  if (!camera.assumed) {
    assume('no white balance in the file: daylight of 5000 K');
    return { neutral: camera.neutralOf(D50), chromaticity: D50 };
  }
  const area = {
    left: 0,
    top: 0,
    right: frame.activeArea.right - frame.activeArea.left,
    bottom: frame.activeArea.bottom - frame.activeArea.top,
  };
  const step = Math.max(1, Math.floor(Math.sqrt((area.right * area.bottom) / ESTIMATE_SAMPLES)));
  const estimate = meanColour(frame, area, step, SHADE_OF_GREY_NORM) ?? [1, 1, 1];
  assume('no white balance and no colour matrix in the file: white estimated from the picture');
  return { neutral: estimate, chromaticity: camera.whiteOf(estimate) };
}

/** Mean colour of the photosites around a point of the upright picture. */
function pickedNeutral(frame: RawFrame, [u, v]: readonly [number, number]): Vector3 | undefined {
  const crop = cropOf(frame);
  const turn = turnOf(frame.orientation, crop.width, crop.height);
  const at = toSensor(turn, {
    left: Math.min(Math.floor(u * turn.width), turn.width - 1),
    top: Math.min(Math.floor(v * turn.height), turn.height - 1),
    width: 1,
    height: 1,
  });
  const [x, y] = [crop.left + at.left, crop.top + at.top];
  const width = frame.activeArea.right - frame.activeArea.left;
  const height = frame.activeArea.bottom - frame.activeArea.top;
  const area = {
    left: Math.max(x - PICK_RADIUS, 0),
    top: Math.max(y - PICK_RADIUS, 0),
    right: Math.min(x + PICK_RADIUS + 1, width),
    bottom: Math.min(y + PICK_RADIUS + 1, height),
  };
  return meanColour(frame, area, 1, 1);
}

/** The white that the picture itself shows, with the recorded one as a hint. */
function foundWhite(
  overview: Overview | undefined,
  frame: RawFrame,
  camera: CameraModel,
  recorded: SceneWhite,
): SceneWhite | undefined {
  if (overview === undefined || camera.assumed) return undefined;
  const stated = frame.asShotNeutral !== undefined || frame.asShotWhite !== undefined;
  const neutral = estimateNeutral(overview, camera, stated ? recorded.neutral : undefined);
  return neutral === undefined ? undefined : { neutral, chromaticity: camera.whiteOf(neutral) };
}

/**
 * The white that a recipe asks for: a picked neutral, a temperature and tint, the one found from the picture, or the
 * recorded one.
 * @param overview what an automatic white is found from
 */
export function sceneWhite(
  frame: RawFrame,
  camera: CameraModel,
  recorded: SceneWhite,
  recipe: Recipe,
  assume: (what: string) => void,
  overview?: Overview,
): SceneWhite {
  const { mode, neutral: point, temperature, tint } = recipe.whiteBalance;
  if (point !== null) {
    const neutral = pickedNeutral(frame, point);
    if (neutral !== undefined) return { neutral, chromaticity: camera.whiteOf(neutral) };
    assume('the picked neutral is clipped or black: white balance as recorded');
  }
  let base = recorded;
  if (mode === 'auto' && temperature === null) {
    const found = foundWhite(overview, frame, camera, recorded);
    if (found === undefined) assume('the picture shows no light to judge by: white balance as recorded');
    base = found ?? recorded;
  }
  if (temperature === null && tint === null) return base;
  const now = temperatureOfChromaticity(base.chromaticity);
  const chromaticity = chromaticityOfTemperature({
    kelvin: temperature ?? now.kelvin,
    tint: tint ?? (temperature === null ? now.tint : 0),
  });
  return { neutral: camera.neutralOf(chromaticity), chromaticity };
}
