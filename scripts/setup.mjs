// Brings a fresh clone to where it runs: installs what is missing, builds what is stale. Needs Node and npm alone.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

function must(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

function isInstalled() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  return (
    existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
  );
}

/** Installs and builds where needed. What the tools print goes to standard error, so that a report stays clean. */
export function setUp() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 9)) {
    console.error(`Photosite needs Node 20.9 or later; this is ${process.version}. See https://nodejs.org.`);
    process.exit(1);
  }
  const quiet = { stdio: ['ignore', 2, 2] };
  if (!isInstalled()) {
    console.error('Installing what Photosite needs (once) …');
    // Through the shell, because npm is a script of another name on Windows.
    must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      ...quiet,
      shell: process.platform === 'win32',
    });
  }
  must(process.execPath, [join(root, 'scripts', 'build.mjs')], quiet);
}
