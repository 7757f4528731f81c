import type { FrameFile } from './FrameFile.js';

/** Longest pause between the frames of a burst, beside the exposure itself: clocks of many cameras count whole seconds. */
const LONGEST_PAUSE_S = 2;
/** Files that were named together may have longer pauses, if these are not out of all proportion to the others. */
const PROPORTION = 10;
/** Focal lengths that differ by more than this are another view: a lens was zoomed or changed. */
const SAME_FOCAL_LENGTH = 1.02;
/** Exposures that differ by less, in stops, are the same. */
const SAME_EXPOSURE_STOPS = 1 / 6;
/** So many frames alike, one series after another, are two bursts and no bracket. */
const SERIES = 3;

/** Light that an exposure lets in, as stops; undefined where the file does not say enough. */
export function exposureStops({ exposure }: FrameFile): number | undefined {
  const { exposureTime, iso, fNumber } = exposure;
  if (exposureTime === undefined) return undefined;
  return Math.log2((exposureTime * (iso ?? 100)) / (fNumber ?? 1) ** 2);
}

/** What has to be equal in a burst. */
function kindOf({ kind, camera, width, height, pattern }: FrameFile): string {
  return [kind, camera, width, height, pattern].join(' ');
}

function sameView(a: FrameFile, b: FrameFile): boolean {
  const [p, q] = [a.exposure.focalLengthMm, b.exposure.focalLengthMm];
  return p === undefined || q === undefined || Math.max(p / q, q / p) <= SAME_FOCAL_LENGTH;
}

/** Seconds between the beginnings of two frames, undefined where one does not say. */
function between(a: FrameFile, b: FrameFile): number | undefined {
  return a.timeS === undefined || b.timeS === undefined ? undefined : Math.abs(b.timeS - a.timeS);
}

function pauseAllowed(frames: readonly FrameFile[], named: boolean): number {
  if (!named) return LONGEST_PAUSE_S;
  const pauses = frames
    .slice(1)
    .flatMap((frame, i) => between(frames[i]!, frame) ?? [])
    .sort((a, b) => a - b);
  return Math.max(LONGEST_PAUSE_S, PROPORTION * (pauses[Math.floor((pauses.length - 1) / 2)] ?? 0));
}

/** Cuts a list where `apart` says so of two neighbours. */
function cut<T>(list: readonly T[], apart: (a: T, b: T) => boolean): T[][] {
  const parts: T[][] = [];
  for (const each of list) {
    const last = parts.at(-1);
    if (last === undefined || apart(last.at(-1)!, each)) parts.push([each]);
    else last.push(each);
  }
  return parts;
}

/** Cuts where one series of equal exposures ends and another begins; brackets change back and forth. */
function bySeries(frames: readonly FrameFile[]): FrameFile[][] {
  const runs = cut(frames, (a, b) => {
    const [p, q] = [exposureStops(a), exposureStops(b)];
    return p !== undefined && q !== undefined && Math.abs(p - q) > SAME_EXPOSURE_STOPS;
  });
  return runs.every((run) => run.length >= SERIES) ? runs : [[...frames]];
}

/**
 * Sorts frames into bursts: of one camera, size and pattern, one focal length, and without long pauses. Frames whose
 * files say no time stay together.
 *
 * @param named whether a person named just these files, and so may mean them together: pauses may be long then
 */
export function findBursts(files: readonly FrameFile[], named: boolean): FrameFile[][] {
  const kinds = new Map<string, FrameFile[]>();
  for (const file of files) kinds.set(kindOf(file), [...(kinds.get(kindOf(file)) ?? []), file]);
  return [...kinds.values()].flatMap((frames) => {
    // The sort is stable: frames without a time stay where they were named.
    const inTime = frames.every(({ timeS }) => timeS !== undefined)
      ? [...frames].sort((a, b) => a.timeS! - b.timeS!)
      : frames;
    const pause = pauseAllowed(inTime, named);
    const apart = (a: FrameFile, b: FrameFile): boolean =>
      !sameView(a, b) || (between(a, b) ?? 0) > pause + (a.exposure.exposureTime ?? 0);
    return cut(inTime, apart).flatMap(bySeries);
  });
}

/** A file that does not take part, and why. */
export interface LeftOut {
  readonly file: string;
  readonly reason: string;
}

/** Why a file is not in the same burst as another. */
function difference(file: FrameFile, other: FrameFile): string {
  if (file.kind !== other.kind)
    return `a ${file.kind === 'raw' ? 'raw file' : 'JPEG'} among ${other.kind === 'raw' ? 'raw files' : 'JPEGs'}`;
  if (file.camera !== other.camera)
    return `taken with another camera: ${file.camera || 'an unknown one'}, not ${other.camera || 'an unknown one'}`;
  if (file.width !== other.width || file.height !== other.height)
    return `another size: ${file.width} × ${file.height}, not ${other.width} × ${other.height}`;
  if (file.pattern !== other.pattern) return 'another colour filter array';
  if (!sameView(file, other))
    return `another focal length: ${file.exposure.focalLengthMm} mm, not ${other.exposure.focalLengthMm} mm`;
  const apart = between(file, other);
  return apart === undefined || apart === 0
    ? 'of another burst'
    : `of another burst, taken ${apart < 120 ? `${apart.toFixed(apart < 10 ? 1 : 0)} s` : `${Math.round(apart / 60)} min`} ${file.timeS! > other.timeS! ? 'later' : 'earlier'}`;
}

/** The largest burst of the files, the first where several are; and what does not belong to it. */
export function pickBurst(
  files: readonly FrameFile[],
  named: boolean,
): { readonly burst: readonly FrameFile[]; readonly leftOut: readonly LeftOut[] } {
  const bursts = findBursts(files, named);
  const burst = bursts.reduce((best, each) => (each.length > best.length ? each : best));
  const leftOut = bursts
    .filter((each) => each !== burst)
    .flat()
    .map((file) => ({ file: file.path, reason: difference(file, burst[0]!) }));
  return { burst, leftOut };
}
