import type { RawFrame } from '../RawFrame.js';

/** The white level of 16 bits. */
const WHITE = 65535;
/** Black levels are multiples of this, since some readers expect whole ones of few bits. */
const BLACK_STEP = 64;
/** Noise below black further down than this is damage, and is cut: a sixteenth of the scale stays the most that it costs. */
const MOST_BLACK = 4096;

/** Samples, black 0 and white 1 after black levels of a pattern, of columns and of rows: they begin at the active area. */
function flattened(frame: RawFrame, samples: Float32Array): Float32Array {
  const { blackLevel, whiteLevel, samplesPerPixel: planes, activeArea, width, height } = frame;
  const { values, repeatRows, repeatCols, deltaH, deltaV } = blackLevel!;
  const within = (at: number, period: number): number => ((at % period) + period) % period;
  const flat = new Float32Array(samples.length);
  for (let y = 0, i = 0; y < height; y++) {
    const row = y - activeArea.top;
    for (let x = 0; x < width; x++) {
      const column = x - activeArea.left;
      const cell = (within(row, repeatRows) * repeatCols + within(column, repeatCols)) * planes;
      const delta = (deltaH?.[column] ?? 0) + (deltaV?.[row] ?? 0);
      for (let plane = 0; plane < planes; plane++, i++) {
        const black = values[cell + plane]! + delta;
        flat[i] = (samples[i]! - black) / (whiteLevel[plane]! - black);
      }
    }
  }
  return flat;
}

/** The black level under which the lowest sample of a mosaic is kept. */
function pedestalFor(samples: Float32Array, { black, gain }: { black: number; gain: number }): number {
  let lowest = black;
  for (let i = 0; i < samples.length; i++) if (samples[i]! < lowest) lowest = samples[i]!;
  const depth = (black - lowest) * gain;
  // With b levels below black and the others above, b / (WHITE - b) is the depth that is kept.
  return Math.min(Math.ceil((WHITE * depth) / (1 + depth) / BLACK_STEP) * BLACK_STEP, MOST_BLACK);
}

/**
 * A frame of floats as one of 16-bit integers, which every raw developer reads: white at 65535; black of a mosaic just high
 * enough that noise below it is kept, because cutting it off would brighten the shadows. Black of linear planes is 0 and
 * what lies below is cut, since RawTherapee 5.9 and darktable 4.2 do not subtract these planes' black level. Black levels
 * that differ over the frame are taken out. What lies above white is cut; a frame of integers is returned as it is.
 *
 * @throws RangeError where a float frame has a linearisation table, which speaks of integers
 */
export function integerFrame(frame: RawFrame): RawFrame {
  if (frame.samples instanceof Uint16Array) return frame;
  if (frame.linearization !== undefined)
    throw new RangeError('A linearisation table stands for integers, and the frame has floats');
  const { samplesPerPixel: planes, blackLevel, whiteLevel } = frame;
  const varies =
    blackLevel !== undefined &&
    (blackLevel.repeatRows * blackLevel.repeatCols > 1 ||
      blackLevel.deltaH !== undefined ||
      blackLevel.deltaV !== undefined);
  const samples = varies ? flattened(frame, frame.samples) : frame.samples;
  const perPlane = Array.from({ length: planes }, (_, plane) => {
    const [black, white] = varies ? [0, 1] : [blackLevel?.values[plane] ?? 0, whiteLevel[plane]!];
    return { black, gain: 1 / (white - black) };
  });
  // Planes of one scale are gone through as one, as they lie in memory.
  const alike = perPlane.every(
    ({ black, gain }) => black === perPlane[0]!.black && gain === perPlane[0]!.gain,
  );
  const scales = alike ? perPlane.slice(0, 1) : perPlane;

  const pedestal = frame.cfa === undefined ? 0 : pedestalFor(samples, scales[0]!);
  const integers = new Uint16Array(samples.length);
  for (const [plane, { black, gain }] of scales.entries()) {
    const factor = gain * (WHITE - pedestal);
    const offset = pedestal - black * factor + 0.5;
    for (let i = plane; i < samples.length; i += scales.length) {
      const level = samples[i]! * factor + offset;
      integers[i] = level >= WHITE ? WHITE : level > 0 ? level : 0;
    }
  }
  return {
    ...frame,
    samples: integers,
    bitsPerSample: 16,
    blackLevel: { repeatRows: 1, repeatCols: 1, values: new Array<number>(planes).fill(pedestal) },
    whiteLevel: new Array<number>(planes).fill(WHITE),
  };
}
