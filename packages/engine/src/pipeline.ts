import { colour } from './stages/colour/index.js';
import { defects } from './stages/defects/index.js';
import { demosaic } from './stages/demosaic/index.js';
import { display } from './stages/display/index.js';
import { exposure } from './stages/exposure/index.js';
import { highlights } from './stages/highlights/index.js';
import { lensShading } from './stages/lens-shading/index.js';
import { linearise } from './stages/linearise/index.js';
import { mapping } from './stages/mapping/index.js';
import { tone } from './stages/tone/index.js';
import { whiteBalance } from './stages/white-balance/index.js';

/** The order in which light becomes a photograph, and why each stage stands where it does. */
export const PIPELINE = [
  // Sensor units to [0,1]: everything after works on light.
  linearise,
  // The file's own corrections of linear samples, before anything is read into them.
  mapping,
  // The lens darkens its corners in proportion to light, so it is undone on linear samples, before neighbours are compared.
  lensShading,
  // A defect is one sample; after demosaicing it would be a blot.
  defects,
  // One sample per photosite to three values per pixel: camera RGB.
  demosaic,
  // On camera RGB, where the illuminant is a gain per channel; after demosaic, so that another white needs no new demosaic.
  whiteBalance,
  // Needs to know where each balanced channel clips, and must run before the channels are mixed.
  highlights,
  // Camera RGB to the working space, linear Rec.2020.
  colour,
  // Light is still linear: exposure is a gain.
  exposure,
  // Scene light to what a display can show.
  tone,
  // Working space to the display's primaries, its gamut and its encoding.
  display,
] as const;
