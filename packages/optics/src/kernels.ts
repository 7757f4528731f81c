// The one WASM module of the twin: its fast paths. Compiled by AssemblyScript, not by TypeScript.
export * from './twin/kernel';
