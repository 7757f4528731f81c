/** Time between two drawings, in milliseconds. */
const REFRESH_MS = 50;
const BAR_WIDTH = 24;
const CLEAR_LINE = '\r\x1b[2K';
/** A line on a terminal that shows how far the work is; silent where there is no terminal. */
export class ProgressBar {
    #stream;
    #shown;
    #drawnAt = 0;
    constructor(stream, wanted) {
        this.#stream = stream;
        this.#shown = wanted && stream.isTTY === true;
    }
    /** @param done share of the work, 0 to 1 */
    update(done, label) {
        const now = performance.now();
        if (!this.#shown || (now - this.#drawnAt < REFRESH_MS && done < 1))
            return;
        this.#drawnAt = now;
        const filled = Math.round(done * BAR_WIDTH);
        const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
        const line = `${bar} ${String(Math.round(done * 100)).padStart(3)} %  ${label}`;
        this.#stream.write(CLEAR_LINE + line.slice(0, (this.#stream.columns ?? 80) - 1));
    }
    /** Prints a line above the bar; only on a terminal. */
    note(line) {
        if (this.#shown)
            this.#stream.write(`${CLEAR_LINE}${line}\n`);
    }
    /** Takes the bar away. */
    clear() {
        if (this.#shown)
            this.#stream.write(CLEAR_LINE);
    }
}
//# sourceMappingURL=ProgressBar.js.map