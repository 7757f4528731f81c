import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Seconds after which a program counts as stuck. */
export const PEER_TIMEOUT_S = 300;

/** A folder for one invocation's intermediate files and the programs' settings; a person's own stay untouched. */
export interface Workspace {
  /** Variables that send a program's settings and caches into the workspace. */
  readonly env: Readonly<Record<string, string>>;
  /** A path in the folder. */
  file(name: string): string;
  remove(): Promise<void>;
}

/** Makes an empty workspace in the system's folder for temporary files. */
export async function openWorkspace(): Promise<Workspace> {
  const folder = await mkdtemp(path.join(tmpdir(), 'photosite-bench-'));
  const home = path.join(folder, 'home');
  await mkdir(home);
  return {
    env: {
      HOME: home,
      XDG_CONFIG_HOME: path.join(home, 'config'),
      XDG_CACHE_HOME: path.join(home, 'cache'),
      XDG_DATA_HOME: path.join(home, 'data'),
    },
    file: (name) => path.join(folder, name),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
