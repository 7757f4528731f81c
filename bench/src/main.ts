#!/usr/bin/env node
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { BURST_PARTS, BURST_ROWS, type BurstPart, formatBurst, measureBurst } from './commands/burst.js';
import { formatColor, measureColor, readCharts } from './commands/color.js';
import { formatInteractive, measureInteractive } from './commands/interactive.js';
import { QUALITY_PARTS, type QualityPart, qualityParts } from './commands/quality.js';
import { drawSheets, formatSheet } from './commands/sheet.js';
import { formatSpeed, measureSpeed } from './commands/speed.js';
import { formatTwin, measureTwin, twinGroups } from './commands/twin.js';
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
import { firstOf, readTruthSet, TRUTH_SETS, type TruthSet } from './truth/pictures.js';
import { makeTwinSet, TWIN_SET } from './truth/twinSet.js';

const HELP = `Photosite's benchmark: ours beside the peers that are installed, in one run.

  npm run bench -- quality [PART...]   against truth; parts, all by default:
      demosaic         PSNR and SSIM
      denoise          the same with noise reduction, beside a plain BM3D
      noise            the noise that is estimated from a picture over the true one
      white-balance    angular error of the automatic white on synthetic scenes
  npm run bench -- speed               whole processes: wall, CPU, peak memory, cold starts
  npm run bench -- color               ΔE2000 of ColorChecker patches
  npm run bench -- interactive         how fast a view follows exposure and white balance
  npm run bench -- twin                the simulated camera against theory and published figures
  npm run bench -- burst [PART...]     bursts merged against truth, beside published figures; parts, all by default:
      ${BURST_PARTS.join(', ')}
  npm run bench -- sheet -o FOLDER     contact sheets: each raw by us, the peers and its camera, at fit and at 100 %

Options
  --data DIR         folder with truth/, raw/, hdr/ and lens/ (default: $PHOTOSITE_DATA, else ../shared/data)
  --json FILE        write the figures, the machine and the date as JSON too
  --no-peers         ours alone
  --quiet            tables only, no progress
 quality
  --pictures N       the first N pictures of each set, and scenes (default: all): one takes BM3D half a minute
  --sets LIST        kodak,mcmaster,twin (twin: what the simulated camera photographs; default: all, for
                     denoising kodak,mcmaster)
  --noise LIST       clean,N1,N2,N3 (default: clean,N1,N2 for demosaicing, else N1,N2,N3)
  --all-peers        all 28 demosaicing algorithms of the peers (default: the strongest nine)
 speed
  --runs N           rounds, at least 3 (default: 3)
  --skip-50          leave the 50-megapixel raw out
 twin
  --skip-burst       leave out what a burst of 8 × 12 megapixels costs: minutes
 interactive
  --threads N        default: 2
  --changes N        counted changes per view and slider (default: 30)
 burst
  --rows LIST        bursts of the tables of merges and of what moves: ${BURST_ROWS.join()} (default: all)
  --best             merges and chains by --quality best
  --fifty            time bursts of 8 × 50 megapixels too
  --runs N           rounds of the timings, at least 3 (default: 3)
  --sheet FOLDER     no figures: pictures of one frame beside the merge, at 100 % and 200 %

Peers (Debian): apt-get install libraw-bin rawtherapee darktable

Examples
  npm run bench -- quality --pictures 3
  npm run bench -- quality demosaic --all-peers --noise clean --json quality.json
  npm run bench -- quality denoise noise --sets kodak
  npm run bench -- speed --runs 5 --skip-50
  npm run bench -- color
  npm run bench -- interactive --threads 1
  npm run bench -- twin --skip-burst
  npm run bench -- burst merge --rows handheld,dark
  npm run bench -- sheet -o sheet
`;

/** A mistake in the arguments: exit code 2. */
class UsageError extends Error {}

const COMMANDS = ['quality', 'speed', 'color', 'interactive', 'twin', 'burst', 'sheet'] as const;
/** Truth: pictures, and what the twin photographs. */
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
        output: { type: 'string', short: 'o', default: 'sheet' },
        'no-peers': { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        'all-peers': { type: 'boolean', default: false },
        sets: { type: 'string' },
        noise: { type: 'string' },
        pictures: { type: 'string' },
        runs: { type: 'string', default: '3' },
        'skip-50': { type: 'boolean', default: false },
        'skip-burst': { type: 'boolean', default: false },
        threads: { type: 'string', default: '2' },
        changes: { type: 'string', default: '30' },
        rows: { type: 'string', default: BURST_ROWS.join() },
        best: { type: 'boolean', default: false },
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

async function truthSets(
  folder: string,
  names: readonly string[],
  most: number,
  say: (line: string) => void,
) {
  const sets: TruthSet[] = [];
  for (const name of names) {
    if (name === TWIN_SET) {
      const set = await makeTwinSet(folder, most);
      say(`truth: ${set.pictures.length} scenes of the twin`);
      sets.push(set);
      continue;
    }
    try {
      const set = firstOf(await readTruthSet(folder, name), most);
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
  /** Where the sheets go. */
  readonly output: string;
  readonly peers: 'none' | 'strongest' | 'all';
  readonly quiet: boolean;
  readonly parts: readonly QualityPart[];
  /** Undefined where each part has its own. */
  readonly sets: readonly string[] | undefined;
  readonly levels: readonly NoiseLevel[] | undefined;
  /** The first pictures of each set; infinite for all. */
  readonly pictures: number;
  readonly runs: number;
  readonly skipFifty: boolean;
  readonly skipBurst: boolean;
  readonly threads: number;
  readonly changes: number;
  readonly burstParts: readonly BurstPart[];
  readonly rows: readonly string[];
  readonly best: boolean;
  readonly fifty: boolean;
  readonly sheet: string | undefined;
}

function settingsOf(
  command: CommandName,
  parts: readonly string[],
  values: ReturnType<typeof readArguments>['values'],
): Settings {
  const known: readonly string[] =
    command === 'quality' ? QUALITY_PARTS : command === 'burst' ? BURST_PARTS : [];
  const unknown = parts.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(
      known.length === 0
        ? `${command} has no parts; "${parts.join(' ')}" is too much`
        : `"${unknown}" is none of ${known.join(', ')}`,
    );
  const partsOf = <T extends string>(all: readonly T[]): T[] =>
    all.filter((part) => parts.length === 0 || parts.includes(part));
  const levels = Object.keys(NOISE_LEVELS) as (keyof typeof NOISE_LEVELS)[];
  return {
    data: values.data,
    json: values.json,
    output: values.output,
    peers: values['no-peers'] ? 'none' : values['all-peers'] ? 'all' : 'strongest',
    quiet: values.quiet,
    parts: partsOf(QUALITY_PARTS),
    sets: values.sets === undefined ? undefined : listOf('sets', values.sets, QUALITY_SETS),
    levels:
      values.noise === undefined
        ? undefined
        : listOf('noise', values.noise, levels).map((name) => NOISE_LEVELS[name]),
    pictures: values.pictures === undefined ? Infinity : wholeNumber('pictures', values.pictures, 1),
    runs: wholeNumber('runs', values.runs, 3),
    threads: wholeNumber('threads', values.threads, 1),
    changes: wholeNumber('changes', values.changes, 1),
    skipFifty: values['skip-50'],
    skipBurst: values['skip-burst'],
    burstParts: partsOf(BURST_PARTS),
    rows: listOf('rows', values.rows, BURST_ROWS),
    best: values.best,
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
      const rows: Partial<Record<QualityPart, unknown>> = {};
      const tables: string[] = [];
      const context = {
        ...settings,
        ours,
        peers,
        allAlgorithms: settings.peers === 'all',
        truth: (names: readonly string[]) => truthSets(settings.data, names, settings.pictures, say),
        workspace,
        log,
      };
      for (const part of settings.parts) {
        const outcome = await qualityParts[part](context);
        rows[part] = outcome.rows;
        tables.push(outcome.table);
        // What is there is shown: the next part may take an hour.
        if (part !== settings.parts.at(-1)) say(`\n${tables.pop()}\n`);
      }
      return { rows, table: tables.join('\n\n') };
    },
    async speed() {
      const { ours, peers } = await programs();
      const sets = await truthSets(settings.data, TRUTH_SETS, Infinity, say);
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
      const sets = await truthSets(settings.data, TRUTH_SETS, Infinity, say);
      const rows = await measureInteractive(sets, settings, log);
      return { rows, table: formatInteractive(rows) };
    },
    async twin() {
      const rows = await measureTwin(twinGroups(settings, workspace), log);
      return { rows, table: formatTwin(rows) };
    },
    async burst() {
      const { peers } = await programs();
      const rows = await measureBurst({ ...settings, parts: settings.burstParts }, peers, workspace, log);
      return { rows, table: formatBurst(rows) };
    },
    async sheet() {
      const { ours, peers } = await programs();
      // LibRaw's own program is no finish: nobody keeps what it writes.
      const finishers = peers.filter(({ name }) => name !== 'LibRaw');
      const everyone = [...(ours === undefined ? [] : [ours]), ...finishers];
      const rows = await drawSheets(settings.data, settings.output, everyone, workspace, log);
      return { rows, table: formatSheet(rows) };
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
  if (command === undefined) throw new UsageError(`"${positionals[0]}" is not one of ${COMMANDS.join(', ')}`);
  const settings = settingsOf(command, positionals.slice(1), values);
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
