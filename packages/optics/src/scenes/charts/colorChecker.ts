import { OpticsError } from '../../OpticsError.js';
import { COLOR_CHECKER_OHTA_REFLECTANCES, COLOR_CHECKER_REFLECTANCES } from '../../spectra/reflectances.js';
import { type ChartPatch, neutral } from './Chart.js';
import { defineChart } from './defineChart.js';

const COLUMNS = 6;
const ROWS = 4;
/** Reflectance of the chart's frame: matt black. */
const FRAME_REFLECTANCE = 0.035;
/** Reflectance around the chart: mid grey. */
const SURROUND_REFLECTANCE = 0.18;
/** Fewest samples across a gap, so that no sample sees two patches. */
const LEAST_GAP = 1;

/**
 * The ColorChecker Classic: 24 square patches of measured reflectance in a black frame on grey, in the usual order, dark
 * skin top left, white bottom left. Refuses sizes that leave less than a sample between patches.
 */
export const colorChecker = defineChart(
  {
    name: 'color-checker',
    title: 'ColorChecker',
    help: '24 patches of measured reflectance in the classic layout.',
    parameters: {
      margin: {
        kind: 'number',
        default: 0.06,
        least: 0,
        most: 0.4,
        help: "Free space around the chart as a share of the picture's shorter side.",
      },
      gap: {
        kind: 'number',
        default: 0.15,
        least: 0.02,
        most: 1,
        help: "Black gap between patches as a share of a patch's side.",
      },
      data: {
        kind: 'choice',
        default: 'babelcolor',
        choices: ['babelcolor', 'ohta'],
        help: "Whose measurement: BabelColor's average of 30 charts, or N. Ohta's.",
      },
    },
  },
  (canvas, { margin, gap, data }) => {
    const { width, height } = canvas;
    const free = 2 * margin * Math.min(width, height);
    // The frame is one gap wide, as are the gaps between patches.
    const side = Math.min(
      (width - free) / (COLUMNS + (COLUMNS + 1) * gap),
      (height - free) / (ROWS + (ROWS + 1) * gap),
    );
    if (side * gap < LEAST_GAP)
      throw new OpticsError(
        `${width} × ${height} samples leave ${(side * gap).toFixed(2)} between patches; at least ${LEAST_GAP} is needed: make the picture larger or the gap wider.`,
        { field: 'width' },
      );
    const pitch = side * (1 + gap);
    const chartWidth = COLUMNS * pitch + side * gap;
    const chartHeight = ROWS * pitch + side * gap;
    const left = (width - chartWidth) / 2;
    const top = (height - chartHeight) / 2;
    const surfaces = data === 'ohta' ? COLOR_CHECKER_OHTA_REFLECTANCES : COLOR_CHECKER_REFLECTANCES;
    const materials = [
      neutral(SURROUND_REFLECTANCE),
      neutral(FRAME_REFLECTANCE),
      ...surfaces.map(({ reflectance }) => reflectance),
    ];
    canvas.rectangle(left, top, left + chartWidth, top + chartHeight, 1);
    const patches = surfaces.map(({ name }, i): ChartPatch => {
      const x = left + side * gap + (i % COLUMNS) * pitch;
      const y = top + side * gap + Math.floor(i / COLUMNS) * pitch;
      canvas.rectangle(x, y, x + side, y + side, i + 2);
      return { name, material: i + 2, corners: canvas.corners(x, y, x + side, y + side) };
    });
    const inner = side * gap;
    const corners = canvas.corners(
      left + inner,
      top + inner,
      left + chartWidth - inner,
      top + chartHeight - inner,
    );
    return {
      scene: canvas.scene('ColorChecker', materials),
      landmarks: { kind: 'patches', patches, corners },
    };
  },
);
