import { describe, expect, it } from 'vitest';
import { OpticsError } from '../OpticsError.js';
import { handMotion } from './hand.js';
import { fromScene, type Pose, SCENE_POSE } from './Pose.js';

/** Movement of the picture's centre, pixels, at a focal length of 3029 pixels and 2 m. */
function shift(pose: Pose): [number, number] {
  const map = fromScene(pose, 2, 3029);
  return [map[2]! / map[8]!, map[5]! / map[8]!];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(share * (sorted.length - 1))]!;
}

const HANDS = Array.from({ length: 400 }, (_, seed) => handMotion({ seed, strength: 1 }));

/**
 * The burst of jpeg-burst (iPhone XR, 9 frames, focal length 3029 pixels): its frames' times, s, and the movement of the
 * picture's centre, pixels, by phase correlation of 70 tiles and a robust fit of shift, turn and scale.
 */
const BURST_S = [0, 0.118, 0.222, 0.328, 0.421, 0.528, 0.626, 0.725, 0.841];
const BURST_PX: readonly (readonly [number, number])[] = [
  [0, 0],
  [2.69, -1.5],
  [4.85, -5.62],
  [5.75, -6.28],
  [7.99, 0.59],
  [11.62, 8.3],
  [16.05, 9.21],
  [22.78, 7.98],
  [28.13, 9.79],
];

describe('handMotion: beside a real burst', () => {
  const tracks = HANDS.map((hand) => BURST_S.map((t) => shift(hand(t))));
  const drift = (track: readonly (readonly [number, number])[]) => Math.hypot(...track.at(-1)!);
  const steps = (track: readonly (readonly [number, number])[]) =>
    track.slice(1).map(([x, y], i) => Math.hypot(x - track[i]![0], y - track[i]![1]));
  const jerks = (track: readonly (readonly [number, number])[]) =>
    Math.sqrt(
      track
        .slice(2)
        .reduce(
          (sum, [x, y], i) =>
            sum +
            (x - 2 * track[i + 1]![0] + track[i]![0]) ** 2 +
            (y - 2 * track[i + 1]![1] + track[i]![1]) ** 2,
          0,
        ) / 14,
    );

  it('the median drift over 0.84 s is that of the burst within a factor of 1.5', () => {
    const ratio = quantile(tracks.map(drift), 0.5) / drift(BURST_PX);
    expect(ratio).toBeGreaterThan(1 / 1.5);
    expect(ratio).toBeLessThan(1.5);
  });

  it('the burst lies among the middle nine tenths of hands, in drift, in steps and in changes of step', () => {
    for (const measure of [drift, (track: typeof BURST_PX) => quantile(steps(track), 0.5), jerks]) {
      const values = tracks.map(measure);
      expect(measure(BURST_PX)).toBeGreaterThan(quantile(values, 0.05));
      expect(measure(BURST_PX)).toBeLessThan(quantile(values, 0.95));
    }
  });
});

describe('handMotion', () => {
  it('begins where the scene was seen from, and is the same for the same seed', () => {
    expect(HANDS[3]!(0)).toEqual(SCENE_POSE);
    expect(handMotion({ seed: 3, strength: 1 })(0.37)).toEqual(HANDS[3]!(0.37));
    expect(HANDS[4]!(0.37)).not.toEqual(HANDS[3]!(0.37));
  });

  it('grows with strength; a tripod stands still; a stabiliser takes yaw and pitch alone', () => {
    const at = (settings: { strength: number; stabilisation?: number }) =>
      handMotion({ seed: 9, ...settings })(0.5);
    const usual = at({ strength: 1 });
    expect(at({ strength: 2 }).yaw).toBeCloseTo(2 * usual.yaw, 12);
    expect(at({ strength: 2 }).zM).toBeCloseTo(2 * usual.zM, 12);
    expect(Math.max(...Object.values(at({ strength: 0 })).map(Math.abs))).toBe(0);
    const steady = at({ strength: 1, stabilisation: 0.9 });
    expect(steady.pitch).toBeCloseTo(0.1 * usual.pitch, 12);
    expect([steady.roll, steady.xM]).toEqual([usual.roll, usual.xM]);
  });

  it('trembles at 6 to 12 Hz by about 0.2 mrad rms, most at 7 to 10 Hz', () => {
    // Power of yaw by frequency: a Hann-windowed transform over 8 s, mean of many hands.
    const [spanS, rate, hands] = [8, 64, 40];
    const count = spanS * rate;
    const tracks = HANDS.slice(0, hands).map((hand) =>
      Array.from(
        { length: count },
        (_, i) => hand(i / rate).yaw * (0.5 - 0.5 * Math.cos((2 * Math.PI * i) / count)),
      ),
    );
    const power = (frequencyHz: number) =>
      tracks.reduce((sum, track) => {
        let [re, im] = [0, 0];
        track.forEach((value, i) => {
          re += value * Math.cos((2 * Math.PI * frequencyHz * i) / rate);
          im += value * Math.sin((2 * Math.PI * frequencyHz * i) / rate);
        });
        return sum + re * re + im * im;
      }, 0);
    // Parseval, both signs of frequency, and the window's mean square of 3/8.
    const rms = (fromHz: number, toHz: number) => {
      let sum = 0;
      for (let f = fromHz; f < toHz; f += 1 / spanS) sum += power(f);
      return Math.sqrt((2 * sum) / (hands * count ** 2 * (3 / 8)));
    };
    expect(rms(6, 12)).toBeGreaterThan(1.6e-4);
    expect(rms(6, 12)).toBeLessThan(2.4e-4);
    expect(rms(7, 10)).toBeGreaterThan(0.75 * rms(6, 12));
    expect(rms(13.5, 20)).toBeLessThan(0.05 * rms(6, 12));
  });

  it('is smooth: within 0.1 ms a picture of 3029 pixels of focal length moves less than 0.05 pixel', () => {
    let most = 0;
    for (const hand of HANDS.slice(0, 50)) {
      for (let t = 0; t < 1; t += 0.05) {
        const [a, b] = [hand(t), hand(t + 1e-4)];
        most = Math.max(most, 3029 * Math.hypot(b.yaw - a.yaw, b.pitch - a.pitch));
      }
    }
    expect(most).toBeLessThan(0.05);
  });

  it('refuses settings and times that are not possible', () => {
    expect(() => handMotion({ seed: -1, strength: 1 })).toThrow(/seed/);
    expect(() => handMotion({ seed: 1, strength: -1 })).toThrow(/strength/);
    expect(() => handMotion({ seed: 1, strength: 1, stabilisation: 2 })).toThrow(/stabilisation/);
    expect(() => HANDS[0]!(Number.NaN)).toThrow(OpticsError);
  });
});
