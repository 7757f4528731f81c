/** A line on a terminal that shows how far the work is; silent where there is no terminal. */
export declare class ProgressBar {
    #private;
    constructor(stream: NodeJS.WriteStream, wanted: boolean);
    /** @param done share of the work, 0 to 1 */
    update(done: number, label: string): void;
    /** Prints a line above the bar; only on a terminal. */
    note(line: string): void;
    /** Takes the bar away. */
    clear(): void;
}
//# sourceMappingURL=ProgressBar.d.ts.map