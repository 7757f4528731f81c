/** The twin's WASM module, compiled. */
export async function loadKernels(): Promise<WebAssembly.Module> {
  return WebAssembly.compileStreaming(fetch(new URL('../optics.wasm', import.meta.url)));
}
