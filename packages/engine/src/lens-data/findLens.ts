import { EngineError } from '../EngineError.js';
import { readCalibration } from './calibration.js';
import type { CameraEntry, LensDatabase, LensEntry, Range } from './LensDatabase.js';

/** What Exif says of camera and lens, as it says it. */
export interface LensQuery {
  readonly make?: string | undefined;
  readonly model?: string | undefined;
  /** LensModel; not needed for cameras whose lens can't be changed. */
  readonly lens?: string | undefined;
  readonly focalLengthMm: number;
  /** Of the picture on the sensor, where it is known; the database's own figure for the camera otherwise. */
  readonly cropFactor?: number | undefined;
}

/** A lens that was found. */
export interface LensMatch {
  readonly lens: LensEntry;
  /** The camera's, or the query's where it has one. */
  readonly cropFactor: number;
}

/** What a lens's name says, apart from its focal lengths and apertures. */
interface ParsedName {
  readonly focalsMm: Range | undefined;
  readonly fNumbers: Range | undefined;
  /** All other words, in any order, without what means nothing. */
  readonly words: ReadonlySet<string>;
  /** Makers that the name mentions. */
  readonly makers: ReadonlySet<string>;
}

/** A lens measured on a smaller sensor says nothing about this one's corners; sizes are given to a few percent. */
const CROP_TOLERANCE = 1.06;
/** Exif's focal lengths are rounded and zooms end a little beyond their names. */
const FOCAL_TOLERANCE = 1.06;
/** Words that come and go in names of one and the same lens. */
const IDLE_WORDS = new Set([
  'lens',
  'fixed',
  'mm',
  'f',
  'the',
  'optics',
  'co',
  'ltd',
  'corporation',
  'corp',
  'inc',
]);

/** Words of lenses' names that their makers' cameras do not write: LUMIX G X VARIO 12-35/F2.8, OLYMPUS M.12-40mm F2.8. */
const SILENT_WORDS: Readonly<Record<string, ReadonlySet<string>>> = {
  panasonic: new Set(['asph', 'power', 'mega', 'ois']),
  olympus: new Set(['zuiko', 'digital', 'ed', 'pro', 'msc', 'is']),
};

const NUMBER = String.raw`(\d+(?:\.\d+)?)`;
const FOCALS = new RegExp(`${NUMBER}(?:\\s*mm)?(?:\\s*-\\s*${NUMBER})?\\s*mm`);
/** As Panasonic writes them: 12-35/F2.8. */
const FOCALS_BEFORE_F = new RegExp(`${NUMBER}(?:-${NUMBER})?(?=/f\\d)`);
const F_NUMBERS = new RegExp(`(?:/?\\bf\\s*/?\\s*|\\b1\\s*:\\s*)${NUMBER}(?:\\s*-\\s*${NUMBER})?`);

function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll('ƒ', 'f')
    .replace(/[‐-―−]/g, '-')
    .replace(/(\d),(\d)/g, '$1.$2')
    .replace(/\s+/g, ' ')
    .trim();
}

function wordsOf(text: string): string[] {
  // Letters and figures apart: EF-S18-55, G2 and II are written with and without a space.
  return plain(text).match(/\p{Letter}+|\d+(?:\.\d+)?/gu) ?? [];
}

function rangeOf(found: RegExpExecArray | null): Range | undefined {
  if (found === null) return undefined;
  const [from, to] = [Number(found[1]), Number(found[2] ?? found[1])];
  return from <= to ? [from, to] : undefined;
}

function parsedName(name: string, makers: ReadonlySet<string>): ParsedName {
  let rest = plain(name);
  const take = (pattern: RegExp): Range | undefined => {
    const found = pattern.exec(rest);
    const range = rangeOf(found);
    if (found !== null && range !== undefined) rest = rest.replace(found[0], ' ');
    return range;
  };
  const before = take(FOCALS_BEFORE_F);
  // The aperture first: the figures of 1:2.8 would pass for focal lengths.
  const fNumbers = take(F_NUMBERS);
  const focalsMm = before ?? take(FOCALS);
  const words = wordsOf(rest);
  return {
    focalsMm,
    fNumbers,
    words: new Set(words.filter((word) => !IDLE_WORDS.has(word) && !makers.has(word))),
    makers: new Set(words.filter((word) => makers.has(word))),
  };
}

function sameRange(a: Range | undefined, b: Range | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1]);
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item));
}

function without(words: ReadonlySet<string>, silent: ReadonlySet<string>): Set<string> {
  return new Set([...words].filter((word) => !silent.has(word)));
}

/**
 * The same lens by name: every figure and every word but the silent ones is the same, whatever their order and spelling;
 * a maker may be left out, but not another one named.
 */
function sameLens(
  a: ParsedName,
  b: ParsedName,
  ownMakers: ReadonlySet<string>,
  silent: ReadonlySet<string>,
): boolean {
  return (
    sameRange(a.focalsMm, b.focalsMm) &&
    sameRange(a.fNumbers, b.fNumbers) &&
    sameSet(without(a.words, silent), without(b.words, silent)) &&
    [...a.makers].every((maker) => ownMakers.has(maker) || b.makers.has(maker)) &&
    // A name of nothing but figures is shared by lenses of many makers and generations.
    a.focalsMm !== undefined &&
    (a.words.size > 0 || a.makers.size > 0)
  );
}

/** First words of makers' names: what is left of EASTMAN KODAK COMPANY, NIKON CORPORATION or OLYMPUS IMAGING CORP. */
function makerWord(maker: string): string {
  return wordsOf(maker)[0] ?? '';
}

interface Index {
  readonly makers: ReadonlySet<string>;
  readonly camerasByModel: ReadonlyMap<string, readonly CameraEntry[]>;
  /** Lenses by the focal lengths in their names. */
  readonly lensesByFocals: ReadonlyMap<string, readonly NamedLens[]>;
}

interface NamedLens {
  readonly lens: LensEntry;
  readonly name: ParsedName;
}

const indices = new WeakMap<LensDatabase, Index>();

function add<T>(map: Map<string, T[]>, key: string, item: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [item]);
  else list.push(item);
}

function wordsKey({ words }: ParsedName): string {
  return [...words].sort().join(' ');
}

function focalsKey({ focalsMm }: ParsedName): string {
  return String(focalsMm);
}

/** A camera's model without its maker and in one spelling: NIKON D750 is D750. */
function modelKey(model: string, makers: ReadonlySet<string>): string {
  return wordsOf(model)
    .filter((word) => !makers.has(word))
    .join('');
}

function indexOf(database: LensDatabase): Index {
  const known = indices.get(database);
  if (known !== undefined) return known;
  const makers = new Set(
    [...database.cameras, ...database.lenses].flatMap((entry) => entry.makers.map(makerWord)),
  );
  makers.delete('');
  // Words that are makers' first ones and parts of names, too.
  for (const word of ['generic', 'om']) makers.delete(word);
  const camerasByModel = new Map<string, CameraEntry[]>();
  for (const camera of database.cameras)
    for (const model of new Set(camera.models.map((each) => modelKey(each, makers))))
      add(camerasByModel, model, camera);
  const lensesByFocals = new Map<string, NamedLens[]>();
  for (const lens of database.lenses)
    for (const model of lens.models) {
      const name = parsedName(model, makers);
      add(lensesByFocals, focalsKey(name), { lens, name });
    }
  const index = { makers, camerasByModel, lensesByFocals };
  indices.set(database, index);
  return index;
}

function cameraOf(index: Index, { make, model, cropFactor }: LensQuery): CameraEntry | undefined {
  if (make === undefined || model === undefined) return undefined;
  const maker = makerWord(make);
  const found = (index.camerasByModel.get(modelKey(model, index.makers)) ?? []).filter(({ makers }) =>
    makers.some((each) => makerWord(each) === maker),
  );
  const [first, ...more] = found;
  if (first === undefined || more.every((other) => other.cropFactor === first.cropFactor)) return first;
  // One camera with several ways to read its sensor.
  if (cropFactor === undefined) return undefined;
  return found.find((camera) => near(camera.cropFactor, cropFactor));
}

function near(a: number, b: number): boolean {
  return Math.max(a / b, b / a) < CROP_TOLERANCE;
}

/** The focal lengths that a lens can have: what the database says, its name, or what was measured. */
function focalRange(lens: LensEntry, name: ParsedName | undefined): Range {
  const said = lens.focalRangeMm ?? name?.focalsMm;
  if (said !== undefined) return said;
  const { distortion, lateralColour, vignetting } = readCalibration(lens.calibration);
  const focals = [...distortion, ...lateralColour, ...vignetting].map((item) => item.focalLengthMm);
  return [Math.min(...focals), Math.max(...focals)];
}

function reaches([min, max]: Range, focalLengthMm: number): boolean {
  return focalLengthMm * FOCAL_TOLERANCE >= min && focalLengthMm <= max * FOCAL_TOLERANCE;
}

/** Of entries of one lens measured on several sensors, that of the smallest one that covers the camera's. */
function covering(lenses: readonly LensEntry[], cropFactor: number): LensEntry | undefined {
  return lenses
    .filter((lens) => lens.cropFactor <= cropFactor * CROP_TOLERANCE)
    .reduce<LensEntry | undefined>(
      (best, lens) => (best === undefined || lens.cropFactor > best.cropFactor ? lens : best),
      undefined,
    );
}

/** What is screwed on in front of a lens. */
const CONVERTER = /converter|, with /i;

/** The lens of a camera whose lens can't be changed; with converters screwed on it has entries of their own. */
function builtIn(database: LensDatabase, camera: CameraEntry, query: LensQuery): LensEntry | undefined {
  const cropFactor = query.cropFactor ?? camera.cropFactor;
  const own = database.lenses.filter(
    (lens) =>
      lens.mounts.includes(camera.mount) &&
      !lens.models.some((model) => CONVERTER.test(model)) &&
      near(lens.cropFactor, cropFactor) &&
      reaches(focalRange(lens, undefined), query.focalLengthMm),
  );
  if (own.length <= 1) return own[0];
  const bare = own.filter((lens) => lens.models.some((model) => /\(standard\)/i.test(model)));
  return bare.length === 1 ? bare[0] : undefined;
}

/**
 * Finds a picture's lens by what Exif says. Strict: a lens is found where camera, every word and figure of its name and
 * the focal length agree, and where it was measured on a sensor at least as large; a camera that the database does not
 * know needs its crop factor in the query.
 *
 * @returns undefined where that leaves no lens, or more than one
 * @throws {EngineError} for a focal length or crop factor that is not above 0
 */
export function findLens(database: LensDatabase, query: LensQuery): LensMatch | undefined {
  for (const field of ['focalLengthMm', 'cropFactor'] as const) {
    const value = query[field];
    if (value !== undefined && !(Number.isFinite(value) && value > 0))
      throw new EngineError(`a lens query's ${field} is ${value}; it must be a number above 0.`);
  }
  const index = indexOf(database);
  const camera = cameraOf(index, query);
  const cropFactor = query.cropFactor ?? camera?.cropFactor;
  if (cropFactor === undefined) return undefined;
  if (camera !== undefined && /^\p{Lowercase_Letter}/u.test(camera.mount)) {
    const lens = builtIn(database, camera, query);
    return lens && { lens, cropFactor };
  }
  if (query.lens === undefined) return undefined;
  const name = parsedName(query.lens, index.makers);
  const mounts = camera && database.mountsFor(camera.mount);
  const candidates = (index.lensesByFocals.get(focalsKey(name)) ?? []).filter(
    ({ lens }) => mounts === undefined || lens.mounts.some((mount) => mounts.has(mount)),
  );
  const found = named(candidates, name, () => new Set());
  const lenses =
    found.length > 0 ? found : named(candidates, name, (maker) => SILENT_WORDS[maker] ?? new Set());
  const lens = covering(
    lenses.filter((each) => reaches(focalRange(each, name), query.focalLengthMm)),
    cropFactor,
  );
  return lens && { lens, cropFactor };
}

/** The entries of the one lens that a name means; none where it may mean several. */
function named(
  candidates: readonly NamedLens[],
  name: ParsedName,
  silentOf: (maker: string) => ReadonlySet<string>,
): LensEntry[] {
  const found = candidates.filter((candidate) => {
    const makers = candidate.lens.makers.map(makerWord);
    return sameLens(name, candidate.name, new Set(makers), silentOf(makers[0] ?? ''));
  });
  const meanings = new Set(
    found.map(({ lens, name: own }) => `${makerWord(lens.makers[0] ?? '')}: ${wordsKey(own)}`),
  );
  return meanings.size > 1 ? [] : [...new Set(found.map(({ lens }) => lens))];
}
