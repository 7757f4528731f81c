import { Command, CommanderError } from 'commander';
import { removePending } from './AtomicFile.js';
import { EXIT_FAILED, EXIT_USAGE, UsageError } from './errors.js';
import { printError, printFailure } from './print.js';
import { version } from './version.js';

const EXAMPLES = `
Examples:
  photosite develop IMG_0001.dng -o IMG_0001.jpg     one raw file becomes a photo
  photosite develop card/DCIM -o photos/             all raw files of a folder
  photosite merge IMG_*.dng -o merged.dng            one raw file of a burst
  photosite inspect IMG_0001.dng                     what a raw file says about itself
  photosite optics xiaomi-14-ultra/main              what a lens and a sensor do
  photosite measure colors chart.jpg                 how true the colours of a chart are
  photosite twin photo.exr -o night/ --lux 3         raw frames of a scene by a simulated camera
  photosite develop --help                           every setting of the development
`;

/** Where a command's flags and action are, loaded when the command is called: help needs to be there at once. */
const COMMANDS: Readonly<Record<string, () => Promise<(command: Command) => void>>> = {
  develop: async () => (await import('./develop/command.js')).configureDevelop,
  inspect: async () => (await import('./inspect/command.js')).configureInspect,
  merge: async () => (await import('./merge/command.js')).configureMerge,
  measure: async () => (await import('./measure/command.js')).configureMeasure,
  optics: async () => (await import('./optics/command.js')).configureOptics,
  twin: async () => (await import('./twin/command.js')).configureTwin,
};

function makeProgram(): Command {
  const program = new Command('photosite')
    .description('Develops raw camera files into photographs, on your own device.')
    .usage('<command> [options]')
    .version(version(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [command]', 'show the help of a command')
    .exitOverride()
    .configureOutput({ outputError: (text) => printError(oneLine(text)) })
    .addHelpText('after', EXAMPLES);
  program.command('develop').description('make photos of raw files');
  program.command('inspect').description('say what raw files say about themselves');
  program.command('merge').description('make one raw file of the frames of a burst');
  program.command('measure').description('measure pictures of charts: colours, sharpness, noise, texture');
  program
    .command('optics')
    .description('work out what a lens and a sensor do, for a preset or your own numbers');
  program.command('twin').description('take raw frames of a scene with a simulated camera, with known truth');
  program.hook('preSubcommand', async (_program, command) => {
    (await COMMANDS[command.name()]!())(command);
  });
  return program;
}

function oneLine(text: string): string {
  return text
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ');
}

/** Signals that end the process, and the exit codes that shells give them: 128 and the signal's number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

function watchSignals(): void {
  for (const [signal, code] of Object.entries(SIGNALS))
    process.once(signal, () => {
      removePending();
      printError(`stopped by ${signal}; nothing half-written is left.`);
      process.exit(code);
    });
  // A reader that has seen enough, such as `head`, is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    removePending();
    process.exit(error.code === 'EPIPE' ? 0 : EXIT_FAILED);
  });
}

/** Runs the command line and sets the exit code: 0 done, 1 a job failed, 2 wrong usage. */
export async function run(args: readonly string[]): Promise<void> {
  watchSignals();
  const program = makeProgram();
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : EXIT_USAGE;
    else {
      printFailure(error, undefined, args.includes('--debug'));
      process.exitCode = error instanceof UsageError ? EXIT_USAGE : EXIT_FAILED;
    }
  }
}
