// `npm run develop`: sets up what is missing, then develops the bundled sample, or one's own files with
// `npm run develop -- FILE... -o OUT`.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root, setUp } from './setup.mjs';

setUp();
const photosite = (args, cwd) => {
  const command = [join(root, 'apps', 'cli', 'bin', 'photosite.mjs'), 'develop', ...args];
  const { status, error } = spawnSync(process.execPath, command, { cwd, stdio: 'inherit' });
  if (error) throw error;
  return status ?? 1;
};

const own = process.argv.slice(2);
if (own.length > 0) {
  // npm runs scripts in the project's folder; names are meant from where the person stands.
  process.exitCode = photosite(own, process.env.INIT_CWD ?? process.cwd());
} else {
  const samples = join(root, 'samples');
  const photos = join(root, 'photos');
  const names = readdirSync(samples).filter((name) => name.endsWith('.dng'));
  process.exitCode = photosite(
    [...names.map((name) => join(samples, name)), '-o', `${photos}/`, '--force'],
    root,
  );
  if (process.exitCode === 0) {
    console.log('\nYour photo is ready:');
    for (const name of names) console.log(`  ${join(photos, name.replace(/\.dng$/, '.jpg'))}`);
    console.log(`\nIt was made from ${names.map((name) => relative(root, join(samples, name))).join(', ')}.`);
    console.log('Your own raw files:  npm run develop -- IMG_0001.dng -o IMG_0001.jpg');
    console.log('Every setting:       npm run develop -- --help');
  }
}
