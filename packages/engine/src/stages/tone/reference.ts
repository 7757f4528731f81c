import { FADE_IN_GAMUT, greenForHue } from '../../colour/fading.js';
import type { Vector3 } from '../../colour/matrix3.js';
import { oklabOf, rec2020OfOklab } from '../../colour/oklab.js';

/**
 * A pixel through a tone curve that keeps hue: the largest channel goes through the curve, the smallest one between the
 * curve and its share of the largest, the middle one keeps its place between them; green moves on a little where hue as
 * seen asks for it.
 * @param keep how much of the share the smallest channel keeps in the dark, [0,1]; it fades out toward white
 */
export function tone(pixel: Vector3, curve: (x: number) => number, keep: number): Vector3 {
  const top = Math.max(...pixel);
  const low = Math.min(...pixel);
  const newTop = curve(top);
  // Shares are counted from black, which a person's curve may lift.
  const black = curve(0);
  const share = top > 1e-9 ? black + Math.min(low, 1e30) * ((newTop - black) / top) : curve(low);
  const newLow = curve(low) + keep * Math.max(1 - newTop * newTop, 0) * (share - curve(low));
  const place = (value: number): number => (top > low ? (value - low) / (top - low) : 0);
  const at = (value: number): number => newLow + place(value) * (newTop - newLow);
  const shareOf = (smallest: number, largest: number): number =>
    largest > 0 ? Math.max(smallest, 0) / largest : 1;
  const [before, after] = [shareOf(low, top), shareOf(newLow, newTop)];
  // Green's place over the smallest channel that is light.
  const floor = Math.max(low, 0);
  const green = top > floor ? Math.max((pixel[1] - floor) / (top - floor), 0) : 0;
  const room = newTop - Math.max(newLow, 0);
  const added = greenForHue(green, before, after, FADE_IN_GAMUT) * room;
  return [at(pixel[0]), at(pixel[1]) + added, at(pixel[2])];
}

/** Chroma at which vibrance has lost half of its hold. */
const VIVID = 0.1;

/**
 * A display-referred pixel with another chroma, hue and lightness in Oklab kept.
 * @param vibrance added to the factor of chroma where that is small, -1 to 1
 * @param saturation added to the factor of chroma everywhere, -1 to 1
 */
export function chroma(pixel: Vector3, vibrance: number, saturation: number): Vector3 {
  const [lightness, a, b] = oklabOf(pixel);
  const square = a * a + b * b;
  const factor = (1 + saturation) * (1 + (vibrance * VIVID * VIVID) / (VIVID * VIVID + square));
  return rec2020OfOklab([lightness, a * factor, b * factor]);
}
