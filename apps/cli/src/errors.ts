/** A command that can't be carried out as it was typed; the process ends with {@link EXIT_USAGE}. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A job that failed on one file: the message names the file and the way out. */
export class JobError extends Error {
  override readonly name = 'JobError';
}

/** Exit code where a job failed. */
export const EXIT_FAILED = 1;
/** Exit code where the command line is wrong. */
export const EXIT_USAGE = 2;

/** What the operating system's refusals mean to a person, and what to do about them. */
const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  EACCES: 'no permission. Choose another place, or change the permissions.',
  EBUSY: 'it is in use by another program. Close that first.',
  EDQUOT: 'your share of the disk is full. Free some space, or write to another disk.',
  EFBIG: 'the file grows larger than this system allows. Write to another disk, or choose a smaller format.',
  EIO: 'the disk reports an error. Check it, and try a copy of the file.',
  EISDIR: 'it is a folder, a file is expected.',
  ELOOP: 'its symbolic links lead in a circle.',
  EMFILE: 'too many files are open. Close other programs, or raise the limit.',
  ENAMETOOLONG: 'the name is too long for this disk.',
  ENOENT: 'there is no such file or folder. Check the name.',
  ENOSPC: 'the disk is full. Free some space, or write to another disk.',
  ENOTDIR: 'a part of the path is a file, not a folder.',
  EPERM: 'the system does not permit it. Choose another place.',
  EROFS: 'the disk is read-only. Choose another place.',
};

/** Errors that the packages throw on purpose: their messages are made for people. */
const OWN_ERRORS = new Set([
  'EngineError',
  'JobError',
  'LutError',
  'MeasureError',
  'OpticsError',
  'PictureError',
  'RawFileError',
  'RecipeError',
  'UsageError',
]);

/** The code of an operating system's error, e.g. `ENOSPC`. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** One line for a person: what is wrong, with what file, and the way out. `file` is named unless the message does. */
export function describeError(error: unknown, file?: string): string {
  const own = error instanceof Error && OWN_ERRORS.has(error.name);
  const system = SYSTEM_ERRORS[systemCode(error) ?? ''];
  const message = error instanceof Error ? error.message : String(error);
  const problem = own
    ? message
    : (system ?? `unexpected error: ${message} (run again with --debug for details)`);
  const line = problem.replace(/\s+/g, ' ').trim();
  return file === undefined || line.includes(file) ? line : `${file}: ${line}`;
}
