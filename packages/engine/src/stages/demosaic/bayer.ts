/** Pixels around a tile that the fast Bayer demosaic reads: eight quads of 2 × 2, a shifted phase, rounded up to four. */
export const BAYER_FAST_HALO = 20;
/** Pixels around a tile that the best Bayer demosaic reads: eleven quads of 2 × 2 and a shifted phase. */
export const BAYER_BEST_HALO = 24;
/** The kernels by mode, as engine.wasm exports them. */
export const BAYER_KERNELS = {
  fast: { run: 'demosaicBayerFast', scratch: 'demosaicBayerFastScratch', halo: BAYER_FAST_HALO },
  best: { run: 'demosaicBayerBest', scratch: 'demosaicBayerBestScratch', halo: BAYER_BEST_HALO },
} as const;
/** The toe of the encoding where there is little noise: the networks were trained with it. */
export const CLEAN_TOE = 1 / 32;
