import { inRange } from '../checks.js';
import { OpticsError } from '../OpticsError.js';
import { RandomStream, randomKey } from '../sensors/random.js';
import type { Pose } from './Pose.js';

/** A hand that holds a camera. */
export interface HandSettings {
  /** Which hand and moment: 0 to 2³² − 1. */
  readonly seed: number;
  /** 1 is a usual hand, 0 a tripod; at most 100. */
  readonly strength: number;
  /** Share of yaw and pitch that a moving lens or sensor takes off, in [0,1]; 0 by default. */
  readonly stabilisation?: number;
}

/** Time over which the drift's size is stated, s: that of the burst it is measured on. */
const DRIFT_SPAN_S = 0.841;
/** Drift over that time in yaw and in pitch, rad rms: a median of 26 pixels in two axes at 3029 pixels of focal length. */
const DRIFT_RAD = 7.3e-3;
/** Roll drifts less: two hands hold the camera's sides. */
const ROLL_SHARE = 0.15;
/** Drift of the place over the same time, m rms in each axis. */
const DRIFT_M = 4e-3;
/** Slowest and fastest drift, Hz, and the frequency from which it falls by 12 dB an octave instead of 6. */
const DRIFT_FROM_HZ = 0.05;
const DRIFT_TO_HZ = 5;
const DRIFT_KNEE_HZ = 0.7;
const DRIFT_TONES = 24;

/** Physiological tremor: its band, the peak's place and half width, Hz. */
const TREMOR_FROM_HZ = 5;
const TREMOR_TO_HZ = 13;
const TREMOR_PEAK_HZ = 8.5;
const TREMOR_WIDTH_HZ = 1.7;
const TREMOR_TONES = 16;
/** rms of a usual hand's tremor in angle and place. */
const TREMOR_RAD = 2e-4;
const TREMOR_M = 3e-5;

const MAX_STRENGTH = 100;
/** Keeps hands apart from other users of the same seed. */
const PURPOSE_HAND = 101;
const AXES = 6;
const RADIANS_PER_CYCLE = 2 * Math.PI;

interface Tones {
  readonly frequenciesHz: readonly number[];
  /** Standard deviation of each tone's cosine and sine part. */
  readonly amplitudes: readonly number[];
}

/** Tones whose power follows a density, scaled so that `spread` of their powers is 1. */
function tones(
  frequenciesHz: readonly number[],
  power: (frequencyHz: number) => number,
  spread: (frequencyHz: number) => number,
): Tones {
  const powers = frequenciesHz.map(power);
  const whole = powers.reduce((sum, p, i) => sum + p * spread(frequenciesHz[i]!), 0);
  return { frequenciesHz, amplitudes: powers.map((p) => Math.sqrt(p / whole)) };
}

/** A random walk whose steps are smooth: power as 1/f², above the knee as 1/f⁴; its drift over the span is 1 rms. */
const DRIFT = tones(
  Array.from(
    { length: DRIFT_TONES },
    (_, i) => DRIFT_FROM_HZ * (DRIFT_TO_HZ / DRIFT_FROM_HZ) ** (i / (DRIFT_TONES - 1)),
  ),
  // The tones lie at equal ratios, so that each stands for a band as wide as its frequency.
  (f) => 1 / (f * (1 + (f / DRIFT_KNEE_HZ) ** 2)),
  (f) => 2 * (1 - Math.cos(RADIANS_PER_CYCLE * f * DRIFT_SPAN_S)),
);

/** A band about the peak; its value is 1 rms. */
const TREMOR = tones(
  Array.from(
    { length: TREMOR_TONES },
    (_, i) => TREMOR_FROM_HZ + ((TREMOR_TO_HZ - TREMOR_FROM_HZ) * i) / (TREMOR_TONES - 1),
  ),
  (f) => Math.exp(-0.5 * ((f - TREMOR_PEAK_HZ) / TREMOR_WIDTH_HZ) ** 2),
  () => 1,
);

const FREQUENCIES_HZ = [...DRIFT.frequenciesHz, ...TREMOR.frequenciesHz];

/** Drift and tremor of yaw, pitch, roll, x, y, z. */
const SIZES: readonly (readonly [drift: number, tremor: number])[] = [
  [DRIFT_RAD, TREMOR_RAD],
  [DRIFT_RAD, TREMOR_RAD],
  [DRIFT_RAD * ROLL_SHARE, TREMOR_RAD * ROLL_SHARE],
  [DRIFT_M, TREMOR_M],
  [DRIFT_M, TREMOR_M],
  [DRIFT_M, TREMOR_M],
];

/**
 * How a hand moves a camera: slow drift and physiological tremor in six degrees of freedom, as sums of tones with random
 * phases and amplitudes, so that it is smooth, repeatable and known at any time. Where its figures are from and how it
 * compares with a real burst: `twin/hand.md`.
 * @returns the pose at a time in seconds (any finite number); at 0 s the camera is where the scene was seen from
 * @throws {OpticsError} where a setting is out of its range
 */
export function handMotion({ seed, strength, stabilisation = 0 }: HandSettings): (timeS: number) => Pose {
  inRange('strength', strength, 0, MAX_STRENGTH);
  inRange('stabilisation', stabilisation, 0, 1);
  const stream = new RandomStream();
  const count = FREQUENCIES_HZ.length;
  const cosines = new Float64Array(AXES * count);
  const sines = new Float64Array(AXES * count);
  for (let axis = 0; axis < AXES; axis++) {
    stream.start(randomKey('seed', seed), 0, PURPOSE_HAND, axis);
    const [drift, tremor] = SIZES[axis]!;
    const share = strength * (axis < 2 ? 1 - stabilisation : 1);
    for (let i = 0; i < count; i++) {
      const size =
        i < DRIFT_TONES ? drift * DRIFT.amplitudes[i]! : tremor * TREMOR.amplitudes[i - DRIFT_TONES]!;
      cosines[axis * count + i] = share * size * stream.normal();
      sines[axis * count + i] = share * size * stream.normal();
    }
  }
  return (timeS) => {
    if (!Number.isFinite(timeS)) throw new OpticsError(`${timeS} is not a time.`, { field: 'timeS' });
    const values = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < count; i++) {
      const angle = RADIANS_PER_CYCLE * FREQUENCIES_HZ[i]! * timeS;
      const cosine = Math.cos(angle) - 1;
      const sine = Math.sin(angle);
      for (let axis = 0; axis < AXES; axis++) {
        values[axis]! += cosines[axis * count + i]! * cosine + sines[axis * count + i]! * sine;
      }
    }
    const [yaw, pitch, roll, xM, yM, zM] = values as [number, number, number, number, number, number];
    return { yaw, pitch, roll, xM, yM, zM };
  };
}
