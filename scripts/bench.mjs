// `npm run bench -- COMMAND`: quality and speed beside the peers.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root, setUp } from './setup.mjs';

setUp();
const { status } = spawnSync(
  process.execPath,
  [join(root, 'bench', 'dist', 'main.js'), ...process.argv.slice(2)],
  { cwd: process.cwd(), stdio: 'inherit' },
);
process.exitCode = status ?? 1;
