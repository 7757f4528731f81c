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
    scratch: number,
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
  sharpenScratch(stride: number, height: number, halo: number): number;
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
  alignGrey(
    src: number,
    float: number,
    samplesPerPixel: number,
    pitch: number,
    width: number,
    height: number,
    period: number,
    b00: number,
    b01: number,
    b10: number,
    b11: number,
    cut: number,
    perUnit: number,
    scale: number,
    offset: number,
    first: number,
    last: number,
    dst: number,
    dstStride: number,
    dstWidth: number,
    scratch: number,
  ): void;
  alignReduce(
    src: number,
    srcStride: number,
    srcWidth: number,
    srcHeight: number,
    first: number,
    last: number,
    dst: number,
    dstStride: number,
    dstWidth: number,
    scratch: number,
  ): void;
  alignMeasure(
    reference: number,
    other: number,
    width: number,
    height: number,
    stride: number,
    scale: number,
    origin: number,
    loss: number,
    columns: number,
    row: number,
    offsets: number,
    xx: number,
    xy: number,
    yx: number,
    yy: number,
    figures: number,
  ): void;
  alignDetail(src: number, width: number, height: number, stride: number, dst: number, sums: number): void;
  alignAgreement(
    reference: number,
    other: number,
    width: number,
    height: number,
    stride: number,
    every: number,
    moveX: number,
    moveY: number,
    xx: number,
    xy: number,
    yx: number,
    yy: number,
    out: number,
  ): void;
  alignRefine(
    reference: number,
    other: number,
    width: number,
    height: number,
    stride: number,
    dx: number,
    dy: number,
    a: number,
    b: number,
    gain: number,
    lift: number,
    scale2: number,
    out: number,
  ): void;
  alignShifts(
    reference: number,
    other: number,
    width: number,
    height: number,
    stride: number,
    xx: number,
    xy: number,
    yx: number,
    yy: number,
    fade: number,
    size: number,
    circle: number,
    noise: number,
    reachX: number,
    reachY: number,
    most: number,
    work: number,
    out: number,
  ): number;
  alignWeigh(
    count: number,
    figures: number,
    offsets: number,
    own: number,
    others: number,
    gradientNoise: number,
    shared: number,
    scale: number,
    leastSamples: number,
    reach: number,
    information: number,
    best: number,
  ): void;
  alignCap(count: number, information: number, allowed: number, capped: number): void;
  alignFit(
    columns: number,
    rows: number,
    step: number,
    centreX: number,
    centreY: number,
    radius: number,
    capped: number,
    best: number,
    p: number,
    out: number,
  ): void;
  alignSmooth(
    columns: number,
    rows: number,
    step: number,
    cx: number,
    cy: number,
    scale: number,
    rounds: number,
    steps: number,
    least: number,
    information: number,
    best: number,
    before: number,
    whole: number,
    offsets: number,
    work: number,
  ): void;
  burstSamples(
    src: number,
    float: number,
    black: number,
    scale: number,
    ceiling: number,
    deltaV: number,
    count: number,
    dst: number,
  ): void;
  burstTogether(planes: number, planeStride: number, count: number, factor: number, dst: number): void;
  burstIntegers(src: number, count: number, black: number, dst: number): void;
  burstPlaces(
    nodes: number,
    columns: number,
    rows: number,
    spacing: number,
    from: number,
    step: number,
    count: number,
    y: number,
    left: number,
    top: number,
    width: number,
    height: number,
    rowBytes: number,
    dst: number,
    stride: number,
  ): void;
  burstResidualRow(
    nodes: number,
    columns: number,
    rows: number,
    spacing: number,
    left: number,
    y: number,
    count: number,
    light: number,
    planes: number,
    planeStride: number,
    rowStride: number,
    width: number,
    height: number,
    even: number,
    odd: number,
    cubic: number,
    limit: number,
    dst: number,
    dstStride: number,
  ): void;
  burstWeights(
    rows: number,
    stride: number,
    width: number,
    height: number,
    table: number,
    red: number,
    scratch: number,
  ): void;
  burstGatherLightRow(
    nodes: number,
    columns: number,
    nodeRows: number,
    spacing: number,
    left: number,
    y: number,
    count: number,
    boxLeft: number,
    boxTop: number,
    width: number,
    height: number,
    rows: number,
    stride: number,
    plane: number,
    taps: number,
    factor: number,
    sums: number,
    shares: number,
  ): number;
  burstGatherColourRow(
    nodes: number,
    columns: number,
    nodeRows: number,
    spacing: number,
    left: number,
    y: number,
    count: number,
    boxLeft: number,
    boxTop: number,
    width: number,
    height: number,
    rows: number,
    stride: number,
    plane: number,
    taps: number,
    factor: number,
    red: number,
    dst: number,
    dstPlane: number,
  ): void;
  burstWayBack(forward: number, columns: number, rows: number, spacing: number, dst: number): void;
  burstExtent(
    nodes: number,
    columns: number,
    rows: number,
    spacing: number,
    x0: number,
    y0: number,
    x1: number,
    y1: number,
    dst: number,
  ): void;
  burstLightRow(
    sums: number,
    shares: number,
    planes: number,
    planeStride: number,
    count: number,
    prior: number,
    usual: number,
    clip: number,
    shade: number,
    dst: number,
    dstStride: number,
  ): void;
  burstColourRow(
    light: number,
    lightStride: number,
    lightPlane: number,
    count: number,
    taps: number,
    prior: number,
    usual: number,
    clip: number,
    planes: number,
    planeStride: number,
    cells: number,
    cellPlane: number,
  ): void;
  burstComposeRow(
    light: number,
    lightStride: number,
    near: number,
    far: number,
    cellPlane: number,
    count: number,
    last: number,
    least: number,
    planes: number,
    planeStride: number,
  ): void;
  burstExcessRow(
    samples: number,
    merged: number,
    planeStride: number,
    count: number,
    even: number,
    odd: number,
    noise: number,
    clip: number,
    differences: number,
    excesses: number,
  ): void;
  burstMosaicRow(
    merged: number,
    planeStride: number,
    differences: number,
    excesses: number,
    stride: number,
    window: number,
    count: number,
    even: number,
    odd: number,
    slack: number,
    least: number,
    factor: number,
    columns: number,
    dst: number,
  ): void;
  burstSampleRow(
    places: number,
    placeStride: number,
    count: number,
    plane: number,
    rowStride: number,
    cubic: number,
    dst: number,
  ): void;
  burstDeconvolveScratch(width: number, height: number): number;
  burstLightRowOf(src: number, count: number, weights: number, light: number, peaks: number): void;
  burstDeconvolve(
    light: number,
    peaks: number,
    rowStride: number,
    width: number,
    height: number,
    x0: number,
    y0: number,
    tileWidth: number,
    tileHeight: number,
    table: number,
    trust: number,
    columns: number,
    rows: number,
    output: number,
    scratch: number,
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
