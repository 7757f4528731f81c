import { type BigIntStats, existsSync, statSync } from 'node:fs';
import { dirname, extname, join, sep } from 'node:path';
import { OUTPUT_FORMATS, type OutputFormatName } from '@photosite/picture';
import { existing, probeFolder } from '../AtomicFile.js';
import { describeError, JobError, systemCode, UsageError } from '../errors.js';
import { type Failure, type Input, type Inputs, stemOf } from './inputs.js';

/** One raw file and the picture that it becomes. */
export interface Job {
  readonly input: string;
  readonly output: string;
}

/** What is to be done, and what was found to be impossible before the work begins. */
export interface Plan {
  readonly format: OutputFormatName;
  readonly jobs: readonly Job[];
  readonly failures: readonly Failure[];
}

/** What lies under a path, symbolic links followed; undefined where nothing does. */
function statusOf(path: string): BigIntStats | undefined {
  try {
    return statSync(path, { bigint: true });
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error) ?? '')) return undefined;
    throw error;
  }
}

/** Whether there is a folder of that name. */
export function isFolder(path: string): boolean {
  return statusOf(path)?.isDirectory() ?? false;
}

/** The format that a file's extension stands for. */
function formatOfName(path: string): OutputFormatName | undefined {
  const extension = extname(path).slice(1).toLowerCase();
  return Object.values(OUTPUT_FORMATS).find((format) => format.extensions.includes(extension))?.name;
}

function extensions(): string {
  return Object.values(OUTPUT_FORMATS)
    .map((format) => `.${format.extensions[0]}`)
    .join(', ');
}

function formatOfFile(out: string, asked: OutputFormatName | undefined): OutputFormatName {
  const named = formatOfName(out);
  if (asked === undefined && named === undefined)
    throw new UsageError(
      `the name ${out} does not say which format to write. End it in ${extensions()}, or add --format.`,
    );
  if (asked !== undefined && named !== undefined && asked !== named)
    throw new UsageError(
      `${out} is the name of a ${named.toUpperCase()}, but --format says ${asked}. Change one of them.`,
    );
  return (asked ?? named)!;
}

/** Names in the output folder; where only the extension tells two inputs apart, it stays in the name. */
function nameInFolder(files: readonly Input[], folder: string, extension: string): Job[] {
  const key = (name: string): string => name.toLowerCase();
  const stems = new Map<string, number>();
  for (const { name } of files) stems.set(key(stemOf(name)), (stems.get(key(stemOf(name))) ?? 0) + 1);
  const taken = new Map<string, string>();
  return files.map(({ path, name }) => {
    const unique = stems.get(key(stemOf(name))) === 1;
    const output = join(folder, `${unique ? stemOf(name) : name}.${extension}`);
    const other = taken.get(key(output));
    if (other !== undefined)
      throw new UsageError(
        `${other} and ${path} would both become ${output}. Develop them into different folders.`,
      );
    taken.set(key(output), path);
    return { input: path, output };
  });
}

function nearestFolder(folder: string): string {
  for (let path = folder; ; path = dirname(path)) {
    if (existsSync(path) || dirname(path) === path) return path;
  }
}

/** Finds out whether files can be written into folders, each asked once. */
class Folders {
  readonly #answers = new Map<string, unknown>();

  /** @throws the reason why not */
  check(folder: string): void {
    if (!this.#answers.has(folder)) this.#answers.set(folder, this.#probe(folder));
    const problem = this.#answers.get(folder);
    if (problem !== undefined) throw problem;
  }

  #probe(folder: string): unknown {
    try {
      probeFolder(folder);
      return undefined;
    } catch (error) {
      return new JobError(`can't write into the folder ${folder}: ${describeError(error)}`);
    }
  }
}

/**
 * Checks that a file may be written, before any work is done.
 * @throws {JobError} where something is in the way
 */
function checkOutput(output: string, force: boolean): void {
  const status = statusOf(output);
  if (status === undefined) return;
  if (!status.isFile()) throw new JobError(`${output} is not a file. Choose another name for the output.`);
  if (!force) throw existing(output);
}

function identity(path: string): string | undefined {
  const status = statusOf(path);
  return status === undefined ? undefined : `${status.dev}:${status.ino}`;
}

/** Checks one more file that is written beside the pictures, such as a recipe. */
export function checkSideFile(path: string, force: boolean): void {
  checkOutput(path, force);
  new Folders().check(dirname(path));
}

/** Whether a name can only mean one picture, whatever it is made from. */
export function namesOnePicture(out: string, asked: OutputFormatName | undefined): boolean {
  if (out.endsWith(sep) || out.endsWith('/') || isFolder(out)) return false;
  return formatOfName(out) !== undefined || (asked !== undefined && extname(out) !== '');
}

/**
 * Decides which file is written for each input, and says what is in the way before any work is done.
 *
 * @param out a file for one input; a folder (to be made, if need be) for many, or with a separator at its end
 * @param inputFiles all that must not be written to: of a burst more than the one file that its photo is planned for
 * @throws {UsageError} where `out` can't be meant so
 */
export function planOutputs(
  { files, failures, many }: Inputs,
  out: string,
  asked: OutputFormatName | undefined,
  fallback: OutputFormatName,
  force: boolean,
  inputFiles: readonly Input[] = files,
): Plan {
  const slashed = out.endsWith(sep) || out.endsWith('/');
  const intoFolder = many || slashed || isFolder(out);
  if (intoFolder && existsSync(out) && !isFolder(out))
    throw new UsageError(`${out} is a file; many photos need a folder. Name a folder after -o.`);
  if (many && !slashed && !isFolder(out) && formatOfName(out) !== undefined)
    throw new UsageError(
      `${out} is the name of one picture; many photos need a folder. Name a folder after -o, or leave --no-burst out for one photo of a burst.`,
    );
  const format = intoFolder ? (asked ?? fallback) : formatOfFile(out, asked);
  const wanted = intoFolder
    ? nameInFolder(files, out, OUTPUT_FORMATS[format].extensions[0]!)
    : files.map(({ path }) => ({ input: path, output: out }));

  const originals = new Map(inputFiles.map(({ path }) => [identity(path) ?? path, path]));
  const folders = new Folders();
  const jobs: Job[] = [];
  const problems: Failure[] = [...failures];
  for (const job of wanted) {
    const original = originals.get(identity(job.output) ?? '');
    if (original !== undefined)
      throw new UsageError(
        `${job.output} is ${original === job.output ? 'an original' : `the original ${original}`} and is never written to. Choose another name after -o.`,
      );
    try {
      checkOutput(job.output, force);
      const folder = dirname(job.output);
      // The folder for many photos is made when the first one is done.
      folders.check(intoFolder ? nearestFolder(folder) : folder);
      jobs.push(job);
    } catch (error) {
      problems.push({ input: job.input, error: describeError(error, job.input) });
    }
  }
  return { format, jobs, failures: problems };
}
