export * from './checks.js';
export type * from './lenses/Lens.js';
export type * from './lenses/LensDrawing.js';
export * from './OpticsError.js';
export type * from './scenes/Scene.js';
export type * from './sensors/SensorModel.js';
export * from './spectra/Spectrum.js';
