import { solveLinear } from '../linearAlgebra.js';
/**
 * The spectral lines that glasses are described at, nm (ISO 7944 and the glass makers' catalogues).
 */
export const SPECTRAL_LINES_NM = {
  t: 1013.98,
  s: 852.11,
  C: 656.2725,
  d: 587.5618,
  e: 546.074,
  F: 486.1327,
  g: 435.8343,
} as const;

/** Powers of λ (µm) in the model: enough to hold the five conditions, and smooth between them. */
const POWERS = [0, 2, -2, -4, -6];

const basis = (wavelengthNm: number): number[] => POWERS.map((power) => (wavelengthNm / 1000) ** power);

const difference = (from: number, to: number): number[] => {
  const last = basis(to);
  return basis(from).map((value, index) => value - (last[index] ?? 0));
};

/**
 * The coefficients of u and w in n = nd + (nF − nC) (u(λ) + vd w(λ)). The conditions: u = w = 0 at d, one unit of
 * dispersion between F and C, and the normal glasses' relative partial dispersions, linear in vd, towards g, s and t.
 */
const [U, W] = (() => {
  const { t, s, C, d, F, g } = SPECTRAL_LINES_NM;
  const conditions = [basis(d), difference(F, C), difference(g, F), difference(C, s), difference(C, t)];
  return [
    solveLinear(conditions, [0, 1, 0.6438, 0.4029, 0.545]),
    solveLinear(conditions, [0, 0, -0.001682, 0.002331, 0.004743]),
  ] as const;
})();

/**
 * Index of a normal glass from its index at the d line and its Abbe number: n = nd + (nd − 1) / vd · (u(λ) + vd w(λ)),
 * where u and w follow the normal lines of relative partial dispersion through K7 and F2 (Schott, Technical Information
 * TIE-29, eq. 10 to 15). Within 365 to 1014 nm; glasses of anomalous dispersion differ (see README.md for how much).
 * @param nd index at 587.5618 nm, > 1
 * @param vd Abbe number (nd − 1) / (nF − nC), > 0
 * @param wavelengthNm wavelength, nm
 */
export function normalGlassIndex(nd: number, vd: number, wavelengthNm: number): number {
  const at = basis(wavelengthNm);
  let shape = 0;
  for (let k = 0; k < at.length; k++) shape += (at[k] ?? 0) * ((U[k] ?? 0) + vd * (W[k] ?? 0));
  return nd + ((nd - 1) / vd) * shape;
}
