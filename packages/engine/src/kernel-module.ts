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
  denoiseMosaic(
    mosaic: number,
    stride: number,
    width: number,
    height: number,
    left: number,
    top: number,
    step: number,
    table: number,
    scratch: number,
  ): void;
  denoiseMosaicScratch(stride: number, height: number): number;
  denoisePlanes(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    left: number,
    top: number,
    step: number,
    table: number,
    scratch: number,
  ): void;
  denoisePlanesScratch(width: number, height: number): number;
  denoiseUnits(to: number, count: number): void;
  denoiseGain(
    at: number,
    gains: number,
    rowStride: number,
    width: number,
    height: number,
    divide: boolean,
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
    nodes: number,
    columns: number,
    rows: number,
    least: number,
    left: number,
    stepX: number,
    perX: number,
    top: number,
    stepY: number,
    perY: number,
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
  chroma(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    vibrance: number,
    saturation: number,
  ): void;
  localTone(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    grid: number,
    columns: number,
    rows: number,
    count: number,
    first: number,
    perOctave: number,
    left: number,
    stepX: number,
    perX: number,
    top: number,
    stepY: number,
    perY: number,
  ): void;
  lookTable(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    table: number,
    size: number,
    domain: number,
    encode: number,
    decode: number,
  ): void;
  lookCurves(
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    table: number,
    size: number,
    domain: number,
    encode: number,
    decode: number,
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
  defringeScratch(stride: number, height: number): number;
  defringe(
    inner: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    reach: number,
    near: number,
    amount: number,
    scratch: number,
  ): void;
  sharpenScratch(stride: number, height: number): number;
  sharpen(
    inner: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    halo: number,
    taps: number,
    table: number,
    scratch: number,
  ): void;
  textureScratch(stride: number, height: number): number;
  texture(
    inner: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    halo: number,
    fine: number,
    first: number,
    second: number,
    table: number,
    scratch: number,
  ): void;
  cellMeans(
    src: number,
    stride: number,
    width: number,
    height: number,
    pattern: number,
    period: number,
    dst: number,
  ): void;
  lensVignettingRow(
    planes: number,
    planeStride: number,
    x: number,
    centreX: number,
    dy: number,
    perPixel: number,
    count: number,
    table: number,
    perUnit: number,
    last: number,
  ): void;
  lensGeometry(
    src: number,
    planeStride: number,
    stride: number,
    left: number,
    top: number,
    width: number,
    height: number,
    areaWidth: number,
    areaHeight: number,
    nodes: number,
    nodesAcross: number,
    channels: number,
    levels: number,
    filters: number,
    dst: number,
    dstPlaneStride: number,
    dstStride: number,
    x0: number,
    y0: number,
    countX: number,
    countY: number,
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
