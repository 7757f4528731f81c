import { type Development, Engine, type PartialRecipe, type RenderRequest } from '@photosite/engine';
import type { Log } from '../log.js';
import { median } from '../statistics.js';
import { alignTable } from '../table.js';
import { truthFrame } from '../truth/frame.js';
import { repeatMosaic } from '../truth/mosaic.js';
import { noiseProfileOf } from '../truth/noise.js';
import type { TruthSet } from '../truth/pictures.js';
import { SYNTHETIC_NOISE, syntheticTile } from '../truth/synthetic.js';
import { SPEED_SIZES } from './speed.js';

/** A view of about one megapixel of the open raw. */
interface View {
  readonly label: string;
  readonly request: Pick<RenderRequest, 'region' | 'scale'>;
}

/** A slider: the recipe at its n-th position, every one different. */
interface Slider {
  readonly label: string;
  readonly at: (n: number) => PartialRecipe;
}

/** How long a view takes to follow a slider. */
export interface InteractiveRow {
  readonly view: string;
  readonly change: string;
  readonly threads: number;
  /** Pixels of the view. */
  readonly pixels: number;
  /** The first rendering of the view, everything computed. */
  readonly firstMs: number;
  readonly medianMs: number;
  /** Nine of ten changes are faster. */
  readonly p90Ms: number;
  readonly changes: number;
  /** The stages that a change computes again. */
  readonly stages: readonly string[];
}

const VIEW_PIXELS = 1e6;
/** Changes before counting: the compiler and the caches get warm. */
const WARM_UP = 5;

const SLIDERS: readonly Slider[] = [
  { label: 'exposure', at: (n) => ({ exposure: { ev: -1 + 0.05 * n } }) },
  { label: 'white balance', at: (n) => ({ whiteBalance: { temperature: 4000 + 50 * n, tint: 0 } }) },
];

async function timed(development: Development, request: RenderRequest) {
  const started = performance.now();
  const rendered = await development.render(request);
  const ms = performance.now() - started;
  const { width, height, stages } = rendered;
  rendered.release();
  return { ms, pixels: width * height, stages: stages.map((stage) => stage.name) };
}

/** What an interactive run covers. */
export interface InteractiveOptions {
  readonly threads: number;
  /** Counted changes per slider and view. */
  readonly changes: number;
}

/** Opens a 12.6-megapixel raw and follows the sliders in two views: the whole picture reduced, and its middle at 1:1. */
export async function measureInteractive(
  sets: readonly TruthSet[],
  options: InteractiveOptions,
  log: Log,
): Promise<InteractiveRow[]> {
  const { width, height } = SPEED_SIZES.twelve;
  const tile = syntheticTile(sets.flatMap((set) => set.pictures.map((picture) => picture.image)));
  const frame = truthFrame(repeatMosaic(tile, width, height), noiseProfileOf(SYNTHETIC_NOISE));
  const side = Math.round(Math.sqrt(VIEW_PIXELS));
  const region = { left: (width - side) >> 1, top: (height - side) >> 1, width: side, height: side };
  const views: readonly View[] = [
    { label: 'whole picture, reduced', request: { scale: Math.sqrt(VIEW_PIXELS / (width * height)) } },
    { label: 'middle at 1:1', request: { region } },
  ];

  const engine = await Engine.create({ threads: options.threads });
  const rows: InteractiveRow[] = [];
  try {
    const development = engine.open(frame);
    for (const view of views) {
      const first = await timed(development, { ...view.request, keep: true });
      for (const slider of SLIDERS) {
        const times: number[] = [];
        let stages: readonly string[] = [];
        for (let n = 0; n < WARM_UP + options.changes; n++) {
          const change = await timed(development, { ...view.request, keep: true, recipe: slider.at(n) });
          if (n >= WARM_UP) times.push(change.ms);
          stages = change.stages;
        }
        const sorted = [...times].sort((a, b) => a - b);
        const row = {
          view: view.label,
          change: slider.label,
          threads: options.threads,
          pixels: first.pixels,
          firstMs: first.ms,
          medianMs: median(times),
          p90Ms: sorted[Math.ceil(0.9 * sorted.length) - 1]!,
          changes: options.changes,
          stages,
        };
        log.progress(`${row.view}, ${row.change}: ${row.medianMs.toFixed(1)} ms`);
        rows.push(row);
      }
    }
  } finally {
    await engine.close();
  }
  return rows;
}

/** The table of times per view and slider. */
export function formatInteractive(rows: readonly InteractiveRow[]): string {
  const [first] = rows;
  return [
    `12.6 MP open, ${first?.threads} threads, warm, ${first?.changes} changes each`,
    '',
    alignTable(
      ['view, change', 'MP', 'median ms', '90 % ms', 'first ms', 'computed again'],
      rows.map((row) => [
        `${row.view}, ${row.change}`,
        (row.pixels / 1e6).toFixed(2),
        row.medianMs.toFixed(1),
        row.p90Ms.toFixed(1),
        row.firstMs.toFixed(0),
        row.stages.join(' '),
      ]),
    ),
  ].join('\n');
}
