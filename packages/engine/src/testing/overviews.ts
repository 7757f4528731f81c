import type { Vector3 } from '../colour/matrix3.js';
import type { Overview, PlanContext } from '../stage.js';

/** An overview of a scene given as camera RGB at fractions of its width and height. */
export function overviewOf(
  width: number,
  height: number,
  scene: (x: number, y: number) => Vector3,
  picture: { readonly width: number; readonly height: number } = { width, height },
): Overview {
  const pixels = new Float32Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      pixels.set(scene((x + 0.5) / width, (y + 0.5) / height), (y * width + x) * 3);
  return {
    width,
    height,
    pixels,
    locate: (x, y) => [(x * width) / picture.width, (y * height) / picture.height],
  };
}

/** A context that sees a scene, as a picture of the overview's size. */
export function seeing(context: PlanContext, overview: Overview): PlanContext {
  return {
    ...context,
    overview,
    picture: { ...context.picture, width: overview.width, height: overview.height },
  };
}
