import { CAMERAS, OpticsError } from '@photosite/optics';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../errors.js';
import { describeMany, describeOne, describePresets } from './describe.js';
import { type Figures, figuresOf } from './figures.js';
import { type OpticsFlags, type Setup, setupsOf, situationOf } from './setup.js';
import { describeSources, sourcesOf } from './sources.js';

const EXAMPLES = `
Examples:
  photosite optics                                        the camera presets
  photosite optics xiaomi-14-ultra/main                   everything about one
  photosite optics xiaomi-14-ultra/main --f 4 --lux 5     stopped down, in a lit street
  photosite optics xiaomi-14-ultra                        its four cameras side by side
  photosite optics --compare xiaomi-14-ultra/tele,sony-ilce-7rm2/85mm --distance 1.5
  photosite optics --format 1-inch --focal 35 --f 1.4     a lens on a sensor
  photosite optics --sensor 36x24 --focal 50 --f 2 --distance 2 --background 5 --pitch 4.5
  photosite optics xiaomi-14-ultra/main --json | jq .lens.equivalentFNumber
`;

function aNumber(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number.');
}

function metres(text: string): number {
  return /^(inf|infinity|∞)$/i.test(text.trim()) ? Number.POSITIVE_INFINITY : aNumber(text);
}

/** f-numbers are also written f/1.8, times 1/60. */
function fNumber(text: string): number {
  return aNumber(text.replace(/^f\/?/i, ''));
}

function seconds(text: string): number {
  const [, over, under] = /^\s*([\d.]+)\s*\/\s*([\d.]+)\s*$/.exec(text) ?? [];
  return under === undefined ? aNumber(text) : aNumber(over!) / aNumber(under);
}

/** Gives `photosite optics` its arguments and flags. */
export function configureOptics(command: Command): void {
  command
    .argument('[CAMERA]', 'a camera preset: xiaomi-14-ultra/main, or xiaomi-14-ultra for all of its cameras')
    .usage('[CAMERA] [options]')
    .optionsGroup('Which:')
    .option('--compare <CAMERA,...>', 'presets side by side')
    .option('--format <name>', 'a sensor of your own by its format: 1-inch, 1/2.5, aps-c, full-frame, mft')
    .option('--sensor <WxH>', 'a sensor of your own by width and height in mm: 13.1x9.8')
    .option('--focal <mm>', 'focal length of the lens (real, not equivalent)', aNumber)
    .option('--f <n>', 'f-number (default of a preset: wide open)', fNumber)
    .optionsGroup('Where:')
    .option('--distance <m>', 'distance of the subject, in focus', aNumber)
    .option('--background <m>', 'distance of the background, or infinity', metres)
    .option('--circle <mm>', 'blur disc that counts as sharp (default: diagonal / 1500)', aNumber)
    .optionsGroup('Light:')
    .option('--lux <lx>', 'light that falls on the scene', aNumber)
    .option('--time <s>', 'exposure time, such as 1/60 (default: 1/60 or what is metered)', seconds)
    .option('--iso <n>', 'ISO (default: what an incident-light meter says)', aNumber)
    .option('--light <name>', 'kind of light: D65, A, FL11, LED-B3, 3200K, D5600 (default: D65)')
    .optionsGroup('Photosites of a sensor of your own:')
    .option('--pitch <um>', 'distance of two photosites in µm', aNumber)
    .option('--full-well <e>', 'electrons that fill one at ISO 100', aNumber)
    .option('--read-noise <e>', 'noise of reading one, electrons rms', aNumber)
    .option('--bits <n>', 'bits of the converter', aNumber)
    .option('--qe <share>', 'quantum efficiency at its peak, 0 to 1', aNumber)
    .optionsGroup('Output:')
    .option('--sources', 'where every figure comes from')
    .option('--json', 'as JSON; infinity is null')
    .option('--debug', 'show where in the program an error came from')
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', EXAMPLES)
    .action(optics);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function asJson(setups: readonly Setup[], figures: readonly Figures[], sources: boolean): string {
  const all = figures.map((each, i) => (sources ? { ...each, sources: sourcesOf(setups[i]!) } : each));
  // One camera is one object; many are a list.
  return json(all.length === 1 ? all[0] : all);
}

function optics(camera: string | undefined, flags: OpticsFlags): void {
  const { json: wantsJson = false, sources = false } = flags;
  try {
    const setups = setupsOf(camera, flags);
    const situation = situationOf(flags);
    const figures = setups.map((setup) => figuresOf(setup, situation));
    const [first] = figures;
    if (first === undefined) process.stdout.write(wantsJson ? json(CAMERAS) : describePresets());
    else if (wantsJson) process.stdout.write(asJson(setups, figures, sources));
    else if (sources) process.stdout.write(setups.map(describeSources).join('\n'));
    else process.stdout.write(figures.length === 1 ? describeOne(first) : describeMany(figures));
  } catch (error) {
    // Whatever is unphysical here was typed.
    throw error instanceof OpticsError ? new UsageError(error.message, { cause: error }) : error;
  }
}
