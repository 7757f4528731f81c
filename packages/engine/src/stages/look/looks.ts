import type { Look } from './Look.js';

/**
 * The looks that come with the engine. All are designed here, by the needs of photographs; none is measured from a film,
 * a camera or another program. The README says in words what each does and what for.
 */
export const LOOKS = {
  faithful: {
    title: 'colours as they were measured',
    keepsHue: true,
  },
  clear: {
    title: 'a little richer, clean shadows, deep skies; skin as it is',
    chroma: 1.1,
    chromaKnee: 0.16,
    chromaByLightness: [
      [0, 0.7],
      [0.22, 0.95],
      [0.35, 1],
      [0.85, 1],
      [1, 0.9],
    ],
    hues: [
      { hue: 25, chroma: 1.03 },
      { hue: 55, chroma: 0.97, lightness: 0.03 },
      { hue: 100, chroma: 1 },
      { hue: 132, turn: 3, chroma: 1.04, lightness: -0.08 },
      { hue: 185, chroma: 1 },
      { hue: 245, chroma: 1.1, lightness: -0.14 },
      { hue: 300, chroma: 1 },
    ],
    keepsHue: true,
  },
  vivid: {
    title: 'strong colours and contrast for landscapes',
    tone: [
      [0.25, 0.225],
      [0.75, 0.78],
    ],
    chroma: 1.32,
    chromaKnee: 0.2,
    chromaByLightness: [
      [0, 0.7],
      [0.3, 1],
      [0.85, 1],
      [1, 0.85],
    ],
    hues: [
      { hue: 25, chroma: 1.04 },
      { hue: 55, chroma: 0.94 },
      { hue: 105, chroma: 1 },
      { hue: 135, turn: 5, chroma: 1.06, lightness: -0.12 },
      { hue: 190, chroma: 1 },
      { hue: 245, turn: 2, chroma: 1.12, lightness: -0.2 },
      { hue: 310, chroma: 1 },
    ],
    keepsHue: true,
  },
  portrait: {
    title: 'soft contrast, even and light skin, calm backgrounds',
    tone: [
      [0.2, 0.215],
      [0.5, 0.51],
      [0.8, 0.805],
    ],
    chroma: 1.02,
    chromaKnee: 0.15,
    hues: [
      { hue: 0, chroma: 0.95 },
      { hue: 32, turn: 4, chroma: 0.94, lightness: 0.06 },
      { hue: 58, chroma: 0.97, lightness: 0.1 },
      { hue: 85, turn: -4, chroma: 0.93, lightness: 0.05 },
      { hue: 140, chroma: 0.88 },
      { hue: 250, chroma: 0.94 },
    ],
    keepsHue: true,
  },
  print: {
    title: 'like a print from colour negative: open blacks, warm lights, olive greens',
    tone: [
      [0, 0.045],
      [0.2, 0.2],
      [0.5, 0.515],
      [0.85, 0.85],
      [1, 0.975],
    ],
    chroma: 0.98,
    chromaKnee: 0.14,
    chromaByLightness: [
      [0, 0.8],
      [0.5, 1.02],
      [1, 0.8],
    ],
    hues: [
      { hue: 25, turn: 4, chroma: 1.06 },
      { hue: 60, turn: 1, chroma: 1 },
      { hue: 110, turn: -4, chroma: 0.92 },
      { hue: 142, turn: -9, chroma: 0.82, lightness: -0.08 },
      { hue: 195, turn: 3, chroma: 0.85 },
      { hue: 245, turn: -7, chroma: 0.92, lightness: -0.1 },
      { hue: 310, turn: 3, chroma: 0.92 },
    ],
    split: { shadows: { hue: 215, chroma: 0.006 }, highlights: { hue: 78, chroma: 0.014 } },
    keepsHue: false,
  },
  slide: {
    title: 'like a slide on a light table: deep blacks, dense colours, cool shadows',
    tone: [
      [0.2, 0.155],
      [0.5, 0.49],
      [0.78, 0.815],
    ],
    chroma: 1.2,
    chromaKnee: 0.2,
    chromaByLightness: [
      [0, 0.75],
      [0.35, 1.06],
      [0.8, 1],
      [1, 0.75],
    ],
    hues: [
      { hue: 27, turn: -2, chroma: 1.1, lightness: -0.08 },
      { hue: 58, chroma: 0.95 },
      { hue: 110, turn: 2, chroma: 1.04 },
      { hue: 140, turn: 6, chroma: 1.02, lightness: -0.15 },
      { hue: 195, chroma: 0.98 },
      { hue: 252, turn: 4, chroma: 1.12, lightness: -0.22 },
      { hue: 320, chroma: 1.02 },
    ],
    split: { shadows: { hue: 262, chroma: 0.007 } },
    keepsHue: false,
  },
  slate: {
    title: 'cool and quiet: matte blacks, muted colours, blue-green shadows',
    tone: [
      [0, 0.06],
      [0.25, 0.255],
      [0.6, 0.605],
      [1, 0.97],
    ],
    chroma: 0.78,
    hues: [
      { hue: 30, chroma: 1.02 },
      { hue: 58, chroma: 1.08 },
      { hue: 110, chroma: 0.85 },
      { hue: 142, turn: 8, chroma: 0.72 },
      { hue: 240, turn: -8, chroma: 0.98 },
      { hue: 310, chroma: 0.85 },
    ],
    split: { shadows: { hue: 222, chroma: 0.016 }, highlights: { hue: 95, chroma: 0.005 } },
    keepsHue: false,
  },
  mono: {
    title: 'black and white, tones as the eye weighs them',
    mono: [0.3, 0.6, 0.1],
    tone: [
      [0.25, 0.235],
      [0.75, 0.765],
    ],
    keepsHue: true,
  },
  noir: {
    title: 'black and white through an orange-red filter: dark skies, light skin, hard contrast',
    mono: [0.78, 0.22, 0],
    tone: [
      [0.25, 0.18],
      [0.5, 0.49],
      [0.78, 0.83],
    ],
    keepsHue: true,
  },
  platinum: {
    title: 'black and white with a long, warm scale',
    mono: [0.34, 0.52, 0.14],
    tone: [
      [0, 0.03],
      [0.3, 0.31],
      [0.7, 0.71],
      [1, 0.985],
    ],
    split: { shadows: { hue: 55, chroma: 0.012 }, highlights: { hue: 82, chroma: 0.012 } },
    keepsHue: false,
  },
} as const satisfies Readonly<Record<string, Look>>;

/** Names of the looks. */
export type LookName = keyof typeof LOOKS;
