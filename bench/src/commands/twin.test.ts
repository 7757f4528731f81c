import { describe, expect, it } from 'vitest';
import type { Log } from '../log.js';
import { atMost, within } from '../twin/figure.js';
import { formatTwin, measureTwin } from './twin.js';

function collector(): Log & { readonly failures: string[] } {
  const failures: string[] = [];
  return { failures, progress: () => {}, failure: (line) => failures.push(line) };
}

const GOOD = { name: 'optics', measure: () => [within('MTF, 100 lp/mm', 0.5, 0.5004, 0.01)] };
const BAD = { name: 'burst', measure: async () => [atMost('wall, s', 60, 61.23456)] };
const BROKEN = { name: 'lenses', measure: () => Promise.reject(new Error('no such lens')) };

describe('measureTwin', () => {
  it('reports no failure where every figure holds', async () => {
    const log = collector();
    expect(await measureTwin([GOOD], log)).toMatchObject([
      { group: 'optics', measured: 0.5004, holds: true },
    ]);
    expect(log.failures).toEqual([]);
  });

  it('reports a figure beyond its limit as a failure and keeps it in the table', async () => {
    const log = collector();
    const rows = await measureTwin([BAD, GOOD], log);
    expect(rows.map(({ holds }) => holds)).toEqual([false, true]);
    expect(log.failures).toEqual(['burst: wall, s does not hold']);
  });

  it('reports a group that breaks and measures the others', async () => {
    const log = collector();
    expect(await measureTwin([BROKEN, GOOD], log)).toHaveLength(1);
    expect(log.failures).toEqual(['lenses failed: no such lens']);
  });
});

it('formatTwin has a line for every figure, marks what does not hold and sets notes below', async () => {
  const noted = { ...within('back focus, mm', 36.5, 36.6, 0.005), note: 'the table is rounded' };
  const lens = { name: 'lenses', measure: () => [noted, { ...noted, name: 'focal length, mm' }] };
  const rows = await measureTwin([GOOD, BAD, lens], collector());
  expect(formatTwin(rows).split('\n')).toEqual([
    '                          expected  measured    limit  holds  note',
    '------------------------  --------  --------  -------  -----  ----',
    'optics: MTF, 100 lp/mm         0.5    0.5004     ±1 %    yes',
    'burst: wall, s                  60    61.235  at most     NO',
    'lenses: back focus, mm        36.5      36.6   ±0.5 %    yes   (1)',
    'lenses: focal length, mm      36.5      36.6   ±0.5 %    yes   (1)',
    '',
    '(1) the table is rounded',
    '',
    '3 of 4 figures hold',
  ]);
});
