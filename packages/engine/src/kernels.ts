// The one WASM module of the engine: every stage's fast path. Compiled by AssemblyScript, not by TypeScript.
export * from './stages/linearise/kernel';
export * from './stages/mapping/kernel';
export * from './stages/lens-shading/kernel';
export * from './stages/defects/kernel';
export * from './stages/demosaic/kernel';
export * from './stages/demosaic/xtrans.kernel';
export * from './stages/white-balance/kernel';
export * from './stages/highlights/kernel';
export * from './stages/colour/kernel';
export * from './stages/tone/kernel';
export * from './stages/display/kernel';
export * from './scheduler/kernel';
