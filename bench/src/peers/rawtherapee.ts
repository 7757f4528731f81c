import { access, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { decodeSrgb, linearByProfile, mapImage } from '@photosite/measure';
import { centreIn, mirror } from '../image.js';
import { readTiff } from '../readTiff.js';
import { RunError, run } from '../run.js';
import type { DevelopCommand, Peer } from './peer.js';
import { PEER_TIMEOUT_S, type Workspace } from './workspace.js';

/** RawTherapee's names of its Bayer algorithms. */
const ALGORITHMS = [
  'amaze',
  'amazevng4',
  'rcd',
  'rcdvng4',
  'dcb',
  'dcbvng4',
  'lmmse',
  'igv',
  'ahd',
  'eahd',
  'hphd',
  'vng4',
  'fast',
]; // prettier-ignore

/**
 * A processing profile that switches everything off but white balance as shot, the demosaicing, denoising where it is
 * asked for, and the matrix from camera RGB; the output is encoded by the sRGB curve. Every line differs from RawTherapee's own default.
 */
function neutralProfile(method: string, denoising = 'Enabled=false'): string {
  return `[Version]
AppVersion=5.9
Version=349

[Exposure]
Auto=false
Compensation=0
HistogramMatching=false
Curve=0;

[HLRecovery]
Enabled=false

[White Balance]
Setting=Camera

[Color Management]
InputProfile=(camera)
ToneCurve=false
ApplyLookTable=false
ApplyBaselineExposureOffset=false
ApplyHueSatMap=false
WorkingProfile=sRGB
OutputProfile=RTv4_sRGB
OutputBPC=false

[RAW]
CA=false
HotPixelFilter=false
DeadPixelFilter=false

[RAW Bayer]
Method=${method}
Border=4
CcSteps=0
LMMSEIterations=2
DCBIterations=2
DCBEnhance=true

[Sharpening]
Enabled=false

[PostDemosaicSharpening]
Enabled=false

[Directional Pyramid Denoising]
${denoising}

[LensProfile]
LcMode=none
`;
}

/** What its noise reduction is tried with: the strengths it has no automatic for, after the demosaics best under noise. */
const LUMINANCE_STRENGTHS = [20, 30, 40, 55, 75];
const DENOISED_DEMOSAICS = ['lmmse', 'rcdvng4'];

/** Its noise reduction as its own profile for high ISO sets it, the strength of luminance apart. */
function noiseReduction(luma: number): string {
  return `Enabled=true
Enhance=false
Median=false
Luma=${luma}
Ldetail=60
Method=Lab
LMethod=SLI
CMethod=AUT
C2Method=AUTO
SMethod=shal
Gamma=1.7
Passes=1
LCurve=0;
CCCurve=0;`;
}

/** Its own input profile, whatever it has for the camera, and no tone curve; a gamut that holds every patch. */
const LINEAR_COLOR_PROFILE = `[Version]
AppVersion=5.9
Version=349

[Exposure]
Auto=false
Compensation=0
HistogramMatching=false
Curve=0;

[HLRecovery]
Enabled=false

[White Balance]
Setting=Camera

[Color Management]
InputProfile=(cameraICC)
ToneCurve=false
OutputProfile=RTv4_Large
OutputBPC=false

[Sharpening]
Enabled=false

[LensProfile]
LcMode=none
`;

/** Its own settings for noisy raws, with noise reduction. */
const HIGH_ISO_PROFILE = 'Auto-Matched Curve - ISO High';

/** A processing profile that comes with RawTherapee, where its files are installed as the XDG specification has it. */
async function shippedProfile(name: string): Promise<string | undefined> {
  for (const folder of (process.env.XDG_DATA_DIRS || '/usr/local/share:/usr/share').split(':')) {
    const file = path.join(folder, 'rawtherapee', 'profiles', `${name}.pp3`);
    const there = await access(file).then(
      () => true,
      () => false,
    );
    if (there) return file;
  }
  return undefined;
}

/** RawTherapee's command line program. */
export function rawTherapee(workspace: Workspace): Peer {
  const options = { timeoutS: PEER_TIMEOUT_S, env: workspace.env };

  async function cameraRgb(
    dng: string,
    settings: string,
    { width, height }: { width: number; height: number },
  ) {
    const out = workspace.file('rawtherapee.tif');
    const profile = workspace.file('rawtherapee.pp3');
    await writeFile(profile, settings);
    await run(['rawtherapee-cli', '-q', '-Y', '-t', '-b32', '-o', out, '-p', profile, '-c', dng], options);
    const image = mapImage(await readTiff(out), decodeSrgb);
    await rm(out);
    // It drops four pixels at each side of the frame.
    return centreIn(image, width, height);
  }

  const develop = (raw: string, jpeg: string, settings: readonly string[]): DevelopCommand => ({
    command: ['rawtherapee-cli', '-q', '-Y', ...settings, '-j92', '-o', jpeg, '-c', raw],
    env: workspace.env,
    output: jpeg,
  });

  return {
    name: 'RawTherapee',
    install: 'apt-get install rawtherapee',
    async version() {
      // It ends with an error after naming its version.
      const text = await run(['rawtherapee-cli', '-v'], options).then(
        (result) => result.stdout,
        (error: unknown) => (error instanceof RunError ? error.output : ''),
      );
      return /version ([^,\s]+)/.exec(text)?.[1];
    },
    demosaics: ALGORITHMS,
    strongest: ['amaze', 'rcdvng4', 'lmmse', 'vng4'],
    demosaic: (dng, algorithm, size) => cameraRgb(dng, neutralProfile(algorithm), size),
    denoisings: () =>
      DENOISED_DEMOSAICS.flatMap((algorithm) =>
        LUMINANCE_STRENGTHS.map((luma) => ({
          row: 'noise reduction',
          settings: `${algorithm}, luminance ${luma}, chrominance automatic`,
          run: (dng, size) => cameraRgb(dng, neutralProfile(algorithm, noiseReduction(luma)), size),
        })),
      ),
    developments: [
      {
        label: 'RawTherapee default, JPEG 92',
        prepare: async (raw, jpeg) => develop(raw, jpeg, ['-d']),
      },
      {
        label: `RawTherapee "${HIGH_ISO_PROFILE}", JPEG 92`,
        async prepare(raw, jpeg) {
          const profile = await shippedProfile(HIGH_ISO_PROFILE);
          return profile === undefined ? undefined : develop(raw, jpeg, ['-p', profile]);
        },
      },
    ],
    async linearColor(raw, mirrored) {
      const out = workspace.file('rawtherapee-color.tif');
      const profile = workspace.file('rawtherapee-color.pp3');
      await writeFile(profile, LINEAR_COLOR_PROFILE);
      await run(['rawtherapee-cli', '-q', '-Y', '-t', '-b32', '-o', out, '-p', profile, '-c', raw], options);
      const picture = linearByProfile(await readTiff(out));
      await rm(out);
      // It turns pictures as their orientation says, but does not mirror them.
      return mirrored ? { ...picture, image: mirror(picture.image) } : picture;
    },
  };
}
