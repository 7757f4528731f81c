// The tables of docs/light.md.
import {
  circleOfConfusionMm,
  depthOfField,
  findCamera,
  sensorSizeMm,
} from '../../packages/optics/dist/index.js';
import { greySnr, SENSORS } from './plots.mjs';

const metres = (value) => {
  if (value === Infinity) return '∞';
  return value < 1 ? `${Number((value * 100).toPrecision(3))} cm` : `${Number(value.toPrecision(3))} m`;
};

function iris() {
  const { lens, sensor } = findCamera('xiaomi-14-ultra/main');
  const { widthMm, heightMm } = sensorSizeMm(sensor);
  const circle = circleOfConfusionMm(widthMm, heightMm);
  const zone = (fNumber, distanceM) => {
    const { nearM, farM } = depthOfField(
      { focalLengthMm: lens.focalLengthMm.value, fNumber, distanceM },
      circle,
    );
    return `${metres(nearM)} to ${metres(farM)}`;
  };
  const rows = [0.2, 0.5, 1, 2, 5].map(
    (distance) => `| ${metres(distance)} | ${zone(1.63, distance)} | ${zone(4, distance)} |`,
  );
  return ['| focus at | sharp at f/1.63 | sharp at f/4 |', '|---|---|---|', ...rows];
}

function light() {
  const rows = [
    [0.2, 'full moon'],
    [6, 'this street'],
    [60, 'living room in the evening'],
    [600, 'office'],
  ].map(([lux, where]) => {
    const ratios = SENSORS.map((sensor) => `${greySnr(sensor, lux).toFixed(0)} dB`);
    return `| ${lux} lux, ${where} | ${ratios.join(' | ')} |`;
  });
  const names = SENSORS.map(({ label }) => label).join(' | ');
  return [`| a grey card at f/1.8, 1/30 s | ${names} |`, '|---|---|---|---|', ...rows];
}

/** Rows by the name of their marks. */
export function tables() {
  return new Map([
    ['iris', iris()],
    ['light', light()],
  ]);
}
