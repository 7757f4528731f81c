/** Tables of every setting, as Markdown, for the user's guide. */
export declare function settingsTables(): string;
//# sourceMappingURL=settingsTables.d.ts.map