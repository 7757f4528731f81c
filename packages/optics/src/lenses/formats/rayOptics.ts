import { OpticsError } from '../../OpticsError.js';
import { findGlass } from '../catalogue/glasses.js';
import { checkLens, MOST_SURFACES } from '../checkLens.js';
import type { Lens, Medium, StatedFigures } from '../Lens.js';
import { scaleLens } from '../scaleLens.js';
import { type ApertureStated, type Marked, withAperture, withoutMarks } from './aperture.js';
import { isObject, type JsonObject, numberIn, numbersIn, parseJson } from './json.js';
import { baseName, type LensFile, placeOf, radiusOf } from './source.js';

/** An object at this distance, mm, and beyond is at infinity. */
const FAR_MM = 1e9;

/** Millimetres of the units that a model may have. */
const UNITS: Readonly<Record<string, number>> = {
  mm: 1,
  cm: 10,
  m: 1000,
  in: 25.4,
  ft: 304.8,
  um: 1e-3,
  nm: 1e-6,
};

/** Glass makers whose n² is a sum of powers of the wavelength. */
const POWER_MAKERS = new Set(['HoyaGlass', 'SumitaGlass', 'HikariGlass']);
/** Their powers, by the number of coefficients. */
const POWERS_OF_LENGTH: Readonly<Record<number, readonly number[]>> = {
  6: [0, 2, -2, -4, -6, -8],
  9: [0, 2, 4, -2, -4, -6, -8, -10, -12],
};

/** How near a specification sheet has to be to the model's own figures, relative, to count as its statement. */
const SHEET_AGREES = 1e-3;
/** Highest power of a radial polynomial. */
const MOST_RADIAL_POWER = 10;

/** Name of an object's class in either serialisation. */
function classOf(object: JsonObject): string {
  const own = object.__instance_type__;
  if (Array.isArray(own)) return String(own[own.length - 1]);
  const pickled = object['py/object'];
  return typeof pickled === 'string' ? (pickled.split('.').pop() ?? '') : '';
}

/** Attributes of an object: json_tricks keeps them apart, jsonpickle beside the class. */
function attributesOf(object: JsonObject): JsonObject {
  return isObject(object.attributes) ? object.attributes : object;
}

/** Whether a tilt or decentre is absent, or none but zeros. */
function isNothing(value: unknown): boolean {
  if (typeof value === 'number') return value === 0;
  if (Array.isArray(value)) return value.every(isNothing);
  if (isObject(value))
    return Object.entries(attributesOf(value)).every(
      ([key, own]) => /^(__|py\/|dtype|shape)/.test(key) || isNothing(own),
    );
  return value === null || value === undefined;
}

/** A reader of one model with its file's name. */
class Model {
  constructor(
    readonly root: JsonObject,
    readonly file: LensFile,
  ) {}

  refuse(path: string, message: string): never {
    throw new OpticsError(message, placeOf(this.file, undefined, path));
  }

  object(from: JsonObject, key: string, path: string): JsonObject {
    const value = from[key];
    if (isObject(value)) return attributesOf(value);
    return this.refuse(
      `${path}${path === '' ? '' : '.'}${key}`,
      'an object has to stand here; the file may be cut off.',
    );
  }

  list(from: JsonObject, key: string, path: string): JsonObject[] {
    const value = from[key];
    if (Array.isArray(value) && value.length <= MOST_SURFACES + 2 && value.every(isObject))
      return value as JsonObject[];
    return this.refuse(`${path}.${key}`, `a list of at most ${MOST_SURFACES + 2} objects has to stand here.`);
  }

  number(from: JsonObject, key: string, path: string): number {
    return numberIn(from, key, this.file, path);
  }

  numbers(from: JsonObject, key: string, path: string): number[] {
    return numbersIn(from, key, this.file, path);
  }
}

function mediumOf(model: Model, whole: JsonObject, path: string): Medium {
  const kind = classOf(whole);
  const own = attributesOf(whole);
  const label = [own.gname, own.label, own._label].find((value) => typeof value === 'string' && value !== '');
  const named = typeof label === 'string' ? { name: label } : {};
  switch (kind) {
    case 'Air':
      return { kind: 'air' };
    case 'Glass':
    case 'ConstantIndex':
    case 'Medium':
      return { kind: 'constant', index: model.number(own, 'n', path) };
    case 'ModelGlass': {
      const nd = model.number(own, 'n', path);
      const vd = model.number(own, 'v', path);
      return vd > 0 ? { kind: 'abbe', nd, vd, ...named } : { kind: 'constant', index: nd };
    }
    case 'InterpolatedMedium':
    case 'InterpolatedGlass':
      return {
        kind: 'table',
        wavelengthsNm: model.numbers(own, 'wvls', path),
        indices: model.numbers(own, 'rndx', path),
        ...named,
      };
    default:
      break;
  }
  if (own.coefs !== undefined) {
    const a = model.numbers(own, 'coefs', path);
    if ((kind === 'SchottGlass' || kind === 'OharaGlass') && a.length === 6)
      return { kind: 'sellmeier', b: a.slice(0, 3), c: a.slice(3), ...named };
    const powers = POWER_MAKERS.has(kind) ? POWERS_OF_LENGTH[a.length] : undefined;
    if (powers !== undefined) return { kind: 'powers', a, powers, ...named };
  }
  const glass = typeof label === 'string' ? findGlass(label) : undefined;
  return (
    glass ??
    model.refuse(
      path,
      `the medium ${kind || 'without a class'}${typeof label === 'string' ? ` ${label.slice(0, 40)}` : ''} is not known; give its index nd and Abbe number vd.`,
    )
  );
}

/** Shape of a surface from its profile. */
function profileOf(
  model: Model,
  whole: JsonObject,
  path: string,
): Pick<Marked, 'radiusMm' | 'conic' | 'asphere' | 'radial'> {
  const kind = classOf(whole);
  const own = attributesOf(whole);
  const curvature =
    own.cv === undefined && typeof own.r === 'number' ? 1 / radiusOf(own.r) : model.number(own, 'cv', path);
  const base = {
    radiusMm: curvature === 0 ? Number.POSITIVE_INFINITY : radiusOf(1 / curvature),
    asphere: [],
  };
  const conic = (): number =>
    own.cc === undefined ? model.number(own, 'ec', path) - 1 : model.number(own, 'cc', path);
  const coefficients = (): number[] => model.numbers(own, 'coefs', path);
  switch (kind) {
    case 'Spherical':
      return { ...base, conic: 0 };
    case 'Conic':
      return { ...base, conic: conic() };
    case 'EvenPolynomial': {
      // r², r⁴, r⁶, …
      const [square = 0, ...asphere] = coefficients();
      return { ...base, conic: conic(), asphere, ...(square === 0 ? {} : { radial: [0, square] }) };
    }
    case 'RadialPolynomial': {
      // r, r², … r¹⁰; models of older versions begin with the constant term, and have one more.
      const read = coefficients();
      const [constant = 0, ...shifted] = read;
      const radial = read.length > MOST_RADIAL_POWER ? shifted : read;
      if (read.length > MOST_RADIAL_POWER && constant !== 0)
        model.refuse(`${path}.coefs`, `a constant term of ${constant} is not supported; it has to be 0.`);
      return { ...base, conic: conic(), ...(radial.some((value) => value !== 0) ? { radial } : {}) };
    }
    default:
      return model.refuse(
        path,
        `the profile ${kind.slice(0, 40) || 'without a class'} is not supported; allowed are Spherical, Conic, EvenPolynomial and RadialPolynomial.`,
      );
  }
}

function clearRadius(model: Model, own: JsonObject, path: string): { radius: number; limits: boolean } {
  const clear = own.clear_apertures;
  if (Array.isArray(clear) && clear.length > 0) {
    const [aperture] = clear;
    if (!isObject(aperture) || classOf(aperture) !== 'Circular' || clear.length > 1)
      model.refuse(`${path}.clear_apertures`, 'only one circular clear aperture is supported.');
    const circle = attributesOf(aperture as JsonObject);
    if ((circle.x_offset ?? 0) !== 0 || (circle.y_offset ?? 0) !== 0 || circle.is_obscuration === true)
      model.refuse(`${path}.clear_apertures`, 'only centred apertures are supported.');
    return { radius: model.number(circle, 'radius', path), limits: true };
  }
  const radius = own.max_aperture;
  return typeof radius === 'number' && radius > 0
    ? { radius, limits: false }
    : { radius: Number.POSITIVE_INFINITY, limits: false };
}

function surfacesOf(model: Model, sequence: JsonObject, stop: number): Marked[] {
  const interfaces = model.list(sequence, 'ifcs', 'seq_model');
  const gaps = model.list(sequence, 'gaps', 'seq_model');
  if (interfaces.length < 3 || gaps.length !== interfaces.length - 1)
    model.refuse(
      'seq_model',
      `${interfaces.length} surfaces with ${gaps.length} gaps; at least an object, a surface and an image with the gaps between them are needed.`,
    );
  const profiles = isObject(model.root.profile_dict) ? model.root.profile_dict : {};
  const surfaces: Marked[] = [];
  for (let k = 1; k < interfaces.length - 1; k++) {
    const whole = interfaces[k] ?? {};
    const kind = classOf(whole);
    const own = attributesOf(whole);
    const path = `seq_model.ifcs[${k}]`;
    const gap = attributesOf(gaps[k] ?? {});
    const thicknessMm = model.number(gap, 'thi', `seq_model.gaps[${k}]`);
    if (!isNothing(own.decenter))
      model.refuse(`${path}.decenter`, 'tilts and decentres are not supported; the lens has to be centred.');
    if (kind !== 'ThinLens' && own.phase_element !== null && own.phase_element !== undefined)
      model.refuse(`${path}.phase_element`, 'diffractive surfaces are not supported.');
    const mode = own.interact_mode ?? own.refract_mode;
    const reflects = mode === 'reflect' || mode === 'REFL';
    const medium = model.object(gap, 'medium', `seq_model.gaps[${k}]`);
    const { radius, limits } = clearRadius(model, own, path);
    const common = {
      thicknessMm,
      medium: mediumOf(model, isObject(gap.medium) ? gap.medium : medium, `seq_model.gaps[${k}].medium`),
      semiDiameterMm: radius,
      stop: k === stop,
      limits,
      ...(reflects ? { reflects: true } : {}),
    };
    if (kind === 'ThinLens') {
      const power = own._power ?? own.optical_power;
      if (typeof power !== 'number' || !Number.isFinite(power))
        model.refuse(`${path}._power`, 'a finite power has to stand here.');
      surfaces.push({
        radiusMm: Number.POSITIVE_INFINITY,
        conic: 0,
        asphere: [],
        idealPowerPerMm: power as number,
        ...common,
      });
      continue;
    }
    if (kind !== 'Surface')
      model.refuse(path, `surfaces of class ${kind.slice(0, 40) || 'unknown'} are not supported.`);
    const id = own.profile_id;
    const profile =
      own.profile ?? (typeof id === 'string' || typeof id === 'number' ? profiles[id] : undefined);
    if (!isObject(profile))
      model.refuse(`${path}.profile`, 'the surface has no profile; the file may be cut off.');
    surfaces.push({ ...profileOf(model, profile as JsonObject, `${path}.profile`), ...common });
  }
  return surfaces;
}

/** The aperture, from the pupil specification. */
function apertureOf(model: Model, specification: JsonObject): ApertureStated {
  const pupil = model.object(specification, 'pupil', 'optical_spec');
  const value = model.number(pupil, 'value', 'optical_spec.pupil');
  const key = pupil._key ?? pupil.key;
  const [, side, name] = Array.isArray(key) ? key.map(String) : ['', '', String(pupil.pupil_type ?? '')];
  if (!(value > 0))
    model.refuse('optical_spec.pupil.value', `${value} is not possible; it has to be greater than 0.`);
  switch (`${side} ${name}`) {
    case 'object epd':
    case 'object pupil':
      return { kind: 'pupil', diameterMm: value };
    case 'image f/#':
      return { kind: 'working', fNumber: value };
    case 'image NA':
      return { kind: 'working', fNumber: 1 / (2 * Math.tan(Math.asin(Math.min(value, 0.999999)))) };
    case 'object NA':
      return { kind: 'objectAperture', numericalAperture: value };
    case 'object f/#':
      return { kind: 'objectAperture', numericalAperture: Math.sin(Math.atan(1 / (2 * value))) };
    default:
      return model.refuse('optical_spec.pupil', `the aperture ${side} ${name} is not known.`);
  }
}

/**
 * Focal length of the paraxial model that the file carries: power, reduced thickness and index by surface. It belongs to the
 * lens as it was saved, where the specification sheet may be what the design began with.
 */
function paraxialFocalLength(root: JsonObject): number | undefined {
  const paraxial = isObject(root.parax_model) ? attributesOf(root.parax_model) : {};
  const rows = paraxial.sys;
  if (!Array.isArray(rows)) return undefined;
  let y = 1;
  let slope = 0;
  for (const row of rows.slice(1, -1)) {
    if (!Array.isArray(row) || typeof row[0] !== 'number' || typeof row[1] !== 'number') return undefined;
    slope -= y * row[0];
    y += slope * row[1];
  }
  const focal = -1 / slope;
  return Number.isFinite(focal) && focal > 0 ? focal : undefined;
}

/** Focal length that the specification sheet asks for: magnification, object and image distance, their sum, focal length. */
function sheetFocalLength(sheet: JsonObject): number | undefined {
  const focal = Array.isArray(sheet.imager) ? sheet.imager[4] : undefined;
  return typeof focal === 'number' && focal > 0 && Number.isFinite(focal) ? focal : undefined;
}

/** f-number at the image that the specification sheet states. */
function sheetFNumber(sheet: JsonObject): number | undefined {
  let level: unknown = sheet.etendue_values;
  for (const key of ['aperture', 'image', 'f/#']) level = isObject(level) ? level[key] : undefined;
  return typeof level === 'number' && Number.isFinite(level) && level !== 0 ? Math.abs(level) : undefined;
}

function statedIn(model: Model, aperture: ApertureStated, specification: JsonObject): StatedFigures {
  const stated: { -readonly [key in keyof StatedFigures]: StatedFigures[key] } = {};
  const sheet = isObject(model.root.specsheet) ? attributesOf(model.root.specsheet) : {};
  const focal = paraxialFocalLength(model.root) ?? sheetFocalLength(sheet);
  if (focal !== undefined) stated.focalLengthMm = focal;
  if (sheet.conjugate_type !== 'finite') {
    const sheetsOwn = sheetFNumber(sheet);
    if (aperture.kind === 'working') stated.fNumber = aperture.fNumber;
    // A sheet that the pupil and the paraxial model have left behind states nothing about this lens.
    else if (
      aperture.kind === 'pupil' &&
      focal !== undefined &&
      sheetsOwn !== undefined &&
      Math.abs((sheetsOwn * aperture.diameterMm) / focal - 1) < SHEET_AGREES
    )
      stated.fNumber = sheetsOwn;
  }
  const field = isObject(specification.field_of_view) ? attributesOf(specification.field_of_view) : {};
  const key = Array.isArray(field.key) ? field.key.map(String) : [];
  if (typeof field.value === 'number' && field.value > 0) {
    if (key[1] === 'object' && key[2] === 'angle') stated.halfFieldDegrees = field.value;
    if (key[1] === 'image' && key[2] === 'height') stated.imageHeightMm = field.value;
  }
  return stated;
}

/**
 * Reads a ray-optics model (.roa): spheres, conics, even and radial polynomials, mirrors and ideal thin lenses, in either of
 * the two ways that its versions write objects. The stop of a model with a floating stop is its first surface.
 * @throws {OpticsError} that names the field of what is broken or not supported
 */
export function readRayOpticsLens(text: string, file: LensFile = {}): Lens {
  const parsed = parseJson(text, file);
  const holder = isObject(parsed) && isObject(parsed.optical_model) ? parsed.optical_model : undefined;
  if (holder === undefined)
    throw new OpticsError('the file has no optical_model; it is no ray-optics model.', placeOf(file));
  const model = new Model(attributesOf(holder), file);
  const sequence = model.object(model.root, 'seq_model', '');
  const specification = model.object(model.root, 'optical_spec', '');
  const spectrum = model.object(specification, 'spectral_region', 'optical_spec');
  const wavelengths = model.numbers(spectrum, 'wavelengths', 'optical_spec.spectral_region');
  const reference = spectrum.reference_wvl ?? 0;
  const wavelengthNm = typeof reference === 'number' ? wavelengths[reference] : undefined;
  if (wavelengthNm === undefined)
    return model.refuse(
      'optical_spec.spectral_region.reference_wvl',
      `${JSON.stringify(reference)} is not the number of one of ${wavelengths.length} wavelengths.`,
    );
  const named = sequence.stop_surface;
  const stop = typeof named === 'number' ? named : 1;
  const { surfaces, movedMm } = withoutMarks(surfacesOf(model, sequence, stop));
  const objectMm = numberIn(
    attributesOf(model.list(sequence, 'gaps', 'seq_model')[0] ?? {}),
    'thi',
    file,
    'seq_model.gaps[0]',
  );
  const aperture = apertureOf(model, specification);
  const system = isObject(model.root.system_spec) ? attributesOf(model.root.system_spec) : {};
  const title = typeof system.title === 'string' ? system.title : '';
  const dimensions = system._dimensions ?? system.dimensions ?? 'mm';
  const unit = typeof dimensions === 'string' ? UNITS[dimensions.toLowerCase()] : undefined;
  if (unit === undefined)
    return model.refuse(
      'system_spec.dimensions',
      `${JSON.stringify(dimensions)} is not known; allowed are ${Object.keys(UNITS).join(', ')}.`,
    );
  const place = placeOf(file);
  const lens: Lens = {
    name: title || baseName(file.file),
    source: baseName(file.file),
    surfaces,
    wavelengthNm,
    ...(objectMm < FAR_MM ? { objectDistanceMm: objectMm + movedMm } : {}),
    stated: statedIn(model, aperture, specification),
  };
  const sized = withAperture(checkLens(lens, place), aperture, place);
  return checkLens(unit === 1 ? sized : scaleLens(sized, unit), place);
}
