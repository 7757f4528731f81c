import type { Command } from 'commander';
/** Gives `photosite inspect` its arguments and flags. */
export declare function configureInspect(command: Command): void;
//# sourceMappingURL=command.d.ts.map