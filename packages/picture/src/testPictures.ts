import type { Picture } from './Picture.js';

/** A smooth picture with an edge, as an encoder likes it. */
function samples(width: number, height: number, peak: number): number[] {
  const values: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const edge = x > width / 2 ? 0.25 : 0;
      values.push((0.7 * x) / width + edge, (0.9 * y) / height, 0.5 + 0.4 * Math.sin((x + 2 * y) / 20));
    }
  }
  return values.map((value) => value * peak);
}

/** A test picture of 8-bit, 16-bit or float samples. */
export function testPicture(type: 8 | 16 | 32, width = 96, height = 64): Picture {
  const pixels =
    type === 8
      ? Uint8Array.from(samples(width, height, 255))
      : type === 16
        ? Uint16Array.from(samples(width, height, 65535))
        : Float32Array.from(samples(width, height, 1));
  return { width, height, pixels, colorSpace: type === 32 ? 'linear-rec2020' : 'srgb' };
}

/** The same picture with its samples on shared memory, at an offset, as the engine hands them out. */
export function shared(picture: Picture): Picture {
  const { pixels } = picture;
  const memory = new SharedArrayBuffer(4096 + pixels.byteLength);
  const type = pixels.constructor as Uint8ArrayConstructor;
  const copy = new type(memory as unknown as ArrayBuffer, 4096, pixels.length);
  copy.set(pixels);
  return { ...picture, pixels: copy };
}

/** Peak signal-to-noise ratio of 8-bit samples, in dB. */
export function psnr(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] - b[i]) ** 2;
  return 10 * Math.log10((255 * 255) / (sum / a.length));
}
