import { rm, writeFile } from 'node:fs/promises';
import { linearByProfile, type ProfiledImage } from '@photosite/measure';
import { centreIn } from '../image.js';
import { readTiff } from '../readTiff.js';
import { run } from '../run.js';
import type { Peer } from './peer.js';
import { PEER_TIMEOUT_S, type Workspace } from './workspace.js';

/** The dual algorithms: this bit added to the main algorithm's number, VNG4 in flat regions. */
const DUAL = 2048;

/** Numbers of darktable's Bayer algorithms in the parameters of its demosaic module. */
const ALGORITHMS: Readonly<Record<string, number>> = {
  ppg: 0,
  amaze: 1,
  vng4: 2,
  rcd: 5,
  lmmse: 6,
  amaze_vng: DUAL + 1,
  rcd_vng: DUAL + 5,
};

/**
 * A sidecar whose only step is the demosaic module, version 4. Its parameters are six little-endian words: green
 * equilibration, median threshold (float), colour smoothing, algorithm, LMMSE refinement, dual threshold (float).
 */
function demosaicSidecar(method: number): string {
  const words = new DataView(new ArrayBuffer(24));
  words.setInt32(12, method, true);
  words.setInt32(16, 1, true);
  words.setFloat32(20, 0.2, true);
  const params = Buffer.from(words.buffer).toString('hex');
  return `<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:darktable="http://darktable.sf.net/" darktable:xmp_version="5"
    darktable:raw_params="0" darktable:auto_presets_applied="1" darktable:history_end="1"
    darktable:iop_order_version="2">
   <darktable:history>
    <rdf:Seq>
     <rdf:li darktable:num="0" darktable:operation="demosaic" darktable:enabled="1" darktable:modversion="4"
       darktable:params="${params}" darktable:multi_name="" darktable:multi_priority="0"/>
    </rdf:Seq>
   </darktable:history>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
`;
}

/** darktable's command line program, without its library and without OpenCL. */
export function darktable(workspace: Workspace): Peer {
  const options = { timeoutS: PEER_TIMEOUT_S, env: workspace.env };
  const core = [
    '--core',
    '--configdir',
    workspace.file('darktable-config'),
    '--cachedir',
    workspace.file('darktable-cache'),
    '--library',
    ':memory:',
    '--disable-opencl',
  ];
  /** No automatic tone and white balance modules, 32-bit float output. */
  const neutral = [
    'plugins/imageio/format/tiff/bpp=32',
    'plugins/imageio/format/tiff/compress=0',
    'plugins/darkroom/workflow=none',
    'plugins/darkroom/chromatic-adaptation=legacy',
  ].flatMap((setting) => ['--conf', setting]);

  async function export32(raw: string, algorithm: string, profile: string): Promise<ProfiledImage> {
    const out = workspace.file('darktable.tif');
    const sidecar = workspace.file('darktable.xmp');
    await writeFile(sidecar, demosaicSidecar(ALGORITHMS[algorithm]!));
    await run(['darktable-cli', raw, sidecar, out, '--icc-type', profile, ...core, ...neutral], options);
    const picture = await readTiff(out);
    await rm(out);
    return picture;
  }

  return {
    name: 'darktable',
    install: 'apt-get install darktable',
    async version() {
      const text = await run(['darktable-cli', '--version'], options).then(
        (result) => result.stdout,
        () => '',
      );
      return /darktable-cli (\S+)/.exec(text)?.[1];
    },
    demosaics: Object.keys(ALGORITHMS),
    strongest: ['amaze_vng', 'rcd_vng', 'lmmse', 'vng4'],
    async demosaic(dng, algorithm, { width, height }) {
      return centreIn(await export32(dng, algorithm, 'LIN_REC709'), width, height);
    },
    develop(raw, jpeg) {
      return {
        label: 'darktable default, JPEG 95',
        command: ['darktable-cli', raw, jpeg, ...core],
        env: workspace.env,
        output: jpeg,
      };
    },
    async linearColor(raw) {
      return linearByProfile(await export32(raw, 'rcd', 'LIN_REC2020'));
    },
  };
}
