import type { Engine } from '@photosite/engine';
import type { RgbImage } from '@photosite/measure';
import { type Log, messageOf } from '../log.js';
import { alignTable } from '../table.js';
import { type BurstCase, type BurstMaker, CASES, LARGE_DISC, LIGHT } from './cases.js';
import { discAt } from './disc.js';
import { cameraRgb } from './finish.js';
import { mergeInMemory } from './mergeInMemory.js';
import { BURST_FRAMES } from './mergeTable.js';
import { BORDER } from './score.js';

/** Side of the squares whose errors are compared. */
const SQUARE = 16;
/**
 * Bursts of one scene that a square's errors are the mean of: two pictures of the reference alone differ in single squares by up to
 * 7 dB, and in more than a fifth of them by one.
 */
const DRAWS = 4;
/** An object's region is worse than the reference where its errors are so many dB larger. */
const WORSE_DB = 1;

/** What a merge does where something moved. */
export interface MovingRow {
  readonly title: string;
  /** Gain of the merge over the reference alone in the object's region and elsewhere, both denoised alike, dB. */
  readonly inside: number;
  readonly outside: number;
  /** The worst square of the object's region, dB: negative where the merge is worse. */
  readonly worst: number;
  /** Share of the squares of that region where the merge is more than `WORSE_DB` worse. */
  readonly worseShare: number;
  /** The same of one burst, without a mean. */
  readonly worseOfOne: number;
  /** The same of a control: one picture of the reference alone beside the next, of other noise. */
  readonly worseByChance: number;
}

/** A disc over a fifth of the picture, and a small one, in light and in the dark. */
const MOVING: readonly BurstCase[] = (['light', 'dark'] as const).flatMap((light) => {
  const plain = CASES.find(({ name }) => name === 'moving')!;
  return [
    {
      ...plain,
      name: `large-${light}`,
      title: `object over 20 % of the frame, ${light}`,
      disc: LARGE_DISC,
      noise: LIGHT[light],
    },
    { ...plain, name: `small-${light}`, title: `small object, ${light}`, noise: LIGHT[light] },
  ];
});

interface Errors {
  readonly merged: number;
  readonly alone: number;
}

function squareErrors(image: RgbImage, truth: RgbImage, left: number, top: number): number {
  let squares = 0;
  for (let y = top; y < top + SQUARE; y++) {
    for (let i = (y * truth.width + left) * 3; i < (y * truth.width + left + SQUARE) * 3; i++)
      squares += (Math.min(Math.max(image.data[i]!, 0), 1) - truth.data[i]!) ** 2;
  }
  return squares;
}

const gain = (squares: readonly Errors[]): number => {
  const sum = (key: keyof Errors) => squares.reduce((total, each) => total + each[key], 0);
  return 10 * Math.log10(sum('alone') / sum('merged'));
};

/** Share of squares whose gain is a loss of more than `WORSE_DB`. */
const worse = (gains: readonly number[]): number =>
  gains.filter((each) => each < -WORSE_DB).length / gains.length;

/** Names of the rows. */
export const MOVING_ROWS = MOVING.map(({ name }) => name);

/** Compares merge and reference, finished with the same denoising, where an object was in any of the frames. */
export async function measureMoving(
  engine: Engine,
  maker: BurstMaker,
  names: readonly string[],
  log: Log,
): Promise<MovingRow[]> {
  const rows: MovingRow[] = [];
  for (const which of MOVING.filter(({ name }) => names.includes(name))) {
    try {
      const { width, height } = maker;
      const discs = Array.from({ length: BURST_FRAMES }, (_, i) =>
        discAt(i, BURST_FRAMES, maker, which.disc * height),
      );
      const inObject = (x: number, y: number) =>
        discs.some((disc) => Math.hypot(x - disc.x, y - disc.y) < disc.radius + SQUARE);
      const places: { readonly left: number; readonly top: number; readonly inside: boolean }[] = [];
      for (let top = BORDER; top + SQUARE <= height - BORDER; top += SQUARE)
        for (let left = BORDER; left + SQUARE <= width - BORDER; left += SQUARE)
          places.push({
            left,
            top,
            inside: inObject(left + SQUARE / 2 - width / 2, top + SQUARE / 2 - height / 2),
          });
      const draws: Errors[][] = [];
      for (let draw = 0; draw < DRAWS; draw++) {
        const burst = maker.make(which, BURST_FRAMES, draw);
        const alone = await cameraRgb(engine, burst.frames[0]!, {});
        const { frame } = await mergeInMemory(engine, burst.frames, { output: 'rgb', reference: 0 });
        const merged = await cameraRgb(engine, frame, {});
        draws.push(
          places.map(({ left, top }) => ({
            merged: squareErrors(merged, burst.linear, left, top),
            alone: squareErrors(alone, burst.linear, left, top),
          })),
        );
        log.progress(`${which.title}: burst ${draw + 1} of ${DRAWS}`);
      }
      const of = (index: number): Errors[] => draws.map((draw) => draw[index]!);
      const chosen = (inside: boolean): number[] =>
        places.flatMap((place, i) => (place.inside === inside ? [i] : []));
      const inside = chosen(true);
      const gains = inside.map((i) => gain(of(i)));
      rows.push({
        title: which.title,
        inside: gain(inside.flatMap(of)),
        outside: gain(chosen(false).flatMap(of)),
        worst: Math.min(...gains),
        worseShare: worse(gains),
        worseOfOne: worse(inside.map((i) => gain([draws[0]![i]!]))),
        worseByChance: worse(
          inside.map((i) => gain([{ merged: draws[1]![i]!.alone, alone: draws[0]![i]!.alone }])),
        ),
      });
    } catch (error) {
      log.failure(`${which.title}: ${messageOf(error)}`);
    }
  }
  return rows;
}

/** The table. */
export function formatMoving(rows: readonly MovingRow[]): string {
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  return [
    'Merge to RGB over the reference alone, both finished with the same denoise, in dB: where a disc was in any frame, and elsewhere.',
    `By squares of ${SQUARE} × ${SQUARE} pixels, errors of each averaged over ${DRAWS} bursts of other noise; then of one burst; and by chance: the`,
    'reference alone beside the reference alone of another burst.',
    '',
    alignTable(
      ['', 'object', 'elsewhere', 'worst square', `worse by ${WORSE_DB} dB`, 'of one burst', 'by chance'],
      rows.map((row) => [
        row.title,
        row.inside.toFixed(2),
        row.outside.toFixed(2),
        row.worst.toFixed(2),
        percent(row.worseShare),
        percent(row.worseOfOne),
        percent(row.worseByChance),
      ]),
    ),
  ].join('\n');
}
