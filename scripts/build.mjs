// Builds everything: TypeScript projects, then the engine's kernels to WASM where their sources changed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

function newest(folder, accept) {
  return Math.max(
    0,
    ...readdirSync(folder, { recursive: true })
      .filter((name) => accept(name))
      .map((name) => statSync(join(folder, name)).mtimeMs),
  );
}

const engine = join(root, 'packages', 'engine');
const wasm = join(engine, 'dist', 'engine.wasm');
const isKernel = (name) => /(^|[./\\])(kernel|kernels|[a-z]+\.kernel|weights\.generated)\.ts$/.test(name);
mkdirSync(dirname(wasm), { recursive: true });
if (!existsSync(wasm) || statSync(wasm).mtimeMs < newest(join(engine, 'src'), isKernel)) {
  run(bin('asc'), [
    join(engine, 'src', 'kernels.ts'),
    '-o',
    wasm,
    '-O3',
    '--noAssert',
    '--runtime',
    'stub',
    '--importMemory',
    '--sharedMemory',
    '--initialMemory',
    '32',
    '--maximumMemory',
    '65536',
    '--enable',
    'simd,threads',
  ]);
}
run(bin('tsc'), ['-b', ...process.argv.slice(2)]);
