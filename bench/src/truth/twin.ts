import type { RgbImage } from '@photosite/measure';
import {
  type Band,
  type BurstSettings,
  exposeFrame,
  planBurst,
  type Scene,
  type TwinCamera,
} from '@photosite/optics';
import type { RawFrame } from '@photosite/raw';

/** A frame of the twin and what is true of it, all without noise; rows top to bottom. */
export interface TwinFrame {
  /** As the camera records it, with all of its tags: the noise profile, the neutral and the lens's opcodes too. */
  readonly frame: RawFrame;
  /** The mosaic that noise was added to: black = 0, white level = 1, neither rounded nor clipped. */
  readonly signal: Float32Array;
  /** Camera RGB of the blurred picture before lens shading, on the signal's scale: signal = own colour × shading. */
  readonly linear: RgbImage;
  /** From each pixel to the same point in the first frame: dx, dy in pixels. */
  readonly motion: Float32Array;
  /** Bits `MOVING` and `UNSEEN` of `@photosite/optics` per pixel. */
  readonly moved: Uint8Array;
}

/**
 * Photographs a scene with the twin, frame by frame in memory: where truth is taken from. Demosaicing compares with
 * `linear` of a single frame without shading. The same frames are the truth of other steps: of denoising (`frame` against
 * `signal`), of lens corrections (a camera with distortion, shading and lateral colour against one without) and of merging
 * (`motion` and `moved` of a handheld burst, and the first frame's `signal`).
 * @throws {OpticsError} for what `planBurst` refuses
 */
export async function photograph(
  scene: Scene,
  camera: TwinCamera,
  settings: BurstSettings,
): Promise<TwinFrame[]> {
  const plan = planBurst(scene, camera, settings);
  const { width, height } = plan;
  const frames: TwinFrame[] = [];
  for (let index = 0; index < settings.frames; index++) {
    const signal = new Float32Array(width * height);
    const linear = new Float32Array(width * height * 3);
    const motion = new Float32Array(width * height * 2);
    const moved = new Uint8Array(width * height);
    const onRows = (band: Band): void => {
      const first = band.top * width;
      signal.set(band.signal, first);
      // Asked for below, so that it is there.
      const truth = band.truth!;
      linear.set(truth.linear, first * 3);
      motion.set(truth.motion, first * 2);
      moved.set(truth.moved, first);
    };
    const { frame } = await exposeFrame(plan, index, { truth: true, onRows });
    frames.push({ frame, signal, linear: { width, height, data: linear }, motion, moved });
  }
  return frames;
}
