/** A raw file to be developed. */
export interface Input {
    /** As a person would name it. */
    readonly path: string;
    /** The file's name, under its subfolders where a folder was searched through. */
    readonly name: string;
}
/** Something named on the command line that can't be developed. */
export interface Failure {
    readonly input: string;
    readonly error: string;
}
/** What was found under the names on the command line. */
export interface Inputs {
    readonly files: readonly Input[];
    readonly failures: readonly Failure[];
    /** True where a folder or more than one file was named: the output is a folder then. */
    readonly many: boolean;
}
/** Finds the raw files under the names on the command line: files as they are, folders searched. Each file once. */
export declare function findInputs(paths: readonly string[], recursive: boolean): Promise<Inputs>;
/** The file's name without its extension, under its subfolders. */
export declare function stemOf(name: string): string;
//# sourceMappingURL=inputs.d.ts.map