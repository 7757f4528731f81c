import { OpticsError } from '../OpticsError.js';

/** Layers of the ziggurat. */
const LAYERS = 128;
/** Where the ziggurat's base layer ends and the normal's tail begins, for 128 layers (Marsaglia and Tsang 2000). */
const TAIL_FROM = 3.442619855899;
/** Area of each layer (Marsaglia and Tsang 2000). */
const LAYER_AREA = 9.91256303526217e-3;

/** Right edge of each layer, from the base up; the base's is that of a rectangle of the same area. */
const EDGES = new Float64Array(LAYERS + 1);
/** Density (unnormalised) at each edge. */
const HEIGHTS = new Float64Array(LAYERS + 1);
/** From a signed 25-bit number to the place in the layer. */
const STEPS = new Float64Array(LAYERS);
/** Below this share of its width a layer lies wholly under the curve; scaled to 25-bit numbers. */
const INSIDE = new Float64Array(LAYERS);

const HALF_RANGE = 2 ** 24;
const density = (x: number) => Math.exp(-0.5 * x * x);
EDGES[0] = LAYER_AREA / density(TAIL_FROM);
EDGES[1] = TAIL_FROM;
HEIGHTS[0] = 0;
HEIGHTS[1] = density(TAIL_FROM);
for (let i = 2; i < LAYERS; i++) {
  HEIGHTS[i] = HEIGHTS[i - 1]! + LAYER_AREA / EDGES[i - 1]!;
  EDGES[i] = Math.sqrt(-2 * Math.log(HEIGHTS[i]!));
}
HEIGHTS[LAYERS] = 1;
for (let i = 0; i < LAYERS; i++) {
  STEPS[i] = EDGES[i]! / HALF_RANGE;
  INSIDE[i] = (EDGES[i + 1]! / EDGES[i]!) * HALF_RANGE;
}

const LOG_FACTORIALS = Float64Array.from({ length: 16 }, (_, n) => {
  let sum = 0;
  for (let i = 2; i <= n; i++) sum += Math.log(i);
  return sum;
});
const SQRT_TWO_PI = Math.sqrt(2 * Math.PI);

/** ln of the Poisson probability of `k`, without the cancellation that k ln µ − µ − ln k! has for large means. */
function logPoisson(k: number, mean: number): number {
  if (k < LOG_FACTORIALS.length) return k * Math.log(mean) - mean - LOG_FACTORIALS[k]!;
  const inverse = 1 / k;
  const square = inverse * inverse;
  // Stirling's series of ln k!, error below 1e-11 from 16 on.
  const stirling = inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)));
  const excess = mean - k;
  return k * Math.log1p(excess / k) - excess - stirling - Math.log(SQRT_TWO_PI * Math.sqrt(k));
}

/** Below this mean a Poisson number is found by inversion. */
const INVERSION_BELOW = 10;
/** Inversion stops here: for means below 10 what lies beyond is less likely than a uniform number's last bit. */
const INVERSION_LAST = 64;

/**
 * A stream of random numbers that belongs to one key, so that every row of every frame has its own and may be read in any
 * order. The generator is xoshiro128** (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS
 * 47, 2021); its state is mixed from the key by the finaliser of MurmurHash3 (Appleby, public domain).
 */
export class RandomStream {
  // Typed storage, so that 32-bit states are never boxed.
  readonly #state = new Int32Array(4);

  /** Starts the stream of a key: four integers, of which the lowest 32 bits count. */
  start(seed: number, frame: number, purpose: number, row: number): this {
    let hash = mix(seed ^ 0x243f6a88);
    hash = mix((hash + 0x9e3779b9) ^ frame);
    hash = mix((hash + 0x9e3779b9) ^ purpose);
    // Two chains, so that keys whose 32-bit hashes meet still have different states.
    let other = mix(row ^ 0x13198a2e);
    other = mix((other + 0x9e3779b9) ^ purpose);
    other = mix((other + 0x9e3779b9) ^ seed);
    other = mix((other + 0x9e3779b9) ^ frame);
    hash = mix((hash + 0x9e3779b9) ^ row);
    this.#state[0] = hash;
    this.#state[1] = other;
    this.#state[2] = mix(hash + 0x3c6ef372);
    // The all-zero state is the only one that the generator cannot leave.
    this.#state[3] = mix(other + 0x3c6ef372) | 1;
    return this;
  }

  /** 32 random bits as a signed integer. */
  bits(): number {
    const state = this.#state;
    const b = state[1]!;
    const scaled = Math.imul(b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9);
    const c = state[2]! ^ state[0]!;
    const d = state[3]! ^ b;
    state[1] = b ^ c;
    state[0] = state[0]! ^ d;
    state[2] = c ^ (b << 9);
    state[3] = (d << 11) | (d >>> 21);
    return result;
  }

  /** Uniform in (0, 1), on the middles of 2³² steps: never 0, so that its logarithm is finite. */
  uniform(): number {
    return (this.bits() + 2147483648.5) / 4294967296;
  }

  /**
   * Standard normal by the ziggurat (Marsaglia and Tsang, "The Ziggurat Method for Generating Random Variables", Journal of
   * Statistical Software 5(8), 2000); layer and place come from different bits, which mends the correlation that Doornik
   * (2005) found in the original. Exact but for the place's 25 bits.
   */
  normal(): number {
    for (;;) {
      const bits = this.bits();
      const layer = bits & (LAYERS - 1);
      const place = bits >> 7;
      if (Math.abs(place) < INSIDE[layer]!) return (place + 0.5) * STEPS[layer]!;
      const sign = place < 0 ? -1 : 1;
      if (layer === 0) return sign * this.#normalTail();
      const x = (place + 0.5) * STEPS[layer]!;
      const low = HEIGHTS[layer]!;
      if (low + this.uniform() * (HEIGHTS[layer + 1]! - low) < density(x)) return x;
    }
  }

  /** The normal beyond the ziggurat's base (Marsaglia 1964). */
  #normalTail(): number {
    for (;;) {
      const x = -Math.log(this.uniform()) / TAIL_FROM;
      const y = -Math.log(this.uniform());
      if (y + y > x * x) return TAIL_FROM + x;
    }
  }

  /** Exponential of mean 1. */
  exponential(): number {
    return -Math.log(this.uniform());
  }

  /**
   * A Poisson number. Means below 10: inversion by sequential search. From 10 on: algorithm PD of Ahrens and Dieter,
   * "Computer generation of Poisson deviates from modified normal distributions", ACM TOMS 8 (1982) 163-179: a normal
   * number is taken as it is wherever the Poisson law lies above the discretised normal, and the rest is made good by
   * rejection, so that the law is exact (to the 25 bits of the normal) and the cost is about that of a normal number.
   * @param mean finite; 0, below and NaN give 0
   */
  poisson(mean: number): number {
    if (!(mean > 0)) return 0;
    if (mean < INVERSION_BELOW) {
      const u = this.uniform();
      let probability = Math.exp(-mean);
      let sum = probability;
      let k = 0;
      while (u > sum && k < INVERSION_LAST) {
        k++;
        probability *= mean / k;
        sum += probability;
      }
      return k;
    }
    const deviation = Math.sqrt(mean);
    const first = mean + deviation * this.normal();
    const k = Math.floor(first);
    // Step I: from here up the Poisson law is nowhere below the normal's.
    if (k >= Math.floor(mean - 1.1484)) return k;
    return this.#poissonRest(mean, deviation, k);
  }

  /** Steps S to H of algorithm PD, for a first number `k` below the mean. */
  #poissonRest(mean: number, deviation: number, k: number): number {
    if (k >= 0) {
      const u = this.uniform();
      const below = mean - k;
      if (6 * mean * mean * u >= below * below * below) return k;
      if (discreteNormal(k, mean, deviation) * (1 - u) <= Math.exp(logPoisson(k, mean))) return k;
    }
    for (;;) {
      const exponential = this.exponential();
      const u = 2 * this.uniform() - 1;
      const t = 1.8 + (u < 0 ? -exponential : exponential);
      if (t <= -0.6744) continue;
      const candidate = Math.floor(mean + deviation * t);
      if (candidate < 0) continue;
      const gap = Math.exp(logPoisson(candidate, mean)) - discreteNormal(candidate, mean, deviation);
      if ((0.1069 / mean) * Math.abs(u) <= gap * Math.exp(exponential)) return candidate;
    }
  }
}

/** Finaliser of MurmurHash3: every bit of the input reaches every bit of the output. */
function mix(value: number): number {
  let z = value;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return z ^ (z >>> 16);
}

/** Probability that a normal of variance `mean` lies in [k, k+1): its density's series about the interval's middle. */
function discreteNormal(k: number, mean: number, deviation: number): number {
  const x = (k + 0.5 - mean) / deviation;
  const x2 = x * x;
  const inverse = 1 / mean;
  const second = (x2 - 1) / 24;
  const fourth = ((x2 - 6) * x2 + 3) / 1920;
  const sixth = (((x2 - 15) * x2 + 45) * x2 - 15) / 322560;
  const series = 1 + inverse * (second + inverse * (fourth + inverse * sixth));
  return (Math.exp(-0.5 * x2) / (SQRT_TWO_PI * deviation)) * series;
}

/**
 * The value itself where it can key random numbers: a whole number from 0 to 2³² − 1.
 * @throws {OpticsError} that names the field
 */
export function randomKey(field: string, value: number): number {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 32) return value;
  throw new OpticsError(`${value} is not possible; it has to be a whole number from 0 to ${2 ** 32 - 1}.`, {
    field,
  });
}
