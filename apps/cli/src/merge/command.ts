import { mkdir } from 'node:fs/promises';
import { basename, dirname, extname, join, sep } from 'node:path';
import { Engine } from '@photosite/engine';
import type { NoiseProfile } from '@photosite/raw';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { writeAtomically } from '../AtomicFile.js';
import { checkSideFile, isFolder } from '../develop/outputs.js';
import { roundTimes } from '../develop/report.js';
import { describeError, EXIT_FAILED, UsageError } from '../errors.js';
import { ProgressBar } from '../ProgressBar.js';
import { printError, printFailure } from '../print.js';
import { version } from '../version.js';
import type { FrameFile } from './FrameFile.js';
import { findBursts } from './findBursts.js';
import { findFrames } from './findFrames.js';
import {
  type FrameEntry,
  type InspectedFiles,
  inspectFrames,
  type MergedFiles,
  mergeFiles,
} from './mergeFiles.js';
import { mergedDng } from './writeMerged.js';

interface Flags {
  readonly output?: string;
  readonly cfa?: boolean;
  readonly scale: 1 | 2;
  readonly deconvolution?: number;
  readonly quality: 'fast' | 'best';
  readonly bits: 16 | 32;
  readonly compress?: boolean;
  readonly reference?: string;
  readonly recursive?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly threads?: number;
  readonly debug?: boolean;
}

/** A merged file and how it came about. Times are milliseconds. */
export interface MergedReport {
  readonly output: string;
  readonly kind: 'mosaic' | 'linear RGB';
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly bytes: number;
  readonly reference: string;
  readonly frames: readonly FrameEntry[];
  readonly notes: readonly string[];
  /** Of the merged file: variance = scale · signal + offset on [0,1], one for all colours or one each. */
  readonly noiseProfile: readonly NoiseProfile[];
  readonly mergeMs: number;
  readonly writeMs: number;
}

/** What `photosite merge --json` prints. */
export interface MergeReport {
  readonly photosite: string;
  readonly threads: number;
  readonly merged: readonly MergedReport[];
  /** What is not in any of the merged files: broken files, and single frames of a folder. */
  readonly leftOut: readonly { readonly file: string; readonly reason: string }[];
  readonly failures: readonly { readonly output: string; readonly error: string }[];
  readonly totalMs: number;
}

const MAX_THREADS = 64;

const EXAMPLES = `
Examples:
  photosite merge IMG_*.dng -o merged.dng               linear RGB, 16 bit: for any raw developer
  photosite merge IMG_*.dng -o merged.dng --cfa         a mosaic, to be demosaiced where you like
  photosite merge IMG_*.dng -o fine.dng --quality best  more detail, less noise, slower
  photosite merge IMG_*.dng -o large.dng --scale 2      twice as many pixels each way
  photosite merge card/DCIM -o merged/                  every burst of a folder, a file each
  photosite merge IMG_*.dng -o merged.dng --reference IMG_0004.dng --json
  photosite develop merged.dng -o night.jpg             (photosite develop IMG_*.dng -o night.jpg does both)

Frames of one burst are of one camera, size and focal length, with pauses of 2 seconds at most; files that you name
one by one may lie further apart. What does not belong, is damaged or agrees with the others nowhere is left out and
named. 16 bit files are read by LibRaw, RawTherapee, darktable and other raw developers. Of 32 bit (float) files,
RawTherapee 5.9 reads the mosaics, darktable 4.2 all, LibRaw 0.20 none.
`;

/** Gives `photosite merge` its arguments and flags. */
export function configureMerge(command: Command): void {
  command
    .argument('[FRAME...]', 'raw files or JPEGs of one burst, or folders of them')
    .usage('FRAME... -o OUT.dng [options]')
    .optionsGroup('What and where to:')
    .option('-o, --output <OUT>', 'the DNG to write; or a folder, for every burst that is found')
    .option('--cfa', 'merge to a mosaic instead of linear RGB')
    .addOption(
      new Option('--scale <1|2>', 'pixels each way for one of the sensor’s (linear RGB alone; default 1)')
        .argParser((text) => {
          if (text === '1' || text === '2') return Number(text);
          throw new InvalidArgumentError('It must be 1 or 2.');
        })
        .default(1),
    )
    .addOption(
      new Option(
        '--deconvolution <0…1>',
        'with --scale 2, how much of the photosites’ and the lens’s blur is undone (default 1)',
      ).argParser((text) => {
        const value = Number(text);
        if (text.trim() !== '' && value >= 0 && value <= 1) return value;
        throw new InvalidArgumentError('It must be a number from 0 to 1.');
      }),
    )
    .addOption(
      new Option(
        '--quality <fast|best>',
        'best: finer detail and less noise, at about three times the time (default fast)',
      )
        .choices(['fast', 'best'])
        .default('fast'),
    )
    .addOption(
      new Option('--bits <16|32>', 'bits per sample: 16 (default), or 32 for floats')
        .argParser((text) => {
          if (text === '16' || text === '32') return Number(text);
          throw new InvalidArgumentError('It must be 16 or 32.');
        })
        .default(16),
    )
    .option('--compress', 'store losslessly compressed: about half the size, and slower')
    .option('--reference <file>', 'the frame that the others are brought to (default: the sharpest)')
    .option('--recursive', 'search the subfolders of folders, too')
    .option('--force', 'overwrite files that exist')
    .optionsGroup('Running:')
    .option('--json', 'print a report as JSON: of each frame its shift, rotation and share')
    .option('--quiet', 'no progress bar, no notes')
    .addOption(
      new Option(
        '--threads <n>',
        'threads to work on (default: as many as the machine runs at once)',
      ).argParser((text) => {
        const value = Number(text);
        if (/^\d+$/.test(text) && value >= 1 && value <= MAX_THREADS) return value;
        throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_THREADS}.`);
      }),
    )
    .option('--debug', 'show where in the program an error came from')
    .helpOption('-h, --help', 'show this help')
    .configureHelp({ optionDescription: ({ description }) => description })
    .addHelpText('after', EXAMPLES)
    .action(merge);
}

/** A burst and the file that it becomes. */
interface Job {
  readonly files: readonly FrameFile[];
  readonly output: string;
}

function checkTogether(flags: Flags, intoFolder: boolean, output: string): void {
  if (flags.cfa === true && flags.scale !== 1)
    throw new UsageError('--cfa has as many photosites as the sensor: leave --scale out, or --cfa.');
  if (flags.deconvolution !== undefined && flags.scale !== 2)
    throw new UsageError('--deconvolution is for twice the resolution: add --scale 2, or leave it out.');
  if (intoFolder && flags.reference !== undefined)
    throw new UsageError('--reference names a frame of one burst: write that into a file, -o NAME.dng.');
  if (!intoFolder && extname(output).toLowerCase() !== '.dng')
    throw new UsageError(`${output} is not the name of a DNG. End it in .dng, or name a folder.`);
}

/** Every burst of a folder as a file of its own, named after its first frame. */
function jobsIn(folder: string, bursts: readonly (readonly FrameFile[])[]): Job[] {
  return bursts.map((files) => {
    const { path } = files[0]!;
    return { files, output: join(folder, `${basename(path, extname(path))}-merged.dng`) };
  });
}

async function merge(paths: readonly string[], flags: Flags): Promise<void> {
  const { output: out, force = false } = flags;
  if (paths.length === 0)
    throw new UsageError('no frames are named. Try: photosite merge IMG_*.dng -o merged.dng');
  if (out === undefined) throw new UsageError('where shall the merged file go? Add -o merged.dng.');
  const intoFolder = out.endsWith(sep) || out.endsWith('/') || isFolder(out);
  checkTogether(flags, intoFolder, out);
  if (!intoFolder) checkSideFile(out, force);

  const bar = new ProgressBar(process.stderr, flags.quiet !== true);
  // Threads start while files are read.
  const engine = Engine.start(flags.threads === undefined ? {} : { threads: flags.threads });
  try {
    await mergeInputs(paths, flags, { out, intoFolder, bar, engine });
  } finally {
    bar.clear();
    await engine.close();
  }
}

interface Run {
  readonly out: string;
  readonly intoFolder: boolean;
  readonly bar: ProgressBar;
  readonly engine: Engine;
}

async function mergeInputs(
  paths: readonly string[],
  flags: Flags,
  { out, intoFolder, bar, engine }: Run,
): Promise<void> {
  const inputs = await findFrames(paths, flags.recursive ?? false);
  const inspected = await inspectFrames(
    inputs.files.map(({ path }) => path),
    engine,
  );
  const broken = [
    ...inputs.failures.map(({ input, error }) => ({ file: input, reason: error })),
    ...inspected.broken,
  ];
  const say = (line: string): void => {
    bar.clear();
    if (flags.quiet !== true) printError(line);
  };
  if (flags.cfa === true && inspected.files.some(({ mosaics }) => mosaics > 1))
    throw new UsageError(
      'JPEGs and LinearRaw pictures have all three colours at every pixel: leave --cfa out.',
    );
  const bursts = findBursts(inspected.files, inputs.named);
  const alone = intoFolder ? bursts.filter((burst) => burst.length === 1).flat() : [];
  const jobs = intoFolder
    ? jobsIn(
        out,
        bursts.filter((burst) => burst.length > 1),
      )
    : [{ files: inspected.files, output: out }];
  if (intoFolder) for (const { file, reason } of broken) say(`note: ${file} is left out: ${reason}`);
  if (jobs.length === 0) throw new UsageError('there is no burst among these files: each stands alone.');

  for (const { path } of alone) inspected.kept.drop(path);
  await engine.ready;
  const merged: MergedReport[] = [];
  const failures: { output: string; error: string }[] = [];
  for (const [i, job] of jobs.entries()) {
    try {
      const progress = (share: number): void => bar.update((i + share) / jobs.length, job.output);
      merged.push(
        await mergeOne(
          engine,
          job,
          { broken: intoFolder ? [] : broken, kept: inspected.kept },
          { flags, named: inputs.named, progress, say },
        ),
      );
    } catch (error) {
      failures.push({ output: job.output, error: describeError(error) });
      bar.clear();
      printFailure(error, undefined, flags.debug === true);
      process.exitCode = EXIT_FAILED;
    }
  }
  bar.clear();
  if (flags.json !== true) return;
  const report: MergeReport = {
    photosite: version(),
    threads: engine.pool.threads,
    merged,
    leftOut: intoFolder
      ? [...broken, ...alone.map(({ path }) => ({ file: path, reason: 'no burst: it stands alone' }))]
      : [],
    failures,
    totalMs: performance.now(),
  };
  process.stdout.write(`${JSON.stringify(report, roundTimes, 2)}\n`);
}

interface Circumstances {
  readonly flags: Flags;
  readonly named: boolean;
  readonly progress: (share: number) => void;
  readonly say: (line: string) => void;
}

/** Merging is most of the work; writing is the rest. */
const MERGED_SHARE = 0.9;

async function mergeOne(
  engine: Engine,
  { files, output }: Job,
  inspected: Pick<InspectedFiles, 'broken' | 'kept'>,
  { flags, named, progress, say }: Circumstances,
): Promise<MergedReport> {
  const { cfa, scale, deconvolution, quality, bits, compress = false, reference, force = false } = flags;
  const done: MergedFiles = await mergeFiles(
    engine,
    { files, ...inspected },
    {
      output: cfa === true ? 'mosaic' : 'rgb',
      scale,
      quality,
      bits,
      ...(deconvolution !== undefined && { deconvolution }),
      named,
      ...(reference !== undefined && { reference }),
      onProgress: (share) => progress(share * MERGED_SHARE),
    },
  );
  const { frame } = done.burst;
  const writeStart = performance.now();
  const used = done.frames.filter(({ role }) => role !== 'left out').map(({ file }) => file);
  let bytes = 0;
  try {
    const chunks = mergedDng(frame, done.reference, used, compress);
    bytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    progress(MERGED_SHARE + (1 - MERGED_SHARE) / 2);
    await mkdir(dirname(output), { recursive: true });
    await writeAtomically(output, chunks, force);
  } finally {
    engine.discard(frame.samples);
  }
  progress(1);
  for (const note of done.notes) say(`note: ${note}`);
  const { width, height } = frame;
  return {
    output,
    kind: frame.cfa === undefined ? 'linear RGB' : 'mosaic',
    width,
    height,
    bits,
    bytes,
    reference: done.reference,
    frames: done.frames,
    notes: done.notes,
    noiseProfile: frame.noiseProfile ?? [],
    mergeMs: done.mergeMs,
    writeMs: performance.now() - writeStart,
  };
}
