import { colour } from './stages/colour/index.js';
import { defects } from './stages/defects/index.js';
import { defringe } from './stages/defringe/index.js';
import { demosaic } from './stages/demosaic/index.js';
import { denoise, denoiseColour } from './stages/denoise/index.js';
import { display } from './stages/display/index.js';
import { exposure } from './stages/exposure/index.js';
import { highlights } from './stages/highlights/index.js';
import { lensGeometry } from './stages/lens-geometry/index.js';
import { lensShading } from './stages/lens-shading/index.js';
import { lensVignetting } from './stages/lens-vignetting/index.js';
import { linearise } from './stages/linearise/index.js';
import { localTone } from './stages/local-tone/index.js';
import { look } from './stages/look/index.js';
import { mapping } from './stages/mapping/index.js';
import { profileLook } from './stages/profile-look/index.js';
import { sharpen } from './stages/sharpen/index.js';
import { texture } from './stages/texture/index.js';
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
  // Noise is independent from photosite to photosite here, and demosaicing decides better on what is left.
  denoise,
  // One sample per photosite to three values per pixel: camera RGB.
  demosaic,
  // What the first pass has left: colours lie over each other now and show structure from noise better.
  denoiseColour,
  // A gain on light, by where it fell on the sensor: before places are moved, and after all that knows the sensor's noise.
  lensVignetting,
  // The one resampling: distortion, lateral colour, straightening, perspective, crop. On camera RGB, whose colours it
  // moves apart, and before all that a person changes often, so that it is kept with the demosaiced picture.
  lensGeometry,
  // On camera RGB, where the illuminant is a gain per channel; after demosaic, so that another white needs no new demosaic.
  whiteBalance,
  // Needs to know where each balanced channel clips, and must run before the channels are mixed.
  highlights,
  // Camera RGB to the working space, linear Rec.2020.
  colour,
  // Fringes are a matter of edges as the lens drew them, before sharpening makes more of them.
  defringe,
  // The blur of lens and sensor acted on light, and how loud noise is is known at the sensor's own level.
  sharpen,
  // Detail as a share of its surroundings, beside the stage that knows how loud noise is.
  texture,
  // Light is still linear: exposure is a gain.
  exposure,
  // Scene light still, at its final level: parts of the scene that lie in different light are brought together.
  localTone,
  // The profile's own rendering, made for light at its final level and before any tone curve (DNG, ProfileLookTable).
  profileLook,
  // Scene light to what a display can show.
  tone,
  // How the photograph shall look, on tones that are final and before the display's gamut cuts anything off.
  look,
  // Working space to the display's primaries, its gamut and its encoding.
  display,
] as const;
