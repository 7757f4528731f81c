import type { Point, Rectangle } from '@photosite/measure';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../errors.js';
import { type ColorsFlags, measureColors } from './colors.js';
import { type CompareFlags, comparePictures } from './compare.js';
import { measureNoise, type NoiseFlags } from './noise.js';
import { measureSharpness, type SharpnessFlags } from './sharpness.js';
import { measureTexture, type TextureFlags } from './texture.js';

const EXAMPLES = `
Examples:
  photosite measure colors chart.jpg                        finds the ColorChecker by itself
  photosite measure sharpness edges.png --region 200,100,80,120
  photosite measure noise flat-*.tif
  photosite measure texture leaves.png photo-of-leaves.tif
  photosite measure compare truth.png result.png
  photosite measure colors --help                           what a kind can do

Pictures are JPEG, PNG, TIFF (8, 16 bit, float) and OpenEXR. ICC profiles are honoured; without one, a picture is taken as
sRGB. Raw files are developed first: photosite develop IMG.dng -o IMG.tif --as linear-rec2020
`;

const EXAMPLES_OF = {
  colors: `
Examples:
  photosite measure colors chart.jpg --overlay seen.png
  photosite measure colors chart.tif --no-balance --no-exposure
  photosite measure colors chart.jpg --corners 120,80 620,84 616,384 118,380
  photosite measure colors chart.jpg --json | jq .deltaE2000.mean
`,
  sharpness: `
Examples:
  photosite measure sharpness chart.png                     finds the edges by itself
  photosite measure sharpness photo.tif --region 200,100,80,120 --json > edge.json
`,
  noise: `
Examples:
  photosite measure noise grey.tif --region 400,300,200,200
  photosite measure noise flat-1.tif flat-2.tif flat-3.tif flat-4.tif
`,
  texture: `
Examples:
  photosite measure texture leaves.exr photo.tif --flat 0,0,128,128
  photosite measure texture leaves.png photo.png --height-mm 400 --distance-mm 600
`,
  compare: `
Examples:
  photosite measure compare truth.png result.jpg --border 8
  photosite measure compare truth.exr result.exr --white 203
`,
} as const;

const KINDS = Object.keys(EXAMPLES_OF).join(', ');

function numbers(text: string, count: number, form: string): number[] {
  const values = text.split(',').map(Number);
  if (
    values.length === count &&
    text.split(',').every((part) => part.trim() !== '') &&
    values.every(Number.isFinite)
  ) {
    return values;
  }
  throw new InvalidArgumentError(`It must be ${form}.`);
}

function point(text: string, before: readonly Point[] = []): Point[] {
  const [x, y] = numbers(text, 2, 'x,y in pixels') as [number, number];
  return [...before, [x, y]];
}

function rectangle(text: string): Rectangle {
  const values = numbers(text, 4, 'x,y,width,height in whole pixels');
  if (!values.every(Number.isInteger))
    throw new InvalidArgumentError('It must be x,y,width,height in whole pixels.');
  const [left, top, width, height] = values as [number, number, number, number];
  return { left, top, width, height };
}

function within(least: number, most: number, whole = false): (text: string) => number {
  return (text) => {
    const value = Number(text);
    const good = text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value));
    if (good) return value;
    throw new InvalidArgumentError(`It must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}.`);
  };
}

function need(files: readonly string[], count: number, usage: string): readonly string[] {
  if (files.length === count) return files;
  throw new UsageError(
    `${files.length === 0 ? 'no picture is named' : `${files.length} pictures are named`}. Try: photosite measure ${usage}`,
  );
}

/** Adds a kind with its arguments, its help and the flags that all have. */
function addKind(
  command: Command,
  name: keyof typeof EXAMPLES_OF,
  description: string,
  files: string,
): Command {
  return command
    .command(name)
    .description(description)
    .argument('[FILE...]', 'pictures')
    .usage(`${files} [options]`)
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', EXAMPLES_OF[name]);
}

function finish(kind: Command): Command {
  return kind
    .option('--json', 'as JSON, with everything that was measured')
    .option('--debug', 'show where in the program an error came from');
}

/** Gives `photosite measure` its kinds, their arguments and flags. */
export function configureMeasure(command: Command): void {
  command
    .usage('KIND PICTURE... [options]')
    .argument('[KIND]', 'what to measure')
    .argument('[PICTURE...]', 'pictures')
    .option('--debug', 'show where in the program an error came from')
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .action((kind: string | undefined) => {
      throw new UsageError(
        `${kind === undefined ? 'say what to measure' : `there is no measure ${kind}`}: ${KINDS}.`,
      );
    });

  finish(
    addKind(
      command,
      'colors',
      'ΔE2000 of a ColorChecker Classic, found by itself or by its corners',
      'PICTURE',
    )
      .option(
        '--corners <x,y...>',
        'middles of the corner patches in pixels: dark skin, bluish green, black, white',
        point,
      )
      .option('--no-balance', "don't balance white on the patch neutral 5 first")
      .option('--no-exposure', "don't fit the exposure to the middle greys first")
      .option('--overlay <PNG>', 'write the picture with what was found drawn over it')
      .option('--force', 'overwrite the overlay'),
  ).action(async (files: readonly string[], flags: ColorsFlags) => {
    const [file] = need(files, 1, 'colors PICTURE');
    if (flags.corners !== undefined && flags.corners.length !== 4)
      throw new UsageError(`--corners needs four points, ${flags.corners.length} are given.`);
    process.stdout.write(await measureColors(file!, flags));
  });

  finish(
    addKind(command, 'sharpness', 'MTF by slanted edges (ISO 12233)', 'PICTURE')
      .option('--region <x,y,w,h>', 'area with one edge, instead of looking for edges', rectangle)
      .option(
        '--edge-order <n>',
        'order of the polynomial that follows the edge, 1 is a straight line',
        within(1, 5, true),
        3,
      )
      .option('--overlay <PNG>', 'write the picture with the edges drawn over it')
      .option('--force', 'overwrite the overlay'),
  ).action(async (files: readonly string[], flags: SharpnessFlags) => {
    const [file] = need(files, 1, 'sharpness PICTURE');
    process.stdout.write(await measureSharpness(file!, flags));
  });

  finish(
    addKind(command, 'noise', 'noise of a uniform area, or of several frames of it (ISO 15739)', 'PICTURE...')
      .option('--region <x,y,w,h>', 'uniform area; all of the picture where left out', rectangle)
      .option('--no-flatten', 'count uneven light as noise'),
  ).action(async (files: readonly string[], flags: NoiseFlags) => {
    if (files.length === 0) need(files, 1, 'noise PICTURE');
    process.stdout.write(await measureNoise(files, flags));
  });

  finish(
    addKind(
      command,
      'texture',
      'how much of a texture is kept (dead leaves, ISO/TS 19567-2)',
      'REFERENCE PICTURE',
    )
      .option('--region <x,y,w,h>', 'area of the texture; all of the picture where left out', rectangle)
      .option('--flat <x,y,w,h>', 'uniform area whose noise the direct method takes off', rectangle)
      .option('--height-mm <mm>', 'height at which the picture is looked at', within(1, 1e5), 400)
      .option('--distance-mm <mm>', 'distance of the eye', within(1, 1e5), 600),
  ).action(async (files: readonly string[], flags: TextureFlags) => {
    const [reference, file] = need(files, 2, 'texture REFERENCE PICTURE');
    process.stdout.write(await measureTexture(reference!, file!, flags));
  });

  finish(
    addKind(
      command,
      'compare',
      'PSNR, SSIM and ΔE2000 against a reference of the same size',
      'REFERENCE PICTURE',
    )
      .option('--border <n>', 'pixels that are left out at each side', within(0, 1e5, true), 0)
      .option('--white <cd/m2>', 'luminance of white: adds PU21 and PQ for HDR', within(0.01, 10_000)),
  ).action(async (files: readonly string[], flags: CompareFlags) => {
    const [reference, file] = need(files, 2, 'compare REFERENCE PICTURE');
    process.stdout.write(await comparePictures(reference!, file!, flags));
  });
}
