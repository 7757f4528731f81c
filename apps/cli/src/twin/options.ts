import type { MovingObject } from '@photosite/optics';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { MOVING_HELP, parseMoving } from './moving.js';

/** Which frames get their truth written. */
export type TruthChoice = 'all' | 'reference' | 'none';

/** The flags of `photosite twin` as they were typed, checked one by one. */
export interface TwinFlags {
  readonly output?: string;
  readonly list?: boolean;
  readonly depth?: string;
  readonly white?: number | 'auto';
  readonly camera: string;
  readonly lens?: string;
  readonly f?: number;
  readonly focus?: number;
  readonly size?: { readonly width: number; readonly height: number };
  readonly binning: boolean;
  readonly lux?: number;
  readonly illuminant: string;
  readonly time?: number;
  readonly iso?: number;
  readonly frames?: number;
  readonly fps: number;
  readonly bracket?: readonly number[];
  readonly hand?: number;
  readonly tripod?: boolean;
  readonly moving?: readonly MovingObject[];
  readonly flicker?: readonly [frequencyHz: number, depth: number];
  readonly flare?: number;
  readonly temperature: number;
  readonly seed: number;
  readonly truth: TruthChoice;
  readonly threads?: number;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

const DEFAULT_CAMERA = 'xiaomi-14-ultra/main';
const MAX_FRAMES = 1000;
const MAX_THREADS = 64;
const MIN_SIDE = 64;
const MAX_SIDE = 32768;
const MAX_EV = 10;
/** Seeds are keys of 32 bits. */
const MAX_SEED = 2 ** 32 - 1;
/** Modulation of lamps on the mains: incandescent lamps have less, discharge lamps and poor LEDs more. */
const DEFAULT_FLICKER_DEPTH = 0.4;
const DEFAULT_FLARE = 0.02;

const EXAMPLES = `
Examples:
  photosite twin --list
  photosite twin chart:color-checker -o chart/ --size 2048x1536 --lux 1000
  photosite twin chart:slanted-edge:contrast=4 -o edge/ --lens double-gauss-50-f2 --camera sony-ilce-7rm2/35mm
  photosite twin photo.exr -o night/ --camera xiaomi-14-ultra/main --lux 3 --frames 8
  photosite twin scene:night-street -o bracket/ --bracket "-2,0,2" --tripod --illuminant HP1
  photosite twin photo.jpg -o moving/ --frames 4 --moving disc:x=0.2,vx=0.5 --flicker 100 --truth reference
  photosite develop night/frame-0001.dng -o night.jpg

What is written:
  frame-0001.dng ...                the raw files
  truth/frame-0001.noise-free.dng   the same without noise, to be developed as any raw file (black 1024, white 65535)
  truth/frame-0001.exr              linear camera RGB (R, G, B), motion to the first frame in pixels (motion.x,
                                    motion.y), distance in metres (Z), and what moved (moved: 1 a moving thing,
                                    2 not seen in the first frame)
  twin.json                         how it was made: the same command makes the same bytes, with any number of threads

A value of the scene that is negative or no finite number is taken as 0, and said so.
`;

function number(least: number, most: number, unit = ''): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a number from ${least} to ${most}${unit && ` ${unit}`}.`);
  };
}

function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** `1/30`, `0.03` or `2`. */
function exposureTime(text: string): number {
  const [, above, below] = /^\s*([\d.]+)\s*\/\s*([\d.]+)\s*$/.exec(text) ?? [];
  const value = above === undefined ? Number(text || Number.NaN) : Number(above) / Number(below);
  if (value >= 1e-6 && value <= 3600) return value;
  throw new InvalidArgumentError('It must be a time from 0.000001 to 3600 seconds, such as 1/30 or 0.5.');
}

function focusDistance(text: string): number {
  if (/^(inf|infinity)$/i.test(text)) return Infinity;
  return number(0.01, 1e6, 'metres, or infinity')(text);
}

function frameSize(text: string): { width: number; height: number } {
  const [, width, height] = (/^(\d+)\s*[x×]\s*(\d+)$/i.exec(text.trim()) ?? []).map(Number);
  if (width !== undefined && height !== undefined) {
    const sound = (side: number): boolean => side % 2 === 0 && side >= MIN_SIDE && side <= MAX_SIDE;
    if (sound(width) && sound(height)) return { width, height };
  }
  throw new InvalidArgumentError(
    `It must be two even numbers from ${MIN_SIDE} to ${MAX_SIDE}, such as 1024x768.`,
  );
}

function bracketSteps(text: string): number[] {
  const steps = text.split(',').map((step) => (step.trim() === '' ? Number.NaN : Number(step)));
  if (steps.every((step) => Math.abs(step) <= MAX_EV)) return steps;
  throw new InvalidArgumentError(`It must be steps from -${MAX_EV} to ${MAX_EV} EV, such as "-2,0,2".`);
}

function flicker(text: string): [number, number] {
  const [frequency = '', depth = String(DEFAULT_FLICKER_DEPTH), ...rest] = text.split(',');
  if (rest.length > 0) throw new InvalidArgumentError('It must be a frequency, or a frequency and a depth.');
  return [number(0.1, 1e5, 'Hz')(frequency), number(0, 1)(depth)];
}

function whiteValue(text: string): number | 'auto' {
  return text === 'auto' ? 'auto' : number(1e-9, 1e9)(text);
}

/** Gives `photosite twin` its arguments and flags. */
export function addTwinOptions(command: Command): Command {
  const option = (flags: string, help: string, parse: (text: string) => unknown): Option =>
    new Option(flags, help).argParser(parse);
  return (
    command
      .argument(
        '[SCENE]',
        'an OpenEXR file (linear light), a PNG, JPEG or TIFF, chart:NAME or chart:NAME:key=value,..., scene:NAME',
      )
      .usage('SCENE -o FOLDER [options]')
      .optionsGroup('What and where to:')
      .option('-o, --output <FOLDER>', 'the folder to write the burst into')
      .option('--list', 'show the cameras, lenses, charts, scenes and lights that there are')
      .addOption(
        option(
          '--white <value>',
          'value of the file that a white wall has under --lux (default: auto for OpenEXR, which makes the geometric mean ' +
            '18 % of white; else 1)',
          whiteValue,
        ),
      )
      .option('--depth <FILE.exr>', 'distances of the scene in metres, channel Z, for blur and parallax')
      .addOption(
        new Option(
          '--truth <all|reference|none>',
          'whose truth to write: all frames (default), the first one, none',
        )
          .choices(['all', 'reference', 'none'])
          .default('all'),
      )
      .option('--force', 'replace a burst that is in FOLDER')
      .optionsGroup('Camera:')
      .option('--camera <id>', `a camera of --list (default ${DEFAULT_CAMERA})`, DEFAULT_CAMERA)
      .option(
        '--lens <id|FILE>',
        "a lens of --list or a lens file (of a database FILE.json#ID), scaled to the camera's focal length (default: a perfect lens " +
          "of the camera's figures)",
      )
      .addOption(option('--f <number>', "f-number (default: the camera's, wide open)", number(0.5, 64)))
      .addOption(
        option(
          '--focus <m>',
          'distance of focus in metres, or infinity (default: the middle of the scene)',
          focusDistance,
        ),
      )
      .addOption(
        option(
          '--size <WxH>',
          'pixels of the frames: the middle of the sensor, with the whole scene on it (default: all of the sensor)',
          frameSize,
        ),
      )
      .option('--no-binning', 'read every photosite of a quad-Bayer sensor by itself')
      .addOption(
        option('--temperature <C>', 'of the sensor, in °C (default 25)', number(-40, 100, '°C')).default(25),
      )
      .optionsGroup('Light and exposure:')
      .addOption(
        option(
          '--lux <lx>',
          'light on the scene in lux (default: that of the scene, else 500)',
          number(1e-4, 1e6),
        ),
      )
      .option(
        '--illuminant <name>',
        'colour of the light: a name of --list, 3200K or D5600 (default D65)',
        'D65',
      )
      .addOption(
        option('--time <s>', 'exposure time in seconds, e.g. 1/30 (default: by the light)', exposureTime),
      )
      .addOption(option('--iso <n>', 'sensitivity (default: by the light)', number(1, 1e6)))
      .addOption(
        option(
          '--flicker <Hz[,depth]>',
          `lamps that flicker, twice the mains' frequency; depth 0 to 1 (default ${DEFAULT_FLICKER_DEPTH})`,
          flicker,
        ),
      )
      .addOption(
        new Option(
          '--flare [share]',
          `light that strays in the lens, a share of all (default ${DEFAULT_FLARE})`,
        )
          .argParser(number(0, 0.5))
          .preset(String(DEFAULT_FLARE)),
      )
      .optionsGroup('Burst:')
      .addOption(
        option(
          '--frames <n>',
          'how many (default 1; with --bracket one for each step)',
          wholeNumber(1, MAX_FRAMES),
        ),
      )
      .addOption(
        option(
          '--fps <n>',
          'frames per second, as far as the exposure allows (default 10)',
          number(0.001, 1000),
        ).default(10),
      )
      .addOption(
        option('--bracket <steps>', 'exposure steps in EV, frame by frame, e.g. "-2,0,2"', bracketSteps),
      )
      .addOption(
        option(
          '--hand <strength>',
          'how a hand shakes: 1 as usual (default), 2 twice as much',
          number(0, 20),
        ),
      )
      .option('--tripod', 'no hand: the camera stands still')
      .addOption(
        new Option('--moving <thing>', MOVING_HELP).argParser(
          (text: string, before: readonly MovingObject[] | undefined) => [
            ...(before ?? []),
            parseMoving(text),
          ],
        ),
      )
      .addOption(
        option(
          '--seed <n>',
          'another number, other noise and other hands (default 1)',
          wholeNumber(0, MAX_SEED),
        ).default(1),
      )
      .optionsGroup('Running:')
      .option('--json', 'print a report as JSON')
      .option('--quiet', 'no progress bar, no notes')
      .addOption(
        option(
          '--threads <n>',
          'threads to work on, a frame each (default: as many as the machine runs at once)',
          wholeNumber(1, MAX_THREADS),
        ),
      )
      .option('--debug', 'show where in the program an error came from')
      .helpOption('-h, --help', 'show this help')
      // Choices and defaults stand in the descriptions already.
      .configureHelp({ optionDescription: ({ description }) => description })
      .addHelpText('after', EXAMPLES)
  );
}
