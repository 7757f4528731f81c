import { cropFactor } from '../calculators/equivalence.js';
import { ISO_TRANSMITTANCE } from '../calculators/exposure.js';
import { nearNames } from '../nearNames.js';
import { OpticsError } from '../OpticsError.js';
import {
  type ApertureRange,
  type CameraModule,
  type ModuleLens,
  type ModuleSensor,
  sensorSizeMm,
} from './CameraModule.js';
import { assumed, type Datum, published } from './Datum.js';
import {
  AQUOS_R6_SENSOR,
  CM1_SENSOR,
  IMX586,
  IMX858,
  imx989,
  JN1,
  LIGHT_FUSION_900,
  LYT900,
  P50_PRO_MAIN,
  P50_PRO_MONO,
  P50_PRO_TELE,
  P50_PRO_ULTRAWIDE,
  SONY_FULL_FRAME,
} from './sensors.js';

const TRANSMITTANCE = assumed(ISO_TRANSMITTANCE, 'as in ISO 12232’s q');

const fixed = (open: number): ApertureRange => ({ open, closed: open, kind: 'fixed' });
const upTo = (open: number, closed: number): ApertureRange => ({ open, closed, kind: 'continuous' });

/** A built-in lens, of which makers publish the equivalent: the real focal length follows from the sensor’s diagonal. */
function builtIn(
  sensor: ModuleSensor,
  equivalentMm: number,
  aperture: ApertureRange,
  stabilised: Datum<boolean>,
  source: string,
): { readonly lens: ModuleLens; readonly sensor: ModuleSensor } {
  const { widthMm, heightMm } = sensorSizeMm(sensor);
  const crop = cropFactor(widthMm, heightMm);
  const lens = {
    equivalentFocalLengthMm: published(equivalentMm, source),
    focalLengthMm: assumed(
      Number((equivalentMm / crop).toFixed(2)),
      'derived: the equivalent focal length over the crop factor by the diagonal',
    ),
    aperture: published(aperture, source),
    transmittance: TRANSMITTANCE,
    stabilised,
  };
  return { lens, sensor };
}

/** A lens screwed on, of which the real focal length is engraved. */
function mounted(
  sensor: ModuleSensor,
  focalLengthMm: Datum,
  aperture: Datum<ApertureRange>,
  stabilised: Datum<boolean>,
): { readonly lens: ModuleLens; readonly sensor: ModuleSensor } {
  const { widthMm, heightMm } = sensorSizeMm(sensor);
  const crop = cropFactor(widthMm, heightMm);
  const lens = {
    equivalentFocalLengthMm: assumed(
      Number((focalLengthMm.value * crop).toFixed(1)),
      'derived: the focal length times the crop factor by the diagonal',
    ),
    focalLengthMm,
    aperture,
    transmittance: TRANSMITTANCE,
    stabilised,
  };
  return { lens, sensor };
}

const GALAXUS = 'Galaxus, Xiaomi 12S Ultra review';
const LAUNCH_13U = 'Digimanie, launch of the Xiaomi 13 Ultra, April 2023';
const PERISCOPE_13U =
  'Leica Vario-Summicron 1:1.8-3.0/12-120 ASPH: TechnophilePH, launch of the Xiaomi 13 Ultra, April 2023';
const LAUNCH_14 = 'GSMArena, Xiaomi 14 review';
const LAUNCH_14PRO = 'Techtreaders, launch of the Xiaomi 14 and 14 Pro, November 2023';
const LAUNCH_14U = 'Amateur Photographer, launch of the Xiaomi 14 Ultra, February 2024';
const WIKIPEDIA_P50 = 'Wikipedia, Huawei P50';
const R6 = 'New Atlas and Digitaleyes, launch of the Sharp Aquos R6, May 2021';
const LEITZ = 'Imaging Resource, launch of the Leitz Phone 1, June 2021: the camera of the Sharp Aquos R6';
const CM1 = 'DDay, launch of the Panasonic CM1, September 2014: 10.2 mm, equivalent 28 mm, f/2.8 to f/11';
const CONCEPT =
  'Financial Express, Xiaomi 12S Ultra Concept, November 2022: shown with a Leica Summilux-M 35 mm f/1.4 ASPH.';
const OURS = 'our choice of a lens, for the comparison';

const yes = (source: string): Datum<boolean> => published(true, source);
const no = (why: string): Datum<boolean> => assumed(false, why);

const IMX989_12S = imx989(published(10, 'Engadget on the 12S Ultra Concept, November 2022: 10-bit raw'));
const IMX989_13U = imx989(published(14, `${LAUNCH_13U}: 14-bit raw files`));
const MAIN_12S = builtIn(IMX989_12S, 23, fixed(1.9), assumed(true, 'usual for main cameras'), GALAXUS);
const ULTRAWIDE_12S = builtIn(IMX586, 13, fixed(2.2), no('ultra-wide cameras rarely have it'), GALAXUS);
const SONY_STEADY = yes('Sony, ILCE-7RM2 specifications: the sensor moves in five axes');

function ours(
  focalLengthMm: number,
  open: number,
): { readonly lens: ModuleLens; readonly sensor: ModuleSensor } {
  return mounted(SONY_FULL_FRAME, assumed(focalLengthMm, OURS), assumed(upTo(open, 16), OURS), SONY_STEADY);
}

type Parts = Pick<CameraModule, 'purpose' | 'lens' | 'sensor'>;

function modules(
  id: string,
  camera: string,
  parts: Readonly<Record<string, readonly [purpose: string, rest: Omit<Parts, 'purpose'>]>>,
): CameraModule[] {
  return Object.entries(parts).map(([name, [purpose, rest]]) => ({
    id: `${id}/${name}`,
    camera,
    purpose,
    ...rest,
  }));
}

/** Camera presets; each figure says where it comes from. */
export const CAMERAS: readonly CameraModule[] = [
  ...modules('xiaomi-12s-ultra', 'Xiaomi 12S Ultra', {
    main: ['main camera', MAIN_12S],
    ultrawide: ['ultra-wide camera', ULTRAWIDE_12S],
    periscope: [
      'long tele',
      builtIn(IMX586, 120, fixed(4.1), assumed(true, 'usual for tele cameras'), GALAXUS),
    ],
  }),
  ...modules('xiaomi-12s-ultra-concept', 'Xiaomi 12S Ultra Concept', {
    main: ['main camera', MAIN_12S],
    ultrawide: ['ultra-wide camera', ULTRAWIDE_12S],
    'm-mount': [
      'second 1-inch sensor, M mount, 35 mm lens',
      mounted(
        IMX989_12S,
        published(35, CONCEPT),
        published(upTo(1.4, 16), `${CONCEPT} Its iris closes to f/16.`),
        no('a lens without it before a fixed sensor'),
      ),
    ],
  }),
  ...modules('xiaomi-13-ultra', 'Xiaomi 13 Ultra', {
    main: [
      'main camera',
      builtIn(IMX989_13U, 23, { open: 1.9, closed: 4, kind: 'two' }, yes(LAUNCH_13U), LAUNCH_13U),
    ],
    ultrawide: [
      'ultra-wide camera',
      builtIn(IMX858, 12, fixed(1.8), published(false, LAUNCH_13U), LAUNCH_13U),
    ],
    tele: ['short tele', builtIn(IMX858, 75, fixed(1.8), yes(LAUNCH_13U), LAUNCH_13U)],
    periscope: [
      'long tele',
      builtIn(IMX858, 120, fixed(3), assumed(true, 'as the short tele'), PERISCOPE_13U),
    ],
  }),
  ...modules('xiaomi-14', 'Xiaomi 14', {
    main: ['main camera', builtIn(LIGHT_FUSION_900, 23, fixed(1.6), yes(LAUNCH_14), LAUNCH_14)],
    ultrawide: ['ultra-wide camera', builtIn(JN1, 14, fixed(2.2), no('not listed'), LAUNCH_14)],
    tele: ['short tele', builtIn(JN1, 75, fixed(2), yes(LAUNCH_14), LAUNCH_14)],
  }),
  ...modules('xiaomi-14-pro', 'Xiaomi 14 Pro', {
    main: ['main camera', builtIn(LIGHT_FUSION_900, 23, upTo(1.42, 4), yes(LAUNCH_14PRO), LAUNCH_14PRO)],
    ultrawide: [
      'ultra-wide camera',
      unnamedJn1(
        builtIn(JN1, 14, fixed(2.2), no('not listed'), `${LAUNCH_14PRO}; focal length as of the 14`),
      ),
    ],
    tele: [
      'short tele',
      unnamedJn1(
        builtIn(
          JN1,
          75,
          fixed(2),
          assumed(true, 'as of the Xiaomi 14'),
          `Xiaomi Today, Xiaomi’s teasers of the 14 series: 75 mm; ${LAUNCH_14PRO}`,
        ),
      ),
    ],
  }),
  ...modules('xiaomi-14-ultra', 'Xiaomi 14 Ultra', {
    main: ['main camera', builtIn(LYT900, 23, upTo(1.63, 4), yes(LAUNCH_14U), `${LAUNCH_14U}: stepless`)],
    ultrawide: [
      'ultra-wide camera',
      builtIn(IMX858, 12, fixed(1.8), no('reports differ; its predecessor has none'), LAUNCH_14U),
    ],
    tele: ['short tele', builtIn(IMX858, 75, fixed(1.8), yes(LAUNCH_14U), LAUNCH_14U)],
    periscope: ['long tele', builtIn(IMX858, 120, fixed(2.5), yes(LAUNCH_14U), LAUNCH_14U)],
  }),
  ...modules('sharp-aquos-r6', 'Sharp Aquos R6', {
    main: ['only camera', builtIn(AQUOS_R6_SENSOR, 19, fixed(1.9), no('electronic only, by New Atlas'), R6)],
  }),
  ...modules('leitz-phone-1', 'Leitz Phone 1', {
    main: ['only camera', builtIn(AQUOS_R6_SENSOR, 19, fixed(1.9), no('as the Sharp Aquos R6'), LEITZ)],
  }),
  ...modules('huawei-p50-pro', 'Huawei P50 Pro', {
    main: ['main camera', builtIn(P50_PRO_MAIN, 23, fixed(1.8), yes(WIKIPEDIA_P50), WIKIPEDIA_P50)],
    mono: ['monochrome camera', builtIn(P50_PRO_MONO, 26, fixed(1.6), no('not listed'), WIKIPEDIA_P50)],
    ultrawide: [
      'ultra-wide camera',
      builtIn(P50_PRO_ULTRAWIDE, 13, fixed(2.2), no('not listed'), WIKIPEDIA_P50),
    ],
    periscope: ['tele', builtIn(P50_PRO_TELE, 90, fixed(3.5), yes(WIKIPEDIA_P50), WIKIPEDIA_P50)],
  }),
  ...modules('panasonic-cm1', 'Panasonic CM1', {
    main: ['only camera', cm1()],
  }),
  ...modules('sony-ilce-7rm2', 'Sony ILCE-7RM2 (α7R II)', {
    '24mm': ['full frame, 24 mm f/1.4', ours(24, 1.4)],
    '35mm': ['full frame, 35 mm f/1.4', ours(35, 1.4)],
    '85mm': ['full frame, 85 mm f/1.8', ours(85, 1.8)],
  }),
];

/** The 14 Pro’s smaller sensors are not named; the 14 has the same megapixels and lenses. */
function unnamedJn1({ lens, sensor }: Omit<Parts, 'purpose'>): Omit<Parts, 'purpose'> {
  const why = 'not reported; as of the Xiaomi 14';
  const { name, format, width, height, pitchUm } = sensor;
  return {
    lens,
    sensor: {
      ...sensor,
      name: assumed(name.value, why),
      format: assumed(format.value, why),
      width: assumed(width.value, why),
      height: assumed(height.value, why),
      pitchUm: assumed(pitchUm.value, why),
    },
  };
}

/** Of the CM1, both focal lengths are published. */
function cm1(): Omit<Parts, 'purpose'> {
  const { lens, sensor } = builtIn(CM1_SENSOR, 28, upTo(2.8, 11), no('its data sheet lists none'), CM1);
  return { lens: { ...lens, focalLengthMm: published(10.2, CM1) }, sensor };
}

/**
 * A camera module by its id, in any case.
 * @throws {OpticsError} for an unknown id; the message lists near ones
 */
export function findCamera(id: string): CameraModule {
  const found = CAMERAS.find((module) => module.id === id.trim().toLowerCase());
  if (found !== undefined) return found;
  const near = nearNames(
    id,
    CAMERAS.map((module) => module.id),
  );
  throw new OpticsError(
    `there is no camera ${JSON.stringify(id.slice(0, 100))}; near are ${near.join(', ')}.`,
    {
      field: 'camera',
    },
  );
}
