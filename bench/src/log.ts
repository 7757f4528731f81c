/** Where a measurement says what it does. */
export interface Log {
  /** One more figure is there. */
  progress(line: string): void;
  /** Something could not be measured: its place in the table stays empty. */
  failure(line: string): void;
}

/** What an exception says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
