// The test page's script: develops /frame.dng and hands back a digest of the pixels.
import { Engine } from '@photosite/engine';
import { readRaw } from '@photosite/raw';

globalThis.develop = async (recipe, threads) => {
  const response = await fetch('/frame.dng');
  const engine = await Engine.create({ threads });
  const development = engine.open(readRaw(new Uint8Array(await response.arrayBuffer())));
  const rendered = await development.render({ recipe });
  const digest = await crypto.subtle.digest('SHA-256', Uint8Array.from(rendered.pixels));
  await engine.close();
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
};
globalThis.ready = true;
