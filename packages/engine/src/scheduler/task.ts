import type { Kernels } from '../kernel-module.js';

/** Work that is no picture, in numbered pieces that threads share: plain data. */
export interface Task {
  readonly id: number;
  /** Which kind of task. */
  readonly task: string;
  /** What the kind's `run` gets, the same for each piece. */
  readonly plan: unknown;
  /** Pieces, numbered from 0. */
  readonly pieces: number;
  /** Per thread, the address of its working memory. */
  readonly slots: readonly number[];
  /** Address of two int32: the next piece, and whether to stop. */
  readonly control: number;
}

/** How a kind of task runs. `Plan` is plain data that travels to the threads. */
export interface TaskKind<Plan = unknown> {
  readonly name: string;
  /**
   * Works on one piece; called on any thread. Pieces may not depend on one another.
   * @param slot address of the thread's working memory
   * @returns plain data for the caller; undefined for nothing
   */
  run(plan: Plan, piece: number, slot: number, kernels: Kernels, memory: WebAssembly.Memory): unknown;
}

/** A kind whose plan's type is its own affair. */
export function defineTask<Plan>(kind: TaskKind<Plan>): TaskKind {
  return kind as TaskKind;
}

let lastWork = 0;

/** A number for the next job or task, by which threads and pool know what they talk about. */
export function nextWorkId(): number {
  lastWork++;
  return lastWork;
}
