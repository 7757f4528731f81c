import { OpticsError } from '../../OpticsError.js';
import { checkLens } from '../checkLens.js';
import { SPECTRAL_LINES_NM } from '../dispersion.js';
import type { Lens, Medium, StatedFigures, Surface } from '../Lens.js';
import { reverseLens } from '../reverseLens.js';
import { opticalSystem } from '../system.js';
import { traceRay } from '../trace.js';
import { isObject, type JsonObject, numberIn, numbersIn, parseJson } from './json.js';
import { limitingSurface } from './limitingSurface.js';
import { type LensFile, placeOf, radiusOf, textOf } from './source.js';

/** Lenses of one file. */
export const MOST_LENSES = 10_000;

/** One lens of the file. */
export interface LentilEntry {
  /** Its key in the file. */
  readonly id: string;
  /** The lens, or why it cannot be used. */
  readonly lens: Lens | OpticsError;
  /**
   * Focal length that its authors' ray trace gave, mm: of a ray from the sensor's side, parallel to the axis at half the
   * last surface's housing radius, at 550 nm. With spherical aberration it differs from the paraxial one.
   */
  readonly tracedFocalLengthMm?: number;
  /** f-number that their ray trace gave: 1 / (2 sin u) of the widest ray from the sensor's centre. */
  readonly tracedFNumber?: number;
}

/**
 * The focal length as that project's ray trace finds it: −h / slope of a ray from the rear, parallel to the axis at half the
 * last surface's clear radius, at 550 nm (older entries: 500 nm); NaN where the ray is lost.
 */
export function lentilFocalLengthMm(lens: Lens, wavelengthNm = 550): number {
  const height = (lens.surfaces[lens.surfaces.length - 1]?.semiDiameterMm ?? 0) / 2;
  const system = opticalSystem(reverseLens(lens), { wavelengthNm, imageDistanceMm: 0 });
  const { direction } = traceRay(system, [0, height, 0, 0, 0, 1], { clip: false });
  return (-height * direction[2]) / direction[1];
}

function surfaceOf(element: unknown, k: number, file: LensFile, path: string): Surface {
  const at = `${path}[${k}]`;
  const refuse = (field: string, message: string): never => {
    throw new OpticsError(message, placeOf(file, undefined, `${at}.${field}`));
  };
  if (!isObject(element))
    throw new OpticsError(
      'an object with radius, thickness and ior has to stand here.',
      placeOf(file, undefined, at),
    );
  const geometry = element['lens-geometry'];
  if (geometry !== 'spherical' && geometry !== 'aspherical' && geometry !== 'planar')
    refuse(
      'lens-geometry',
      `${JSON.stringify(geometry)} is not supported; allowed are spherical, aspherical and planar.`,
    );
  const material = element.material;
  const stop = material === 'iris';
  const ior = element.ior;
  const abbe = element.abbe;
  let medium: Medium = { kind: 'air' };
  if (!stop && material !== 'air') {
    const index = numberIn(element, 'ior', file, at);
    const name = typeof material === 'string' && material !== 'abbe' ? { name: material } : {};
    medium =
      typeof abbe === 'number' && abbe > 0
        ? { kind: 'abbe', nd: index, vd: abbe, ...name }
        : { kind: 'constant', index };
  } else if (ior !== null && ior !== undefined && ior !== 1 && ior !== 0) {
    refuse('ior', `${JSON.stringify(ior)} is not possible; air has an index of 1.`);
  }
  const semiDiameterMm = numberIn(element, 'housing-radius', file, at);
  if (semiDiameterMm <= 0)
    refuse('housing-radius', `${semiDiameterMm} is not possible; it has to be greater than 0.`);
  const equation = element['aspherical-equation'];
  return {
    radiusMm: geometry === 'planar' ? Number.POSITIVE_INFINITY : flat(numberIn(element, 'radius', file, at)),
    conic: 0,
    asphere:
      equation === null || equation === undefined ? [] : numbersIn(element, 'aspherical-equation', file, at),
    // Zooms list their thicknesses from short to long; the first is taken.
    thicknessMm: Array.isArray(element.thickness)
      ? (numbersIn(element, 'thickness', file, at)[0] ?? Number.NaN)
      : numberIn(element, 'thickness', file, at),
    medium,
    semiDiameterMm,
    stop,
  };
}

/** Radii that the file means as planes are 99999 and more. */
function flat(radius: number): number {
  return Math.abs(radius) >= 99_999 ? Number.POSITIVE_INFINITY : radiusOf(radius);
}

function lensOf(id: string, entry: JsonObject, key: string, file: LensFile): Lens {
  const elements = entry[key];
  if (!Array.isArray(elements))
    throw new OpticsError('a list of surfaces has to stand here.', placeOf(file, undefined, `${id}.${key}`));
  const surfaces = elements.map((element, k) => surfaceOf(element, k, file, `${id}.${key}`));
  const place = placeOf(file, undefined, undefined);
  const radii = entry['max-fstop-aperture-radius'];
  const stopRadius = isObject(radii) ? radii.unscaled : undefined;
  const word = (name: string): string => (typeof entry[name] === 'string' ? (entry[name] as string) : '');
  const stated: { -readonly [name in keyof StatedFigures]: StatedFigures[name] } = {};
  const focalLength = entry['focal-length-mm-patent'];
  if (typeof focalLength === 'number' && focalLength > 0) stated.focalLengthMm = focalLength;
  const patent = word('patent-number');
  const lens: Lens = {
    name: [word('company'), word('product-name'), String(entry.year ?? '')].filter(Boolean).join(' ') || id,
    source: [patent && `patent ${patent}`, `lentil lens ${id}`].filter(Boolean).join('; '),
    surfaces: surfaces.some((surface) => surface.stop)
      ? surfaces
      : surfaces.map((surface, k) =>
          k === limitingSurface(surfaces, SPECTRAL_LINES_NM.d) ? { ...surface, stop: true } : surface,
        ),
    wavelengthNm: SPECTRAL_LINES_NM.d,
    stated,
  };
  checkLens(lens, place);
  if (typeof stopRadius !== 'number' || !(stopRadius > 0)) return lens;
  return checkLens(
    {
      ...lens,
      surfaces: lens.surfaces.map((surface) =>
        surface.stop ? { ...surface, semiDiameterMm: Math.min(surface.semiDiameterMm, stopRadius) } : surface,
      ),
    },
    place,
  );
}

/**
 * Reads a lens database of the lentil project: all its lenses, each as a lens or as the reason why it cannot be used
 * (cylindrical surfaces). Of a lens with adjusted surfaces those are taken; the patent's where `elements` asks for them.
 * @param bytes JSON: an object of lenses by id
 * @param file its name, for messages
 * @throws {OpticsError} where the file as a whole is broken
 */
export function readLentil(
  bytes: Uint8Array,
  file: LensFile = {},
  elements: 'adjusted' | 'patent' = 'adjusted',
): LentilEntry[] {
  const root = parseJson(textOf(bytes, file), file);
  if (!isObject(root)) throw new OpticsError('an object of lenses by id has to stand here.', placeOf(file));
  const entries = Object.entries(root);
  if (entries.length === 0 || entries.length > MOST_LENSES)
    throw new OpticsError(
      `${entries.length} lenses are not possible; allowed are 1 to ${MOST_LENSES}.`,
      placeOf(file),
    );
  return entries.map(([id, entry]): LentilEntry => {
    try {
      if (!isObject(entry))
        throw new OpticsError('an object has to stand here.', placeOf(file, undefined, id));
      const key =
        elements === 'adjusted' && 'optical-elements-adjusted' in entry
          ? 'optical-elements-adjusted'
          : 'optical-elements-patent';
      const lens = lensOf(id, entry, key, file);
      const traced = entry['focal-length-mm-raytraced'];
      const fNumber = isObject(entry.fstop) ? entry.fstop.unscaled : undefined;
      return {
        id,
        lens,
        ...(typeof traced === 'number' ? { tracedFocalLengthMm: traced } : {}),
        ...(typeof fNumber === 'number' && fNumber > 0 ? { tracedFNumber: fNumber } : {}),
      };
    } catch (error) {
      if (error instanceof OpticsError) return { id, lens: error };
      throw error;
    }
  });
}
