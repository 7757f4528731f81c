// Builds everything: the kernels to WASM, the TypeScript projects, and the command as a bundle: one file for
// each entry and what they share opens several times faster than a hundred modules. Only what is stale is built.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
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

const isKernel = (name) => /(^|[./\\])(kernel|kernels|[a-z]+\.kernel|weights\.generated)\.ts$/.test(name);

/** Compiles a room's kernels where a kernel is newer than the module; returns the module's path. */
function compileKernels(room, memory) {
  const folder = join(root, 'packages', room);
  const wasm = join(folder, 'dist', `${room}.wasm`);
  mkdirSync(dirname(wasm), { recursive: true });
  if (!existsSync(wasm) || statSync(wasm).mtimeMs < newest(join(folder, 'src'), isKernel)) {
    run(bin('asc'), [
      join(folder, 'src', 'kernels.ts'),
      '-o',
      wasm,
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--importMemory',
      '--maximumMemory',
      '65536',
      ...memory,
    ]);
  }
  return wasm;
}

const modules = [
  compileKernels('engine', ['--sharedMemory', '--initialMemory', '32', '--enable', 'simd,threads']),
  // Every thread of the twin has a memory of its own.
  compileKernels('optics', ['--initialMemory', '2', '--enable', 'simd']),
];
run(bin('tsc'), ['-b', ...process.argv.slice(2)]);

const bundle = join(root, 'apps', 'cli', 'dist', 'bundle');
const built = ['tiff', 'raw', 'picture', 'engine', 'optics', 'measure']
  .map((room) => join(root, 'packages', room, 'dist'))
  .concat(join(root, 'apps/cli/dist'));
const isModule = (name) => name.endsWith('.js') && !name.startsWith('bundle');
const entry = join(bundle, 'photosite.js');
const newestModule = Math.max(
  ...built.map((folder) => newest(folder, isModule)),
  ...modules.map((wasm) => statSync(wasm).mtimeMs),
);
if (!existsSync(entry) || statSync(entry).mtimeMs < newestModule) {
  const { rolldown } = await import('rolldown');
  const build = await rolldown({
    input: {
      photosite: join(root, 'apps/cli/dist/main.js'),
      'node-thread': join(root, 'packages/engine/dist/platform/node-thread.js'),
      'twin-thread': join(root, 'apps/cli/dist/twin/twin-thread.js'),
      'node-worker': join(root, 'packages/raw/dist/libraw/node-worker.js'),
    },
    platform: 'node',
    // What brings WASM or native code of its own is found by name.
    external: [/^sharp$/, /^libraw-wasm/, /^wasm-vips/],
    cwd: root,
  });
  rmSync(bundle, { recursive: true, force: true });
  await build.write({
    dir: bundle,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: '[name]-[hash].js',
  });
  await build.close();
  // The rooms look for their kernels one folder above their modules.
  for (const wasm of modules) copyFileSync(wasm, join(root, 'apps/cli/dist', basename(wasm)));
}
