/** Fewest single-character insertions, deletions and substitutions between two words (Levenshtein 1966). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length]!;
}

/**
 * The known names that are nearest to an unknown one, for an error's way out: those that share it as a part
 * first, then the fewest misspellings; case does not count.
 * @param count how many at most
 */
export function nearNames(name: string, known: readonly string[], count = 5): readonly string[] {
  // Names come from users and files: what is longer than this is not a misspelling.
  const wanted = name.slice(0, 64).toLowerCase();
  const distance = new Map(
    known.map((candidate) => {
      const lower = candidate.toLowerCase();
      // A part of a name is nearer than any misspelling.
      const isPart = wanted.length > 1 && lower.includes(wanted);
      return [candidate, isPart ? 0 : editDistance(wanted, lower)];
    }),
  );
  return [...known].sort((a, b) => distance.get(a)! - distance.get(b)!).slice(0, count);
}
