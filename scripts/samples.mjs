// The sample as it comes, for README.md.
import sharp from 'sharp';
import { Engine } from '../packages/engine/dist/index.js';
import { FRAMES } from './darkroom/frames.mjs';

const WIDTH = 1200;

/** The file's name and its JPEG. */
export async function* pictures(say) {
  const engine = await Engine.create();
  try {
    say('the sample, as it comes');
    const development = engine.open(await FRAMES.gopro());
    const { width, height, pixels } = await development.render({ format: 'uint8' });
    yield [
      'gopro-hero7.jpg',
      await sharp(Buffer.from(pixels), { raw: { width, height, channels: 3 } })
        .resize({ width: WIDTH })
        .jpeg({ quality: 82, mozjpeg: true })
        .toBuffer(),
    ];
  } finally {
    await engine.close();
  }
}
