import { halfPlaneCoverage } from '../coverage.js';
import { neutral } from './Chart.js';
import { defineChart } from './defineChart.js';

/** Nearer to the centre than this many samples the phase bends within a sample: it is averaged over finer ones. */
const FINE_RADIUS = 24;
/** Finer samples across one sample there. */
const FINE = 8;

/** sin(x)/x. */
function sinc(x: number): number {
  return Math.abs(x) < 1e-6 ? 1 : Math.sin(x) / x;
}

/**
 * Mean of the cosine of `cycles` times the angle over a square: the phase is taken for linear within it, which the finer
 * squares near the centre make true to 1e-4.
 */
function meanCosine(cycles: number, x: number, y: number, side: number): number {
  const square = x * x + y * y;
  if (square === 0) return 0;
  const phase = cycles * Math.atan2(y, x);
  const perX = (-cycles * y) / square;
  const perY = (cycles * x) / square;
  return Math.cos(phase) * sinc((perX * side) / 2) * sinc((perY * side) / 2);
}

/**
 * A Siemens star over the whole picture: the light share is (1 + cos(cycles · angle)) / 2, or 1 where that is above a half.
 * Spokes fan out to the picture's borders; angles grow clockwise from the right.
 */
export const siemensStar = defineChart(
  {
    name: 'siemens-star',
    title: 'Siemens star',
    help: 'Spokes about the centre: every spatial frequency in every direction (ISO 12233:2017, annex E).',
    parameters: {
      cycles: {
        kind: 'number',
        whole: true,
        default: 72,
        least: 4,
        most: 360,
        help: 'Periods around the circle; ISO 12233:2017 has 144.',
      },
      profile: {
        kind: 'choice',
        default: 'sinusoidal',
        choices: ['sinusoidal', 'binary'],
        help: 'Smooth spokes or hard ones.',
      },
      contrast: {
        kind: 'number',
        default: 20,
        least: 1.001,
        most: 10000,
        help: 'Reflectance of the lightest over that of the darkest.',
      },
      light: { kind: 'number', default: 0.8, least: 1e-6, most: 1000, help: 'Reflectance of the lightest.' },
    },
  },
  (canvas, { cycles, profile, contrast, light }) => {
    const { width, height } = canvas;
    const share =
      profile === 'binary'
        ? (x: number, y: number) => binaryShare(cycles, x, y)
        : (x: number, y: number) => sinusoidalShare(cycles, x, y);
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) canvas.cover(x, y, 1, share(x - width / 2, y - height / 2));
    return {
      scene: canvas.scene('Siemens star', [neutral(light / contrast), neutral(light)]),
      landmarks: { kind: 'star', centre: [0.5, 0.5], cycles },
    };
  },
);

/** Mean light share of the sinusoidal star over the unit square with its corner at (x, y) from the centre. */
function sinusoidalShare(cycles: number, x: number, y: number): number {
  if (Math.hypot(x + 0.5, y + 0.5) > FINE_RADIUS) return 0.5 + meanCosine(cycles, x + 0.5, y + 0.5, 1) / 2;
  let sum = 0;
  for (let j = 0; j < FINE; j++)
    for (let i = 0; i < FINE; i++)
      sum += meanCosine(cycles, x + (i + 0.5) / FINE, y + (j + 0.5) / FINE, 1 / FINE);
  return 0.5 + sum / (2 * FINE * FINE);
}

/**
 * Mean light share of the binary star over the same square, exact: the area between two rays from the centre is the
 * difference of the areas on one side of each, and light and dark take turns from ray to ray.
 */
function binaryShare(cycles: number, x: number, y: number): number {
  const [middleX, middleY] = [x + 0.5, y + 0.5];
  // The star is unchanged by half a turn (even cycles) or inverted (odd): a square about the centre is half light.
  if (x <= 0 && x >= -1 && y <= 0 && y >= -1) return 0.5;
  const middle = Math.atan2(middleY, middleX);
  const corners = [
    [x, y],
    [x + 1, y],
    [x, y + 1],
    [x + 1, y + 1],
  ] as const;
  const angles = corners.map(([cx, cy]) => {
    const angle = Math.atan2(cy, cx) - middle;
    return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
  });
  // Ray k at (k + ½) π / cycles turns light (even k: it ends, odd k: it begins).
  const perRay = Math.PI / cycles;
  const firstRay = Math.ceil((middle + Math.min(...angles)) / perRay - 0.5);
  const lastRay = Math.floor((middle + Math.max(...angles)) / perRay - 0.5);
  const odd = (k: number): boolean => (k & 1) !== 0;
  // Before the first ray all is light or dark; each ray's far side then changes it.
  let share = odd(firstRay) ? 0 : 1;
  for (let k = firstRay; k <= lastRay; k++) {
    const angle = (k + 0.5) * perRay;
    const beyond = halfPlaneCoverage(
      { normalX: Math.sin(angle), normalY: -Math.cos(angle), offset: 0 },
      x,
      y,
    );
    share += odd(k) ? beyond : -beyond;
  }
  return Math.min(Math.max(share, 0), 1);
}
