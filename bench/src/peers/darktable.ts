import { rm, writeFile } from 'node:fs/promises';
import { linearByProfile, type ProfiledImage } from '@photosite/measure';
import { centreIn } from '../image.js';
import { readTiff } from '../readTiff.js';
import { run } from '../run.js';
import type { NoiseLevel } from '../truth/noise.js';
import type { DevelopCommand, Peer } from './peer.js';
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

/** What its profiled denoising is tried with, given the truth as its profile. */
const DENOISING_MODES: Readonly<Record<string, number>> = { 'non-local means': 0, wavelets: 1 };
const DENOISING_STRENGTHS = [0.08, 0.15, 0.3, 0.6, 1];
const DENOISED_DEMOSAICS = ['rcd_vng', 'lmmse'];

/** What its denoising takes for the profile that it has for the camera, or a general one. */
const CAMERA_NOISE: NoiseLevel = { name: 'camera', scale: -1, offset: 0 };

/** A module of a sidecar with its parameters as they lie in memory. */
interface Module {
  readonly operation: string;
  readonly version: number;
  readonly parameters: DataView;
}

/**
 * The demosaic module, version 4. Its parameters are six little-endian words: green equilibration, median threshold
 * (float), colour smoothing, algorithm, LMMSE refinement, dual threshold (float).
 */
function demosaicModule(method: number): Module {
  const words = new DataView(new ArrayBuffer(24));
  words.setInt32(12, method, true);
  words.setInt32(16, 1, true);
  words.setFloat32(20, 0.2, true);
  return { operation: 'demosaic', version: 4, parameters: words };
}

/** Bands and channels of the denoising module's curves. */
const [CURVES, CURVE_POINTS] = [6, 7];

/**
 * The denoiseprofile module, version 11, as it comes but for mode, strength and profile. Its parameters: patch radius,
 * search radius, strength, shadows, bias, scattering, central pixel, overshooting, a[3] and b[3] of the noise (variance =
 * a · signal + b, a = -1 for the camera's own), mode (0 non-local means, 1 wavelets), curves x and y of 6 × 7, and
 * four switches that are on.
 */
function denoiseModule(mode: number, strength: number, noise: NoiseLevel): Module {
  const x = Array.from({ length: CURVES * CURVE_POINTS }, (_, i) => (i % CURVE_POINTS) / (CURVE_POINTS - 1));
  const floats = [
    1,
    7,
    strength,
    1,
    0,
    0,
    0.1,
    1,
    ...Array(3).fill(noise.scale),
    ...Array(3).fill(noise.offset),
  ];
  const words = new DataView(new ArrayBuffer(4 * (floats.length + 1 + 2 * x.length + 4)));
  let at = 0;
  const float = (value: number) => {
    words.setFloat32(at, value, true);
    at += 4;
  };
  const integer = (value: number) => {
    words.setInt32(at, value, true);
    at += 4;
  };
  floats.forEach(float);
  integer(mode);
  x.forEach(float);
  x.forEach(() => {
    float(0.5);
  });
  for (let i = 0; i < 4; i++) integer(1);
  return { operation: 'denoiseprofile', version: 11, parameters: words };
}

/** A sidecar with these modules as its only steps, or on top of those that the program takes by itself. */
function sidecarOf(modules: readonly Module[], steps: 'alone' | 'and its defaults'): string {
  const history = modules.map(({ operation, version, parameters }, i) => {
    const hex = Buffer.from(parameters.buffer).toString('hex');
    return `     <rdf:li darktable:num="${i}" darktable:operation="${operation}" darktable:enabled="1"
       darktable:modversion="${version}" darktable:params="${hex}" darktable:multi_name=""
       darktable:multi_priority="0"/>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:darktable="http://darktable.sf.net/" darktable:xmp_version="5"
    darktable:raw_params="0" darktable:auto_presets_applied="${steps === 'alone' ? 1 : 0}" darktable:history_end="${history.length}"
    darktable:iop_order_version="2">
   <darktable:history>
    <rdf:Seq>
${history.join('\n')}
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

  async function export32(raw: string, modules: readonly Module[], profile: string): Promise<ProfiledImage> {
    const out = workspace.file('darktable.tif');
    const sidecar = workspace.file('darktable.xmp');
    await writeFile(sidecar, sidecarOf(modules, 'alone'));
    await run(['darktable-cli', raw, sidecar, out, '--icc-type', profile, ...core, ...neutral], options);
    const picture = await readTiff(out);
    await rm(out);
    return picture;
  }

  const develop = (raw: string, jpeg: string, sidecar: readonly string[]): DevelopCommand => ({
    command: ['darktable-cli', raw, ...sidecar, jpeg, ...core],
    env: workspace.env,
    output: jpeg,
  });

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
      const modules = [demosaicModule(ALGORITHMS[algorithm]!)];
      return centreIn(await export32(dng, modules, 'LIN_REC709'), width, height);
    },
    denoisings: (level) =>
      DENOISED_DEMOSAICS.flatMap((algorithm) =>
        Object.entries(DENOISING_MODES).flatMap(([row, mode]) =>
          DENOISING_STRENGTHS.map((strength) => ({
            row,
            settings: `${algorithm}, the true noise, strength ${strength}`,
            async run(dng, { width, height }) {
              const modules = [demosaicModule(ALGORITHMS[algorithm]!), denoiseModule(mode, strength, level)];
              return centreIn(await export32(dng, modules, 'LIN_REC709'), width, height);
            },
          })),
        ),
      ),
    developments: [
      { label: 'darktable default, JPEG 95', prepare: async (raw, jpeg) => develop(raw, jpeg, []) },
      {
        label: 'darktable default and profiled denoising (wavelets), JPEG 95',
        async prepare(raw, jpeg) {
          const sidecar = workspace.file('darktable-denoised.xmp');
          const modules = [denoiseModule(DENOISING_MODES.wavelets!, 1, CAMERA_NOISE)];
          await writeFile(sidecar, sidecarOf(modules, 'and its defaults'));
          return develop(raw, jpeg, [sidecar]);
        },
      },
    ],
    async linearColor(raw) {
      return linearByProfile(await export32(raw, [demosaicModule(ALGORITHMS.rcd!)], 'LIN_REC2020'));
    },
  };
}
