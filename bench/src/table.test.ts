import { expect, it } from 'vitest';
import { alignTable } from './table.js';

it('alignTable sets names left and figures right', () => {
  expect(
    alignTable(
      ['', 'dB'],
      [
        ['a', '1.00'],
        ['longer', '10.00'],
      ],
    ),
  ).toBe(['           dB', '------  -----', 'a        1.00', 'longer  10.00'].join('\n'));
});
