import { access, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { linearByProfile } from '@photosite/measure';
import { centreIn } from '../image.js';
import { readTiff } from '../readTiff.js';
import { run } from '../run.js';
import type { DevelopCommand, Peer } from './peer.js';
import { PEER_TIMEOUT_S, type Workspace } from './workspace.js';

/** The built command line program, as an installation has it. */
export const PHOTOSITE = fileURLToPath(new URL('../../../node_modules/.bin/photosite', import.meta.url));

const NO_DENOISING = ['--denoise', '0', '--denoise-chroma', '0'];
/** What other programs' defaults do, and no more. */
const BASIC = [
  ...NO_DENOISING,
  '--sharpen',
  '0',
  '--defringe',
  '0',
  '--local-tone',
  '0',
  '--look',
  'faithful',
];

/** Our own command line program, measured from outside like the others. */
export function photosite(workspace: Workspace): Peer {
  const options = { timeoutS: PEER_TIMEOUT_S };

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

  const develop = (raw: string, jpeg: string, settings: readonly string[]): DevelopCommand => ({
    command: [PHOTOSITE, 'develop', raw, '-o', jpeg, ...settings, '--force'],
    env: {},
    output: jpeg,
  });

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
    demosaic: (dng, quality, size) => cameraRgb(dng, ['--quality', quality, ...NO_DENOISING], size),
    denoisings: () =>
      ['fast', 'best'].flatMap((quality) => [
        {
          row: `no denoising, ${quality}`,
          settings: quality,
          run: (dng, size) => cameraRgb(dng, ['--quality', quality, ...NO_DENOISING], size),
        },
        {
          row: `denoised, ${quality}`,
          settings: quality,
          run: (dng, size) => cameraRgb(dng, ['--quality', quality], size),
        },
      ]),
    developments: [
      { label: 'Photosite default, JPEG 92', prepare: async (raw, jpeg) => develop(raw, jpeg, []) },
      { label: 'Photosite basic, JPEG 92', prepare: async (raw, jpeg) => develop(raw, jpeg, BASIC) },
    ],
    async linearColor(raw) {
      const out = workspace.file('photosite-color.tif');
      await run([PHOTOSITE, 'develop', raw, '--as', 'linear-rec2020', '-o', out, '--force'], options);
      const picture = linearByProfile(await readTiff(out));
      await rm(out);
      return picture;
    },
  };
}
