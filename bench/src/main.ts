#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { BURST_PARTS, BURST_ROWS, type BurstPart, formatBurst, measureBurst } from './commands/burst.js';
import { formatColor, measureColor, readCharts } from './commands/color.js';
import { formatDenoise, measureDenoise } from './commands/denoise.js';
import { formatInteractive, measureInteractive } from './commands/interactive.js';
import { formatNoiseEstimates, measureNoiseEstimates } from './commands/noiseEstimates.js';
import { type Contender, formatQuality, measureQuality } from './commands/quality.js';
import { formatSpeed, measureSpeed } from './commands/speed.js';
import { formatTwin, measureTwin, twinGroups } from './commands/twin.js';
import { formatWhiteBalance, measureWhiteBalance } from './commands/whiteBalance.js';
import { type Log, messageOf } from './log.js';
import { describeMachine, formatMachine } from './machine.js';
import { darktable } from './peers/darktable.js';
import { libraw } from './peers/libraw.js';
import type { Peer } from './peers/peer.js';
import { photosite } from './peers/photosite.js';
import { rawTherapee } from './peers/rawtherapee.js';
import { openWorkspace, type Workspace } from './peers/workspace.js';
import { killRunning } from './run.js';
import { NOISE_LEVELS, type NoiseLevel } from './truth/noise.js';
import { readTruthSet, TRUTH_SETS, type TruthSet } from './truth/pictures.js';
import { makeTwinSet, TWIN_SET } from './truth/twinSet.js';

const HELP = `Photosite's benchmark: ours beside the peers that are installed, in one run.

  npm run bench -- quality [options]   demosaicing against truth: PSNR and SSIM
  npm run bench -- denoise [options]   denoising against truth, beside BM3D: PSNR and SSIM
  npm run bench -- speed [options]     whole processes: wall, CPU, peak memory, cold starts
  npm run bench -- color [options]     ΔE2000 of ColorChecker patches
  npm run bench -- interactive         how fast a view follows exposure and white balance
  npm run bench -- twin [options]      the simulated camera against theory and published figures
  npm run bench -- burst [options]     bursts merged against truth, beside published figures
  npm run bench -- white-balance       angular error of the automatic white on synthetic scenes

Options
  --data DIR         folder with truth/, raw/, hdr/ and lens/ (default: $PHOTOSITE_DATA, else ../shared/data)
  --json FILE        write the figures, the machine and the date as JSON too
  --no-peers         ours alone
  --quiet            tables only, no progress
 quality
  --all-peers        all 28 algorithms of the peers (default: the strongest nine)
  --sets LIST        kodak,mcmaster,twin (default: all; twin: what the simulated camera photographs)
  --noise LIST       clean,N1,N2,N3 (default: clean,N1,N2)
 denoise
  --sets LIST        kodak,mcmaster (default: both)
  --noise LIST       N1,N2,N3 (default: all)
  --pictures N       the first N of each set: BM3D takes half a minute each (default: all)
 speed
  --runs N           rounds, at least 3 (default: 3)
  --skip-50          leave the 50-megapixel raw out
 twin
  --skip-burst       leave out what a burst of 8 × 12 megapixels costs: minutes
 interactive
  --threads N        default: 2
  --changes N        counted changes per view and slider (default: 30)

 burst
  --parts LIST       ${BURST_PARTS.join()} (default: all)
  --rows LIST        bursts of the merge table: ${BURST_ROWS.join()} (default: all)
  --fifty            time bursts of 8 × 50 megapixels too
  --runs N           rounds of the timings, at least 3 (default: 3)
  --sheet FOLDER     no figures: pictures of one frame beside the merge, at 100 % and 200 %

Peers (Debian): apt-get install libraw-bin rawtherapee darktable

Examples
  npm run bench -- quality
  npm run bench -- quality --all-peers --noise clean --json quality.json
  npm run bench -- speed --runs 5 --skip-50
  npm run bench -- color
  npm run bench -- interactive --threads 1
  npm run bench -- quality --sets twin
  npm run bench -- twin --skip-burst
  npm run bench -- burst --parts merge --rows handheld,dark
`;

/** A mistake in the arguments: exit code 2. */
class UsageError extends Error {}

const COMMANDS = [
  'quality',
  'denoise',
  'speed',
  'color',
  'interactive',
  'twin',
  'burst',
  'white-balance',
] as const;
/** Truth for demosaicing: pictures, and what the twin photographs. */
const QUALITY_SETS = [...TRUTH_SETS, TWIN_SET] as const;
type CommandName = (typeof COMMANDS)[number];

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        data: { type: 'string', default: process.env.PHOTOSITE_DATA ?? '../shared/data' },
        json: { type: 'string' },
        'no-peers': { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        'all-peers': { type: 'boolean', default: false },
        sets: { type: 'string' },
        noise: { type: 'string' },
        pictures: { type: 'string', default: '1000' },
        runs: { type: 'string', default: '3' },
        'skip-50': { type: 'boolean', default: false },
        'skip-burst': { type: 'boolean', default: false },
        threads: { type: 'string', default: '2' },
        changes: { type: 'string', default: '30' },
        parts: { type: 'string', default: BURST_PARTS.join() },
        rows: { type: 'string', default: BURST_ROWS.join() },
        fifty: { type: 'boolean', default: false },
        sheet: { type: 'string' },
      },
    });
  } catch (error) {
    throw new UsageError(messageOf(error));
  }
}

/** Splits a comma-separated list and refuses what is not among the known names. */
function listOf<T extends string>(option: string, text: string, known: readonly T[]): T[] {
  return text.split(',').map((name) => {
    const found = known.find((k) => k === name);
    if (found === undefined) throw new UsageError(`--${option}: "${name}" is none of ${known.join(', ')}`);
    return found;
  });
}

function wholeNumber(option: string, text: string, least: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least) {
    throw new UsageError(`--${option} must be a whole number of ${least} or more, not "${text}"`);
  }
  return value;
}

/** Those which are installed; the others are named. */
async function installed(programs: readonly Peer[], say: (line: string) => void): Promise<Peer[]> {
  const present: Peer[] = [];
  for (const program of programs) {
    const version = await program.version();
    if (version === undefined) say(`absent: ${program.name} (${program.install})`);
    else {
      say(`present: ${program.name} ${version}`);
      present.push(program);
    }
  }
  return present;
}

async function truthSets(folder: string, names: readonly string[], say: (line: string) => void) {
  const sets: TruthSet[] = [];
  for (const name of names) {
    if (name === TWIN_SET) {
      const set = await makeTwinSet(folder);
      say(`truth: ${set.pictures.length} scenes of the twin`);
      sets.push(set);
      continue;
    }
    try {
      const set = await readTruthSet(folder, name);
      say(`truth: ${set.pictures.length} pictures of ${name}`);
      sets.push(set);
    } catch {
      say(
        `absent: the ${name} pictures (${folder}/truth/${name}; --data or PHOTOSITE_DATA names the folder)`,
      );
    }
  }
  return sets;
}

/** The options, checked before anything runs. */
interface Settings {
  readonly data: string;
  readonly json: string | undefined;
  readonly peers: 'none' | 'strongest' | 'all';
  readonly quiet: boolean;
  readonly sets: readonly string[];
  readonly levels: readonly NoiseLevel[];
  readonly pictures: number;
  readonly runs: number;
  readonly skipFifty: boolean;
  readonly skipBurst: boolean;
  readonly threads: number;
  readonly changes: number;
  readonly parts: readonly BurstPart[];
  readonly rows: readonly string[];
  readonly fifty: boolean;
  readonly sheet: string | undefined;
}

function settingsOf(command: CommandName, values: ReturnType<typeof readArguments>['values']): Settings {
  const levels = Object.keys(NOISE_LEVELS) as (keyof typeof NOISE_LEVELS)[];
  const denoising = command === 'denoise';
  return {
    data: values.data,
    json: values.json,
    peers: values['no-peers'] ? 'none' : values['all-peers'] ? 'all' : 'strongest',
    quiet: values.quiet,
    sets: listOf('sets', values.sets ?? (denoising ? TRUTH_SETS : QUALITY_SETS).join(), QUALITY_SETS),
    levels: listOf('noise', values.noise ?? (denoising ? 'N1,N2,N3' : 'clean,N1,N2'), levels).map(
      (name) => NOISE_LEVELS[name],
    ),
    pictures: wholeNumber('pictures', values.pictures, 1),
    runs: wholeNumber('runs', values.runs, 3),
    threads: wholeNumber('threads', values.threads, 1),
    changes: wholeNumber('changes', values.changes, 1),
    skipFifty: values['skip-50'],
    skipBurst: values['skip-burst'],
    parts: listOf('parts', values.parts, BURST_PARTS),
    rows: listOf('rows', values.rows, BURST_ROWS),
    fifty: values.fifty,
    sheet: values.sheet,
  };
}

/** A command's figures, as rows for JSON and as text. */
interface Outcome {
  readonly rows: unknown;
  readonly table: string;
}

async function bench(command: CommandName, workspace: Workspace, settings: Settings): Promise<void> {
  const say = (line: string) => console.log(line);
  const log: Log = {
    progress(line) {
      if (!settings.quiet) console.error(line);
    },
    failure(line) {
      console.error(line);
      process.exitCode = 1;
    },
  };
  const machine = describeMachine();
  say(formatMachine(machine));

  const programs = async () => {
    const [ours] = await installed([photosite(workspace)], say);
    const others = [libraw(workspace), rawTherapee(workspace), darktable(workspace)];
    return { ours, peers: settings.peers === 'none' ? [] : await installed(others, say) };
  };
  const outcomes: Record<CommandName, () => Promise<Outcome>> = {
    async quality() {
      const { ours, peers } = await programs();
      const sets = await truthSets(settings.data, settings.sets, say);
      if (sets.length === 0) throw new Error('no truth pictures: nothing to compare with');
      const contenders: Contender[] = peers.map((peer) => ({
        peer,
        algorithms: settings.peers === 'all' ? peer.demosaics : peer.strongest,
        ours: false,
      }));
      if (ours !== undefined) contenders.unshift({ peer: ours, algorithms: ours.demosaics, ours: true });
      const rows = await measureQuality(sets, settings.levels, contenders, workspace, log);
      return { rows, table: formatQuality(rows) };
    },
    async denoise() {
      const { ours, peers } = await programs();
      const sets = await truthSets(settings.data, settings.sets, say);
      if (sets.length === 0) throw new Error('no truth pictures: nothing to compare with');
      const estimates = await measureNoiseEstimates(settings.data, sets, settings.levels);
      say(`\n${formatNoiseEstimates(estimates)}`);
      const rows = await measureDenoise(
        sets,
        settings.levels,
        ours,
        peers,
        settings.pictures,
        workspace,
        log,
      );
      return { rows: { denoising: rows, estimates }, table: formatDenoise(rows) };
    },
    async speed() {
      const { ours, peers } = await programs();
      const sets = await truthSets(settings.data, TRUTH_SETS, say);
      if (sets.length === 0) say('a procedural scene takes their place');
      const rows = await measureSpeed(sets, ours, peers, settings, workspace, log);
      return { rows, table: formatSpeed(rows) };
    },
    async color() {
      const { ours, peers } = await programs();
      const everyone = [...(ours === undefined ? [] : [ours]), ...peers];
      const rows = await measureColor(settings.data, await readCharts(), everyone, log);
      return { rows, table: formatColor(rows) };
    },
    async interactive() {
      const sets = await truthSets(settings.data, TRUTH_SETS, say);
      const rows = await measureInteractive(sets, settings, log);
      return { rows, table: formatInteractive(rows) };
    },
    async twin() {
      const rows = await measureTwin(twinGroups(settings, workspace), log);
      return { rows, table: formatTwin(rows) };
    },
    async burst() {
      const { peers } = await programs();
      const rows = await measureBurst(settings, peers, workspace, log);
      return { rows, table: formatBurst(rows) };
    },
    async 'white-balance'() {
      const rows = measureWhiteBalance();
      return { rows, table: formatWhiteBalance(rows) };
    },
  };
  const { rows, table } = await outcomes[command]();
  say(`\n${table}`);
  if (settings.json !== undefined) {
    await writeFile(settings.json, `${JSON.stringify({ command, machine, rows }, undefined, 2)}\n`);
  }
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments();
  if (values.help || positionals.length === 0) {
    console.log(HELP);
    return;
  }
  const command = COMMANDS.find((name) => name === positionals[0]);
  if (command === undefined || positionals.length > 1) {
    throw new UsageError(`"${positionals.join(' ')}" is not one of ${COMMANDS.join(', ')}`);
  }
  const settings = settingsOf(command, values);
  const workspace = await openWorkspace();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      killRunning();
      await workspace.remove();
      process.exit(1);
    });
  }
  try {
    await bench(command, workspace, settings);
  } finally {
    await workspace.remove();
  }
}

try {
  await main();
} catch (error) {
  console.error(`bench: ${messageOf(error)}`);
  if (error instanceof UsageError) console.error('see: npm run bench -- --help');
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
