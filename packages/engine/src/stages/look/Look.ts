import type { Vector3 } from '../../colour/matrix3.js';
import type { CurvePoint } from '../../colour/monotoneCurve.js';

/** What happens to colours of one hue; between two of them it goes over smoothly. */
export interface HuePoint {
  /** Oklab hue in degrees: red is about 29, skin 55, yellow 110, green 142, sky 240, blue 264, magenta 328. */
  readonly hue: number;
  /** Degrees by which the hue is turned. */
  readonly turn?: number;
  /** Factor on chroma. */
  readonly chroma?: number;
  /** Lightness added, per unit of chroma: -0.1 makes a colour of chroma 0.1 darker by 0.01. */
  readonly lightness?: number;
}

/** A colour cast in Oklab. */
export interface Cast {
  /** Degrees. */
  readonly hue: number;
  readonly chroma: number;
}

/**
 * A rendering intent as data, in Oklab on display light (lightness 0 black, 1 white). In this order: the channel mix of
 * a monochrome look, tone, chroma, hues, split toning. What is left out changes nothing.
 */
export interface Look {
  /** One line for people. */
  readonly title: string;
  /** Weights of linear Rec.2020 R, G, B, sum 1: the picture becomes grey. */
  readonly mono?: Vector3;
  /** Lightness to lightness through these points and (0, 0), (1, 1) where no others are given there; monotone. */
  readonly tone?: readonly CurvePoint[];
  /** Factor on chroma of all colours. */
  readonly chroma?: number;
  /** Chroma at which a factor above 1 has lost half of its effect: strong colours need no help. */
  readonly chromaKnee?: number;
  /** Factor on chroma by lightness. */
  readonly chromaByLightness?: readonly CurvePoint[];
  readonly hues?: readonly HuePoint[];
  /** Casts that are strongest at lightness 1/3 and 2/3; black and white stay neutral. */
  readonly split?: { readonly shadows?: Cast; readonly highlights?: Cast };
  /** The promise that a colour keeps its hue under more or less light: nothing turns hues by lightness. */
  readonly keepsHue: boolean;
}
