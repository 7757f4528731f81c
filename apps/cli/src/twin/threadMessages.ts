import type { BurstPlan } from '@photosite/optics';
import type { FrameSummary } from './exposeToFiles.js';

/** What a thread knows from its start. */
export interface ThreadData {
  readonly plan: BurstPlan;
  readonly folder: string;
}

/** A frame to expose. */
export interface ToThread {
  readonly index: number;
  readonly truth: boolean;
}

/** What a thread says of its frame. */
export type FromThread =
  | { readonly kind: 'progress'; readonly index: number; readonly share: number }
  | { readonly kind: 'done'; readonly index: number; readonly summary: FrameSummary }
  | { readonly kind: 'failed'; readonly index: number; readonly message: string; readonly stack: string };
