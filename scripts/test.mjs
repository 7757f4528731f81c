// `npm test`: everything that must hold. The last line says how many tests passed and failed, alone.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

setUp();
const bin = (name) => join(root, 'node_modules', '.bin', name);
const steps = [
  ['format and lint', bin('biome'), ['check', '.']],
  [
    'arrows between packages',
    bin('depcruise'),
    [
      '--config',
      '.dependency-cruiser.cjs',
      'packages/tiff/src',
      'packages/raw/src',
      'packages/picture/src',
      'packages/engine/src',
      'packages/optics/src',
      'packages/measure/src',
      'apps/cli/src',
      'bench/src',
    ],
  ],
  ['types of the tests', bin('tsc'), ['-p', 'tsconfig.tests.json']],
];
let passed = 0;
let failed = 0;
const only = process.argv.slice(2);
if (only.length === 0)
  for (const [name, command, args] of steps) {
    console.log(`\n${name}`);
    const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
    if (status === 0) passed++;
    else failed++;
  }

const folder = mkdtempSync(join(tmpdir(), 'photosite-test-'));
const report = join(folder, 'report.json');
const { status } = spawnSync(
  bin('vitest'),
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...only],
  { cwd: root, stdio: 'inherit' },
);
let skipped = 0;
try {
  const result = JSON.parse(readFileSync(report, 'utf8'));
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  skipped = result.numPendingTests;
  // A file that broke before its tests ran counts as one failure.
  failed += result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  ).length;
} catch {
  failed++;
}
rmSync(folder, { recursive: true, force: true });
if (status !== 0 && failed === 0) failed++;
console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exitCode = failed === 0 ? 0 : 1;
