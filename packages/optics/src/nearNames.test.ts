import { describe, expect, it } from 'vitest';
import { nearNames } from './nearNames.js';

describe('nearNames', () => {
  it('puts the fewest edits first, whatever the case', () => {
    expect(nearNames('SLANTED-EGDE', ['flat-field', 'slanted-edge', 'siemens-star'], 1)).toEqual([
      'slanted-edge',
    ]);
    expect(nearNames('D66', ['A', 'D65', 'FL11'])[0]).toBe('D65');
  });

  it('takes a part of a name for the name', () => {
    expect(nearNames('7sm2', ['d70', 'sony-ilce-7sm2'])[0]).toBe('sony-ilce-7sm2');
  });

  it('gives no more than asked for and all where there are fewer', () => {
    expect(nearNames('x', ['a', 'b', 'c'], 2)).toHaveLength(2);
    expect(nearNames('x', ['a'])).toEqual(['a']);
  });
});
