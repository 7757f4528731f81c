import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { estimateNoise } from '@photosite/engine';
import { type NoiseProfile, openRaw, type RawFrame } from '@photosite/raw';
import { alignTable } from '../table.js';
import { truthFrame } from '../truth/frame.js';
import type { NoiseLevel } from '../truth/noise.js';
import type { TruthSet } from '../truth/pictures.js';

/** Levels of light, white = 1, at which standard deviations are compared. */
const LIGHTS = [0.02, 0.2, 0.6];
/** Raws whose files say how noisy they are. */
const PROFILED = [
  'GOPR8508.dng',
  'GOPR8513.dng',
  'HERO7-GOPR9231.dng',
  'photoprism-canon_eos_6d-lossy-linear.dng',
];

/** How far estimated noise is from known noise: ratios of standard deviations, all colours together, per level of light. */
export interface NoiseEstimate {
  readonly of: string;
  /** Least, middle and largest ratio at each of the lights; empty where nothing could be estimated. */
  readonly ratios: readonly (readonly [least: number, middle: number, largest: number])[];
}

function compare(
  of: string,
  frames: readonly { frame: RawFrame; known: readonly NoiseProfile[] }[],
): NoiseEstimate {
  const found = frames.map(({ frame, known }) => ({ known, estimated: estimateNoise(frame) }));
  const ratios = LIGHTS.map((light) => {
    const deviation = ({ scale, offset }: NoiseProfile) => Math.sqrt(scale * light + offset);
    const values = found
      .flatMap(({ known, estimated }) =>
        (estimated ?? []).map((one, c) => deviation(one) / deviation(known[Math.min(c, known.length - 1)]!)),
      )
      .sort((a, b) => a - b);
    return [values[0]!, values[Math.floor(values.length / 2)]!, values.at(-1)!] as const;
  });
  return { of, ratios: found.every(({ estimated }) => estimated === undefined) ? [] : ratios };
}

/** Estimates the noise of the truth sets' mosaics and of real raws whose profile is hidden from the estimate. */
export async function measureNoiseEstimates(
  dataFolder: string,
  sets: readonly TruthSet[],
  levels: readonly NoiseLevel[],
): Promise<NoiseEstimate[]> {
  const rows: NoiseEstimate[] = [];
  for (const set of sets)
    for (const level of levels.filter(({ scale }) => scale > 0)) {
      const mosaics = await set.expose(level);
      const frames = mosaics.map((samples, i) => {
        const { width, height } = set.pictures[i]!.image;
        return { frame: truthFrame({ samples, width, height }, []), known: set.noiseProfile(level) };
      });
      rows.push(compare(`${set.name} ${level.name}`, frames));
    }
  for (const name of PROFILED) {
    const bytes = await readFile(path.join(dataFolder, 'raw', name)).catch(() => undefined);
    if (bytes === undefined) continue;
    const frame = await openRaw(bytes);
    rows.push(compare(name, [{ frame, known: frame.noiseProfile ?? [] }]));
  }
  return rows;
}

/** The table of ratios. */
export function formatNoiseEstimates(rows: readonly NoiseEstimate[]): string {
  const body = rows.map(({ of, ratios }) => [
    of,
    ...LIGHTS.map((_, i) => ratios[i]?.map((ratio) => ratio.toFixed(2)).join(' / ') ?? '-'),
  ]);
  const header = LIGHTS.map((light) => `at ${light * 100} %`);
  return `Noise estimated from the picture over known noise, standard deviations: least / middle / largest\n\n${alignTable(['', ...header], body)}`;
}
