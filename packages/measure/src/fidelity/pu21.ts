/** Luminances that the encoding was fitted for, cd/m². */
export const PU21_RANGE = [0.005, 10_000] as const;

/** Parameters p1 to p7 of the recommended variant, "banding_glare". */
const P = [0.353487901, 0.3734658629, 8.277049286e-5, 0.9062562627, 0.09150303166, 0.9099517204, 596.3148142];

/**
 * PU21, variant "banding_glare": absolute luminance to perceptually uniform units, in which 100 cd/m² is about 256 and
 * 10000 cd/m² about 595, so that measures made for 8-bit pictures keep their scale. Mantiuk and Azimi, "PU21: A novel
 * perceptually uniform encoding for adapting existing quality metrics for HDR", Picture Coding Symposium 2021;
 * parameters as the authors publish them beside the paper.
 * @param luminance cd/m²; cut to {@link PU21_RANGE}
 */
export function encodePu21(luminance: number): number {
  const [p1, p2, p3, p4, p5, p6, p7] = P as [number, number, number, number, number, number, number];
  const y = Math.min(Math.max(luminance, PU21_RANGE[0]), PU21_RANGE[1]) ** p4;
  return p7 * (((p1 + p2 * y) / (1 + p3 * y)) ** p5 - p6);
}
