/** Runs the command line and sets the exit code: 0 done, 1 a job failed, 2 wrong usage. */
export declare function run(args: readonly string[]): Promise<void>;
//# sourceMappingURL=main.d.ts.map