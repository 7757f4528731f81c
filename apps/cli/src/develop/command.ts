import { completeRecipe, type PartialRecipe, type Rendition } from '@photosite/engine';
import { OUTPUT_FORMATS, type OutputFormatName, type OutputOptions } from '@photosite/picture';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { writeAtomically } from '../AtomicFile.js';
import { UsageError } from '../errors.js';
import { findFrames } from '../merge/findFrames.js';
import { developFiles, type PictureSize } from './developFiles.js';
import { addGeneratedFlags, type FlagValues, outputOptionsOf, overrideRecipe } from './flags.js';
import { findInputs } from './inputs.js';
import { checkSideFile, namesOnePicture, planOutputs } from './outputs.js';
import { Reporter } from './Reporter.js';
import { readAssets } from './readAssets.js';
import { readRecipe, recipeText } from './recipeFile.js';

interface Flags extends FlagValues {
  readonly output?: string;
  readonly format?: OutputFormatName;
  readonly as: Rendition;
  readonly bits?: number;
  /** False where a burst's frames shall be photos of their own. */
  readonly burst: boolean;
  readonly size?: PictureSize;
  readonly recipe?: string;
  readonly saveRecipe?: string;
  readonly force?: boolean;
  readonly recursive?: boolean;
  readonly threads?: number;
  readonly tile?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly debug?: boolean;
}

const RENDITIONS: readonly Rendition[] = ['display', 'linear-rec2020', 'camera-rgb'];
const FORMATS = Object.keys(OUTPUT_FORMATS) as OutputFormatName[];
const MAX_THREADS = 64;
const SMALLEST_TILE = 32;
const LARGEST_TILE = 4096;

const EXAMPLES = `
Examples:
  photosite develop IMG_0001.dng -o IMG_0001.jpg
  photosite develop IMG_0001.dng -o bright.jpg --exposure 0.7 --temperature 5200
  photosite develop IMG_0001.dng -o web.jpg --size 2048
  photosite develop card/DCIM -o photos/ --recursive --color-space display-p3
  photosite develop IMG_0001.dng -o print.tif --quality best
  photosite develop burst/*.dng -o night.jpg
  photosite develop *.dng -o photos/ --recipe my-look.json --json > report.json
  photosite develop chart.dng -o chart.tif --as camera-rgb
`;

function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${min} to ${max}.`);
  };
}

function pictureSize(text: string): PictureSize {
  const [, width, height] = /^(\d{1,6})(?:x(\d{1,6}))?$/i.exec(text) ?? [];
  const sides = [Number(width), Number(height ?? width)] as const;
  if (width !== undefined && sides.every((side) => side >= 1)) return { width: sides[0], height: sides[1] };
  throw new InvalidArgumentError(
    'It must be whole pixels for the longest side, or a box: 2048 or 1920x1080.',
  );
}

/** Gives `photosite develop` its arguments and flags. */
export function configureDevelop(command: Command): void {
  command
    .argument('[FILE...]', 'raw files, or folders of them')
    .usage('FILE... -o OUT [options]')
    .optionsGroup('What and where to:')
    .option(
      '-o, --output <OUT>',
      'the photo to write, of one file or of a burst; for photos of many files or of a folder, the folder to write into',
    )
    .addOption(
      new Option(
        `--format <${FORMATS.join('|')}>`,
        "file format (default: what OUT's name says; jpeg in a folder)",
      ).choices(FORMATS),
    )
    .addOption(
      new Option(
        '--as <rendition>',
        'display: a finished picture (default). For measurements, as 32-bit float TIFF: linear-rec2020, the light of ' +
          'the scene, or camera-rgb, linear sensor colours right after demosaic, white level 1',
      )
        .choices(RENDITIONS)
        .default('display'),
    )
    .addOption(
      new Option('--bits <n>', 'bits per sample, for PNG 8 or 16, for TIFF 8, 16 or 32 (float)').argParser(
        (text) => {
          if (['8', '16', '32'].includes(text)) return Number(text);
          throw new InvalidArgumentError('It must be 8, 16 or 32.');
        },
      ),
    )
    .option(
      '--no-burst',
      'develop every file by itself; else several frames with one photo as OUT are merged (see photosite merge --help)',
    )
    .addOption(
      new Option(
        '--size <pixels|WxH>',
        'make the photo smaller: its longest side in pixels, or a box to fit in, e.g. 2048 or 1920x1080; never larger',
      ).argParser(pictureSize),
    )
    .option('--recursive', 'search the subfolders of folders, too')
    .option('--force', 'overwrite photos that exist')
    .optionsGroup('Recipe:')
    .option('--recipe <file>', 'take the settings from a recipe (JSON); flags overrule it')
    .option('--save-recipe <file>', 'write the settings that are used as a recipe');
  addGeneratedFlags(command);
  command
    .optionsGroup('Running:')
    .option('--json', 'print a report with the times of all stages as JSON')
    .option('--quiet', 'no progress bar, no notes')
    .addOption(
      new Option(
        '--threads <n>',
        'threads to work on (default: as many as the machine runs at once)',
      ).argParser(wholeNumber(1, MAX_THREADS)),
    )
    .addOption(
      new Option('--tile <n>', 'largest tile in pixels each way; changes speed and memory, never the photo')
        .argParser(wholeNumber(SMALLEST_TILE, LARGEST_TILE))
        .hideHelp(),
    )
    .option('--debug', 'show where in the program an error came from')
    .helpOption('-h, --help', 'show this help')
    // Choices and defaults stand in the descriptions already.
    .configureHelp({ optionDescription: ({ description }) => description })
    .addHelpText('after', EXAMPLES)
    .action(develop);
}

/** The output's options; scene-linear light has one kind of file that can hold it. */
function outputFor(format: OutputFormatName, flags: Flags): OutputOptions {
  if (flags.as === 'display') return outputOptionsOf(format, flags.bits, flags);
  if (format !== 'tiff' || (flags.bits ?? 32) !== 32)
    throw new UsageError(
      `--as ${flags.as} needs a 32-bit float TIFF. End the output's name in .tif, or add --format tiff.`,
    );
  return outputOptionsOf('tiff', 32, flags);
}

async function recipeFor(flags: Flags): Promise<PartialRecipe> {
  const given = flags.recipe === undefined ? {} : await readRecipe(flags.recipe);
  return overrideRecipe(given, flags);
}

async function develop(paths: readonly string[], flags: Flags): Promise<void> {
  const { output: out, force = false } = flags;
  if (paths.length === 0)
    throw new UsageError('no raw file is named. Try: photosite develop FILE -o photo.jpg');
  if (out === undefined)
    throw new UsageError('where shall the photo go? Add -o photo.jpg, or -o FOLDER for many.');

  const recipe = await recipeFor(flags);
  const assets = await readAssets(recipe);
  const onePhoto = flags.burst && namesOnePicture(out, flags.format);
  const found = onePhoto ? await findFrames(paths, flags.recursive ?? false) : undefined;
  const inputs = found ?? (await findInputs(paths, flags.recursive ?? false));
  const frames = found !== undefined && found.files.length > 1 ? found.files : undefined;
  const fallback = flags.as === 'display' ? 'jpeg' : 'tiff';
  const { format, jobs, failures } = planOutputs(
    frames === undefined ? inputs : { ...inputs, files: frames.slice(0, 1), many: false },
    out,
    flags.format,
    fallback,
    force,
    inputs.files,
  );
  const burst =
    frames === undefined
      ? undefined
      : jobs.map((job) => ({ ...job, paths: frames.map(({ path }) => path), named: found!.named }))[0];
  const output = outputFor(format, flags);
  if (flags.saveRecipe !== undefined) checkSideFile(flags.saveRecipe, force);

  const reporter = new Reporter(burst === undefined ? jobs : [burst], failures, flags);
  if (flags.saveRecipe !== undefined) {
    const text = recipeText(completeRecipe(recipe));
    await writeAtomically(flags.saveRecipe, [new TextEncoder().encode(text)], force);
  }
  const { threads: asked, tile: tileSize, size } = flags;
  const settings = {
    recipe,
    assets,
    as: flags.as,
    output,
    force,
    ...(asked !== undefined && { threads: asked }),
    ...(tileSize !== undefined && { tileSize }),
    ...(size !== undefined && { size }),
  };
  if (burst !== undefined) {
    const { developBurst } = await import('./developBurst.js');
    reporter.finish(await developBurst(burst, settings, reporter));
  } else reporter.finish(jobs.length === 0 ? 0 : await developFiles(jobs, settings, reporter));
}
