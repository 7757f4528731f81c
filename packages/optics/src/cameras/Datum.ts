/** A figure with where it comes from: published, or assumed because nobody published it. */
export type Datum<T = number> =
  | { readonly value: T /** Who published it, in words. */; readonly source: string }
  | { readonly value: T /** Unpublished: how it was chosen. */; readonly assumed: string };

/** A figure that somebody published. */
export function published<T>(value: T, source: string): Datum<T> {
  return { value, source };
}

/** A figure that nobody published, with the reason for it. */
export function assumed<T>(value: T, why: string): Datum<T> {
  return { value, assumed: why };
}

/** Whether a figure is not published. */
export function isAssumed(datum: Datum<unknown>): boolean {
  return 'assumed' in datum;
}
