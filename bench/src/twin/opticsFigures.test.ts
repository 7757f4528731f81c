import { expect, it } from 'vitest';
import { opticsFigures } from './opticsFigures.js';

it('diffraction, blur discs and depth of field hold against the closed forms', async () => {
  const figures = await opticsFigures();
  expect(figures.length).toBeGreaterThan(15);
  for (const figure of figures) expect(figure).toMatchObject({ holds: true });
});
