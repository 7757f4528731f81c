import { inRange } from '../checks.js';
import { MeasureError } from '../MeasureError.js';

/** One uniform patch of a test chart or one exposure of a flat field. */
export interface OecfPatch {
  /** Luminance of the patch or exposure of the sensor, in any unit that is proportional to light. */
  readonly light: number;
  /** Mean output. */
  readonly level: number;
  /** Standard deviation of the output, in its units; temporal noise for the ISO dynamic range. */
  readonly sigma: number;
}

/** Signal to noise at one patch, referred to the light. */
export interface IncrementalSnr {
  readonly light: number;
  /** Slope of the output over the light. */
  readonly gain: number;
  /** light · gain / sigma. */
  readonly snr: number;
}

/** The range of light that is recorded. */
export interface DynamicRange {
  /** Signal-to-noise ratio that the darkest usable light has to have. */
  readonly snr: number;
  /** The light at which it is met. */
  readonly darkest: number;
  /** The light at which the output saturates. */
  readonly brightest: number;
  /** brightest / darkest. */
  readonly ratio: number;
  /** log2 of the ratio. */
  readonly stops: number;
  /** 20·log10 of the ratio. */
  readonly decibels: number;
}

function checkedPatches(patches: readonly OecfPatch[]): OecfPatch[] {
  if (patches.length < 3) throw new MeasureError('three patches or more are needed.', { field: 'patches' });
  patches.forEach(({ light, level, sigma }, i) => {
    const good =
      Number.isFinite(light) && light >= 0 && Number.isFinite(level) && Number.isFinite(sigma) && sigma >= 0;
    if (!good) {
      throw new MeasureError(
        `light ${light}, level ${level}, sigma ${sigma}: finite numbers not below 0 are needed.`,
        {
          field: `patches[${i}]`,
        },
      );
    }
  });
  const sorted = [...patches].sort((a, b) => a.light - b.light);
  if (sorted.some(({ light }, i) => i > 0 && light === sorted[i - 1]!.light)) {
    throw new MeasureError('two patches have the same light; average them first.', { field: 'patches' });
  }
  return sorted;
}

/**
 * Signal to noise of each patch with the incremental gain, the local slope of the output over the light (ISO 15739:2013
 * and 2017, 6.2 and 6.3): an encoding cancels, since it scales slope and noise alike. Patches come back by ascending
 * light; the slope is that of the parabola through a patch and its neighbours.
 */
export function incrementalSnr(patches: readonly OecfPatch[]): IncrementalSnr[] {
  const sorted = checkedPatches(patches);
  return sorted.map(({ light, sigma }, i) => {
    const middle = Math.min(Math.max(i, 1), sorted.length - 2);
    const [a, b, c] = [sorted[middle - 1]!, sorted[middle]!, sorted[middle + 1]!];
    const low = (b.level - a.level) / (b.light - a.light);
    const high = (c.level - b.level) / (c.light - b.light);
    const curvature = (high - low) / (c.light - a.light);
    const gain = low + curvature * (2 * light - a.light - b.light);
    return { light, gain, snr: (light * gain) / sigma };
  });
}

/**
 * Dynamic range by ISO 15739:2013 and 2017, 6.4: the light that saturates the output over the light whose signal-to-noise
 * ratio is `snr`; 1 is the standard's, higher ones ask for shadows that can be looked at. Between patches, the ratio is
 * interpolated in logarithms; below the darkest patch it follows that patch's gain and noise, the standard's way by a
 * black patch.
 * @param saturationLevel output that counts as clipped
 * @param snr 1 to 100
 * @throws {MeasureError} where no patch is below saturation or none reaches the ratio
 */
export function dynamicRange(patches: readonly OecfPatch[], saturationLevel: number, snr = 1): DynamicRange {
  inRange('snr', snr, 1, 100);
  const sorted = checkedPatches(patches);
  const clipped = sorted.findIndex(({ level }) => level >= saturationLevel);
  if (clipped === 0) throw new MeasureError('all patches are clipped.', { field: 'saturationLevel' });
  const usable = clipped < 0 ? sorted : sorted.slice(0, clipped);
  if (usable.length < 3) {
    throw new MeasureError('less than three patches are below saturation.', { field: 'saturationLevel' });
  }
  const ratios = incrementalSnr(usable);
  const last = usable.at(-1)!;
  // Where the output would meet the saturation: along the slope of the brightest usable patch.
  const brightest =
    clipped < 0
      ? last.light
      : Math.min(sorted[clipped]!.light, last.light + (saturationLevel - last.level) / ratios.at(-1)!.gain);
  const reached = ratios.findIndex((patch) => patch.snr >= snr);
  if (reached < 0) {
    throw new MeasureError(`no patch reaches a signal-to-noise ratio of ${snr}.`, { field: 'snr' });
  }
  let darkest: number;
  const upper = ratios[reached]!;
  const lower = ratios[reached - 1];
  if (lower === undefined || !(lower.snr > 0)) darkest = (upper.light * snr) / upper.snr;
  else {
    const t = Math.log(snr / lower.snr) / Math.log(upper.snr / lower.snr);
    darkest = lower.light * (upper.light / lower.light) ** t;
  }
  const ratio = brightest / darkest;
  return { snr, darkest, brightest, ratio, stops: Math.log2(ratio), decibels: 20 * Math.log10(ratio) };
}
