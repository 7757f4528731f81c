import { expect, it } from 'vitest';
import { formatSpeed, type SpeedRow } from './speed.js';

const row = (label: string, ours: boolean, wallS: number, peakMiB: number): SpeedRow => ({
  size: '1 MP',
  label,
  ours,
  runs: 3,
  wallS,
  cpuS: wallS,
  peakMiB,
});

it('every peer is compared with our default in time and memory, and with the basic development in time', () => {
  const lines = formatSpeed([
    row('Photosite default', true, 2, 300),
    row('Photosite basic', true, 1, 200),
    row('a peer', false, 4, 600),
  ]).split('\n');
  const peer = lines.find((line) => line.includes('a peer'))!;
  expect(
    peer
      .trim()
      .split(/\s{2,}/)
      .slice(-3),
  ).toEqual(['0.50', '0.50', '0.25']);
});

it('without ours the peers stand by themselves', () => {
  const peer = formatSpeed([row('a peer', false, 4, 600)])
    .split('\n')
    .at(-1)!;
  expect(
    peer
      .trim()
      .split(/\s{2,}/)
      .slice(-3),
  ).toEqual(['4.00', '4.00', '600']);
});
