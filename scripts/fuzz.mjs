// `npm run fuzz -- --count 20000 --seed 1`: damaged files through the whole chain, each in bounded time and memory.
//
//   --count N          damaged DNGs (20000, or 0 where another run is asked for)
//   --frames N         absurd frames straight into the engine (0)
//   --truncations FILE the file cut at 200 places; may be given several times
//   --malformed FOLDER every file of the folder, also through the real command; may be given several times
//   --seed N           another seed, other cases (1)
//   --from N           the first case, to run one again with --count 1 (0)
//   --keep FOLDER      where bytes of failed cases go (out/fuzz)
//
// A case passes if it ends in a photo or in a typed error within 10 s and 1.5 GB. The exit code is 1 if one fails.
import { fork, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { root, setUp } from './setup.mjs';

const CASE_MS = 10_000;
const CASE_BYTES = 1.5 * 2 ** 30;
const TRUNCATIONS = 200;
/** A child that has grown beyond this is replaced, so that each case is measured on its own. */
const RESTART_BYTES = 700 * 2 ** 20;
const STARTING_MS = 60_000;

async function cases() {
  register('./typescript-hooks.mjs', import.meta.url);
  const [{ Chain }, { damaged }, { hostileFrame }, { originals }] = await Promise.all(
    ['Chain', 'damage', 'hostileFrame', 'originals'].map(
      (name) => import(new URL(`../tests/faults/${name}.ts`, import.meta.url)),
    ),
  );
  return { Chain, damaged, hostileFrame, sound: await originals(process.env.PHOTOSITE_DATA) };
}

const mix = (seed, index) => (Math.imul(seed, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;

/** What a case is made of. */
function bytesOf({ kind, seed, index, file }, { damaged, sound }) {
  if (kind === 'mutated') return damaged(sound, seed, index).bytes;
  const bytes = new Uint8Array(readFileSync(file));
  return kind === 'truncated' ? bytes.slice(0, Math.floor((index * bytes.length) / TRUNCATIONS)) : bytes;
}

/** The child: takes one case at a time and says how it ended. */
async function serve() {
  const tools = await cases();
  const chain = new tools.Chain();
  process.on('unhandledRejection', (error) => {
    process.send({ stray: String(error?.stack ?? error) });
  });
  process.on('message', async (task) => {
    let ending;
    const start = performance.now();
    try {
      ending =
        task.kind === 'frame'
          ? await chain.develop(async () => tools.hostileFrame(mix(task.seed, task.index)), task.index)
          : await chain.developFile(bytesOf(task, tools), task.index);
    } catch (error) {
      ending = { failed: String(error?.stack ?? error) };
    }
    process.send({ ending, ms: performance.now() - start, peak: process.resourceUsage().maxRSS * 1024 });
  });
  process.send({ ready: true });
}

/** One child, started again whenever it dies, hangs or has grown. */
class Worker {
  #child;

  async #start() {
    this.#child = fork(fileURLToPath(import.meta.url), ['--serve'], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.errors = '';
    this.#child.stderr.setEncoding('utf8').on('data', (text) => {
      this.errors = (this.errors + text).slice(-2000);
    });
    await this.#answer(STARTING_MS);
  }

  #answer(limit) {
    const child = this.#child;
    return new Promise((resolve) => {
      const finish = (value) => {
        clearTimeout(timer);
        child.removeAllListeners('message');
        child.removeAllListeners('exit');
        resolve(value);
      };
      const timer = setTimeout(
        () => finish({ ending: { failed: `no end after ${limit} ms` }, dead: true, ms: limit, peak: 0 }),
        limit,
      );
      child.on('message', finish);
      child.on('exit', (code, signal) =>
        finish({
          ending: { failed: `the process ended: ${code ?? signal} ${this.errors}` },
          dead: true,
          ms: 0,
          peak: 0,
        }),
      );
    });
  }

  async run(task) {
    if (this.#child === undefined) await this.#start();
    this.#child.send(task);
    let result = await this.#answer(CASE_MS);
    if (result.stray !== undefined)
      result = { ending: { failed: `unhandled rejection: ${result.stray}` }, dead: true, ms: 0, peak: 0 };
    if (result.peak > CASE_BYTES)
      result = { ...result, ending: { failed: `${Math.round(result.peak / 2 ** 20)} MiB` } };
    if (result.dead || result.peak > RESTART_BYTES) this.stop();
    return result;
  }

  stop() {
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
  }
}

function readArgs() {
  const list = { type: 'string', multiple: true, default: [] };
  const { values } = parseArgs({
    options: {
      count: { type: 'string' },
      frames: { type: 'string', default: '0' },
      seed: { type: 'string', default: '1' },
      from: { type: 'string', default: '0' },
      keep: { type: 'string', default: join(root, 'out', 'fuzz') },
      truncations: list,
      malformed: list,
    },
  });
  const other = values.truncations.length + values.malformed.length + Number(values.frames) > 0;
  return { ...values, count: Number(values.count ?? (other ? 0 : 20000)) };
}

const filesUnder = (folder) =>
  readdirSync(folder, { recursive: true })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();

function tasksOf({ count, frames, seed, from, truncations, malformed }) {
  const numbered = (kind, length) =>
    Array.from({ length: Number(length) }, (_, i) => ({ kind, seed: Number(seed), index: Number(from) + i }));
  return {
    'mutated DNGs': numbered('mutated', count),
    'absurd frames': numbered('frame', frames),
    ...Object.fromEntries(
      truncations.map((file) => [
        `${basename(file)}, cut`,
        Array.from({ length: TRUNCATIONS }, (_, index) => ({ kind: 'truncated', file, index })),
      ]),
    ),
    ...Object.fromEntries(
      malformed.map((folder) => [
        folder,
        filesUnder(folder).map((file, index) => ({ kind: 'file', file, index })),
      ]),
    ),
  };
}

function nameOf({ kind, seed, index, file }) {
  if (kind === 'truncated') return `${basename(file)} at ${index} of ${TRUNCATIONS}`;
  return kind === 'file' ? file : `${kind} seed ${seed} case ${index}`;
}

/** Runs cases one after the other on two children; returns how they ended. */
async function runAll(title, tasks, { keep }, tools) {
  const endings = new Map();
  const failures = [];
  let [slowest, peak] = [{ ms: 0 }, 0];
  const queue = tasks.values();
  await Promise.all(
    [0, 1].map(async () => {
      const worker = new Worker();
      for (const task of queue) {
        const { ending, ms, peak: bytes } = await worker.run(task);
        if (ms > slowest.ms) slowest = { ms, task };
        peak = Math.max(peak, bytes);
        const name = ending.failed === undefined ? ending : 'FAILED';
        endings.set(name, (endings.get(name) ?? 0) + 1);
        if (ending.failed === undefined) continue;
        failures.push(task);
        console.log(`FAILED ${nameOf(task)}: ${ending.failed}`);
        if (task.kind !== 'mutated' && task.kind !== 'truncated') continue;
        mkdirSync(keep, { recursive: true });
        writeFileSync(join(keep, `${nameOf(task).replace(/[^\w.]+/g, '-')}.dng`), bytesOf(task, tools));
      }
      worker.stop();
    }),
  );
  const counts = [...endings].sort(([a], [b]) => a.localeCompare(b)).map(([name, n]) => `${name} ${n}`);
  console.log(
    `${title}: ${tasks.length} cases: ${counts.join(', ')}; slowest ${Math.round(slowest.ms)} ms ` +
      `(${slowest.task && nameOf(slowest.task)}), peak ${Math.round(peak / 2 ** 20)} MiB`,
  );
  return failures.length;
}

/** Every file through the command as people have it: a photo, or one line and exit code 1. */
async function throughCommand(files) {
  const command = join(root, 'node_modules', '.bin', 'photosite');
  const output = join(tmpdir(), `photosite-fuzz-${process.pid}.jpg`);
  const counts = { photo: 0, 'one line': 0 };
  let failed = 0;
  for (const file of files) {
    const child = spawn(command, ['develop', file, '-o', output, '--force', '--threads', '1']);
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said += text;
    });
    const timer = setTimeout(() => child.kill('SIGKILL'), 2 * CASE_MS);
    const code = await new Promise((resolve) => child.on('close', resolve));
    clearTimeout(timer);
    const isLine =
      said.trim().split('\n').length === 1 && said.trim() !== '' && !/unexpected error/.test(said);
    if (code === 0) counts.photo++;
    else if (code === 1 && isLine) counts['one line']++;
    else {
      failed++;
      console.log(`FAILED ${file}: exit code ${code}: ${said}`);
    }
    rmSync(output, { force: true });
  }
  console.log(
    `through the command: ${files.length} files: photo ${counts.photo}, one line and exit code 1 ${counts['one line']}, FAILED ${failed}`,
  );
  return failed;
}

async function main() {
  const options = readArgs();
  setUp();
  const tools = await cases();
  let failed = 0;
  for (const [title, tasks] of Object.entries(tasksOf(options)))
    if (tasks.length > 0) failed += await runAll(title, tasks, options, tools);
  for (const folder of options.malformed) failed += await throughCommand(filesUnder(folder));
  console.log(failed === 0 ? 'nothing failed' : `${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await (process.argv.includes('--serve') ? serve() : main());
