import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The command as an installation has it. */
export const PHOTOSITE = fileURLToPath(new URL('../../bin/photosite.mjs', import.meta.url));

/** How a process ended and what it said. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Waits for a process to end, with all that it prints. */
export function outcome(child: ChildProcess): Promise<Outcome> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Starts the real command. */
export function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [PHOTOSITE, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs the real command to its end. */
export function photosite(...args: string[]): Promise<Outcome> {
  return outcome(start(args));
}
