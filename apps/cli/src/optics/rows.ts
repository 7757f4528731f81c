import type { Figures, Told } from './figures.js';
import { distance, fixed, fText, number } from './text.js';

/** A line of a report: a label and what it says. */
export interface Row {
  readonly label: string;
  readonly text: string;
}

/** Lines under a heading. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** What marks a figure that nobody published. */
export const MARK = '*';

/** A figure with its mark. */
export function marked<T>(figure: Told<T>, text: (value: T) => string = String): string {
  return `${text(figure.value)}${figure.assumed ? ` ${MARK}` : ''}`;
}

const CFA_WORDS: Readonly<Record<string, string>> = {
  'quad-rggb': 'quad Bayer',
  rggb: 'Bayer',
  mono: 'no colour filters',
};

function row(label: string, text: string | undefined): Row[] {
  return text === undefined ? [] : [{ label, text }];
}

function degrees(angle: number): string {
  return `${fixed(angle, 1)}°`;
}

/** Name of a reading at both conversion gains. */
export const BOTH_GAINS = 'both gains merged';

function sensorRows({ sensor }: Figures): Row[] {
  const { widthMm, heightMm, name, format, width, height, pitchUm, cfa, samples, bitDepth, readoutS } =
    sensor;
  const counts = width &&
    height && { value: [width.value, height.value], assumed: width.assumed || height.assumed };
  return [
    ...row('name', name && marked(name)),
    ...row('format', format && marked(format)),
    ...row('size', `${fixed(widthMm, 2)} × ${fixed(heightMm, 2)} mm`),
    ...row('diagonal', `${fixed(sensor.diagonalMm, 2)} mm`),
    ...row('crop factor', fixed(sensor.cropFactor, 2)),
    ...row('photosites', counts && marked(counts, (value) => value.join(' × '))),
    ...row('pitch', pitchUm && marked(pitchUm, (um) => `${number(um)} µm`)),
    ...row('filters', cfa && marked(cfa, (value) => CFA_WORDS[value] ?? value)),
    ...row(
      'picture',
      samples && `${fixed((samples.width * samples.height) / 1e6, 1)} MP of ${number(samples.pitchUm)} µm`,
    ),
    ...row('bits', bitDepth && marked(bitDepth)),
    ...row('read in', readoutS && marked(readoutS, (seconds) => `${number(seconds * 1000, 2)} ms`)),
  ];
}

function lensRows({ lens }: Figures): Row[] {
  if (lens === undefined) return [];
  const { fNumber, aperture, entrancePupilMm, stabilised } = lens;
  const iris = ({ open, closed, kind }: { open: number; closed: number; kind: string }): string =>
    kind === 'fixed' ? 'none' : `${fText(open)} ${kind === 'two' ? 'or' : 'to'} ${fText(closed)}`;
  return [
    ...row(
      'focal length',
      marked(lens.focalLengthMm, (mm) => `${number(mm)} mm`),
    ),
    ...row('f-number', fNumber === undefined ? undefined : fText(fNumber)),
    ...row('iris', aperture && marked(aperture, iris)),
    ...row('entrance pupil', entrancePupilMm === undefined ? undefined : `${number(entrancePupilMm)} mm`),
    ...row('stabilised', stabilised && marked(stabilised, (value) => (value ? 'yes' : 'no'))),
  ];
}

function equivalentRows({ lens }: Figures): Row[] {
  if (lens === undefined) return [];
  const { equivalentFocalLengthMm, equivalentFNumber } = lens;
  return [
    ...row('focal length', `${number(equivalentFocalLengthMm)} mm`),
    ...row('f-number', equivalentFNumber === undefined ? undefined : fText(equivalentFNumber)),
  ];
}

function viewRows({ lens }: Figures): Row[] {
  if (lens === undefined) return [];
  return [
    ...row('across', degrees(lens.horizontalDegrees)),
    ...row('up and down', degrees(lens.verticalDegrees)),
    ...row('diagonal', degrees(lens.diagonalDegrees)),
  ];
}

function depthRows({ depth, hyperfocalM }: Figures): Row[] {
  if (depth === undefined || hyperfocalM === undefined) return [];
  return [
    ...row('hyperfocal', distance(hyperfocalM)),
    ...depth.flatMap(({ distanceM, nearM, farM }) =>
      row(`at ${distance(distanceM)}`, `${distance(nearM)} to ${distance(farM)}`),
    ),
  ];
}

function blurRows({ blur = [] }: Figures): Row[] {
  return blur.flatMap(({ backgroundM, shareOfWidth }) =>
    row(`at ${distance(backgroundM)}`, `${number(shareOfWidth * 100, 2)} %`),
  );
}

function diffractionRows({ diffraction }: Figures): Row[] {
  if (diffraction === undefined) return [];
  const { airyDiscUm, cutoffPerMm, mtfAtNyquist, twoSampleFNumber } = diffraction;
  return [
    ...row('Airy disc', `${number(airyDiscUm)} µm`),
    ...row('cut-off', `${number(cutoffPerMm)} cycles/mm`),
    ...row(
      'finest lines',
      mtfAtNyquist === undefined ? undefined : `${number(mtfAtNyquist * 100, 2)} % contrast`,
    ),
    ...row('two pixels wide at', twoSampleFNumber === undefined ? undefined : fText(twoSampleFNumber)),
  ];
}

function lightRows({ light = [] }: Figures): Row[] {
  return light.flatMap(({ lux, snrCommonDb, iso }) =>
    row(`${number(lux)} lx`, `${fixed(snrCommonDb, 1)} (ISO ${number(iso)})`),
  );
}

function rangeRows({ dynamicRange = [], electricalAssumed = false }: Figures): Row[] {
  return dynamicRange.flatMap(({ fromIso, stops }, i) => {
    const label = i === 0 ? 'at base ISO' : fromIso === 0 ? BOTH_GAINS : 'at its high gain';
    return row(label, marked({ value: `${fixed(stops, 1)} stops`, assumed: electricalAssumed }));
  });
}

/** Titles of what a comparison and a report have in common. */
export function sectionsOf(figures: Figures): readonly Section[] {
  const subject = figures.blur?.[0]?.subjectM;
  return [
    { title: 'Sensor', rows: sensorRows(figures) },
    { title: 'Lens', rows: lensRows(figures) },
    { title: 'Like, on full frame', rows: equivalentRows(figures) },
    { title: 'Field of view', rows: viewRows(figures) },
    { title: 'Sharp', rows: depthRows(figures) },
    {
      title: `Blur of a point behind a subject at ${distance(subject ?? 0)}, share of the width`,
      rows: blurRows(figures),
    },
    { title: 'Diffraction', rows: diffractionRows(figures) },
    {
      title: 'Signal to noise of a grey card, dB, with the picture scaled to 8 MP',
      rows: lightRows(figures),
    },
    { title: 'Dynamic range of a pixel', rows: rangeRows(figures) },
  ].filter(({ rows }) => rows.length > 0);
}
