import { describe, expect, it } from 'vitest';
import { BurstMaker, CASES } from './cases.js';
import { normalised } from './mergeTable.js';
import { motionsOf, placeInFrame, placeSeen } from './motion.js';
import { scoreMosaic } from './score.js';

const SIZE = { width: 320, height: 256 };
const NO_DATA = '/nonexistent';
const caseOf = (name: string) => CASES.find((each) => each.name === name)!;

describe('a burst of the protocol', () => {
  it('sees with a moved frame what the reference sees elsewhere', async () => {
    const maker = await BurstMaker.open(NO_DATA, SIZE);
    const quiet = { ...caseOf('handheld'), noise: { name: 'none', scale: 0, offset: 0 } };
    const { frames, motions, linear, width, height } = maker.make(quiet, 2);
    const seen = normalised(frames[1]!.samples, quiet.levels);
    let [squares, count] = [0, 0];
    for (let y = 40; y < height - 40; y += 2) {
      for (let x = 40; x < width - 40; x += 2) {
        const [u, v] = placeSeen(motions[1]!, x - (width - 1) / 2, y - (height - 1) / 2);
        const [column, row] = [u + (width - 1) / 2, v + (height - 1) / 2];
        const [i, j] = [Math.floor(column), Math.floor(row)];
        const at = (a: number, b: number) => linear.data[(b * width + a) * 3]!;
        const [p, q] = [column - i, row - j];
        const red =
          (1 - q) * ((1 - p) * at(i, j) + p * at(i + 1, j)) +
          q * ((1 - p) * at(i, j + 1) + p * at(i + 1, j + 1));
        squares += (seen[y * width + x]! - red) ** 2;
        count++;
      }
    }
    // Bilinear values of a picture with hard edges are this near; a pixel beside it they are five times as far off.
    expect(Math.sqrt(squares / count)).toBeLessThan(0.02);
  });

  it('has a reference whose errors are those of one frame, and a mean of eight whose errors are an eighth', async () => {
    const maker = await BurstMaker.open(NO_DATA, SIZE);
    for (const name of ['handheld', '14bit', 'dark']) {
      const which = caseOf(name);
      const { frames, truth } = maker.make(which, 2);
      const score = (data: Float32Array) =>
        scoreMosaic({ data, ...SIZE }, truth, which.noise, which.levels).frames;
      // Noise below black is cut off by the score, which makes the dark case a little better than its noise.
      const most = name === 'dark' ? 1.15 : 1.02;
      expect(score(normalised(frames[0]!.samples, which.levels))).toBeGreaterThan(0.97);
      expect(score(normalised(frames[0]!.samples, which.levels))).toBeLessThan(most);
      expect(score(maker.ideal(which, truth, 8)) / 8).toBeGreaterThan(0.95);
      expect(score(maker.ideal(which, truth, 8)) / 8).toBeLessThan(most);
    }
  });

  it('is the same every time', async () => {
    const [a, b] = [await BurstMaker.open(NO_DATA, SIZE), await BurstMaker.open(NO_DATA, SIZE)];
    expect(a.make(caseOf('moving'), 3).frames).toEqual(b.make(caseOf('moving'), 3).frames);
  });
});

describe('the motion of a hand', () => {
  it('stays within the bounds, leaves the reference, and goes back where it came from', () => {
    const motions = motionsOf('hand', 16, 3);
    expect(motions[0]).toEqual({ shiftX: 0, shiftY: 0, turnDeg: 0 });
    for (const motion of motions) {
      expect(Math.max(Math.abs(motion.shiftX), Math.abs(motion.shiftY))).toBeLessThanOrEqual(12);
      expect(Math.abs(motion.turnDeg)).toBeLessThanOrEqual(0.15);
      const [x, y] = placeInFrame(motion, ...placeSeen(motion, 700, -300));
      expect(x).toBeCloseTo(700, 9);
      expect(y).toBeCloseTo(-300, 9);
    }
  });

  it('moves by whole periods of the array where that is asked for', () => {
    for (const { shiftX, shiftY, turnDeg } of motionsOf('periods', 16, 3)) {
      expect(Math.abs(shiftX % 2)).toBe(0);
      expect(Math.abs(shiftY % 2)).toBe(0);
      expect(turnDeg).toBe(0);
    }
  });
});
