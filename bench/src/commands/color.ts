import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  balanceOnGrey,
  type ChartColors,
  compareWithChart,
  fitExposure,
  type LinearPicture,
  multiply3,
  type Spread,
  type Xyz,
} from '@photosite/measure';
import { type Log, messageOf } from '../log.js';
import type { Peer } from '../peers/peer.js';
import { alignTable } from '../table.js';

/** Where the patches lie in a file's upright picture. */
export interface Chart {
  readonly file: string;
  /** The file's orientation asks for mirroring. */
  readonly mirrored: boolean;
  /** Half a side of the averaged square, as a fraction of the picture's width. */
  readonly half: number;
  /** 24 centres as fractions of width and height, row by row from dark skin to black. */
  readonly centres: readonly (readonly [x: number, y: number])[];
}

/** Reads the measured positions that come with the benchmark. */
export async function readCharts(): Promise<readonly Chart[]> {
  const file = new URL('../../charts/colorchecker.json', import.meta.url);
  return (JSON.parse(await readFile(file, 'utf8')) as { charts: Chart[] }).charts;
}

/** Mean XYZ of each patch. */
export function patchXyz(picture: LinearPicture, chart: Chart): Xyz[] {
  const { width, height, data } = picture.image;
  const half = Math.round(chart.half * width);
  return chart.centres.map(([cx, cy]) => {
    const [x0, y0] = [Math.round(cx * width), Math.round(cy * height)];
    const sum = [0, 0, 0];
    for (let y = y0 - half; y <= y0 + half; y++) {
      for (let x = x0 - half; x <= x0 + half; x++) {
        for (let c = 0; c < 3; c++) sum[c]! += data[(y * width + x) * 3 + c]!;
      }
    }
    const count = (2 * half + 1) ** 2;
    return multiply3(
      picture.toXyzD50,
      sum.map((v) => v / count),
    );
  });
}

/** How far a program's colours are from the chart's. */
export interface ColorRow extends ChartColors {
  readonly file: string;
  readonly program: string;
}

/** Develops each chart by each program and compares; failures go to the log. */
export async function measureColor(
  dataFolder: string,
  charts: readonly Chart[],
  programs: readonly Peer[],
  log: Log,
): Promise<ColorRow[]> {
  const rows: ColorRow[] = [];
  for (const chart of charts) {
    for (const program of programs) {
      if (program.linearColor === undefined) continue;
      try {
        const picture = await program.linearColor(path.join(dataFolder, 'raw', chart.file), chart.mirrored);
        const patches = fitExposure(balanceOnGrey(patchXyz(picture, chart)));
        rows.push({ file: chart.file, program: program.name, ...compareWithChart(patches) });
      } catch (error) {
        log.failure(`${chart.file} ${program.name} failed: ${messageOf(error)}`);
      }
    }
  }
  return rows;
}

/** The table of ΔE2000 per file and program. */
export function formatColor(rows: readonly ColorRow[]): string {
  const show = ({ mean, median, max }: Spread) => [mean, median, max].map((v) => v.toFixed(2));
  return [
    'ΔE2000 of 24 ColorChecker patches, neutral 5 balanced, exposure fitted to the greys',
    '(in brackets: every patch at its published luminance)',
    '',
    alignTable(
      ['file', 'program', 'mean', 'median', 'max', '(mean', 'median', 'max)', 'worst patch'],
      rows.map((row) => [row.file, row.program, ...show(row.deltaE), ...show(row.chromatic), row.worst]),
    ),
  ].join('\n');
}
