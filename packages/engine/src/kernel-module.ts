/**
 * What the engine's WASM module exports, i.e. every stage's kernel.ts. All numbers are addresses, sizes or values as
 * the kernels' own comments say.
 */
export interface Kernels {
  heapBase(): number;
  lineariseRow(
    src: number,
    table: number,
    black: number,
    scale: number,
    ceiling: number,
    deltaV: number,
    columns: number,
    first: number,
    last: number,
    count: number,
    dst: number,
  ): void;
  lineariseFloatRow(
    src: number,
    black: number,
    scale: number,
    ceiling: number,
    deltaV: number,
    columns: number,
    count: number,
    dst: number,
  ): void;
  lensShadingRow(
    row: number,
    columns: number,
    index: number,
    fraction: number,
    gains: number,
    count: number,
  ): void;
  mapPolynomialRow(
    row: number,
    columns: number,
    gains: number,
    applies: number,
    coefficients: number,
    degree: number,
    count: number,
  ): void;
  mapTableRow(
    row: number,
    columns: number,
    gains: number,
    applies: number,
    table: number,
    count: number,
  ): void;
  mapLinearRow(
    row: number,
    columns: number,
    gains: number,
    applies: number,
    scales: number,
    offsets: number,
    rowScale: number,
    rowOffset: number,
    count: number,
  ): void;
  defectsBayer(
    src: number,
    stride: number,
    width: number,
    height: number,
    dst: number,
    table: number,
    threshold: number,
    noise: number,
  ): void;
  defectsXTrans(
    src: number,
    stride: number,
    width: number,
    height: number,
    dst: number,
    table: number,
    threshold: number,
    noise: number,
  ): void;
  demosaicBayerFast(
    src: number,
    stride: number,
    width: number,
    height: number,
    phase: number,
    toe: number,
    dst: number,
    scratch: number,
  ): void;
  demosaicBayerFastScratch(stride: number, height: number): number;
  demosaicBayerBest(
    src: number,
    stride: number,
    width: number,
    height: number,
    phase: number,
    toe: number,
    dst: number,
    scratch: number,
  ): void;
  demosaicBayerBestScratch(stride: number, height: number): number;
  demosaicXTrans(
    src: number,
    stride: number,
    width: number,
    height: number,
    filters: number,
    dst: number,
    scratch: number,
  ): void;
  demosaicXTransScratch(stride: number, height: number): number;
  whiteBalance(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    r: number,
    g: number,
    b: number,
  ): void;
  highlights(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    table: number,
  ): void;
  colourMatrix(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    matrix: number,
  ): void;
  hueSatMap(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    table: number,
    hues: number,
    sats: number,
    vals: number,
    encode: number,
    decode: number,
  ): void;
  tone(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    table: number,
    keep: number,
  ): void;
  displayGamut(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    weights: number,
  ): void;
  displayEncode8(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    table: number,
    dst: number,
    stepX: number,
    stepY: number,
  ): void;
  displayEncode16(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    table: number,
    dst: number,
    stepX: number,
    stepY: number,
  ): void;
  displayFloat(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    table: number,
    dst: number,
    stepX: number,
    stepY: number,
  ): void;
  copyPlane(
    src: number,
    srcStride: number,
    dst: number,
    dstStride: number,
    width: number,
    height: number,
  ): void;
  reducePlane(
    src: number,
    srcStride: number,
    columns: number,
    rows: number,
    norm: number,
    scratch: number,
    dst: number,
    dstStride: number,
    width: number,
    height: number,
    srcWidth: number,
  ): void;
}

/** Pages of 64 KiB that the module's memory may grow to: all of wasm32. */
export const MAXIMUM_PAGES = 65536;
/** Pages that the memory starts with: room for the module's own tables. */
export const INITIAL_PAGES = 32;

/** A fresh memory for the kernels, shared between threads. */
export function createMemory(): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: MAXIMUM_PAGES, shared: true });
}

/** An instance of the kernels over a memory; one per thread. */
export async function instantiateKernels(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
): Promise<Kernels> {
  const instance = await WebAssembly.instantiate(module, {
    env: {
      memory,
      abort: () => {
        throw new Error('A kernel aborted.');
      },
    },
  });
  return instance.exports as unknown as Kernels;
}
