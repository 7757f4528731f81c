import { access, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { linearByProfile } from '@photosite/measure';
import { centreIn } from '../image.js';
import { readTiff } from '../readTiff.js';
import { run } from '../run.js';
import type { Peer } from './peer.js';
import { PEER_TIMEOUT_S, type Workspace } from './workspace.js';

/** The built command line program, as an installation has it. */
export const PHOTOSITE = fileURLToPath(new URL('../../../node_modules/.bin/photosite', import.meta.url));

/** Our own command line program, measured from outside like the others. */
export function photosite(workspace: Workspace): Peer {
  const options = { timeoutS: PEER_TIMEOUT_S };
  const noDenoising = ['--denoise', '0', '--denoise-chroma', '0'];

  async function cameraRgb(
    dng: string,
    settings: readonly string[],
    size: { width: number; height: number },
  ) {
    const out = workspace.file('photosite.tif');
    await run([PHOTOSITE, 'develop', dng, '--as', 'camera-rgb', ...settings, '-o', out, '--force'], options);
    const image = await readTiff(out);
    await rm(out);
    return centreIn(image, size.width, size.height);
  }

  return {
    name: 'Photosite',
    install: 'npm run build',
    async version() {
      const built = await access(PHOTOSITE).then(
        () => true,
        () => false,
      );
      return built ? (await run([PHOTOSITE, '--version'], options)).stdout.trim() : undefined;
    },
    demosaics: ['fast', 'best'],
    strongest: ['fast', 'best'],
    demosaic: (dng, quality, size) => cameraRgb(dng, ['--quality', quality, ...noDenoising], size),
    denoisings: () =>
      ['fast', 'best'].flatMap((quality) => [
        {
          row: `no denoising, ${quality}`,
          settings: quality,
          run: (dng, size) => cameraRgb(dng, ['--quality', quality, ...noDenoising], size),
        },
        {
          row: `denoised, ${quality}`,
          settings: quality,
          run: (dng, size) => cameraRgb(dng, ['--quality', quality], size),
        },
      ]),
    develop(raw, jpeg) {
      return {
        label: 'Photosite default, JPEG 92',
        command: [PHOTOSITE, 'develop', raw, '-o', jpeg, '--force'],
        env: {},
        output: jpeg,
      };
    },
    async linearColor(raw) {
      const out = workspace.file('photosite-color.tif');
      await run([PHOTOSITE, 'develop', raw, '--as', 'linear-rec2020', '-o', out, '--force'], options);
      const picture = linearByProfile(await readTiff(out));
      await rm(out);
      return picture;
    },
  };
}
