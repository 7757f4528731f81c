// The package ships no types for its worker, which is loaded for its effects alone.
declare module 'libraw-wasm/dist/worker.js';
