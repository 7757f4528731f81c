import { nearNames } from '../../nearNames.js';
import { OpticsError } from '../../OpticsError.js';
import type { Chart, ChartSize } from './Chart.js';
import { colorChecker } from './colorChecker.js';
import { deadLeaves } from './deadLeaves.js';
import type { ChartInput, ChartSpec } from './defineChart.js';
import { flatField, greyScale } from './greyScale.js';
import { lineGrid } from './lineGrid.js';
import { pointLights } from './pointLights.js';
import { siemensStar } from './siemensStar.js';
import { slantedEdge, slantedSquares } from './slantedEdge.js';

export type {
  Chart,
  ChartEdge,
  ChartPatch,
  ChartSize,
  Landmarks,
  Place,
} from './Chart.js';
export { MAX_CHART_SIDE } from './Chart.js';
export type { ChartInput, ChartParameter, ChartParameters, ChartSpec } from './defineChart.js';
export {
  colorChecker,
  deadLeaves,
  flatField,
  greyScale,
  lineGrid,
  pointLights,
  siemensStar,
  slantedEdge,
  slantedSquares,
};

const DRAWINGS = [
  colorChecker,
  slantedEdge,
  slantedSquares,
  siemensStar,
  deadLeaves,
  greyScale,
  pointLights,
  flatField,
  lineGrid,
];

/** Every chart with its parameters, as data. */
export const CHARTS: readonly ChartSpec[] = DRAWINGS.map(({ spec }) => spec);

/**
 * A chart by its name in {@link CHARTS}.
 * @param options size and parameters, numbers as numbers or text; what is left out takes its default
 * @throws {OpticsError} for an unknown chart or parameter, with near names, and for values out of range
 */
export function drawChart(name: string, options: ChartSize & Readonly<Record<string, ChartInput>>): Chart {
  const drawing = DRAWINGS.find(({ spec }) => spec.name === name);
  if (drawing === undefined)
    throw new OpticsError(
      `there is no chart ${JSON.stringify(name)}; near are ${nearNames(
        name,
        CHARTS.map((chart) => chart.name),
      ).join(', ')}.`,
      { field: 'chart' },
    );
  // Each drawing checks its own parameters, whatever their type here.
  return (drawing as (given: ChartSize & Readonly<Record<string, ChartInput>>) => Chart)(options);
}
