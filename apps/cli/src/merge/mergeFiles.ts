import { basename } from 'node:path';
import {
  type Engine,
  type FrameReport,
  type MergedBurst,
  type MergeOptions,
  mergeBurst,
} from '@photosite/engine';
import { describeError, JobError } from '../errors.js';
import { FileSource } from './FileSource.js';
import { type FrameFile, inspectFrame } from './FrameFile.js';
import { type LeftOut, pickBurst } from './findBursts.js';
import { KeptFiles } from './KeptFiles.js';

/** What became of one file. */
export type FrameEntry = { readonly file: string } & Omit<FrameReport, 'index'>;

/** A burst from files. */
export interface MergedFiles {
  readonly burst: MergedBurst;
  /** The file that the others were brought to. */
  readonly reference: string;
  /** Every file that was named, those of the burst first. */
  readonly frames: readonly FrameEntry[];
  /** Remarks for people: what was left out, and where nothing could be merged. */
  readonly notes: readonly string[];
  /** Reading and merging, in milliseconds. */
  readonly mergeMs: number;
}

/** How files are merged. */
export interface MergeFilesOptions
  extends Pick<
    MergeOptions,
    'output' | 'scale' | 'deconvolution' | 'quality' | 'bits' | 'tileSize' | 'onProgress'
  > {
  /** The file that the others shall be brought to; the sharpest by default. */
  readonly reference?: string;
  /** Whether a person named just these files, and so may mean them together over long pauses. */
  readonly named: boolean;
}

/** Files that are looked at together. */
const AT_ONCE = 2;

/** Files that were looked at. */
export interface InspectedFiles {
  readonly files: readonly FrameFile[];
  readonly broken: readonly LeftOut[];
  readonly kept: KeptFiles;
}

/** What can be looked at, and what can't. What is read stays in the engine's memory, as far as there is room. */
export async function inspectFrames(paths: readonly string[], engine: Engine): Promise<InspectedFiles> {
  const files: FrameFile[] = [];
  const broken: LeftOut[] = [];
  const kept = new KeptFiles(engine);
  // One is read while the other is looked at.
  for (let i = 0; i < paths.length; i += AT_ONCE) {
    const few = paths.slice(i, i + AT_ONCE);
    const looked = await Promise.allSettled(few.map((path) => inspectFrame(path, kept)));
    for (const [k, result] of looked.entries()) {
      const file = few[k]!;
      if (result.status === 'fulfilled') files.push(result.value);
      else {
        kept.drop(file);
        broken.push({ file, reason: describeError(result.reason).replace(`${file}: `, '') });
      }
    }
  }
  return { files, broken, kept };
}

const entryOf = ({ file, reason }: LeftOut): FrameEntry => ({
  file,
  role: 'left out',
  reason,
  shiftX: 0,
  shiftY: 0,
  rotationDeg: 0,
  share: 0,
  exposure: 1,
});

/** How a reason reads beside the file's name: without the path, and without saying twice that something is wrong. */
function plainReason(reason: string, path: string): string {
  return reason
    .replaceAll(`${path}: `, '')
    .replaceAll(path, basename(path))
    .replace(/^it can't be read: /, '');
}

/** What became of a file: of its frames, where it is several, the one with the greatest part in the picture. */
function entryOfReports(
  path: string,
  reports: readonly FrameReport[],
  isOfFile: (index: number) => boolean,
): FrameEntry {
  const rank = ({ role, share }: FrameReport): number =>
    role === 'reference' ? 2 : role === 'merged' ? share : -1;
  const {
    index: _,
    reason,
    ...rest
  } = reports
    .filter(({ index }) => isOfFile(index))
    .reduce((best, report) => (rank(report) > rank(best) ? report : best));
  return { file: path, ...rest, ...(reason !== undefined && { reason: plainReason(reason, path) }) };
}

function notesOf(frames: readonly FrameEntry[]): string[] {
  const notes = frames.flatMap(({ file, role, reason }) =>
    role === 'left out' ? [`${file} is left out: ${reason ?? 'it agrees with the others nowhere'}`] : [],
  );
  const reference = frames.find(({ role }) => role === 'reference');
  if (reference !== undefined && !frames.some(({ role }) => role === 'merged'))
    notes.push(`nothing could be merged: the picture is ${reference.file} alone`);
  return notes;
}

/**
 * Merges the burst among files into one frame; what does not belong to it is left out and named.
 * @throws {JobError} where no file is a frame, or the one that shall be the reference is none
 */
export async function mergeFiles(
  engine: Engine,
  { files, broken, kept }: InspectedFiles,
  options: MergeFilesOptions,
): Promise<MergedFiles> {
  const started = performance.now();
  if (files.length === 0)
    throw new JobError(
      broken.map(({ file, reason }) => `${file}: ${reason}`).join('; ') || 'there is no frame to merge.',
    );
  const { burst: members, leftOut } = pickBurst(files, options.named);
  const { reference: wanted, output, scale, deconvolution, quality, bits, tileSize, onProgress } = options;
  const reference = wanted === undefined ? undefined : members.findIndex(({ path }) => path === wanted);
  if (reference === -1) {
    const why = [...broken, ...leftOut].find(({ file }) => file === wanted)?.reason;
    throw new JobError(`${wanted} can't be the reference: ${why ?? 'it is not among the frames'}.`);
  }
  for (const { file } of leftOut) kept.drop(file);
  const source = new FileSource(members, engine, kept);
  const merged = await mergeBurst(engine, source, {
    ...(output !== undefined && { output }),
    ...(scale !== undefined && { scale }),
    ...(bits !== undefined && { bits }),
    ...(deconvolution !== undefined && { deconvolution }),
    ...(quality !== undefined && { quality }),
    ...(tileSize !== undefined && { tileSize }),
    ...(reference !== undefined && { reference: source.frameOf(reference) }),
    ...(onProgress !== undefined && { onProgress }),
  }).finally(() => source.close());
  const frames = [
    ...members.map(({ path }, i) =>
      entryOfReports(path, merged.report, (index) => source.fileOf(index) === members[i]),
    ),
    ...leftOut.map(entryOf),
    ...broken.map(entryOf),
  ];
  return {
    burst: merged,
    reference: source.fileOf(merged.reference).path,
    frames,
    notes: notesOf(frames),
    mergeMs: performance.now() - started,
  };
}
