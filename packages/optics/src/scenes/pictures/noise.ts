/** A number in [0, 1) for a place on an integer lattice; the finaliser of MurmurHash3 (Appleby, public domain) mixes it. */
export function lattice(x: number, y: number, z: number, seed: number): number {
  let h =
    Math.imul(x, 0x8da6b343) ^
    Math.imul(y, 0xd8163841) ^
    Math.imul(z, 0xcb1ab31f) ^
    Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

const ramp = (t: number): number => t * t * t * (t * (6 * t - 15) + 10);

/** Value noise in [0, 1): lattice values under a quintic ramp (Perlin, "Improving noise", SIGGRAPH 2002). */
export function valueNoise(x: number, y: number, z: number, seed: number): number {
  const x0 = Math.floor(x);
  const y0 = Math.floor(y);
  const z0 = Math.floor(z);
  const u = ramp(x - x0);
  const v = ramp(y - y0);
  const w = ramp(z - z0);
  const across = (dy: number, dz: number): number => {
    const left = lattice(x0, y0 + dy, z0 + dz, seed);
    return left + u * (lattice(x0 + 1, y0 + dy, z0 + dz, seed) - left);
  };
  const near = across(0, 0) * (1 - v) + across(1, 0) * v;
  return near + w * (across(0, 1) * (1 - v) + across(1, 1) * v - near);
}

/** Four octaves of value noise, in [0, 1). */
export function turbulence(x: number, y: number, z: number, seed: number): number {
  let sum = 0;
  for (let octave = 0, scale = 1, weight = 8 / 15; octave < 4; octave++, scale *= 2, weight /= 2)
    sum += weight * valueNoise(x * scale, y * scale, z * scale, seed + octave);
  return sum;
}
