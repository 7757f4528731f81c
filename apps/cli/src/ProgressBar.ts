/** Time between two drawings, in milliseconds. */
const REFRESH_MS = 50;
const BAR_WIDTH = 24;
/** Width of a terminal that does not say how wide it is. */
const DEFAULT_COLUMNS = 80;
const CLEAR_LINE = '\r\x1b[2K';

/** A line on a terminal that shows how far the work is; silent where there is no terminal. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #shown: boolean;
  #drawnAt = 0;

  constructor(stream: NodeJS.WriteStream, wanted: boolean) {
    this.#stream = stream;
    this.#shown = wanted && stream.isTTY === true;
  }

  /** @param done share of the work, 0 to 1 */
  update(done: number, label: string): void {
    const now = performance.now();
    if (!this.#shown || (now - this.#drawnAt < REFRESH_MS && done < 1)) return;
    this.#drawnAt = now;
    const filled = Math.round(done * BAR_WIDTH);
    const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
    const line = `${bar} ${String(Math.round(done * 100)).padStart(3)} %  ${label}`;
    this.#stream.write(CLEAR_LINE + line.slice(0, (this.#stream.columns || DEFAULT_COLUMNS) - 1));
  }

  /** Prints a line above the bar; only on a terminal. */
  note(line: string): void {
    if (this.#shown) this.#stream.write(`${CLEAR_LINE}${line}\n`);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#shown) this.#stream.write(CLEAR_LINE);
  }
}
