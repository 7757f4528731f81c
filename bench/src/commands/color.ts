import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { COLOR_CHECKER, MIDDLE_GREYS, NEUTRAL_5 } from '../color/colorChecker.js';
import { D50, type Lab, type Xyz, xyzToLab } from '../color/lab.js';
import type { LinearPicture } from '../color/linearPicture.js';
import { type Log, messageOf } from '../log.js';
import { deltaE2000 } from '../metrics/deltaE2000.js';
import type { Peer } from '../peers/peer.js';
import { median } from '../statistics.js';
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

function multiply(matrix: readonly number[], v: readonly number[]): Xyz {
  const row = (i: number) => matrix[i]! * v[0]! + matrix[i + 1]! * v[1]! + matrix[i + 2]! * v[2]!;
  return [row(0), row(3), row(6)];
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
    return multiply(
      picture.toXyzD50,
      sum.map((v) => v / count),
    );
  });
}

/** Bradford's cone responses (ICC.1:2022, annex E). */
const BRADFORD = [0.8951, 0.2664, -0.1614, -0.7502, 1.7135, 0.0367, 0.0389, -0.0685, 1.0296];
const BRADFORD_INVERSE = [
  0.9869929, -0.1470543, 0.1599627, 0.4323053, 0.5183603, 0.0492912, -0.0085287, 0.0400428, 0.9684867,
];

function labToXyz([l, a, b]: Lab): Xyz {
  const fy = (l + 16) / 116;
  const inverse = (f: number) => (f > 6 / 29 ? f ** 3 : 3 * (6 / 29) ** 2 * (f - 4 / 29));
  return [D50[0] * inverse(fy + a / 500), D50[1] * inverse(fy), D50[2] * inverse(fy - b / 200)];
}

/**
 * Takes out what is not the colour stage's: a diagonal scaling of Bradford's cone responses that gives the patch
 * neutral 5 its published chromaticity, then one exposure factor, fitted to the middle greys by least squares.
 */
export function normalise(patches: readonly Xyz[]): Xyz[] {
  const wanted = multiply(BRADFORD, labToXyz(COLOR_CHECKER[NEUTRAL_5]!.lab));
  const found = multiply(BRADFORD, patches[NEUTRAL_5]!);
  const balanced = patches.map((xyz) =>
    multiply(
      BRADFORD_INVERSE,
      multiply(BRADFORD, xyz).map((cone, i) => (cone * wanted[i]!) / found[i]!),
    ),
  );
  let [numerator, denominator] = [0, 0];
  for (const i of MIDDLE_GREYS) {
    numerator += balanced[i]![1] * labToXyz(COLOR_CHECKER[i]!.lab)[1];
    denominator += balanced[i]![1] ** 2;
  }
  return balanced.map(([x, y, z]) => {
    const exposure = numerator / denominator;
    return [x * exposure, y * exposure, z * exposure];
  });
}

/** The statistics of a list of differences. */
export interface Spread {
  readonly mean: number;
  readonly median: number;
  readonly max: number;
}

/** How far a program's colours are from the chart's. */
export interface ColorRow {
  readonly file: string;
  readonly program: string;
  /** ΔE2000 of the 24 patches. */
  readonly deltaE: Spread;
  /** The same with every patch's luminance set to the published one: uneven light and stray light do not count. */
  readonly chromatic: Spread;
  /** The patch with the largest ΔE2000. */
  readonly worst: string;
  readonly patches: readonly number[];
}

function spread(values: readonly number[]): Spread {
  return {
    mean: values.reduce((a, b) => a + b, 0) / values.length,
    median: median(values),
    max: Math.max(...values),
  };
}

/** Compares normalised patches with the published ones. */
export function compareWithChart(file: string, program: string, patches: readonly Xyz[]): ColorRow {
  const differences = patches.map((xyz, i) => deltaE2000(COLOR_CHECKER[i]!.lab, xyzToLab(xyz, D50)));
  const chromatic = patches.map((xyz, i) => {
    const lab = COLOR_CHECKER[i]!.lab;
    const scale = labToXyz(lab)[1] / xyz[1];
    return deltaE2000(lab, xyzToLab([xyz[0] * scale, xyz[1] * scale, xyz[2] * scale], D50));
  });
  const deltaE = spread(differences);
  return {
    file,
    program,
    deltaE,
    chromatic: spread(chromatic),
    worst: COLOR_CHECKER[differences.indexOf(deltaE.max)]!.name,
    patches: differences,
  };
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
        rows.push(compareWithChart(chart.file, program.name, normalise(patchXyz(picture, chart))));
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
