import type { LensDrawing, RadialTable } from '../lenses/LensDrawing.js';
import { OpticsError } from '../OpticsError.js';

/** Entries of the tables that are made of a drawing's. */
const ENTRIES = 4096;

/** A smooth function of the distance from the centre, read from a dense table. */
class Radial {
  readonly #values: Float64Array;
  readonly #perMm: number;

  constructor(endMm: number, at: (rMm: number) => number) {
    this.#perMm = ENTRIES / endMm;
    this.#values = Float64Array.from({ length: ENTRIES + 2 }, (_, i) => at(i / this.#perMm));
  }

  /** Linear between entries, constant beyond the last. */
  at(rMm: number): number {
    const x = rMm * this.#perMm;
    if (!(x < ENTRIES)) return this.#values[ENTRIES]!;
    const i = x | 0;
    const a = this.#values[i]!;
    return a + (this.#values[i + 1]! - a) * (x - i);
  }
}

/** Real over ideal distance from the centre as a function of the ideal one: even and smooth, hence interpolated by cubics. */
function magnification({ stepMm, values }: RadialTable): (rMm: number) => number {
  const last = values.length - 1;
  const ratios = Array.from({ length: last }, (_, i) => values[i + 1]! / ((i + 1) * stepMm));
  // Even about the centre, so that the value there follows from the two beside it.
  const centre = ratios.length > 1 ? (4 * ratios[0]! - ratios[1]!) / 3 : ratios[0]!;
  const entry = (i: number): number => {
    const at = Math.abs(i);
    if (at === 0) return centre;
    // Beyond the table the ratio goes on in a line, so that places stay monotonic.
    if (at > last) return ratios[last - 1]! + (ratios[last - 1]! - entry(last - 1)) * (at - last);
    return ratios[at - 1]!;
  };
  return (rMm) => {
    const x = rMm / stepMm;
    const i = Math.floor(x);
    const f = x - i;
    const [a, b, c, d] = [entry(i - 1), entry(i), entry(i + 1), entry(i + 2)];
    return b + 0.5 * f * (c - a + f * (2 * a - 5 * b + 4 * c - d + f * (3 * (b - c) + d - a)));
  };
}

/** A lens's geometry and illumination over the sensor, both ways, in dense tables. */
export class LensMap {
  /** Ideal over real distance from the centre, by the real one, for R, G, B. */
  readonly #toIdeal: readonly Radial[];
  /** Real over ideal distance from the centre, by the ideal one, for R, G, B. */
  readonly #toReal: readonly Radial[];
  readonly #illumination: Radial;

  /**
   * @param radiusMm how far from the centre real places are asked for
   * @throws {OpticsError} where the lens draws nothing so far out, or two places of the scene at the same one
   */
  constructor(drawing: LensDrawing, radiusMm: number) {
    const toIdeal: Radial[] = [];
    const toReal: Radial[] = [];
    for (const [channel, table] of drawing.distortion.entries()) {
      const ratio = magnification(table);
      // Ideal places far enough out to reach the radius; steps of a five-hundredth keep the search on the first branch.
      const places: number[] = [0];
      const ideals: number[] = [0];
      const step = radiusMm / 500;
      for (let ideal = step; places[places.length - 1]! < radiusMm * 1.001; ideal += step) {
        const real = ideal * ratio(ideal);
        if (!(real > places[places.length - 1]!) || ideal > 20 * radiusMm) {
          throw new OpticsError(
            `the lens draws nothing beyond ${places[places.length - 1]!.toFixed(3)} mm from the centre, but ${radiusMm.toFixed(3)} mm are asked for; crop the frame or choose a lens that covers it.`,
            { field: `distortion[${channel}]` },
          );
        }
        places.push(real);
        ideals.push(ideal);
      }
      let at = 0;
      const inverse = (realMm: number): number => {
        if (realMm === 0) return 1 / ratio(0);
        if (places[at]! > realMm) at = 0;
        while (at < places.length - 2 && places[at + 1]! < realMm) at++;
        let low = ideals[at]!;
        let high = ideals[at + 1]!;
        if (realMm > places[at + 1]!) high *= 1.01;
        for (let i = 0; i < 50; i++) {
          const middle = (low + high) / 2;
          if (middle * ratio(middle) < realMm) low = middle;
          else high = middle;
        }
        return (low + high) / 2 / realMm;
      };
      toIdeal.push(new Radial(radiusMm, inverse));
      toReal.push(new Radial(ideals[ideals.length - 1]!, ratio));
    }
    this.#toIdeal = toIdeal;
    this.#toReal = toReal;
    const { stepMm, values } = drawing.illumination;
    this.#illumination = new Radial(radiusMm, (r) => {
      const x = Math.min(r / stepMm, values.length - 1);
      const i = Math.min(Math.floor(x), Math.max(values.length - 2, 0));
      const next = values[Math.min(i + 1, values.length - 1)]!;
      return values[i]! + (next - values[i]!) * (x - i);
    });
  }

  /** Ideal over real distance from the centre at a real place, mm. */
  toIdeal(channel: number, xMm: number, yMm: number): number {
    return this.#toIdeal[channel]!.at(Math.sqrt(xMm * xMm + yMm * yMm));
  }

  /** Real over ideal distance from the centre at an ideal place, mm. */
  toReal(channel: number, xMm: number, yMm: number): number {
    return this.#toReal[channel]!.at(Math.sqrt(xMm * xMm + yMm * yMm));
  }

  /** Illumination relative to the centre at a real place, mm. */
  illumination(xMm: number, yMm: number): number {
    return this.#illumination.at(Math.sqrt(xMm * xMm + yMm * yMm));
  }
}
