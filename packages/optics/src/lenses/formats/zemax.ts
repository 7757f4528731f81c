import { OpticsError } from '../../OpticsError.js';
import { findGlass, glass } from '../catalogue/glasses.js';
import { checkLens, MOST_SURFACES } from '../checkLens.js';
import type { Lens, Medium, StatedFigures } from '../Lens.js';
import { scaleLens } from '../scaleLens.js';
import { type ApertureStated, type Marked, withAperture, withoutMarks } from './aperture.js';
import { baseName, type LensFile, linesOf, numberOf, placeOf, radiusOf } from './source.js';

/** Millimetres of the units that a file may state. */
const UNITS: Readonly<Record<string, number>> = {
  MM: 1,
  CM: 10,
  IN: 25.4,
  INCH: 25.4,
  INCHES: 25.4,
  M: 1000,
  METER: 1000,
  METERS: 1000,
};

/** Keywords of a surface that make it something other than round and centred. */
const REFUSED = new Set(['SQAP', 'ELAP', 'UDAP', 'UDAD', 'SPID', 'EOBS', 'SQOB', 'UDOB']);

/** What Zemax writes for nd and vd of a glass that it takes from a catalogue. */
const PLACEHOLDER = { nd: 1.5, vd: 40 };

/** A surface as it is read. */
interface Draft {
  /** Line of its SURF. */
  readonly line: number;
  type: string;
  typeLine: number;
  stop: boolean;
  curvature: number;
  thickness: number;
  conic: number;
  diameter: number;
  fixed: boolean;
  obscuration: number | undefined;
  mirror: boolean;
  medium: Medium | undefined;
  readonly parameters: number[];
  /** Extra data, from 1. */
  readonly extra: number[];
}

/** Header values. */
interface Header {
  name: string;
  unit: number;
  wavelengths: Map<number, number>;
  primary: number;
  aperture: ApertureStated | 'stop' | undefined;
  fieldType: number;
  fieldCount: number;
  x: number[];
  y: number[];
  focalLength: number | undefined;
  configurations: number;
  configuration: number;
}

const maximum = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), 0);

/**
 * Reads a Zemax lens file (.zmx): sequential, rotationally symmetric, surfaces of type STANDARD, EVENASPH, ODDASPHE,
 * XASPHERE and PARAXIAL, mirrors among them. The first configuration of several. Surfaces at which nothing happens are left out.
 * @throws {OpticsError} that names the line and the keyword of what is broken or not supported
 */
export function readZemaxLens(text: string, file: LensFile = {}): Lens {
  const header: Header = {
    name: '',
    unit: 1,
    wavelengths: new Map(),
    primary: 1,
    aperture: undefined,
    fieldType: 0,
    fieldCount: 1,
    x: [],
    y: [],
    focalLength: undefined,
    configurations: 1,
    configuration: 1,
  };
  const drafts: Draft[] = [];
  const thicknesses: { surface: number; value: number }[] = [];
  let current: Draft | undefined;
  for (const [k, raw] of linesOf(text, file).entries()) {
    const line = k + 1;
    const words = raw.trim().split(/\s+/);
    const keyword = words[0] ?? '';
    if (keyword === '') continue;
    const value = (index: number): number => numberOf(words[index], file, line, keyword);
    if (keyword === 'SURF') {
      const number = value(1);
      if (number !== drafts.length || number > MOST_SURFACES)
        throw new OpticsError(
          `surface ${number} follows surface ${drafts.length - 1}; they are numbered from 0 to at most ${MOST_SURFACES}.`,
          placeOf(file, line, keyword),
        );
      current = {
        line,
        type: 'STANDARD',
        typeLine: line,
        stop: false,
        curvature: 0,
        thickness: 0,
        conic: 0,
        diameter: 0,
        fixed: false,
        obscuration: undefined,
        mirror: false,
        medium: undefined,
        parameters: [],
        extra: [],
      };
      drafts.push(current);
    } else if (current !== undefined && /^\s/.test(raw)) {
      readSurfaceLine(current, keyword, words, value, file, line);
    } else {
      readHeaderLine(header, keyword, words, raw, value, file, line);
      if (keyword === 'THIC' && value(2) === 1) thicknesses.push({ surface: value(1), value: value(3) });
    }
  }
  if (header.configurations > 1 && header.configuration !== 1)
    for (const { surface, value } of thicknesses) {
      const draft = drafts[surface];
      if (draft !== undefined) draft.thickness = value;
    }
  return assemble(header, drafts, file);
}

function readHeaderLine(
  header: Header,
  keyword: string,
  words: readonly string[],
  raw: string,
  value: (index: number) => number,
  file: LensFile,
  line: number,
): void {
  switch (keyword) {
    case 'MODE':
      if (words[1] !== 'SEQ')
        throw new OpticsError(
          `mode ${words[1] ?? ''} is not supported; a sequential file (SEQ) is needed.`,
          placeOf(file, line, keyword),
        );
      return;
    case 'NAME':
      header.name = raw.trim().slice(4).trim();
      return;
    case 'DBDT':
      // Entry of a lens catalogue: number, part, focal length, diameter.
      if (words[1] === '0' && words.length >= 5 && value(3) > 0) header.focalLength = value(3);
      return;
    case 'UNIT': {
      const unit = UNITS[(words[1] ?? '').toUpperCase()];
      if (unit === undefined)
        throw new OpticsError(
          `the unit ${words[1] ?? ''} is not known; allowed are ${Object.keys(UNITS).join(', ')}.`,
          placeOf(file, line, keyword),
        );
      header.unit = unit;
      return;
    }
    case 'ENPD':
      header.aperture = { kind: 'pupil', diameterMm: value(1) };
      return;
    case 'FNUM':
      header.aperture =
        words[2] === '1' ? { kind: 'working', fNumber: value(1) } : { kind: 'fNumber', fNumber: value(1) };
      return;
    case 'OBNA':
      header.aperture = { kind: 'objectAperture', numericalAperture: value(1) };
      return;
    case 'FLOA':
      header.aperture = 'stop';
      return;
    case 'FTYP':
      header.fieldType = value(1);
      header.fieldCount = value(3);
      return;
    case 'XFLN':
    case 'YFLN':
      header[keyword === 'XFLN' ? 'x' : 'y'] = words.slice(1).map((_, index) => value(index + 1));
      return;
    case 'WAVM':
      header.wavelengths.set(value(1), value(2) * 1000);
      return;
    case 'WAVL':
      for (let index = 1; index < words.length; index++) header.wavelengths.set(index, value(index) * 1000);
      return;
    case 'PWAV':
      header.primary = value(1);
      return;
    case 'EFLY':
      // A merit function's target: surfaces from and to, four free values, target, weight.
      if (words.length > 8 && value(8) > 0 && value(7) > 0) header.focalLength = value(7);
      return;
    case 'MNUM':
      header.configurations = value(1);
      header.configuration = words[2] === undefined ? 1 : value(2);
      return;
    default:
      return;
  }
}

function readSurfaceLine(
  draft: Draft,
  keyword: string,
  words: readonly string[],
  value: (index: number) => number,
  file: LensFile,
  line: number,
): void {
  const refuse = (what: string): never => {
    throw new OpticsError(
      `${what} not supported; the lens has to be round and centred.`,
      placeOf(file, line, keyword),
    );
  };
  if (REFUSED.has(keyword)) refuse(`apertures of kind ${keyword} are`);
  switch (keyword) {
    case 'TYPE':
      draft.type = words[1] ?? '';
      draft.typeLine = line;
      return;
    case 'STOP':
      draft.stop = true;
      return;
    case 'CURV':
      draft.curvature = value(1);
      return;
    case 'DISZ':
      draft.thickness = words[1] === 'INFINITY' ? Number.POSITIVE_INFINITY : value(1);
      return;
    case 'CONI':
      draft.conic = value(1);
      return;
    case 'DIAM': {
      draft.diameter = value(1);
      if (draft.diameter < 0)
        throw new OpticsError(
          `${draft.diameter} is not possible; the semi-diameter has to be at least 0.`,
          placeOf(file, line, keyword),
        );
      draft.fixed ||= words[2] === '1';
      return;
    }
    case 'FLAP':
      draft.fixed = true;
      return;
    case 'CLAP':
      draft.fixed = true;
      if (value(1) > 0) draft.obscuration = value(1);
      draft.diameter = value(2);
      return;
    case 'OBSC':
      if (value(1) !== 0) refuse('ring-shaped obscurations are');
      if (value(2) > 0) draft.obscuration = value(2);
      return;
    case 'OBDC':
      if (value(1) !== 0 || value(2) !== 0) refuse('decentred apertures are');
      return;
    case 'SCBD':
      if (words.slice(3).some((_, index) => value(index + 3) !== 0)) refuse('tilts and decentres are');
      return;
    case 'PARM':
    case 'XDAT': {
      const number = value(1);
      if (number < 0 || number > 100 || !Number.isInteger(number)) refuse(`${keyword} ${number} is`);
      (keyword === 'PARM' ? draft.parameters : draft.extra)[number] = value(2);
      return;
    }
    case 'GLAS': {
      const name = words[1] ?? '';
      if (name === 'MIRROR') {
        draft.mirror = true;
        return;
      }
      const nd = words[4] === undefined ? 0 : value(4);
      const vd = words[5] === undefined ? 0 : value(5);
      const stated: Medium = vd > 0 ? { kind: 'abbe', nd, vd, name } : { kind: 'constant', index: nd };
      const placeholder = (nd === PLACEHOLDER.nd && vd === PLACEHOLDER.vd) || nd === 0;
      if (name === '___BLANK') draft.medium = stated;
      else
        draft.medium = findGlass(name) ?? (placeholder ? glass(name, placeOf(file, line, keyword)) : stated);
      return;
    }
    default:
      return;
  }
}

/** Figures that the header states. */
function statedIn(header: Header): StatedFigures {
  const named = Number(/\bf ?= ?([\d.]+) ?mm/i.exec(header.name)?.[1]);
  const focalLengthMm = named > 0 ? named : (header.focalLength ?? 0) * header.unit;
  const fields = Array.from({ length: Math.min(header.fieldCount, 12) }, (_, k) =>
    Math.hypot(header.x[k] ?? 0, header.y[k] ?? 0),
  );
  const field = maximum(fields);
  return {
    ...(focalLengthMm > 0 ? { focalLengthMm } : {}),
    ...(typeof header.aperture === 'object' && header.aperture.kind === 'fNumber'
      ? { fNumber: header.aperture.fNumber }
      : {}),
    ...(field > 0 && header.fieldType === 0 ? { halfFieldDegrees: field } : {}),
    ...(field > 0 && header.fieldType >= 2 ? { imageHeightMm: field * header.unit } : {}),
  };
}

function surfaceOf(draft: Draft, before: Medium, file: LensFile): Marked {
  const refuse = (what: string): never => {
    throw new OpticsError(
      `${what} not supported; allowed are STANDARD, EVENASPH, ODDASPHE, XASPHERE and PARAXIAL.`,
      placeOf(file, draft.typeLine, 'TYPE'),
    );
  };
  const parameter = (k: number): number => draft.parameters[k] ?? 0;
  const parameters = draft.parameters.slice(1).map((value) => value ?? 0);
  let asphere: number[] = [];
  let radial: number[] = [];
  let idealPowerPerMm: number | undefined;
  switch (draft.type) {
    case 'STANDARD':
      break;
    case 'EVENASPH':
      asphere = Array.from({ length: 7 }, (_, k) => parameter(k + 2));
      if (parameter(1) !== 0) radial = [0, parameter(1)];
      break;
    case 'ODDASPHE':
      radial = Array.from({ length: 8 }, (_, k) => parameter(k + 1));
      break;
    case 'XASPHERE': {
      // Number of terms, radius ρ = 1, then coefficients of ρ², ρ⁴, …
      const [terms = 0, radius = 0, ...coefficients] = Array.from(
        { length: Math.max(draft.extra.length - 1, 0) },
        (_, k) => draft.extra[k + 1] ?? 0,
      );
      if (!(radius > 0)) refuse(`an extended asphere of radius ${radius} is`);
      const [square = 0, ...higher] = coefficients
        .slice(0, Math.max(0, Math.min(terms, 40)))
        .map((value, k) => value / radius ** (2 * k + 2));
      asphere = higher;
      if (square !== 0) radial = [0, square];
      break;
    }
    case 'PARAXIAL':
      if (parameter(1) === 0) refuse('a paraxial surface of focal length 0 is');
      idealPowerPerMm = 1 / parameter(1);
      break;
    case 'COORDBRK':
      if (parameters.slice(0, 5).some((value) => value !== 0)) refuse('a tilt or decentre (COORDBRK) is');
      break;
    default:
      refuse(`surfaces of type ${draft.type.slice(0, 20)} are`);
  }
  if (asphere.every((value) => value === 0)) asphere = [];
  return {
    radiusMm: radiusOf(draft.curvature === 0 ? 0 : 1 / draft.curvature),
    conic: draft.conic,
    asphere,
    ...(radial.some((value) => value !== 0) ? { radial } : {}),
    thicknessMm: draft.thickness,
    medium: draft.mirror || draft.type === 'COORDBRK' ? before : (draft.medium ?? { kind: 'air' }),
    semiDiameterMm: draft.diameter > 0 ? draft.diameter : Number.POSITIVE_INFINITY,
    stop: draft.stop,
    ...(draft.mirror ? { reflects: true } : {}),
    ...(draft.obscuration === undefined ? {} : { obscurationMm: draft.obscuration }),
    ...(idealPowerPerMm === undefined ? {} : { idealPowerPerMm }),
    limits: draft.fixed && draft.diameter > 0,
  };
}

function assemble(header: Header, drafts: readonly Draft[], file: LensFile): Lens {
  const object = drafts[0];
  if (object === undefined || drafts.length < 3)
    throw new OpticsError(
      `${drafts.length} surfaces; at least an object, a surface and an image are needed. The file may be cut off.`,
      placeOf(file, undefined, 'SURF'),
    );
  let before: Medium = { kind: 'air' };
  const marked = drafts.slice(1, -1).map((draft) => {
    const surface = surfaceOf(draft, before, file);
    before = surface.medium;
    return surface;
  });
  const { surfaces, movedMm } = withoutMarks(marked);
  const wavelengthNm = header.wavelengths.get(header.primary);
  if (wavelengthNm === undefined)
    throw new OpticsError(
      `the primary wavelength ${header.primary} is not among the file's; WAVM has to state it.`,
      placeOf(file, undefined, 'PWAV'),
    );
  // The stop's own size comes from the aperture; until then it is open.
  const place = placeOf(file);
  const lens: Lens = {
    name: header.name || baseName(file.file),
    source: baseName(file.file),
    surfaces,
    wavelengthNm,
    ...(Number.isFinite(object.thickness) ? { objectDistanceMm: object.thickness + movedMm } : {}),
    stated: statedIn(header),
  };
  const checked = checkLens(lens, place);
  const { aperture } = header;
  const sized =
    aperture === undefined || aperture === 'stop' ? checked : withAperture(checked, aperture, place);
  const stop = sized.surfaces.find((surface) => surface.stop);
  if (stop === undefined || !Number.isFinite(stop.semiDiameterMm))
    throw new OpticsError('the file states no aperture; ENPD, FNUM, OBNA or the stop’s DIAM has to.', {
      ...place,
      field: 'STOP',
    });
  return checkLens(
    header.unit === 1 ? sized : { ...scaleLens(sized, header.unit), stated: sized.stated },
    place,
  );
}
