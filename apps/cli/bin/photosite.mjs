#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

// From Node 22.1 on, what was compiled in an earlier run need not be compiled again.
module.enableCompileCache?.();

const main = new URL('../dist/bundle/photosite.js', import.meta.url);
if (existsSync(main)) {
  const { run } = await import(main.href);
  await run(process.argv.slice(2));
} else {
  process.stderr.write('photosite: not built yet. Run "npm run build" in the project\'s folder first.\n');
  process.exitCode = 1;
}
