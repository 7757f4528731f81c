import { type Command } from 'commander';
/** Gives `photosite develop` its arguments and flags. */
export declare function configureDevelop(command: Command): void;
//# sourceMappingURL=command.d.ts.map