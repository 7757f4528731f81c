// The plots of docs/light.md, from the calculators of packages/optics.
import {
  blurDiscMm,
  circleOfConfusionMm,
  circularApertureMtf,
  cropFactor,
  depthOfField,
  electronsPerWhite,
  FULL_FRAME,
  findCamera,
  findIlluminant,
  sensorModelOf,
  sensorSizeMm,
  signalToNoise,
} from '../../packages/optics/dist/index.js';
import { linePlot, toScale } from './plot.mjs';

const GREY = 0.18;
const logRange = (least, most, count = 60) =>
  Array.from({ length: count + 1 }, (_, i) => least * (most / least) ** (i / count));
const ticks = (values, text = String) => values.map((value) => [value, text(value)]);

/** The three sensors of the comparisons, with the focal length that frames like `equivalentMm` on each. */
export const SENSORS = [
  ['1/2.5-inch', 'xiaomi-14-ultra/tele'],
  ['1-inch', 'xiaomi-14-ultra/main'],
  ['full frame', 'sony-ilce-7rm2/85mm'],
].map(([label, id]) => {
  const { sensor } = findCamera(id);
  const size = sensorSizeMm(sensor);
  return { label, model: sensorModelOf({ sensor }), ...size, crop: cropFactor(size.widthMm, size.heightMm) };
});

function sizes() {
  const items = [
    { label: 'full frame', ...FULL_FRAME },
    ...[
      ['1-inch type\nXiaomi 14 Ultra', 'xiaomi-14-ultra/main'],
      ['1/1.31-inch\nXiaomi 14', 'xiaomi-14/main'],
      ['1/2.5-inch\nXiaomi’s tele', 'xiaomi-14-ultra/tele'],
    ].map(([label, id]) => ({ label, ...sensorSizeMm(findCamera(id).sensor) })),
  ].map((item) => ({ ...item, note: `${item.widthMm.toFixed(1)} × ${item.heightMm.toFixed(1)} mm` }));
  return toScale({ title: 'Sensors, to scale', items });
}

function backgroundBlur() {
  const focus = { distanceM: 1.2 };
  const lens = (label, widthMm, focalLengthMm, fNumber, dashed) => ({
    label,
    dashed,
    points: logRange(1.2, 100).map((distance) => [
      distance,
      (100 * blurDiscMm({ ...focus, focalLengthMm, fNumber }, distance)) / widthMm,
    ]),
  });
  const concept = findCamera('xiaomi-12s-ultra-concept/m-mount');
  return linePlot({
    title: 'How wide a lamp behind a sitter at 1.2 m is drawn',
    x: {
      label: 'distance of the lamp, m',
      log: true,
      range: [1.2, 100],
      ticks: ticks([1.2, 2, 3, 5, 10, 20, 50, 100]),
    },
    y: { label: '% of the picture’s width', range: [0, 8], ticks: ticks([0, 2, 4, 6, 8]) },
    series: [
      ...SENSORS.map(({ label, widthMm, crop }) =>
        lens(`${label}, like 75 mm, f/1.8`, widthMm, 75 / crop, 1.8),
      ),
      lens('35 mm f/1.4 on the Concept (like 92 mm)', sensorSizeMm(concept.sensor).widthMm, 35, 1.4, true),
    ],
  });
}

function iris() {
  const { lens, sensor } = findCamera('xiaomi-14-ultra/main');
  const { widthMm, heightMm } = sensorSizeMm(sensor);
  const circle = circleOfConfusionMm(widthMm, heightMm);
  const focalLengthMm = lens.focalLengthMm.value;
  return linePlot({
    title: 'Xiaomi 14 Ultra, main camera: how deep the sharp zone is',
    x: { label: 'f-number', log: true, range: [1.63, 4], ticks: ticks([1.63, 2, 2.4, 2.8, 3.4, 4]) },
    y: {
      label: 'depth of field',
      log: true,
      range: [0.008, 8],
      ticks: ticks([0.01, 0.03, 0.1, 0.3, 1, 3], (v) => (v < 1 ? `${v * 100} cm` : `${v} m`)),
    },
    series: [0.2, 0.5, 1, 1.5].map((distanceM) => ({
      label: `focus at ${distanceM} m`,
      points: logRange(1.63, 4).map((fNumber) => {
        const { nearM, farM } = depthOfField({ focalLengthMm, fNumber, distanceM }, circle);
        return [fNumber, farM - nearM];
      }),
    })),
  });
}

/** Signal to noise of a grey card in a picture of eight megapixels, dB. */
export function greySnr({ model }, illuminanceLux, { exposureTimeS = 1 / 30, fNumber = 1.8 } = {}) {
  const [, electrons] = electronsPerWhite({
    sensor: model,
    illuminant: findIlluminant('D65').spectrum,
    illuminanceLux,
    exposureTimeS,
    workingFNumber: fNumber,
    transmission: 0.9,
  });
  // Read noise of the gain that suits the light: the high one where there is one.
  const { readNoiseE } = model.gains.at(-1);
  const ratio = signalToNoise({ signalE: electrons * GREY, readNoiseE });
  return 20 * Math.log10(ratio * Math.sqrt((model.width * model.height) / 8e6));
}

function light() {
  return linePlot({
    title: 'A grey card at f/1.8 and 1/30 s, as a picture of 8 megapixels',
    x: {
      label: 'light on the scene, lux',
      log: true,
      range: [0.1, 1000],
      ticks: [
        [0.1, '0.1 full moon'],
        [1, '1'],
        [10, '10 lit street'],
        [100, '100 living room'],
        [1000, '1000'],
      ],
    },
    y: { label: 'signal to noise, dB', range: [0, 50], ticks: ticks([0, 10, 20, 30, 40, 50]) },
    series: SENSORS.map((sensor) => ({
      label: sensor.label,
      points: logRange(0.1, 1000).map((lux) => [lux, greySnr(sensor, lux)]),
    })),
  });
}

function diffraction() {
  return linePlot({
    title: 'Stopping down: contrast of the finest lines of a 12-megapixel sensor',
    x: { label: 'f-number', log: true, range: [1.4, 22], ticks: ticks([1.4, 2, 2.8, 4, 5.6, 8, 11, 16, 22]) },
    y: { label: 'contrast, %', range: [0, 100], ticks: ticks([0, 20, 40, 60, 80, 100]) },
    series: SENSORS.map(({ label, widthMm }) => {
      // Twelve megapixels at 4:3 are 4000 across.
      const pitchMm = widthMm / 4000;
      return {
        label: `${label}`,
        points: logRange(1.4, 22).map((fNumber) => [
          fNumber,
          100 * circularApertureMtf(1 / (2 * pitchMm), fNumber),
        ]),
      };
    }),
  });
}

/** File names and their SVG. */
export function plots() {
  return new Map([
    ['sizes.svg', sizes()],
    ['background-blur.svg', backgroundBlur()],
    ['iris.svg', iris()],
    ['light.svg', light()],
    ['diffraction.svg', diffraction()],
  ]);
}
