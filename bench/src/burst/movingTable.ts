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

/** Side of the squares whose errors are compared: of so many samples that their noise says 0.3 dB at most. */
const SQUARE = 16;
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
}

/** A disc over a fifth of the picture, and a small one, in light and in the dark. */
const MOVING: readonly BurstCase[] = (['light', 'dark'] as const).flatMap((light) => {
  const plain = CASES.find(({ name }) => name === 'moving')!;
  return [
    { ...plain, title: `object over 20 % of the frame, ${light}`, disc: LARGE_DISC, noise: LIGHT[light] },
    { ...plain, title: `small object, ${light}`, noise: LIGHT[light] },
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

/** Compares merge and reference, finished with the same denoising, where an object was in any of the frames. */
export async function measureMoving(engine: Engine, maker: BurstMaker, log: Log): Promise<MovingRow[]> {
  const rows: MovingRow[] = [];
  for (const which of MOVING) {
    const burst = maker.make(which, BURST_FRAMES);
    const { width, height, linear } = burst;
    try {
      const alone = await cameraRgb(engine, burst.frames[0]!, {});
      const { frame } = await mergeInMemory(engine, burst.frames, { output: 'rgb', reference: 0 });
      const merged = await cameraRgb(engine, frame, {});
      const discs = burst.frames.map((_, i) => discAt(i, BURST_FRAMES, burst, which.disc * height));
      const inObject = (x: number, y: number) =>
        discs.some((disc) => Math.hypot(x - disc.x, y - disc.y) < disc.radius + SQUARE);
      const [inside, outside]: [Errors[], Errors[]] = [[], []];
      for (let top = BORDER; top + SQUARE <= height - BORDER; top += SQUARE) {
        for (let left = BORDER; left + SQUARE <= width - BORDER; left += SQUARE) {
          const [x, y] = [left + SQUARE / 2 - width / 2, top + SQUARE / 2 - height / 2];
          (inObject(x, y) ? inside : outside).push({
            merged: squareErrors(merged, linear, left, top),
            alone: squareErrors(alone, linear, left, top),
          });
        }
      }
      const gains = inside.map((square) => gain([square]));
      rows.push({
        title: which.title,
        inside: gain(inside),
        outside: gain(outside),
        worst: Math.min(...gains),
        worseShare: gains.filter((each) => each < -WORSE_DB).length / gains.length,
      });
      log.progress(`${which.title}: worst ${rows.at(-1)!.worst.toFixed(2)} dB`);
    } catch (error) {
      log.failure(`${which.title}: ${messageOf(error)}`);
    }
  }
  return rows;
}

/** The table. */
export function formatMoving(rows: readonly MovingRow[]): string {
  return [
    `Merge to RGB over the reference alone, both denoised alike, in dB: where a disc was in any frame, and elsewhere`,
    '',
    alignTable(
      ['', 'object', 'elsewhere', `worst ${SQUARE}×${SQUARE}`, `share worse by ${WORSE_DB} dB`],
      rows.map((row) => [
        row.title,
        row.inside.toFixed(2),
        row.outside.toFixed(2),
        row.worst.toFixed(2),
        `${(100 * row.worseShare).toFixed(2)} %`,
      ]),
    ),
  ].join('\n');
}
