import os from 'node:os';

/** What a timing belongs to. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** Start of the run, ISO 8601 in UTC. */
  readonly date: string;
}

/** The machine that this process runs on, now. */
export function describeMachine(): Machine {
  const cpus = os.cpus();
  return {
    processor: cpus[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    date: new Date().toISOString(),
  };
}

/** One line for the head of a table. */
export function formatMachine(machine: Machine): string {
  const { processor, cores, memoryGiB, system, node, date } = machine;
  return `${date.slice(0, 16).replace('T', ' ')} UTC · ${processor}, ${cores} cores, ${memoryGiB} GiB · ${system} · Node ${node}`;
}
