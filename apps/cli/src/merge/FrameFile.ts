import { open } from 'node:fs/promises';
import { LINEAR_PHASES } from '@photosite/engine';
import { type Exposure, inspectRaw, type RawMetadata } from '@photosite/raw';
import { inspectJpeg, JPEG_PHASES } from './jpegFrame.js';
import type { KeptFiles } from './KeptFiles.js';

/** What a file says about itself that decides which burst it belongs to. */
export interface FrameFile {
  readonly path: string;
  readonly kind: 'raw' | 'jpeg';
  /** The camera, as people call it; empty where the file does not say. */
  readonly camera: string;
  /** Size of the picture in its own pixels. */
  readonly width: number;
  readonly height: number;
  /** The colour filter array's pattern; empty for pictures of three planes. */
  readonly pattern: string;
  /** Mosaics that its picture is merged as: one, or several where all three colours are at every pixel. */
  readonly mosaics: number;
  readonly exposure: Exposure;
  /** Beginning of the exposure in seconds, for differences alone. */
  readonly timeS?: number;
}

const JPEG_START = Uint8Array.of(0xff, 0xd8, 0xff);

async function isJpeg(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await handle.read(
      new Uint8Array(JPEG_START.length),
      0,
      JPEG_START.length,
      0,
    );
    return bytesRead === JPEG_START.length && JPEG_START.every((byte, i) => buffer[i] === byte);
  } finally {
    await handle.close();
  }
}

/** Seconds of a camera's time; the zone counts where the file says one, and is the same for all frames where not. */
export function secondsOf(time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const milliseconds = Date.parse(/(?:Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time}Z`);
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** The part of a frame's metadata that all kinds of files have. */
export type FrameDescription = Pick<
  RawMetadata,
  'exposure' | 'make' | 'model' | 'uniqueCameraModel' | 'time'
>;

function described(description: Partial<FrameDescription>): Pick<FrameFile, 'camera' | 'exposure' | 'timeS'> {
  const { make, model, uniqueCameraModel, time } = description;
  const named = [make, model].filter((part) => part !== undefined).join(' ');
  const timeS = secondsOf(time);
  return {
    camera: named || (uniqueCameraModel ?? ''),
    exposure: description.exposure ?? {},
    ...(timeS !== undefined && { timeS }),
  };
}

/**
 * Looks at a file that shall be a frame of a burst.
 * @param files keeps what is read of it
 * @throws {RawFileError} or {JobError} for what is no frame, the system's error for what can't be read
 */
export async function inspectFrame(path: string, files: KeptFiles): Promise<FrameFile> {
  if (await isJpeg(path)) {
    const { width, height, description } = await inspectJpeg(path);
    return {
      path,
      kind: 'jpeg',
      pattern: '',
      mosaics: JPEG_PHASES,
      width,
      height,
      ...described(description),
    };
  }
  const { metadata } = await inspectRaw(await files.look(path), { file: path });
  const { activeArea, cfa, samplesPerPixel } = metadata;
  return {
    path,
    kind: 'raw',
    pattern: cfa?.pattern.join('') ?? '',
    mosaics: cfa === undefined && samplesPerPixel === 3 ? LINEAR_PHASES : 1,
    width: activeArea.right - activeArea.left,
    height: activeArea.bottom - activeArea.top,
    ...described(metadata),
  };
}
