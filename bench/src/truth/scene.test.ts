import { describe, expect, it } from 'vitest';
import { proceduralScene } from './scene.js';

describe('proceduralScene', () => {
  it('stays within the scale, has contrast and repeats for a seed', () => {
    const { data } = proceduralScene(64, 48, 1);
    // 0.9 in float32.
    expect(Math.max(...data)).toBeLessThanOrEqual(Math.fround(0.9));
    expect(Math.min(...data)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...data) - Math.min(...data)).toBeGreaterThan(0.4);
    expect(proceduralScene(64, 48, 1).data).toEqual(data);
  });
});
