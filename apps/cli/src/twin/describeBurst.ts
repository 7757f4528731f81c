import { join } from 'node:path';
import type { BurstPlan, CameraModule, Lens } from '@photosite/optics';
import { version } from '../version.js';
import { DESCRIPTION_FILE, frameStem, TRUTH_FOLDER } from './BurstFolder.js';
import { type FrameSummary, NOISE_FREE_BLACK, NOISE_FREE_WHITE } from './exposeToFiles.js';
import { NewFile } from './files.js';
import type { TruthChoice } from './options.js';
import type { LoadedScene } from './scene.js';

/** What a burst is described from. */
export interface BurstParts {
  /** The command's arguments without the folder. */
  readonly arguments: readonly string[];
  readonly loaded: LoadedScene;
  readonly module: CameraModule;
  readonly lens?: Lens;
  readonly plan: BurstPlan;
  readonly summaries: readonly FrameSummary[];
  readonly truth: TruthChoice;
}

/** What is written as `twin.json`: all that it takes to make the burst again, and what is true of its frames. */
export interface BurstDescription {
  readonly frames: readonly Readonly<Record<string, unknown>>[];
  readonly warnings: readonly string[];
  readonly [name: string]: unknown;
}

/** Samples that a camera can't record as they are, as sentences. */
function clampWarnings({ clamped }: BurstPlan): string[] {
  const { notFinite, negative, outsideCamera } = clamped;
  return [
    [notFinite, 'values that are no finite number; they are taken as 0'],
    [negative, 'negative values; they are taken as 0'],
    [outsideCamera, 'colours that no light gives in this camera; the nearest that it can see is taken'],
  ]
    .filter(([count]) => Number(count) > 0)
    .map(([count, what]) => `${count} samples of the scene have ${what}.`);
}

function describeFrame(summary: FrameSummary, truth: TruthChoice): Record<string, unknown> {
  const { index, color: _, asShotNeutral: __, ...rest } = summary;
  const stem = frameStem(index);
  const hasTruth = truth === 'all' || (truth === 'reference' && index === 0);
  return {
    file: `${stem}.dng`,
    ...(hasTruth && {
      // Names in the description are the same on every system.
      truth: { noiseFree: `${TRUTH_FOLDER}/${stem}.noise-free.dng`, picture: `${TRUTH_FOLDER}/${stem}.exr` },
    }),
    ...rest,
  };
}

/** Which part of the scene's width and height a frame shows, about its middle; lens distortion and the hand aside. */
function shownPart({ width, height, pitchUm, sceneWidth, sceneHeight, sceneStepMm }: BurstPlan): number[] {
  const pitchMm = pitchUm / 1000;
  const [across, down] = sceneStepMm;
  return [(width * pitchMm) / (sceneWidth * across), (height * pitchMm) / (sceneHeight * down)];
}

/** Describes a burst; the same burst has the same description, wherever and whenever it is made. */
export function describeBurst(parts: BurstParts): BurstDescription {
  const { loaded, module, lens, plan, summaries, truth } = parts;
  const { camera, settings, width, height } = plan;
  const { drawing, ...figures } = camera;
  const { name, workingFNumber, focusDistanceM, imageDistanceMm } = drawing;
  const [first] = summaries;
  return {
    photosite: version(),
    arguments: parts.arguments,
    seed: settings.seed,
    scene: {
      ...loaded.description,
      shown: shownPart(plan),
      // Places as fractions of the scene.
      ...(loaded.landmarks !== undefined && { landmarks: loaded.landmarks }),
    },
    camera: {
      ...figures,
      lens: {
        name,
        workingFNumber,
        focusDistanceM,
        imageDistanceMm,
        ...(lens !== undefined && { prescription: lens }),
      },
      // Where every figure comes from, or that it is assumed.
      preset: module,
    },
    settings,
    width,
    height,
    noiseFree: { blackLevel: NOISE_FREE_BLACK, whiteLevel: NOISE_FREE_WHITE },
    color: first?.color,
    asShotNeutral: first?.asShotNeutral,
    warnings: clampWarnings(plan),
    frames: summaries.map((summary) => describeFrame(summary, truth)),
  };
}

/** JSON knows no infinity: it is written as a word. Typed arrays become lists. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  return ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : value;
}

/** Writes the description into a burst's folder. */
export function writeDescription(folder: string, description: BurstDescription): void {
  const file = new NewFile(join(folder, DESCRIPTION_FILE), DESCRIPTION_FILE);
  try {
    file.write(new TextEncoder().encode(`${JSON.stringify(description, plain, 2)}\n`), 0);
  } finally {
    file.close();
  }
}
