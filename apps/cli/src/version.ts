import { createRequire } from 'node:module';

/** The package's version. */
export function version(): string {
  const { version: text } = createRequire(import.meta.url)('@photosite/cli/package.json') as {
    version: string;
  };
  return text;
}
