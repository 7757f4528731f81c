import type { LinearPicture, RgbImage } from '@photosite/measure';
import type { Command } from '../run.js';
import type { NoiseLevel } from '../truth/noise.js';

/** How to develop a raw: what to run, and with which variables. */
export interface DevelopCommand {
  readonly command: Command;
  readonly env: Readonly<Record<string, string>>;
  /** The picture that is there afterwards; undefined for a command that only prints. */
  readonly output: string | undefined;
}

/** One way in which a program finishes a picture. */
export interface Development {
  /** What the row of the table is called. */
  readonly label: string;
  /** A JPEG where the program writes one, else `jpeg` with `.tif` added; undefined where settings that it needs are absent. */
  prepare(raw: string, jpeg: string): Promise<DevelopCommand | undefined>;
}

/** One way in which a program takes noise out. */
export interface Denoising {
  /** The row of the table that it stands in: of several with the same, the best counts in each column. */
  readonly row: string;
  /** What its settings are. */
  readonly settings: string;
  /** As `Peer.demosaic`. */
  run(dng: string, size: { width: number; height: number }): Promise<RgbImage>;
}

/** A raw developer that runs beside ours. */
export interface Peer {
  readonly name: string;
  /** How to get it where it is absent. */
  readonly install: string;
  /** Its version, or undefined where it is not installed. */
  version(): Promise<string | undefined>;
  /** All of its demosaicing algorithms. */
  readonly demosaics: readonly string[];
  /** Those which a run compares by default: those that lead a PSNR column, or come next to it. */
  readonly strongest: readonly string[];
  /** Linear camera RGB, white level = 1, of the frame's full size; a border that the program drops is black. */
  demosaic(dng: string, algorithm: string, size: { width: number; height: number }): Promise<RgbImage>;
  /** Its ways to denoise raws of a level of noise. */
  denoisings(level: NoiseLevel): readonly Denoising[];
  /** By the program's defaults first, then other ways that are worth comparing. */
  readonly developments: readonly [Development, ...Development[]];
  /**
   * The program's own colour in linear light, as-shot white balance, no tone curve; upright. `mirrored` says that the
   * file's orientation asks for mirroring, for programs which only turn.
   */
  linearColor?(raw: string, mirrored: boolean): Promise<LinearPicture>;
}
