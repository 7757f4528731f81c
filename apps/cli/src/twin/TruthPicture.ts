import type { Band, BandTruth } from '@photosite/optics';
import { type ExrSink, ExrWriter } from '@photosite/picture';

const COMMENTS =
  'Made by photosite twin, free of noise and before lens shading. R, G, B: linear camera RGB, 1 = white level of the frame. ' +
  'motion.x, motion.y: from here to the same point of the first frame, pixels. Z: distance, m. ' +
  'moved: 1 a moving object is seen here, 2 hidden or outside in the first frame, 3 both.';

/** What is true of a frame's pixels as an OpenEXR file, written as its rows come. */
export class TruthPicture {
  readonly #writer: ExrWriter;

  constructor(width: number, height: number, sink: ExrSink) {
    const float = ['R', 'G', 'B', 'motion.x', 'motion.y', 'Z'].map((name) => ({
      name,
      type: 'float' as const,
    }));
    const channels = [...float, { name: 'moved', type: 'half' as const }];
    // Deflating would take longer than all the rest of the burst.
    this.#writer = new ExrWriter({ width, height, channels, compression: 'none', comments: COMMENTS }, sink);
  }

  write({ rows }: Band, { linear, motion, depthM, moved }: BandTruth): void {
    this.#writer.write(rows, {
      R: { samples: linear, start: 0, stride: 3 },
      G: { samples: linear, start: 1, stride: 3 },
      B: { samples: linear, start: 2, stride: 3 },
      'motion.x': { samples: motion, start: 0, stride: 2 },
      'motion.y': { samples: motion, start: 1, stride: 2 },
      Z: { samples: depthM },
      moved: { samples: moved },
    });
  }

  finish(): void {
    this.#writer.finish();
  }
}
