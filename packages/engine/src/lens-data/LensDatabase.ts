/** How a lens maps angles to the sensor; corrections straighten it to its own projection, never to another one. */
export type LensProjection = 'rectilinear' | 'fisheye' | 'equisolid' | 'stereographic' | 'panoramic';

/** A camera as the database knows it. */
export interface CameraEntry {
  readonly makers: readonly string[];
  /** The name in Exif first, then names for people. */
  readonly models: readonly string[];
  /** A lens mount; begins with a small letter where the lens cannot be changed. */
  readonly mount: string;
  /** Diagonal of 36 × 24 mm over that of the sensor. */
  readonly cropFactor: number;
}

/** Smallest and largest value of a range. */
export type Range = readonly [min: number, max: number];

/** A lens as the database knows it. */
export interface LensEntry {
  readonly makers: readonly string[];
  readonly models: readonly string[];
  readonly mounts: readonly string[];
  readonly projection: LensProjection;
  /** Of the camera that the lens was measured with: its radii are relative to that sensor. */
  readonly cropFactor: number;
  /** Longer over shorter side of that sensor. */
  readonly aspect: number;
  /** Focal lengths that the lens can take, where the database says so; mostly its name does. */
  readonly focalRangeMm: Range | undefined;
  /** The calibration in the database's text, read by `readCalibration`. */
  readonly calibration: string;
}

/** All cameras and lenses of lensfun, parsed from `lensfun/database.generated.ts`. */
export interface LensDatabase {
  readonly cameras: readonly CameraEntry[];
  readonly lenses: readonly LensEntry[];
  /** The mounts whose lenses a camera of this mount takes, its own included. */
  mountsFor(mount: string): ReadonlySet<string>;
}

/** Exif speaks of 3:2 where the database says nothing. */
const USUAL_ASPECT = 1.5;

function names(field: string): string[] {
  return field === '' ? [] : field.split('|');
}

function range(field: string): Range | undefined {
  if (field === '') return undefined;
  const [min, max] = field.split('-').map(Number) as [number, number];
  return [min, max];
}

function aspect(field: string): number {
  if (field === '') return USUAL_ASPECT;
  const [a, b = 1] = field.split(':').map(Number) as [number, number?];
  return Math.max(a / b, b / a);
}

/** Parses the text that scripts/import-lensfun.mjs writes: a line for each mount (M), camera (C) and lens (L). */
export function parseLensDatabase(text: string): LensDatabase {
  const cameras: CameraEntry[] = [];
  const lenses: LensEntry[] = [];
  const compatible = new Map<string, readonly string[]>();
  for (const line of text.split('\n')) {
    const fields = line.split('\t');
    switch (fields[0]) {
      case 'M':
        compatible.set(fields[1]!, names(fields[2]!));
        break;
      case 'C':
        cameras.push({
          makers: names(fields[1]!),
          models: names(fields[2]!),
          mount: fields[3]!,
          cropFactor: Number(fields[4]),
        });
        break;
      default:
        lenses.push({
          makers: names(fields[1]!),
          models: names(fields[2]!),
          mounts: names(fields[3]!),
          projection: fields[4] === '' ? 'rectilinear' : (fields[4] as LensProjection),
          cropFactor: Number(fields[5]),
          aspect: aspect(fields[6]!),
          focalRangeMm: range(fields[7]!),
          calibration: fields[9]!,
        });
    }
  }
  return {
    cameras,
    lenses,
    mountsFor: (mount) => new Set([mount, ...(compatible.get(mount) ?? [])]),
  };
}

let loaded: Promise<LensDatabase> | undefined;

/** Loads the database, 1 MB of text, once; nothing of it is in memory before. */
export function loadLensDatabase(): Promise<LensDatabase> {
  loaded ??= import('./lensfun/database.generated.js').then(({ DATABASE }) => parseLensDatabase(DATABASE));
  return loaded;
}
