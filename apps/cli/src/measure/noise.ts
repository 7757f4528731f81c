import { framesNoise, type Rectangle, type RegionNoise, regionNoise } from '@photosite/measure';
import { luminanceWeights, readPicture } from './pictures.js';
import { table } from './table.js';

/** Flags of `photosite measure noise`. */
export interface NoiseFlags {
  readonly region?: Rectangle;
  readonly flatten: boolean;
  readonly json?: boolean;
}

const CHANNELS = ['red', 'green', 'blue', 'luminance'] as const;

function describe(title: string, noise: RegionNoise): string {
  const rows = CHANNELS.map((name) => {
    const { mean, sigma, snr } = noise[name];
    return [
      name,
      mean.toPrecision(4),
      sigma.toPrecision(3),
      snr.toFixed(1),
      (20 * Math.log10(snr)).toFixed(1),
    ];
  });
  const { weightedSigma, weightedSnr } = noise;
  rows.push([
    'weighted',
    '',
    weightedSigma.toPrecision(3),
    weightedSnr.toFixed(1),
    (20 * Math.log10(weightedSnr)).toFixed(1),
  ]);
  return `\n${title}\n${table(['', 'mean', 'sigma', 'SNR', 'dB'], rows)}`;
}

/** Measures the noise of a uniform region, of one picture or of several frames, and tells it as text or JSON. */
export async function measureNoise(files: readonly string[], flags: NoiseFlags): Promise<string> {
  const { region, flatten, json = false } = flags;
  const pictures = [];
  for (const file of files) pictures.push(await readPicture(file));
  const [first] = pictures;
  const { interpretation } = first!;
  const options = {
    flatten,
    luminanceWeights: luminanceWeights(first!),
    ...(region !== undefined && { region }),
  };
  if (files.length === 1) {
    const noise = regionNoise(first!.image, options);
    if (json) return `${JSON.stringify({ file: files[0], interpretation, total: noise }, undefined, 2)}\n`;
    return `${files[0]}: ${interpretation}, in linear values\n${describe('Total noise (ISO 15739)', noise)}`;
  }
  const noise = framesNoise(
    pictures.map(({ image }) => image),
    options,
  );
  if (json) return `${JSON.stringify({ files, interpretation, ...noise }, undefined, 2)}\n`;
  return [
    `${files.length} frames from ${files[0]} on: ${interpretation}, in linear values\n`,
    describe('Total noise (ISO 15739)', noise.total),
    describe('Temporal noise', noise.temporal),
    describe('Fixed pattern', noise.fixedPattern),
  ].join('');
}
