/** The package's version. */
export declare function version(): string;
//# sourceMappingURL=version.d.ts.map