// The photographs of docs/light.md: rendered scenes, photographed by the twin, developed by the engine.
import sharp from 'sharp';
import { Engine } from '../../packages/engine/dist/index.js';
import { findCamera, findPicture, sensorModelOf } from '../../packages/optics/dist/index.js';
import { takeFrame } from '../frame.mjs';
import { SENSORS } from './plots.mjs';

/** The middle of a scene, a share of its width and height; `down` moves it by a share of the height. */
function middle(scene, share, down = 0) {
  const [width, height] = [Math.round(scene.width * share), Math.round(scene.height * share)];
  const [left, top] = [
    (scene.width - width) >> 1,
    Math.round((scene.height - height) / 2 + down * scene.height),
  ];
  const rgb = new Float32Array(width * height * 3);
  const depthM = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const from = (top + y) * scene.width + left;
    rgb.set(scene.rgb.subarray(from * 3, (from + width) * 3), y * width * 3);
    depthM.set(scene.depthM.subarray(from, from + width), y * width);
  }
  return { ...scene, width, height, rgb, depthM };
}

/** The page compares the noise of sensors. */
const RECIPE = { denoise: { luminance: 0, chroma: 0 } };

/** A photograph as sharp takes it. */
async function photograph(engine, scene, settings) {
  const { frame, iso, exposureTimeS } = await takeFrame(scene, settings);
  const development = engine.open(frame);
  const rendered = await development.render({ recipe: RECIPE, format: 'uint8' });
  const pixels = Buffer.from(rendered.pixels);
  const raw = { width: rendered.width, height: rendered.height, channels: 3 };
  rendered.release();
  development.close();
  return { image: () => sharp(pixels, { raw }), ...raw, iso, exposureTimeS };
}

const FIT_WIDTH = 720;
const JPEG = { quality: 82, mozjpeg: true };

async function whole({ image }) {
  return image().resize({ width: FIT_WIDTH }).jpeg(JPEG).toBuffer();
}

/** A part of the picture, enlarged to the same size whatever the number of pixels. */
async function closeUp({ image, width, height }, [x, y, share]) {
  const region = {
    left: Math.round(x * width),
    top: Math.round(y * height),
    width: Math.round(share * width),
    height: Math.round(share * width * 0.75),
  };
  return image()
    .extract(region)
    .resize({ width: FIT_WIDTH / 2, kernel: 'lanczos3' })
    .jpeg(JPEG)
    .toBuffer();
}

/** File names and their JPEG, one by one. */
export async function* pictures(say) {
  const engine = await Engine.create();
  const render = (name, width) => {
    say(`${name}: rendering`);
    return findPicture(name).render({ width, height: (width * 3) / 4, rays: 2 });
  };
  try {
    const portrait = render('portrait', 1440);
    const sitter = { focusDistanceM: 1.2, lux: 60, timeS: 1 / 60 };
    for (const { label, model, crop } of SENSORS) {
      const photo = await photograph(engine, portrait, {
        ...sitter,
        model,
        focalLengthMm: 75 / crop,
        fNumber: 1.8,
      });
      say(`portrait, ${label}: ISO ${Math.round(photo.iso)}`);
      yield [`portrait-${label.replace(/\W+/g, '-')}.jpg`, await whole(photo)];
    }
    const concept = findCamera('xiaomi-12s-ultra-concept/m-mount');
    // A longer lens sees less of the scene: 92 mm instead of 75.
    const tighter = middle(portrait, 75 / 92.4, -0.03);
    for (const fNumber of [1.4, 4]) {
      const model = sensorModelOf(concept);
      const photo = await photograph(engine, tighter, { ...sitter, model, focalLengthMm: 35, fNumber });
      say(`portrait, M lens at f/${fNumber}: ISO ${Math.round(photo.iso)}`);
      yield [`portrait-m-f${fNumber}.jpg`, await whole(photo)];
    }
    const main = findCamera('xiaomi-14-ultra/main');
    for (const fNumber of [1.63, 4]) {
      // The part of the sensor that frames like 75 mm.
      const model = sensorModelOf(main);
      const even = (value) => 2 * Math.round(value / 2);
      const [width, height] = [model.width, model.height].map((side) =>
        even((side / model.binning) * (23 / 75)),
      );
      const cropTo = { width, height };
      const focalLengthMm = main.lens.focalLengthMm.value;
      const photo = await photograph(engine, portrait, { ...sitter, model, focalLengthMm, fNumber, cropTo });
      say(`portrait, main camera at f/${fNumber}: ISO ${Math.round(photo.iso)}`);
      yield [`portrait-main-f${fNumber}.jpg`, await whole(photo)];
    }
    const street = render('night-street', 1920);
    for (const { label, model, crop } of SENSORS) {
      const night = { focusDistanceM: 14, lux: 6, timeS: 1 / 30 };
      const photo = await photograph(engine, street, {
        ...night,
        model,
        focalLengthMm: 23 / crop,
        fNumber: 1.8,
      });
      say(`street, ${label}: ISO ${Math.round(photo.iso)}`);
      const name = label.replace(/\W+/g, '-');
      yield [`street-${name}.jpg`, await whole(photo)];
      yield [`street-${name}-detail.jpg`, await closeUp(photo, [0.56, 0.52, 0.22])];
    }
  } finally {
    await engine.close();
  }
}
