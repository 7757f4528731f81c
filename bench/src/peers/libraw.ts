import { rm } from 'node:fs/promises';
import { centreIn } from '../image.js';
import { readTiff } from '../readTiff.js';
import { RunError, run } from '../run.js';
import type { Peer } from './peer.js';
import { PEER_TIMEOUT_S, type Workspace } from './workspace.js';

/** `dcraw_emu`'s options per algorithm. */
const ALGORITHMS: Readonly<Record<string, readonly string[]>> = {
  linear: ['-q', '0'],
  vng: ['-q', '1'],
  ppg: ['-q', '2'],
  ahd: ['-q', '3'],
  dcb: ['-q', '4'],
  dcb_i2e: ['-q', '4', '-dcbi', '2', '-dcbe'],
  dht: ['-q', '11'],
  aahd: ['-q', '12'],
};

/** LibRaw's sample programs `dcraw_emu` and `unprocessed_raw`. */
export function libraw(workspace: Workspace): Peer {
  const options = { timeoutS: PEER_TIMEOUT_S, env: workspace.env };
  return {
    name: 'LibRaw',
    install: 'apt-get install libraw-bin',
    async version() {
      // Without arguments the program explains itself, names LibRaw's version and ends with an error.
      const text = await run(['unprocessed_raw'], options).then(
        (result) => result.stdout + result.stderr,
        (error: unknown) => (error instanceof RunError ? error.output : ''),
      );
      return /LibRaw (\S+)/.exec(text)?.[1];
    },
    demosaics: Object.keys(ALGORITHMS),
    strongest: ['dcb_i2e'],
    async demosaic(dng, algorithm, { width, height }) {
      const out = workspace.file('libraw.tif');
      // 16-bit linear camera RGB, no white balance, no clipping by highlights, no brightening.
      const neutral = '-4 -o 0 -r 1 1 1 1 -M -W -T -c 0 -H 0'.split(' ');
      await run(['dcraw_emu', ...neutral, ...ALGORITHMS[algorithm]!, '-Z', out, dng], options);
      const image = await readTiff(out);
      await rm(out);
      return centreIn(image, width, height);
    },
    // It knows a bilateral filter and wavelets that ask for a threshold; nobody who denoises in earnest uses them.
    denoisings: () => [],
    developments: [
      {
        label: 'LibRaw AHD, 16-bit TIFF',
        async prepare(raw, jpeg) {
          const tiff = `${jpeg}.tif`;
          return {
            command: ['dcraw_emu', '-w', '-W', '-6', '-T', '-q', '3', '-Z', tiff, raw],
            env: workspace.env,
            output: tiff,
          };
        },
      },
    ],
  };
}
