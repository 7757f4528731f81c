import { checkSameSize } from '../checks.js';
import { MeasureError } from '../MeasureError.js';
import { type Plane, REC709_LUMINANCE } from '../Plane.js';
import type { RgbImage } from '../RgbImage.js';
import {
  momentsOf,
  noiseOf,
  noisePlanes,
  type RegionNoise,
  type RegionNoiseOptions,
  uniformPart,
} from './regionNoise.js';

/** Noise of a uniform region told apart by several frames of it. */
export interface FramesNoise {
  /** What one frame shows. */
  readonly total: RegionNoise;
  /** What changes from frame to frame. */
  readonly temporal: RegionNoise;
  /** What stays: the average's variance less what the temporal noise leaves in it; 0 where that is negative. */
  readonly fixedPattern: RegionNoise;
}

/**
 * Total, temporal and fixed-pattern noise of a uniform region (ISO 15739:2013 and 2017, 6.3.3 to 6.3.5). The standard
 * asks for eight frames or more; two are the least that tell anything.
 * @param frames pictures of the same scene, same exposure, camera not moved
 * @throws {MeasureError} where there are less than two frames or their sizes differ
 */
export function framesNoise(frames: readonly RgbImage[], options: RegionNoiseOptions = {}): FramesNoise {
  const { region, flatten = true, luminanceWeights = REC709_LUMINANCE } = options;
  const n = frames.length;
  if (n < 2) throw new MeasureError('two frames or more are needed; eight are usual.', { field: 'frames' });
  for (const frame of frames) checkSameSize(frame, frames[0]!);
  const planes = frames.map((frame) => noisePlanes(uniformPart(frame, region), luminanceWeights));
  const parts = planes[0]!.map((first, p) => {
    const average: Plane = { ...first, data: new Float64Array(first.data.length) };
    for (const frame of planes) {
      for (const [i, value] of frame[p]!.data.entries()) average.data[i]! += value / n;
    }
    let squares = 0;
    for (const frame of planes) {
      // A frame may be a little brighter than the others as a whole: a lamp's flicker is no pixel noise.
      const offset =
        frame[p]!.data.reduce((a, value, i) => a + value - average.data[i]!, 0) / average.data.length;
      for (const [i, value] of frame[p]!.data.entries()) squares += (value - average.data[i]! - offset) ** 2;
    }
    // Differences to an average that holds the frame itself have (n − 1)/n of the variance.
    const temporal = squares / ((n - 1) * average.data.length);
    const { mean, variance } = momentsOf(average, flatten);
    const fixed = Math.max(0, variance - temporal / n);
    return { mean, temporal, fixed };
  });
  return {
    total: noiseOf(parts.map(({ mean, temporal, fixed }) => ({ mean, variance: temporal + fixed }))),
    temporal: noiseOf(parts.map(({ mean, temporal }) => ({ mean, variance: temporal }))),
    fixedPattern: noiseOf(parts.map(({ mean, fixed }) => ({ mean, variance: fixed }))),
  };
}
