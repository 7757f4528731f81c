import { CAMERAS, ILLUMINANTS, LENSES } from '@photosite/optics';
import { listScenes } from './scene.js';

interface Entry {
  readonly name: string;
  readonly help: string;
}

function section(title: string, entries: readonly Entry[]): string {
  const width = Math.max(...entries.map(({ name }) => name.length));
  return `${title}:\n${entries.map(({ name, help }) => `  ${name.padEnd(width)}  ${help}\n`).join('')}`;
}

/** All that `photosite twin` knows by name. */
export function listText(): string {
  const cameras = CAMERAS.map(({ id, camera, purpose, lens }) => {
    const { open, closed } = lens.aperture.value;
    const aperture = open === closed ? `f/${open}` : `f/${open} to f/${closed}`;
    const length = `${lens.focalLengthMm.value} mm, like ${lens.equivalentFocalLengthMm.value} mm`;
    return { name: id, help: `${camera}, ${purpose}: ${length}, ${aperture}` };
  });
  const lights = Object.values(ILLUMINANTS).map(({ name, description }) => ({ name, help: description }));
  const lenses = Object.entries(LENSES).map(([name, lens]) => ({
    name,
    help: `${lens.name}; ${lens.source}`,
  }));
  return [
    section('Cameras (--camera)', cameras),
    section("Lenses (--lens), scaled to the camera's focal length", lenses),
    section('Scenes', listScenes()),
    section('Lights (--illuminant)', [
      ...lights,
      { name: '3200K', help: 'a blackbody of that temperature' },
      { name: 'D5600', help: 'daylight of that temperature' },
    ]),
  ].join('\n');
}
