import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { RunError, run } from './run.js';

const node = process.execPath;

describe('run', () => {
  it('hands back what a program said and what it cost', async () => {
    const code =
      'const b = Buffer.alloc(100 << 20, 1); const t = Date.now(); while (Date.now() - t < 300); console.log(b[5]);';
    const result = await run([node, '-e', code], { timeoutS: 30 });
    expect(result.stdout).toBe('1\n');
    expect(result.wallS).toBeGreaterThanOrEqual(0.3);
    if (!existsSync('/usr/bin/time')) return;
    // It spins for 0.3 s of wall time and fills 100 MiB: on a busy machine its CPU time may be less than the wall.
    expect(result.cpuS).toBeGreaterThan(0.05);
    expect(result.cpuS).toBeLessThan(2 * result.wallS + 0.1);
    expect(result.peakMiB).toBeGreaterThan(100);
  });

  it('passes the environment on', async () => {
    const { stdout } = await run([node, '-p', 'process.env.BENCH_TEST'], {
      timeoutS: 30,
      env: { BENCH_TEST: 'x' },
    });
    expect(stdout.trim()).toBe('x');
  });

  it('reports a failure with its exit code and last words', async () => {
    const failing = run([node, '-e', 'console.error("the reason"); process.exit(3)'], { timeoutS: 30 });
    await expect(failing).rejects.toThrow(RunError);
    await expect(failing).rejects.toThrow(/3.*the reason/s);
  });

  it('kills a program that takes too long', async () => {
    const started = performance.now();
    await expect(run([node, '-e', 'setInterval(() => {}, 1000)'], { timeoutS: 0.5 })).rejects.toThrow(
      /longer than 0.5 s/,
    );
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  it('names a program that is not there', async () => {
    await expect(run(['no-such-program-here'], { timeoutS: 5 })).rejects.toThrow(RunError);
  });
});
