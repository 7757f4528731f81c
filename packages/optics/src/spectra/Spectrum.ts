/** First wavelength of every spectrum, nm. */
export const FIRST_NM = 380;
/** Distance of two samples, nm. */
export const STEP_NM = 5;
/** Samples of every spectrum: 380 to 780 nm. */
export const SAMPLES = 81;

/** Wavelengths of a spectrum's samples, nm. */
export const WAVELENGTHS_NM: readonly number[] = Array.from(
  { length: SAMPLES },
  (_, i) => FIRST_NM + i * STEP_NM,
);

/** A quantity per wavelength on the grid of {@link WAVELENGTHS_NM}: {@link SAMPLES} values. */
export type Spectrum = readonly number[];
