import { OpticsError } from '../../OpticsError.js';
import { intervalCoverage } from '../coverage.js';
import { neutral, type Place } from './Chart.js';
import { defineChart } from './defineChart.js';

/**
 * A square grid of dark lines on light, centred, for distortion and lateral colour: the crossings are the landmarks. Lines
 * that touch are refused.
 */
export const lineGrid = defineChart(
  {
    name: 'line-grid',
    title: 'Line grid',
    help: 'Dark lines on light in squares, for distortion and lateral colour.',
    parameters: {
      lines: {
        kind: 'number',
        whole: true,
        default: 15,
        least: 2,
        most: 500,
        help: 'Vertical lines; horizontal ones have the same spacing.',
      },
      lineWidth: { kind: 'number', default: 3, least: 0.5, most: 1000, help: 'Width of a line, samples.' },
      light: { kind: 'number', default: 0.8, least: 1e-6, most: 1000, help: 'Reflectance of the ground.' },
      dark: { kind: 'number', default: 0.04, least: 0, most: 1000, help: 'Reflectance of the lines.' },
    },
  },
  (canvas, { lines: columns, lineWidth, light, dark }) => {
    const { width, height } = canvas;
    const spacing = width / columns;
    if (spacing < lineWidth + 2)
      throw new OpticsError(
        `${columns} lines of ${lineWidth} in ${width} samples touch; ask for fewer or thinner ones.`,
        { field: 'lines' },
      );
    const rows = Math.max(1, Math.floor(height / spacing));
    const across = Array.from({ length: columns }, (_, i) => (i + 0.5) * spacing);
    const down = Array.from({ length: rows }, (_, i) => height / 2 + (i - (rows - 1) / 2) * spacing);
    const shares = (centres: readonly number[], length: number): Float64Array => {
      const out = new Float64Array(length);
      for (const centre of centres) {
        const [from, to] = [centre - lineWidth / 2, centre + lineWidth / 2];
        for (let at = Math.max(0, Math.floor(from)); at < Math.min(length, to); at++)
          out[at] = intervalCoverage(from, to, at);
      }
      return out;
    };
    const vertical = shares(across, width);
    const horizontal = shares(down, height);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) canvas.cover(x, y, 1, 1 - (1 - vertical[x]!) * (1 - horizontal[y]!));
    const crossings = down.flatMap((y) => across.map((x): Place => [x / width, y / height]));
    return {
      scene: canvas.scene('Line grid', [neutral(light), neutral(dark)]),
      landmarks: { kind: 'grid', columns, rows, crossings },
    };
  },
);
