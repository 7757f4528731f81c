import { OpticsError } from '../../OpticsError.js';
import { type ChartPatch, neutral } from './Chart.js';
import { defineChart } from './defineChart.js';

/** Most patches of a grey scale. */
const MOST_PATCHES = 200;

/**
 * Neutral patches from light to dark, row by row, a step wedge for tone curves (OECF, ISO 14524) and dynamic range (ISO
 * 15739): 20 patches over 6 stops like a printed chart, or over 20 stops like a transmissive one before a lamp. Refuses
 * patches smaller than four samples.
 */
export const greyScale = defineChart(
  {
    name: 'grey-scale',
    title: 'Grey scale',
    help: 'A step wedge for tone curves and dynamic range, printed (6 stops) or transmissive (20).',
    parameters: {
      steps: { kind: 'number', whole: true, default: 20, least: 2, most: MOST_PATCHES, help: 'Patches.' },
      stops: {
        kind: 'number',
        default: 6,
        least: 0.1,
        most: 30,
        help: 'From the lightest patch to the darkest: 6 is what print reaches, 20 film before a lamp.',
      },
      densities: {
        kind: 'numbers',
        least: -4,
        most: 9,
        longest: MOST_PATCHES,
        help: 'Optical density of every patch instead of steps and stops; below 0 it shines.',
      },
      lightest: {
        kind: 'number',
        default: 0.9,
        least: 1e-6,
        most: 1000,
        help: 'Reflectance of the lightest patch; above 1 it shines.',
      },
      surround: {
        kind: 'number',
        default: 0,
        least: 0,
        most: 1,
        help: 'Reflectance between the patches; 0 is a mask, as on transmissive charts.',
      },
    },
  },
  (canvas, { steps, stops, densities, lightest, surround }) => {
    const reflectances =
      densities.length > 0
        ? densities.map((density) => 10 ** -density)
        : Array.from({ length: steps }, (_, i) => lightest * 2 ** ((-stops * i) / (steps - 1)));
    const count = reflectances.length;
    const { width, height } = canvas;
    const columns = Math.min(count, Math.ceil(Math.sqrt((count * width) / height)));
    const rows = Math.ceil(count / columns);
    const pitch = Math.min(width / columns, height / rows);
    const side = pitch * 0.8;
    if (side < 4)
      throw new OpticsError(
        `${count} patches in ${width} × ${height} samples are ${side.toFixed(1)} wide; at least 4 are needed.`,
        { field: 'steps' },
      );
    const left = (width - columns * pitch) / 2 + (pitch - side) / 2;
    const top = (height - rows * pitch) / 2 + (pitch - side) / 2;
    const patches = reflectances.map((reflectance, i): ChartPatch => {
      const x = left + (i % columns) * pitch;
      const y = top + Math.floor(i / columns) * pitch;
      canvas.rectangle(x, y, x + side, y + side, i + 1);
      const name = `density ${(-Math.log10(reflectance)).toFixed(3)}`;
      return { name, material: i + 1, corners: canvas.corners(x, y, x + side, y + side) };
    });
    const right = left + (columns - 1) * pitch + side;
    const bottom = top + (rows - 1) * pitch + side;
    return {
      scene: canvas.scene('Grey scale', [neutral(surround), ...reflectances.map(neutral)]),
      landmarks: { kind: 'patches', patches, corners: canvas.corners(left, top, right, bottom) },
    };
  },
);

/** One even surface over the whole picture. */
export const flatField = defineChart(
  {
    name: 'flat-field',
    title: 'Flat field',
    help: 'One even grey over the whole picture, for noise and lens shading.',
    parameters: {
      reflectance: {
        kind: 'number',
        default: 0.18,
        least: 0,
        most: 1000,
        help: 'Of the surface; above 1 it shines.',
      },
    },
  },
  (canvas, { reflectance }) => ({
    scene: canvas.scene('Flat field', [neutral(reflectance)]),
    landmarks: { kind: 'none' },
  }),
);
