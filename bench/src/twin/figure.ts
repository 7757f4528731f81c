/** One figure of the twin against what theory or a publication says. */
export interface Figure {
  /** What is measured, with its unit. */
  readonly name: string;
  readonly expected: number;
  readonly measured: number;
  /** What may be off, as text: `2 %`, `at most`. */
  readonly limit: string;
  /** Whether the figure is within its limit. */
  readonly holds: boolean;
  /** Why its limit is not the usual one, or what else a reader must know. */
  readonly note?: string;
}

/** A figure that has to lie within a relative distance of what is expected. */
export function within(name: string, expected: number, measured: number, relative: number): Figure {
  const holds = Math.abs(measured - expected) <= relative * Math.abs(expected);
  return { name, expected, measured, limit: `±${relative * 100} %`, holds };
}

/** A figure that must not pass a limit. */
export function atMost(name: string, limit: number, measured: number): Figure {
  return { name, expected: limit, measured, limit: 'at most', holds: measured <= limit };
}
