/** Pixels around a tile that the fast Bayer demosaic reads. */
export const BAYER_FAST_HALO = 2;
/** Pixels around a tile that the best Bayer demosaic reads. */
export const BAYER_BEST_HALO = 2;
