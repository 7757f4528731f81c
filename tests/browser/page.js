// The test page's script: develops /frame.dng, or merges /burst-0.dng and so on, and hands back a digest of the pixels.
import { Engine, mergeBurst } from '@photosite/engine';
import { readRaw } from '@photosite/raw';

async function read(path) {
  const response = await fetch(path);
  return readRaw(new Uint8Array(await response.arrayBuffer()));
}

async function digestOf({ buffer, byteOffset, byteLength }) {
  // Digests are not made of shared memory.
  const bytes = Uint8Array.from(new Uint8Array(buffer, byteOffset, byteLength));
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

globalThis.develop = async (recipe, threads) => {
  const engine = await Engine.create({ threads });
  const development = engine.open(await read('/frame.dng'));
  const { pixels } = await development.render({ recipe });
  const digest = await digestOf(pixels);
  await engine.close();
  return digest;
};

globalThis.merge = async (count, options, threads) => {
  const engine = await Engine.create({ threads });
  const source = { count, load: (index) => read(`/burst-${index}.dng`) };
  const { frame } = await mergeBurst(engine, source, options);
  const digest = await digestOf(frame.samples);
  await engine.close();
  return digest;
};
globalThis.ready = true;
