import { join } from 'node:path';
import { type Band, type BurstPlan, exposeFrame, type FrameRecord } from '@photosite/optics';
import { type RawFrame, writeDng } from '@photosite/raw';
import { frameStem, TRUTH_FOLDER } from './BurstFolder.js';
import { NewFile } from './files.js';
import { TruthPicture } from './TruthPicture.js';

/** Black of the noise-free mosaic: 16 bits, with the room below black that a mosaic with noise needs. */
export const NOISE_FREE_BLACK = 1024;
/** White of the noise-free mosaic. */
export const NOISE_FREE_WHITE = 65535;

/** A frame's record without its samples: what travels between threads. */
export type FrameSummary = Omit<FrameRecord, 'frame'> & {
  readonly color: RawFrame['color'];
  readonly asShotNeutral: RawFrame['asShotNeutral'];
  readonly noiseProfile: RawFrame['noiseProfile'];
};

/** Runs `work` with a new file, which is closed in any case. */
async function withFile<T>(path: string, name: string, work: (file: NewFile) => T | Promise<T>): Promise<T> {
  const file = new NewFile(path, name);
  try {
    return await work(file);
  } finally {
    file.close();
  }
}

async function writeFrame(folder: string, name: string, frame: RawFrame): Promise<void> {
  const { chunks } = writeDng(frame, { compression: 'none' });
  await withFile(join(folder, name), name, (file) => file.writeAll(chunks));
}

/** The frame as a camera without noise and with 16 bits would have recorded it. */
function noiseFreeFrame({ noiseProfile: _, ...frame }: RawFrame, samples: Uint16Array): RawFrame {
  return {
    ...frame,
    samples,
    bitsPerSample: 16,
    blackLevel: { repeatRows: 1, repeatCols: 1, values: [NOISE_FREE_BLACK] },
    whiteLevel: [NOISE_FREE_WHITE],
  };
}

/** Puts a band's signal into the noise-free mosaic, clipped at the white level as the frame is. */
function putNoiseFree({ top, width, signal }: Band, samples: Uint16Array): void {
  const range = NOISE_FREE_WHITE - NOISE_FREE_BLACK;
  const start = top * width;
  for (let i = 0; i < signal.length; i++) {
    const light = signal[i]!;
    // Stored as an integer, the half rounds.
    samples[start + i] = light < 1 ? NOISE_FREE_BLACK + range * light + 0.5 : NOISE_FREE_WHITE;
  }
}

/**
 * Exposes one frame of a burst and writes its files: the raw file, and where `truth` is wanted the noise-free raw file and
 * the picture of what is true of every pixel.
 * @param folder where the files go, with a folder for the truth in it
 * @param onProgress told the share of the frame's rows that are done
 */
export async function exposeToFiles(
  plan: BurstPlan,
  index: number,
  truth: boolean,
  folder: string,
  onProgress: (share: number) => void,
): Promise<FrameSummary> {
  const stem = frameStem(index);
  const report = (band: Band): void => onProgress((band.top + band.rows) / plan.height);
  let record: FrameRecord;
  if (!truth) record = await exposeFrame(plan, index, { truth, onRows: report });
  else {
    const noiseFree = new Uint16Array(plan.width * plan.height);
    const name = join(TRUTH_FOLDER, `${stem}.exr`);
    record = await withFile(join(folder, name), name, async (file) => {
      const picture = new TruthPicture(plan.width, plan.height, (bytes, position) =>
        file.write(bytes, position),
      );
      const exposed = await exposeFrame(plan, index, {
        truth,
        onRows: (band) => {
          picture.write(band, band.truth!);
          putNoiseFree(band, noiseFree);
          report(band);
        },
      });
      picture.finish();
      return exposed;
    });
    const frame = noiseFreeFrame(record.frame, noiseFree);
    await writeFrame(folder, join(TRUTH_FOLDER, `${stem}.noise-free.dng`), frame);
  }
  const { frame, ...summary } = record;
  await writeFrame(folder, `${stem}.dng`, frame);
  const { color, asShotNeutral, noiseProfile } = frame;
  return { ...summary, color, asShotNeutral, noiseProfile };
}
