import { CAMERAS, GREY_CARD } from '@photosite/optics';
import type { Figures } from './figures.js';
import { BOTH_GAINS, MARK, type Section, sectionsOf } from './rows.js';
import { columns, distance, fixed, fText, number, time } from './text.js';

const LABEL_WIDTH = 20;
/** Setups side by side; more go below. */
const SIDE_BY_SIDE = 4;
const FOOTNOTE = `${MARK} unpublished, assumed; --sources says how and who published the rest.\n`;

/** What people know of such light. */
const SCENES: readonly (readonly [fromLux: number, words: string])[] = [
  [25_000, 'sunlight'],
  [2500, 'cloudy day, shade'],
  [250, 'office, shop window'],
  [25, 'living room in the evening'],
  [2.5, 'lit street, candles'],
  [0.25, 'unlit street'],
  [0, 'moonlight and less'],
];

function section({ title, rows }: Section): string {
  return `${title}\n${rows.map(({ label, text }) => `  ${label.padEnd(LABEL_WIDTH)}${text}\n`).join('')}`;
}

function depthTable({ depth, hyperfocalM, sensor, lens }: Figures): string {
  if (depth === undefined || hyperfocalM === undefined) return '';
  const rows = depth.map(({ distanceM, nearM, farM, depthM }) =>
    [distanceM, nearM, farM, depthM].map((metres) => distance(metres)),
  );
  return (
    `Depth of field at ${fText(lens!.fNumber!)}, for a circle of ${number(sensor.circleOfConfusionMm * 1000)} µm\n` +
    columns([['focus', 'from', 'to', 'depth'], ...rows], 2, []) +
    `  hyperfocal distance ${distance(hyperfocalM)}\n`
  );
}

function blurTable({ blur, lens }: Figures): string {
  const [first] = blur ?? [];
  if (blur === undefined || first === undefined) return '';
  const rows = blur.map(({ backgroundM, discMm, shareOfWidth }) => [
    distance(backgroundM),
    `${number(discMm * 1000)} µm`,
    `${number(shareOfWidth * 100, 2)} %`,
  ]);
  return (
    `Blur at ${fText(lens!.fNumber!)} with the focus at ${distance(first.subjectM)}: a point becomes a disc\n` +
    columns([['point at', 'disc', 'of the picture’s width'], ...rows], 2, [])
  );
}

function lightTable({ light, lightName, lens }: Figures): string {
  if (light === undefined) return '';
  const rows = light.map(({ lux, exposureTimeS, iso, greyElectrons, snrDb, snrCommonDb }) => [
    number(lux),
    SCENES.find(([from]) => lux >= from)![1],
    time(exposureTimeS),
    number(iso),
    number(greyElectrons),
    fixed(snrDb, 1),
    fixed(snrCommonDb, 1),
  ]);
  return (
    `Light: an ${GREY_CARD * 100} % grey card under ${lightName} at ${fText(lens!.fNumber!)} ${MARK}\n` +
    columns([['lux', 'such as', 'time', 'ISO', 'electrons', 'SNR dB', 'at 8 MP'], ...rows], 2, [1])
  );
}

function rangeTable({ dynamicRange, electricalAssumed }: Figures): string {
  if (dynamicRange === undefined) return '';
  const rows = dynamicRange.map((range) => [
    range.fromIso === 0 ? BOTH_GAINS : `from ISO ${number(range.fromIso)}`,
    number(range.fullWellE),
    number(range.floorE),
    fixed(range.stops, 1),
    fixed(range.decibels, 0),
  ]);
  return (
    `Dynamic range of a pixel${electricalAssumed ? ` ${MARK}` : ''}\n` +
    columns([['', 'full, e', 'noise, e', 'stops', 'dB'], ...rows])
  );
}

/** Sections that a report shows as tables instead. */
const AS_TABLES = /^(Sharp|Blur|Signal|Dynamic)/;

function tubeNote({ sensor }: Figures): string {
  return sensor.format?.value.includes('"')
    ? '  The inch is that of an old camera tube: no side of the sensor is as long.\n'
    : '';
}

/** Everything about one setup. */
export function describeOne(figures: Figures): string {
  const { title, id } = figures;
  const blocks = sectionsOf(figures)
    .filter((each) => !AS_TABLES.test(each.title))
    .map((each) => section(each) + (each.title === 'Sensor' ? tubeNote(figures) : ''));
  const tables = [depthTable, blurTable, lightTable, rangeTable].map((table) => table(figures));
  const text = [`${title}${id === undefined ? '' : `  (${id})`}\n`, ...blocks, ...tables]
    .filter((block) => block !== '')
    .join('\n');
  return text.includes(` ${MARK}`) ? `${text}\n${FOOTNOTE}` : text;
}

/** Cut where a cell would be longer than its column. */
function cell(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

function sideBySide(all: readonly Figures[]): string {
  const width = all.length > 3 ? 18 : 25;
  const sections = all.map(sectionsOf);
  const titles = [...new Set(sections.flatMap((each) => each.map(({ title }) => title)))];
  const line = (label: string, cells: readonly string[]): string =>
    `${cell(label, LABEL_WIDTH + 2)}${cells.map((text) => cell(text, width)).join(' ')}`.trimEnd();
  const lines = [
    line(
      '',
      all.map(({ id, title }) => id?.split('/')[0] ?? title),
    ),
    line(
      '',
      all.map(({ id }) => (id === undefined ? '' : `/${id.split('/')[1]}`)),
    ),
  ];
  for (const title of titles) {
    lines.push('', title);
    const rows = sections.map((each) => each.find((other) => other.title === title)?.rows ?? []);
    for (const label of new Set(rows.flatMap((each) => each.map((row) => row.label))))
      lines.push(
        line(
          `  ${label}`,
          rows.map((each) => each.find((row) => row.label === label)?.text ?? '–'),
        ),
      );
  }
  return `${lines.join('\n')}\n`;
}

/** Several setups in columns. */
export function describeMany(all: readonly Figures[]): string {
  const groups = Array.from({ length: Math.ceil(all.length / SIDE_BY_SIDE) }, (_, i) =>
    sideBySide(all.slice(i * SIDE_BY_SIDE, (i + 1) * SIDE_BY_SIDE)),
  );
  return `${groups.join('\n')}\n${FOOTNOTE}`;
}

/** The presets, a line each. */
export function describePresets(): string {
  const rows = CAMERAS.map(({ id, lens, sensor, purpose }) => {
    const { open, closed } = lens.aperture.value;
    return [
      id,
      `${number(lens.equivalentFocalLengthMm.value, 2)} mm`,
      open === closed ? fText(open) : `${fText(open)}-${number(closed)}`,
      sensor.format.value,
      purpose,
    ];
  });
  return (
    columns([['camera', 'like', 'f-number', 'format', ''], ...rows], 0, [0, 2, 3, 4]) +
    '\nphotosite optics xiaomi-14-ultra/main      everything about one\n' +
    'photosite optics xiaomi-14-ultra           its cameras side by side\n' +
    'photosite optics --help                    your own numbers, comparisons\n'
  );
}
