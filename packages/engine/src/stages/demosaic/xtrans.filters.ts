/**
 * The linear estimators behind the X-Trans demosaic: which neighbours, weighted how, predict a missing colour.
 *
 * A picture is modelled as a Gaussian random field: luminance that is smooth along one direction and rough across it,
 * plus a chrominance that is smoother than luminance. Both covariances are rational quadratic, 1 / (1 + d²)
 * (Rasmussen & Williams, "Gaussian Processes for Machine Learning", 2006, eq. 4.19 with α = 1), which needs nothing but
 * division, so that the filters have the same bits in every JavaScript engine. For each place of the CFA the best
 * linear predictor (simple kriging: Cressie, "Statistics for Spatial Data", 1993, section 3.2) follows from solving one
 * linear system. Values are in the perceptual encoding of the kernel.
 */

/** Which colour (0 red, 1 green, 2 blue) stands where: side of the pattern. */
export const XTRANS_PERIOD = 6;
/** Vectors of four pixels after which pattern and vectors line up again. */
const VECTORS = 3;
/** Models of the picture: four directions for each of two kinds of colour. */
export const XTRANS_MODELS = 8;
/** Largest squared distance of a neighbour that is looked at. */
const REACH_SQUARED = 13;
const REACH = 3;

/** Row and column offsets of the neighbours, in the order that the filters' taps have. */
export const XTRANS_TAPS: readonly (readonly [dy: number, dx: number])[] = Array.from(
  { length: (2 * REACH + 1) ** 2 },
  (_, i): readonly [number, number] => [
    Math.floor(i / (2 * REACH + 1)) - REACH,
    (i % (2 * REACH + 1)) - REACH,
  ],
).filter(([dy, dx]) => dy * dy + dx * dx <= REACH_SQUARED);

/** How a model thinks pictures look; lengths in pixels, variances relative to luminance. */
interface PictureModel {
  /** Correlation length of luminance along and across the model's direction. */
  readonly along: number;
  readonly across: number;
  /** Correlation length of chrominance and its variance. */
  readonly chromaLength: number;
  readonly chromaVariance: number;
  /** Variance of what no neighbour can predict: noise and the finest texture. */
  readonly nugget: number;
}

/** Fine detail with little colour of its own, and broad strokes of strong colour. */
const KINDS: readonly PictureModel[] = [
  { along: 2.7, across: 1.5, chromaLength: 5, chromaVariance: 0.012, nugget: 0.003 },
  { along: 5.5, across: 1.7, chromaLength: 2.4, chromaVariance: 0.18, nugget: 0.003 },
];
/** Variance of the neighbourhood's mean luminance and mean chrominance: large, so that the filters keep both. */
const MEAN_LUMINANCE_VARIANCE = 10;
const MEAN_CHROMA_VARIANCE = 0.3;

/** Directions as cosine and sine: along rows, both diagonals, along columns. */
const DIRECTIONS: readonly (readonly [number, number])[] = [
  [1, 0],
  [Math.SQRT1_2, Math.SQRT1_2],
  [0, 1],
  [-Math.SQRT1_2, Math.SQRT1_2],
];

function covariance(
  model: PictureModel,
  [cosine, sine]: readonly [number, number],
  dy: number,
  dx: number,
  sameColour: boolean,
): number {
  const u = (dx * cosine - dy * sine) / model.along;
  const v = (dx * sine + dy * cosine) / model.across;
  const luminance = MEAN_LUMINANCE_VARIANCE + 1 / (1 + u * u + v * v);
  const near = 1 / (1 + (dx * dx + dy * dy) / (model.chromaLength * model.chromaLength));
  const chrominance = MEAN_CHROMA_VARIANCE + model.chromaVariance * near;
  // Three colours whose chrominance sums to zero: covariance 2/3 with itself, -1/3 with each other.
  return luminance + ((sameColour ? 1 : 0) - 1 / 3) * chrominance;
}

/** Cholesky factor (lower, row by row) of a symmetric positive definite matrix. */
function factor(matrix: Float64Array, n: number): Float64Array {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= lower[i * n + k]! * lower[j * n + k]!;
      lower[i * n + j] = i === j ? Math.sqrt(sum) : sum / lower[j * n + j]!;
    }
  }
  return lower;
}

function solve(lower: Float64Array, n: number, right: Float64Array): Float64Array {
  const x = right.slice();
  for (let i = 0; i < n; i++) {
    let sum = x[i]!;
    for (let k = 0; k < i; k++) sum -= lower[i * n + k]! * x[k]!;
    x[i] = sum / lower[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = x[i]!;
    for (let k = i + 1; k < n; k++) sum -= lower[k * n + i]! * x[k]!;
    x[i] = sum / lower[i * n + i]!;
  }
  return x;
}

/** The filters of one model at one place of the pattern, one weight per tap. */
interface PlaceFilters {
  /** Known sample minus its prediction from the others. */
  readonly residual: Float64Array;
  /** Predictions of the two missing colours, in the order red, green, blue. */
  readonly missing: readonly [Float64Array, Float64Array];
}

function placeFilters(
  colourAt: (y: number, x: number) => number,
  model: PictureModel,
  direction: readonly [number, number],
): PlaceFilters {
  const n = XTRANS_TAPS.length;
  const colours = XTRANS_TAPS.map(([dy, dx]) => colourAt(dy, dx));
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const [yi, xi] = XTRANS_TAPS[i]!;
      const [yj, xj] = XTRANS_TAPS[j]!;
      const noise = i === j ? model.nugget : 0;
      matrix[i * n + j] = covariance(model, direction, yi - yj, xi - xj, colours[i] === colours[j]) + noise;
    }
  }
  const lower = factor(matrix, n);
  const centre = XTRANS_TAPS.findIndex(([dy, dx]) => dy === 0 && dx === 0);
  const predict = (colour: number): Float64Array =>
    solve(
      lower,
      n,
      Float64Array.from(XTRANS_TAPS, ([dy, dx], i) =>
        covariance(model, direction, dy, dx, colours[i] === colour),
      ),
    );
  // Leave one out: the precision matrix's row of the centre, scaled to 1 at the centre.
  const precision = solve(
    lower,
    n,
    Float64Array.from(colours, (_, i) => (i === centre ? 1 : 0)),
  );
  const [first, second] = [0, 1, 2].filter((colour) => colour !== colours[centre]);
  return {
    residual: precision.map((value) => value / precision[centre]!),
    missing: [predict(first!), predict(second!)],
  };
}

/** Floats of the table of one vector of four pixels: masks, residual filters, prediction filters. */
export const XTRANS_BLOCK = 4 * (2 + XTRANS_TAPS.length * XTRANS_MODELS * 3);

/**
 * The table that the kernel and the reference work from.
 *
 * For each row of the pattern and each of three vectors of four columns, a block of `XTRANS_BLOCK` floats in groups of
 * four (one per column): 1 where the photosite is red; 1 where it is blue; `[tap][model]` weights of the residual;
 * `[model][tap][2]` weights of the two missing colours.
 * @param pattern 36 colours (0 red, 1 green, 2 blue) row by row, from the colour of any tile's first sample; any
 * pattern of three colours will do, so rotated, mirrored and shifted X-Trans need no treatment of their own
 */
export function xTransFilters(pattern: readonly number[]): Float32Array {
  const taps = XTRANS_TAPS.length;
  const table = new Float32Array(XTRANS_PERIOD * VECTORS * XTRANS_BLOCK);
  for (let y = 0; y < XTRANS_PERIOD; y++) {
    for (let x = 0; x < XTRANS_PERIOD; x++) {
      const colourAt = (dy: number, dx: number): number =>
        pattern[
          ((y + dy + XTRANS_PERIOD) % XTRANS_PERIOD) * XTRANS_PERIOD +
            ((x + dx + XTRANS_PERIOD) % XTRANS_PERIOD)
        ]!;
      // Twelve columns hold the pattern twice.
      const places = [x, x + XTRANS_PERIOD].map(
        (column) => (y * VECTORS + Math.floor(column / 4)) * XTRANS_BLOCK + (column % 4),
      );
      for (const place of places) {
        table[place] = colourAt(0, 0) === 0 ? 1 : 0;
        table[place + 4] = colourAt(0, 0) === 2 ? 1 : 0;
      }
      for (let m = 0; m < XTRANS_MODELS; m++) {
        const filters = placeFilters(colourAt, KINDS[Math.floor(m / 4)]!, DIRECTIONS[m % 4]!);
        for (const place of places) {
          for (let t = 0; t < taps; t++) {
            table[place + 4 * (2 + t * XTRANS_MODELS + m)] = filters.residual[t]!;
            const missing = place + 4 * (2 + taps * XTRANS_MODELS + (m * taps + t) * 2);
            table[missing] = filters.missing[0][t]!;
            table[missing + 4] = filters.missing[1][t]!;
          }
        }
      }
    }
  }
  return table;
}
