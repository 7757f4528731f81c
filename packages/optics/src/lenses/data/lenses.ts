import { OpticsError } from '../../OpticsError.js';
import type { Lens } from '../Lens.js';
import { lensOfTable } from './table.js';

/**
 * Tronnier's double Gauss of 1951, half the size of its patent's table. Abbe numbers as W. J. Smith prints them beside the
 * table (Modern Lens Design, p. 312).
 */
const DOUBLE_GAUSS_50 = lensOfTable(
  {
    name: 'Double Gauss 50 mm f/2',
    source: 'US 2,673,491 (Tronnier); mmp/pbrt-v3-scenes, lenses/dgauss.50mm.dat',
    stated: { focalLengthMm: 50, fNumber: 2, halfFieldDegrees: 22, backFocusMm: 36.114 },
  },
  [
    [29.475, 3.76, 1.67, 47.1, 12.6],
    [84.83, 0.12, 0, 0, 12.6],
    [19.275, 4.025, 1.67, 47.1, 11.5],
    [40.77, 3.275, 1.699, 30.1, 11.5],
    [12.75, 5.705, 0, 0, 9],
    [0, 4.5, 0, 0, 8.55, { stop: true }],
    [-14.495, 1.18, 1.603, 38, 8.5],
    [40.77, 6.065, 1.658, 57.3, 10],
    [-20.385, 0.19, 0, 0, 10],
    [437.065, 3.22, 1.717, 48, 10],
    [-39.73, 36.114, 0, 0, 10],
  ],
);

/** The first lens with aspheres for the 35 mm camera, as far as its table is at hand: surface 11 is left spherical. */
const NOCTILUX_50 = lensOfTable(
  {
    name: 'Noctilux 50 mm f/1.2 (asphere of surface 11 unknown, left spherical)',
    source: 'US 3,459,468, example 1, with the indices of the patent',
    stated: { focalLengthMm: 52, fNumber: 1.2, halfFieldDegrees: 22.5, backFocusMm: 27.68 },
  },
  [
    [
      59.852,
      6.76,
      1.821,
      45.2,
      26.6,
      {
        asphere: [-1.42077333273959e-8, -9.673220480714462e-11, -4.57182229270904e-13, 3.088802829415806e-16],
      },
    ],
    [237.692, 0.208, 0, 0, 26.6],
    [29.9, 11.752, 1.9, 40.5, 23.45],
    [126.568, 2.184, 1.792, 25.9, 25.455],
    [18.148, 8.112, 0, 0, 14.51],
    [0, 5.928, 0, 0, 12.48, { stop: true }],
    [-23.4, 1.612, 1.844, 30, 13.885],
    [72.02, 9.412, 1.9, 40.5, 18.77],
    [-34.58, 0.052, 0, 0, 18.46],
    [61.36, 6.084, 1.694, 54.6, 16.17],
    [-55.796, 27.68, 0, 0, 16.17],
  ],
);

/** A fast lens of seven elements, all spherical. */
const FAST_50 = lensOfTable(
  {
    name: '50 mm f/1.4, seven spherical elements',
    source: 'US 3,552,829, example 1',
    stated: { focalLengthMm: 50, fNumber: 1.4, halfFieldDegrees: 23.35, backFocusMm: 36.5 },
  },
  [
    [56.655, 5.24, 1.815, 45.2, 19.25],
    [600, 0.565, 0, 0, 19.25],
    [25.68, 6.56, 1.694, 54.6, 16.75],
    [51.875, 0.8, 0, 0, 14.358],
    [84.6, 2.255, 1.63003, 35.4, 17],
    [17.295, 5.865, 0, 0, 12.25],
    [0, 5.565, 0, 0, 12.05, { stop: true }],
    [-19.475, 2.855, 1.7918, 25.9, 12],
    [246.02, 6.185, 1.8004, 42.7, 15.5],
    [-35.965, 0.095, 0, 0, 15.5],
    [-125.895, 4.05, 1.8004, 42.7, 15.75],
    [-37.625, 0.095, 0, 0, 15.75],
    [198.13, 4.05, 1.71615, 53.7, 15.75],
    [-63.025, 36.5, 0, 0, 15.75],
  ],
);

/** A double Gauss of f/1.25 for 12°. */
const WERFEL_100 = lensOfTable(
  {
    name: 'Double Gauss 100 mm f/1.25 (Werfel)',
    source: 'US 2,771,006 (Werfel); W. J. Smith, Modern Lens Design, p. 304',
    stated: { focalLengthMm: 100.1, fNumber: 1.25, halfFieldDegrees: 12, backFocusMm: 56.42 },
  },
  [
    [93.32, 11.32, 1.717, 48, 40],
    [358.29, 0.4, 0, 0, 40],
    [46.32, 20, 1.643, 48, 36],
    [0, 2, 1.589, 40.9, 36],
    [28.68, 14, 0, 0, 24.5],
    [0, 10, 0, 0, 24.3, { stop: true }],
    [-41.32, 6, 1.762, 26.5, 24],
    [60.8, 22, 1.744, 44.7, 30],
    [-55, 13, 0, 0, 30],
    [90.2, 16, 1.717, 48, 28],
    [-212.58, 56.424, 0, 0, 28],
  ],
);

/** A double Gauss of f/1.35 for 13°. */
const LOWENTHAL_100 = lensOfTable(
  {
    name: 'Double Gauss 100 mm f/1.35 (Lowenthal)',
    source: 'US 2,601,805 (Lowenthal); W. J. Smith, Modern Lens Design, p. 305',
    stated: { focalLengthMm: 100.4, fNumber: 1.35, halfFieldDegrees: 13, backFocusMm: 55.07 },
  },
  [
    [85.5, 11.6, 1.744, 44.7, 38],
    [408.33, 1.5, 0, 0, 38],
    [40.35, 17, 1.62, 60.1, 33],
    [156.05, 3.5, 1.621, 36.2, 33],
    [25.05, 13.7, 0, 0, 22],
    [0, 8.3, 0, 0, 21.3, { stop: true }],
    [-36.8, 3.5, 1.689, 31.2, 22],
    [55, 23, 1.744, 44.7, 26],
    [-51.5, 1, 0, 0, 26],
    [123.5, 17, 1.744, 44.7, 26],
    [-204.96, 55.066, 0, 0, 26],
  ],
);

/** A rangefinder camera's fast wide angle of 1956, 35 times the size of its patent's table. */
const CANON_35 = lensOfTable(
  {
    name: 'Canon 35 mm f/1.8 of 1956',
    source: 'US 2,854,890; zpelgrims/lentil, lens 0016',
    stated: { focalLengthMm: 35, halfFieldDegrees: 30 },
  },
  [
    [20.265, 3.395, 1.6584, 50.8, 11.375],
    [62.545, 0.175, 0, 0, 11.375],
    [12.915, 2.765, 1.6584, 50.8, 9.275],
    [20.055, 1.12, 1.6987, 30.1, 9.275],
    [9.345, 4.025, 0, 0, 6.65],
    [0, 4.025, 0, 0, 6.481112247, { stop: true }],
    [-10.395, 1.925, 1.6204, 60.3, 6.65],
    [-7.525, 0.91, 1.575, 41.3, 6.65],
    [-115.465, 2.415, 1.6779, 55.3, 7.875],
    [-14.77, 0.035, 0, 0, 7.875],
    [148.75, 2.905, 1.6935, 53.5, 12.25],
    [-36.995, 23.625, 0, 0, 12.25],
  ],
);

/** Four moulded elements and a cover glass: all surfaces of the elements are odd polynomials on conics. */
const PHONE_5_6 = lensOfTable(
  {
    name: 'Phone camera 5.6 mm f/3.5',
    source: 'US 7,535,658; mjhoptics/ray-optics, cell_phone_camera.roa',
    stated: { focalLengthMm: 5.55507, fNumber: 3.5, imageHeightMm: 3.5 },
  },
  [
    [0, 0, 0, 0, 0.7935814819, { stop: true }],
    [
      1.962,
      1.19,
      1.471,
      76.6,
      0.938004486,
      {
        conic: 1.153,
        radial: [0, 0, -0.01895, 0.02426, -0.05123, 0.0008371, 0.00785, 0.004091, -0.007732, -0.004265],
      },
    ],
    [
      33.398,
      0.93,
      0,
      0,
      1.083722825,
      {
        conic: 39.18,
        radial: [0, 0, -0.004966, -0.01434, -0.006139, -0.00009284, 0.006438, -0.00572, -0.02385, 0.01108],
      },
    ],
    [
      -2.182,
      0.75,
      1.603,
      27.5,
      1.133805933,
      {
        conic: 1.105,
        radial: [0, 0, -0.04388, -0.02555, 0.0516, -0.04307, -0.02831, 0.03162, 0.0463, -0.04877],
      },
    ],
    [
      -6.367,
      0.1,
      0,
      0,
      1.539001096,
      {
        conic: 2.382,
        radial: [0, 0, -0.1131, -0.07863, 0.1094, 0.006228, -0.02216, -0.00589, 0.004123, 0.001041],
      },
    ],
    [
      5.694,
      0.89,
      1.51,
      56.2,
      1.825416263,
      {
        conic: -222.1,
        radial: [0, 0, -0.07876, 0.0702, 0.001575, -0.009958, -0.007322, 0.0006914, 0.00254, -0.000765],
      },
    ],
    [
      9.192,
      0.16,
      0,
      0,
      2.39781641,
      {
        conic: -0.0669,
        radial: [
          0, 0, 0.009694, -0.002516, -0.003606, -0.0002497, -0.000684, -0.0001414, 0.0002932, -0.00007284,
        ],
      },
    ],
    [
      1.674,
      0.85,
      1.51,
      56.2,
      2.481977905,
      {
        conic: -8.617,
        radial: [0, 0, 0.07429, -0.06933, -0.005811, 0.002396, 0.0021, -0.0003119, -0.00005552, 0.000007969],
      },
    ],
    [
      1.509,
      0.7,
      0,
      0,
      2.929710657,
      {
        conic: -3.707,
        radial: [
          0, 0, 0.001767, -0.04652, 0.01625, -0.003522, -0.0007106, 0.0003825, 0.00006271, -0.00002631,
        ],
      },
    ],
    [0, 0.4, 1.516, 64.1, 3.306725335],
    [0, 0.64, 0, 0, 3.405821102],
  ],
);

/** A wide zoom for mirrorless cameras at its widest. */
const NIKKOR_14 = lensOfTable(
  {
    name: 'Nikkor Z 14-30 mm f/4 at 14 mm',
    source: 'JP 2019-008031, example 1; mjhoptics/ray-optics, Nikon Nikkor Z 14-30mm f-4 S.roa',
    stated: { focalLengthMm: 14.420229, fNumber: 4, halfFieldDegrees: 57.68, backFocusMm: 21.36 },
  },
  [
    [190.7535, 3, 1.6937, 53.32, 29.285],
    [
      18.8098,
      9.5,
      0,
      0,
      22.485,
      { conic: -1, asphere: [-0.0000133157, -3.07345e-8, 6.9126e-11, -3.76684e-14] },
    ],
    [51.563, 2.9, 1.6937, 53.32, 19.205],
    [
      22.702,
      9.7,
      0,
      0,
      14.475,
      { conic: -1, asphere: [0.0000367009, 1.37031e-7, -5.20756e-10, 3.14884e-12, -5.6153e-15] },
    ],
    [-71.0651, 1.9, 1.49782, 82.57, 15.05],
    [44.4835, 0.1, 0, 0, 15.05],
    [32.608, 4.5, 1.90265, 35.73, 15.05],
    [296.5863, 28.616, 0, 0, 15.05],
    [63.0604, 2, 1.59349, 67, 9.04],
    [499.8755, 0.1, 0, 0, 9.04],
    [24.0057, 1.2, 1.883, 40.66, 9.605],
    [13.347, 4.5, 1.56883, 56, 8.54],
    [333.9818, 2.5, 0, 0, 8.54],
    [0, 7.483, 0, 0, 5.578185907, { stop: true }],
    [36.3784, 1.1, 1.816, 46.59, 8.59],
    [14.0097, 4.71, 1.51612, 64.08, 8.42],
    [61.0448, 0.2, 0, 0, 8.42, { asphere: [0.0000175905, -6.64635e-8, 2.26551e-10, -4.40763e-12] }],
    [27.9719, 3.15, 1.49782, 82.57, 8.55],
    [-75.3921, 0.25, 0, 0, 8.55],
    [91.9654, 3.05, 1.49782, 82.57, 8.915],
    [-29.3923, 1.579, 0, 0, 8.915],
    [72.093, 1, 1.795, 45.31, 9.065],
    [20.9929, 5.766, 0, 0, 9.065],
    [-538.2301, 4.8, 1.49782, 82.57, 10.935],
    [-20.1257, 0.1, 0, 0, 10.935],
    [
      -38.9341,
      1.4,
      1.76546,
      46.75,
      11.06,
      { conic: -1, asphere: [-0.0000267902, -3.34364e-8, -1.13765e-10, -1.88017e-13] },
    ],
    [154.832, 21.36, 0, 0, 11.815],
  ],
);

/**
 * A kit zoom for APS-C at its widest. The source writes the asphere's coefficients without gaps, as those of r³ to r⁷; they
 * are taken for r³, r⁴, r⁶, r⁸ and r¹⁰, under which the corners are several times sharper and the magnitudes fall evenly.
 */
const WIDE_18 = lensOfTable(
  {
    name: 'AF-S DX Nikkor 18-55 mm f/3.5-5.6 at 18 mm',
    source: 'US 7,277,232, example 4; mjhoptics/ray-optics, US007277232_Example04P.roa',
    stated: { focalLengthMm: 18.5, fNumber: 3.56, imageHeightMm: 14.2, backFocusMm: 41.84285 },
  },
  [
    [181.0591, 2, 1.7725, 49.61, 20.31],
    [17.2, 0.2, 1.55389, 38.09, 14.995],
    [
      12.763,
      12.25,
      0,
      0,
      14.76,
      {
        conic: -0.9625,
        radial: [0, 0, 0.0000079879, 0.0000030368, 0, -2.1516e-8, 0, 5.2594e-11, 0, -2.5891e-13],
      },
    ],
    [33.8814, 2.8, 1.86074, 23.06, 15.23],
    [65.8125, 44.0936, 0, 0, 15.23],
    [42.5378, 2.6, 1.497, 81.61, 9.18],
    [-94.5446, 1.8, 0, 0, 9.18],
    [0, 2, 0, 0, 7.798999567, { stop: true }],
    [24.2385, 4, 1.5168, 64.1, 9.14],
    [-35.8523, 0.8, 1.7725, 49.61, 8.83],
    [67.243, 11.2, 0, 0, 8.83],
    [54.1555, 0.8, 1.834, 37.17, 8.83],
    [15.5723, 4.5, 1.5168, 64.1, 8.83],
    [-35.4635, 41.84285, 0, 0, 8.83],
  ],
);

/** A fisheye of 180°, 16 times the size of its patent's table. */
const FISHEYE_16 = lensOfTable(
  {
    name: 'Minolta fisheye 16 mm f/2.8',
    source: 'US 4,256,373; zpelgrims/lentil, lens 0015',
    stated: { focalLengthMm: 16, halfFieldDegrees: 90 },
  },
  [
    [75.2528, 2.088, 1.713, 53.93, 23.2],
    [13.0336, 9.2064, 0, 0, 13.12],
    [37.4928, 1.5664, 1.62041, 60.29, 12.8],
    [11.5264, 5.2304, 0, 0, 9.6],
    [22.8128, 4.016, 1.71736, 29.42, 9.6],
    [-140.5328, 0.1008, 0, 0, 9.6],
    [44.8256, 2.6112, 1.59551, 39.44, 8.8],
    [-54.216, 1.0448, 1.744, 44.9, 8.8],
    [45.1472, 2.088, 0, 0, 8.8],
    [0, 1.4656, 1.5186, 60.1, 7.2],
    [0, 1.5664, 0, 0, 7.2],
    [0, 1.5664, 0, 0, 7.165008578, { stop: true }],
    [-70.4192, 5.2304, 1.497, 81.6, 8.8],
    [-15.0448, 0.1008, 0, 0, 8.8],
    [59.2704, 4.7088, 1.48749, 70.15, 8.8],
    [-12.0896, 1.4656, 1.84666, 23.88, 8.8],
    [-23.2768, 37.28, 0, 0, 9.6],
  ],
);

/** A telephoto of four elements; its source gives indices at one wavelength only, so that it draws no colour. */
const TELEPHOTO_250 = lensOfTable(
  {
    name: 'Sigler telephoto 250 mm f/5.6 (no dispersion known)',
    source: 'W. J. Smith, Modern Lens Design, p. 175; mmp/pbrt-v3-scenes, lenses/telephoto.250mm.dat',
    stated: { focalLengthMm: 250, fNumber: 5.6 },
  },
  [
    [54.6275, 12.52, 1.529, 0, 23.75],
    [-86.365, 3.755, 1.599, 0, 22.25],
    [271.7625, 2.8175, 0, 0, 20.75],
    [0, 67.4125, 0, 0, 20.25, { stop: true }],
    [-32.13, 3.755, 1.613, 0, 15.75],
    [49.5325, 12.52, 1.603, 0, 16.75],
    [-50.945, 105.0703943, 0, 0, 18.5],
  ],
);

/** Lenses that ship with the package, by id. Each names where its numbers come from. */
export const LENSES: Readonly<Record<string, Lens>> = {
  'double-gauss-50-f2': DOUBLE_GAUSS_50,
  'noctilux-50-f1.2': NOCTILUX_50,
  'fast-50-f1.4': FAST_50,
  'werfel-100-f1.25': WERFEL_100,
  'lowenthal-100-f1.35': LOWENTHAL_100,
  'canon-35-f1.8': CANON_35,
  'phone-5.6-f3.5': PHONE_5_6,
  'nikkor-z-14-f4': NIKKOR_14,
  'nikkor-dx-18-f3.5': WIDE_18,
  'fisheye-16-f2.8': FISHEYE_16,
  'telephoto-250-f5.6': TELEPHOTO_250,
};

/**
 * A lens that ships with the package.
 * @param id one of {@link LENSES}
 * @throws {OpticsError} that lists the ids
 */
export function findLens(id: string): Lens {
  const lens = Object.hasOwn(LENSES, id) ? LENSES[id] : undefined;
  if (lens !== undefined) return lens;
  throw new OpticsError(
    `the lens ${JSON.stringify(id.slice(0, 60))} is not known; there are ${Object.keys(LENSES).join(', ')}.`,
    { field: 'lens' },
  );
}
