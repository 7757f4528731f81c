import type { Log } from '../log.js';
import type { Peer } from '../peers/peer.js';
import type { Workspace } from '../peers/workspace.js';
import { NOISE_LEVELS, type NoiseLevel } from '../truth/noise.js';
import { TRUTH_SETS, type TruthSet } from '../truth/pictures.js';
import { TWIN_SET } from '../truth/twinSet.js';
import { type Contender, formatDemosaic, measureDemosaic } from './demosaic.js';
import { formatDenoise, measureDenoise } from './denoise.js';
import { formatNoiseEstimates, measureNoiseEstimates } from './noiseEstimates.js';
import { formatWhiteBalance, measureWhiteBalance } from './whiteBalance.js';

/** What is compared with truth, each by itself. */
export const QUALITY_PARTS = ['demosaic', 'denoise', 'noise', 'white-balance'] as const;
/** One of them. */
export type QualityPart = (typeof QUALITY_PARTS)[number];

/** What the parts share. */
export interface QualityContext {
  /** The data folder. */
  readonly data: string;
  /** Undefined where it is not built. */
  readonly ours: Peer | undefined;
  readonly peers: readonly Peer[];
  /** All of the peers' demosaicing algorithms instead of the strongest. */
  readonly allAlgorithms: boolean;
  /** Names of sets and noise levels; undefined for the part's own. */
  readonly sets: readonly string[] | undefined;
  readonly levels: readonly NoiseLevel[] | undefined;
  /** Pictures of a set, or scenes, at most. */
  readonly pictures: number;
  /** The sets of these names that are there. */
  truth(names: readonly string[]): Promise<readonly TruthSet[]>;
  readonly workspace: Workspace;
  readonly log: Log;
}

/** Figures as rows for JSON and as text. */
export interface QualityOutcome {
  readonly rows: unknown;
  readonly table: string;
}

const { clean, N1, N2, N3 } = NOISE_LEVELS;

async function truthOf(context: QualityContext, names: readonly string[]): Promise<readonly TruthSet[]> {
  const sets = await context.truth(context.sets ?? names);
  if (sets.length === 0) throw new Error('no truth pictures: nothing to compare with');
  return sets;
}

/** How each part is measured. */
export const qualityParts: Readonly<
  Record<QualityPart, (context: QualityContext) => Promise<QualityOutcome>>
> = {
  async demosaic(context) {
    const { ours, peers, allAlgorithms, levels = [clean, N1, N2], workspace, log } = context;
    const sets = await truthOf(context, [...TRUTH_SETS, TWIN_SET]);
    const contenders: Contender[] = peers.map((peer) => ({
      peer,
      algorithms: allAlgorithms ? peer.demosaics : peer.strongest,
      ours: false,
    }));
    if (ours !== undefined) contenders.unshift({ peer: ours, algorithms: ours.demosaics, ours: true });
    const rows = await measureDemosaic(sets, levels, contenders, workspace, log);
    return { rows, table: formatDemosaic(rows) };
  },
  async denoise(context) {
    const { ours, peers, levels = [N1, N2, N3], workspace, log } = context;
    const sets = await truthOf(context, TRUTH_SETS);
    const rows = await measureDenoise(sets, levels, ours, peers, workspace, log);
    return { rows, table: formatDenoise(rows) };
  },
  async noise(context) {
    const { data, levels = [N1, N2, N3] } = context;
    const rows = await measureNoiseEstimates(data, await truthOf(context, TRUTH_SETS), levels);
    return { rows, table: formatNoiseEstimates(rows) };
  },
  async 'white-balance'({ pictures }) {
    const rows = measureWhiteBalance(pictures);
    return { rows, table: formatWhiteBalance(rows) };
  },
};
