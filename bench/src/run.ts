import { spawn } from 'node:child_process';
import { access, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A program and its arguments. */
export type Command = readonly [program: string, ...args: string[]];

export interface RunOptions {
  /** Seconds after which the process and its children are killed. */
  readonly timeoutS: number;
  /** Environment variables beside the inherited ones. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What one run of a program cost. */
export interface RunCost {
  /** Seconds from start to end, as seen from outside. */
  readonly wallS: number;
  /** User and system seconds of the process and the children it waited for. */
  readonly cpuS: number;
  /** Largest resident set of one process, in MiB. */
  readonly peakMiB: number;
}

/** A finished run. */
export interface RunResult extends RunCost {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that failed, ran too long or could not be started. */
export class RunError extends Error {
  override readonly name = 'RunError';
  /** What the program had said, both streams. */
  readonly output: string;

  constructor(message: string, output = '') {
    super(message);
    this.output = output;
  }
}

/** GNU time gives the kernel's own account of a child (`wait4`), which Node does not hand out. */
const GNU_TIME = '/usr/bin/time';
/** Error output kept of a failing program. */
const LAST_CHARACTERS = 400;

const gnuTime = access(GNU_TIME).then(
  () => true,
  () => false,
);

/** Linux without GNU time: the last state of `/proc/PID` seen before the process ended. */
function watchProc(pid: number): { stop(): { cpuS: number; peakMiB: number } } {
  const ticksPerSecond = 100;
  let [cpuS, peakMiB, busy] = [Number.NaN, Number.NaN, false];
  const timer = setInterval(async () => {
    if (busy) return;
    busy = true;
    try {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
      // Fields 14 to 17 after the name in brackets: user, system, and the same of waited-for children, in ticks.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      cpuS = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / ticksPerSecond;
      const peak = /VmHWM:\s+(\d+) kB/.exec(await readFile(`/proc/${pid}/status`, 'utf8'));
      if (peak !== null) peakMiB = Number(peak[1]) / 1024;
    } catch {
      // The process is gone: what was read last stands.
    }
    busy = false;
  }, 10);
  return {
    stop() {
      clearInterval(timer);
      return { cpuS, peakMiB };
    },
  };
}

const running = new Set<number>();

/** Kills a process group; it may have ended by itself meanwhile. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing left to kill.
  }
}

/** Ends every program that still runs, with its children: for an interrupted benchmark. */
export function killRunning(): void {
  for (const pid of running) killGroup(pid);
}

/**
 * Runs a program to its end and measures it. CPU time and peak memory come from GNU time where it is installed, else
 * from `/proc` (10 ms behind); on other systems they are `NaN`. Throws `RunError` on a non-zero exit or a timeout.
 */
export async function run(command: Command, options: RunOptions): Promise<RunResult> {
  const [program] = command;
  const timed = await gnuTime;
  const scratch = await mkdtemp(path.join(tmpdir(), 'photosite-run-'));
  const account = path.join(scratch, 'time');
  try {
    const started = performance.now();
    const [file, ...rest] = timed ? [GNU_TIME, '-f', '%U %S %M', '-o', account, ...command] : command;
    const child = spawn(file, rest, {
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      // Leads its own process group, so that a timeout ends its children too.
      detached: true,
    });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    let [stdout, stderr, timedOut] = ['', '', false];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const watch = !timed && pid !== undefined ? watchProc(pid) : undefined;
    const killer = setTimeout(() => {
      timedOut = true;
      if (pid !== undefined) killGroup(pid);
    }, options.timeoutS * 1000);
    const code = await new Promise<number | string>((resolve, reject) => {
      child.on('error', (cause) => reject(new RunError(`${program} could not be started: ${cause.message}`)));
      child.on('close', (exit, signal) => resolve(exit ?? signal ?? 'unknown'));
    }).finally(() => {
      clearTimeout(killer);
      if (pid !== undefined) running.delete(pid);
    });
    const wallS = (performance.now() - started) / 1000;
    const watched = watch?.stop();
    if (timedOut) throw new RunError(`${program} took longer than ${options.timeoutS} s`);
    if (code !== 0) {
      const last = (stderr || stdout).trim().slice(-LAST_CHARACTERS);
      throw new RunError(`${program} ended with ${code}: ${last}`, stdout + stderr);
    }
    if (watched !== undefined) return { wallS, ...watched, stdout, stderr };
    if (!timed) return { wallS, cpuS: Number.NaN, peakMiB: Number.NaN, stdout, stderr };
    const [user, system, kib] = (await readFile(account, 'utf8')).trim().split(' ').map(Number) as [
      number,
      number,
      number,
    ];
    return { wallS, cpuS: user + system, peakMiB: kib / 1024, stdout, stderr };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
