import { readFile } from 'node:fs/promises';

/** The twin's WASM module, compiled. */
export async function loadKernels(): Promise<WebAssembly.Module> {
  const bytes = await readFile(new URL('../optics.wasm', import.meta.url));
  return WebAssembly.compile(new Uint8Array(bytes));
}
