import {
  angularError,
  balanceOnGrey,
  COLOR_CHECKER,
  type ColorCheckerReading,
  compareWithChart,
  D50,
  findColorChecker,
  fitExposure,
  MIDDLE_GREYS,
  multiply3,
  type Point,
  readColorChecker,
  type Spread,
  xyzToLab,
} from '@photosite/measure';
import { JobError } from '../errors.js';
import { writeOverlay } from './overlay.js';
import { readPicture } from './pictures.js';
import { table } from './table.js';

/** Flags of `photosite measure colors`. */
export interface ColorsFlags {
  readonly corners?: readonly Point[];
  readonly balance: boolean;
  readonly exposure: boolean;
  readonly overlay?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

const MEANING = 'ΔE2000 to the published ColorChecker Classic (L*a*b* under D50)';

function read(file: string, reading: ColorCheckerReading | undefined): ColorCheckerReading {
  if (reading !== undefined) return reading;
  throw new JobError(
    `${file}: no ColorChecker was found. Give the middles of its corner patches: --corners x,y x,y x,y x,y for dark skin, bluish green, black, white.`,
  );
}

/** Measures the colours of a ColorChecker and tells them as text or JSON. */
export async function measureColors(file: string, flags: ColorsFlags): Promise<string> {
  const picture = await readPicture(file);
  const { image, toXyzD50, interpretation } = picture;
  const { corners, balance, exposure, overlay, force = false, json = false } = flags;
  const reading =
    corners === undefined ? read(file, findColorChecker(image)) : readColorChecker(image, corners);
  if (overlay !== undefined) {
    await writeOverlay(
      overlay,
      picture,
      [reading.corners, ...reading.patches.map(({ outline }) => outline)],
      force,
    );
  }
  let patches = reading.patches.map(({ mean }) => multiply3(toXyzD50, mean));
  if (balance) patches = balanceOnGrey(patches);
  if (exposure) patches = fitExposure(patches);
  const colors = compareWithChart(patches);
  const labs = patches.map((xyz) => xyzToLab(xyz, D50));
  const greys = [0, 1, 2].map((c) => MIDDLE_GREYS.reduce((sum, i) => sum + reading.patches[i]!.mean[c]!, 0));
  const whiteErrorDegrees = angularError(greys, [1, 1, 1]);
  if (json) {
    return `${JSON.stringify(
      {
        file,
        interpretation,
        balanced: balance,
        exposureFitted: exposure,
        deltaE2000: colors.deltaE,
        deltaE2000AtPublishedLuminance: colors.chromatic,
        whiteErrorDegrees,
        chart: { corners: reading.corners, mirrored: reading.mirrored, confidence: reading.confidence },
        patches: reading.patches.map((patch, i) => ({
          ...patch,
          lab: labs[i],
          published: COLOR_CHECKER[i]!.lab,
          deltaE2000: colors.patches[i],
        })),
      },
      undefined,
      2,
    )}\n`;
  }
  const lab = (values: readonly number[]) => values.map((v) => v.toFixed(1));
  const show = ({ mean, median, max }: Spread) =>
    `mean ${mean.toFixed(2)}, median ${median.toFixed(2)}, largest ${max.toFixed(2)}`;
  const steps = [
    balance && 'balanced on neutral 5',
    exposure && 'exposure fitted to the middle greys',
  ].filter((step) => step !== false);
  return [
    `${file}: ${interpretation}\n`,
    `${MEANING}; ${steps.length === 0 ? 'as it is' : steps.join(', ')}\n\n`,
    table(
      ['patch', 'L*', 'a*', 'b*', 'published L*', 'a*', 'b*', 'ΔE'],
      reading.patches.map(({ name }, i) => [
        name,
        ...lab(labs[i]!),
        ...lab(COLOR_CHECKER[i]!.lab),
        colors.patches[i]!.toFixed(2),
      ]),
    ),
    `\n  ΔE2000                   ${show(colors.deltaE)} (${colors.worst})\n`,
    `  at published luminance   ${show(colors.chromatic)}\n`,
    `  white, before balance    ${whiteErrorDegrees.toFixed(2)}° off neutral\n`,
    `  chart                    ${corners === undefined ? 'found' : 'given'}${reading.mirrored ? ', mirrored' : ''}, confidence ${reading.confidence.toFixed(2)}\n`,
  ].join('');
}
