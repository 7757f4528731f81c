import type { Datum } from '@photosite/optics';
import type { Setup } from './setup.js';

function plain(value: unknown): string {
  if (Array.isArray(value)) return value.map(plain).join('; ');
  if (typeof value === 'object' && value !== null)
    return Object.entries(value)
      .map(([name, each]) => `${name} ${plain(each)}`)
      .join(', ');
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : String(value);
}

/** The figures of a preset with who published them or how they were chosen, by name. */
export function sourcesOf({ lens, sensor }: Setup): Readonly<Record<string, Datum<unknown>>> {
  return Object.fromEntries(
    [...Object.entries(lens ?? {}), ...Object.entries(sensor ?? {})].filter(
      ([, datum]) => typeof datum === 'object',
    ),
  );
}

/** Longest line. */
const WIDTH = 96;

/** Text in lines of at most {@link WIDTH}, each indented. */
function wrapped(text: string, indent: string): string {
  let lines = '';
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > WIDTH && line.trim() !== '') {
      lines += `${line.trimEnd()}\n`;
      line = indent;
    }
    line += `${word} `;
  }
  return `${lines}${line.trimEnd()}\n`;
}

/** The same for people. */
export function describeSources(setup: Setup): string {
  const lines = Object.entries(sourcesOf(setup)).map(([name, datum]) => {
    const reason = 'assumed' in datum ? `assumed: ${datum.assumed}` : datum.source;
    return wrapped(`${name}: ${plain(datum.value)}`, '  ') + wrapped(reason, '      ');
  });
  return `${setup.title}\n${lines.join('')}`;
}
