import { describe, expect, it } from 'vitest';
import { burstFigures } from './burstFigures.js';

describe('burstFigures', () => {
  it('all hold', async () => {
    for (const figure of await burstFigures()) expect(figure).toMatchObject({ holds: true });
  });
});
