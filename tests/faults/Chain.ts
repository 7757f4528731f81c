import { Engine, type PartialRecipe, type RenderRequest } from '@photosite/engine';
import { encodePicture } from '@photosite/picture';
import { openRaw, type RawFrame } from '@photosite/raw';
import { guardHeap } from './guardHeap.js';

/** Errors that the packages throw on purpose. */
const TYPED = ['RawFileError', 'TiffError', 'EngineError', 'PictureError', 'RecipeError'];
/** Largest side of what is rendered of a large picture. */
const MOST_SIDE = 1024;
/** From this size on the kernels' memory is not used again. */
const MOST_MEMORY = 256 * 2 ** 20;

/** What guards around the kernels' memory are filled with. */
const GUARD = 255;

/** How a file ended: in a photo, or in an error's name. */
export type Ending = 'photo' | (string & {});

/** What is asked for changes from case to case. */
function requestOf(index: number): RenderRequest {
  const recipe: PartialRecipe = {
    demosaic: { quality: index % 4 === 0 ? 'best' : 'fast' },
    ...(index % 8 === 1 && { tone: { curve: 'profile' } }),
    ...(index % 8 === 2 && { tone: { curve: 'linear' } }),
    ...(index % 8 === 3 && { whiteBalance: { neutral: [0.5, 0.5] } }),
    ...(index % 8 === 5 && { display: { space: 'display-p3' }, whiteBalance: { temperature: 3000 } }),
  };
  return {
    recipe,
    tileSize: index % 2 === 0 ? 256 : 32,
    ...(index % 5 === 3 && { scale: 0.37 }),
    ...(index % 16 === 4 && { format: 'uint16' as const }),
    ...(index % 16 === 6 && { as: 'camera-rgb' as const }),
    ...(index % 16 === 14 && { as: 'linear-rec2020' as const }),
  };
}

/** The way from bytes to a photo: reader, engine on one thread, and for some cases the encoder with its metadata. */
export class Chain {
  #engine: Engine | undefined;

  async #open(frame: RawFrame, request: RenderRequest): Promise<void> {
    if (this.#engine === undefined) {
      this.#engine = await Engine.create({ threads: 1 });
      guardHeap(this.#engine, GUARD, false);
    }
    const engine = this.#engine;
    const development = engine.open(frame);
    try {
      const { width, height } = development.size;
      const region = {
        left: 0,
        top: 0,
        width: Math.min(width, MOST_SIDE),
        height: Math.min(height, MOST_SIDE),
      };
      const rendered = await development.render(
        width * height > MOST_SIDE * MOST_SIDE && request.as !== 'camera-rgb'
          ? { ...request, region }
          : request,
      );
      if (rendered.pixels.length !== rendered.width * rendered.height * 3)
        throw new Error(
          `${rendered.pixels.length} samples for ${rendered.width} × ${rendered.height} pixels`,
        );
      if (request.as === undefined && request.format === undefined) {
        const { exif, xmp } = frame;
        await encodePicture(
          {
            ...rendered,
            ...(exif && { exif }),
            ...(xmp && { xmp }),
            recipe: JSON.stringify(rendered.recipe),
          },
          { format: 'jpeg' },
        );
      }
      rendered.release();
    } finally {
      development.close();
    }
    if (engine.heap.memory.buffer.byteLength > MOST_MEMORY) await this.close();
  }

  /**
   * Develops a frame.
   * @param index changes what is asked of the engine
   * @throws what is no typed error
   */
  async develop(frame: () => Promise<RawFrame>, index: number): Promise<Ending> {
    try {
      await this.#open(await frame(), requestOf(index));
      return 'photo';
    } catch (error) {
      if (error instanceof Error && TYPED.includes(error.name)) return error.name;
      // A kernel that was stopped may have left its memory in disorder.
      await this.close();
      throw error;
    }
  }

  /** Reads and develops a file. */
  developFile(bytes: Uint8Array, index: number): Promise<Ending> {
    return this.develop(() => openRaw(bytes), index);
  }

  /** Ends the engine. */
  async close(): Promise<void> {
    await this.#engine?.close();
    this.#engine = undefined;
  }
}
