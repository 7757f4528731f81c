/**
 * How likely surfaces have a colour, as mixtures of normal distributions over balanced camera RGB: for dark, middling and
 * bright ones of a scene. Each part: its share, means of ln(R/G) and ln(B/G), their variances, their covariance.
 *
 * Fitted (expectation maximisation) to 12,000 surfaces, half of them mixtures of two, drawn from every other one of the 190
 * reflectances of rawtoaces (Academy of Motion Picture Arts and Sciences, Apache-2.0), seen by nine cameras of the same
 * collection under 33 measured lights, in 0.25 to 1 of full light.
 */
export type SurfacePart = readonly [
  share: number,
  red: number,
  blue: number,
  redVariance: number,
  blueVariance: number,
  covariance: number,
];

/** Classes end at these shares of the light of the scene's brightest surfaces. */
export const CLASS_ENDS: readonly number[] = [0.25, 0.56, Number.POSITIVE_INFINITY];

/** The mixtures of the classes. */
export const SURFACES: readonly (readonly SurfacePart[])[] = [
  [
    [0.2363, -0.3647, -0.4224, 0.2687, 0.1979, -0.105],
    [0.4402, 0.0872, -0.1821, 0.1918, 0.2096, 0.0339],
    [0.1523, 1.0039, -0.0808, 0.2208, 0.328, -0.0214],
    [0.1713, -0.2159, 0.4908, 0.1975, 0.1675, -0.0089],
  ],
  [
    [0.2471, 0.2498, -0.9252, 0.126, 0.1529, -0.0334],
    [0.2925, 0.2209, -0.013, 0.6498, 0.1443, -0.1985],
    [0.4314, -0.0638, 0.1416, 0.1673, 0.1655, -0.0162],
    [0.029, 0.2759, 0.6818, 0.7195, 0.0742, 0.0301],
  ],
  [
    [0.3015, 0.2632, -0.1397, 0.062, 0.0392, -0.0075],
    [0.2898, -0.1355, 0.2056, 0.0328, 0.0398, 0.0078],
    [0.3153, 0.2218, -1.0027, 0.0311, 0.1378, -0.0273],
    [0.0934, 0.6757, -0.1803, 0.3662, 0.1313, -0.1415],
  ],
];
