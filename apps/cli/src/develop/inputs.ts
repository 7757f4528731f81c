import type { Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative } from 'node:path';
import { describeError, JobError } from '../errors.js';

/** Extensions of raw files, as found in folders; a file named on the command line may have any. */
export const RAW_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    'dng gpr 3fr arw bay cap cr2 cr3 crw cs1 dcr dcs drf eip erf fff iiq k25 kc2 kdc mdc mef mos mrw nef nrw orf ' +
    'ori pef ptx pxn qtk raf raw rdc rw2 rwl rwz sr2 srf srw sti x3f'
  )
    .split(' ')
    .map((extension) => `.${extension}`),
);

/** A raw file to be developed. */
export interface Input {
  /** As a person would name it. */
  readonly path: string;
  /** The file's name, under its subfolders where a folder was searched through. */
  readonly name: string;
}

/** Something named on the command line that can't be developed. */
export interface Failure {
  readonly input: string;
  readonly error: string;
}

/** What was found under the names on the command line. */
export interface Inputs {
  readonly files: readonly Input[];
  readonly failures: readonly Failure[];
  /** True where a folder or more than one file was named: the output is a folder then. */
  readonly many: boolean;
}

async function filesIn(
  folder: string,
  recursive: boolean,
  extensions: ReadonlySet<string>,
): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    // Hidden files are other programs' own affair; some have a raw's extension.
    if (entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (recursive) found.push(...(await filesIn(path, recursive, extensions)));
    } else if (extensions.has(extname(entry.name).toLowerCase())) found.push(path);
  }
  return found;
}

function asFile(path: string, status: Stats): Input {
  if (!status.isFile()) throw new JobError(`${path} is neither a file nor a folder.`);
  return { path, name: basename(path) };
}

async function asFolder(path: string, recursive: boolean, extensions: ReadonlySet<string>): Promise<Input[]> {
  const files = await filesIn(path, recursive, extensions);
  if (files.length === 0) {
    const hint = recursive ? '' : ' Add --recursive to search its subfolders, too.';
    throw new JobError(`${path}: there are no raw files in this folder.${hint}`);
  }
  return files.map((file) => ({ path: file, name: relative(path, file) }));
}

/**
 * Finds the raw files under the names on the command line: files as they are, folders searched. Each file once.
 * @param extensions of the files that count in folders, in lower case
 */
export async function findInputs(
  paths: readonly string[],
  recursive: boolean,
  extensions: ReadonlySet<string> = RAW_EXTENSIONS,
): Promise<Inputs> {
  const files = new Map<string, Input>();
  const failures: Failure[] = [];
  let many = paths.length > 1;
  for (const path of paths) {
    try {
      const status = await stat(path);
      many ||= status.isDirectory();
      const found = status.isDirectory()
        ? await asFolder(path, recursive, extensions)
        : [asFile(path, status)];
      for (const file of found) if (!files.has(join(file.path))) files.set(join(file.path), file);
    } catch (error) {
      failures.push({ input: path, error: describeError(error, path) });
    }
  }
  return { files: [...files.values()], failures, many };
}

/** The file's name without its extension, under its subfolders. */
export function stemOf(name: string): string {
  return join(dirname(name), basename(name, extname(name)));
}
