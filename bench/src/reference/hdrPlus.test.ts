import { describe, expect, it } from 'vitest';
import { BurstMaker, CASES } from '../burst/cases.js';
import { normalised } from '../burst/mergeTable.js';
import { scoreMosaic } from '../burst/score.js';
import { hdrPlus } from './hdrPlus.js';

const SIZE = { width: 320, height: 256 };

describe('the plain HDR+ merge', () => {
  it('takes most of the light of frames that moved by whole periods, and of none that show something else', async () => {
    const maker = await BurstMaker.open('/nonexistent', SIZE);
    const which = CASES.find(({ name }) => name === 'periods')!;
    const { frames, truth } = maker.make(which, 4);
    const mosaics = frames.map(({ samples }) => normalised(samples, which.levels));
    const score = (data: Float32Array) =>
      scoreMosaic({ data, ...SIZE }, truth, which.noise, which.levels).frames;
    const merge = (of: Float32Array[]) => hdrPlus(of, SIZE.width, SIZE.height, which.noise);
    // The paper's weight keeps a part of the noise of every frame: of four, three quarters count.
    expect(score(merge(mosaics))).toBeGreaterThan(2.7);
    expect(score(merge([mosaics[0]!]))).toBeCloseTo(score(mosaics[0]!), 1);
    const strange = mosaics.map((mosaic, i) => (i === 0 ? mosaic : mosaic.map((value) => 1 - value)));
    expect(score(merge(strange))).toBeGreaterThan(0.8);
  });
});
