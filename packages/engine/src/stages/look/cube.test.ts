import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LutError, parseCube } from './cube.js';

const TWO = ['0 0 0', '1 0 0', '0 1 0', '1 1 0', '0 0 1', '1 0 1', '0 1 1', '1 1 1'];
const cube = (...head: string[]): string => [...head, ...TWO].join('\n');

describe('a .cube file', () => {
  it('of three dimensions is read: red changes fastest', () => {
    const lut = parseCube(
      `\uFEFF# made by hand\r\nTITLE "A look"\r\n\r\nLUT_3D_SIZE 2\r\nDOMAIN_MIN 0 -0.5 0\r\nDOMAIN_MAX 1 1.5 2e0\r\n${TWO.join('\r\n')}\r\n\r\n# end\r\n`,
    );
    expect(lut).toEqual({
      title: 'A look',
      kind: '3d',
      size: 2,
      domainMin: [0, -0.5, 0],
      domainMax: [1, 1.5, 2],
      data: Float32Array.from(TWO.flatMap((line) => line.split(' ').map(Number))),
    });
    expect([...lut.data.slice(3, 6)]).toEqual([1, 0, 0]);
  });

  it('of one dimension is read; the domain is 0 to 1 where nothing is said', () => {
    const lut = parseCube('LUT_1D_SIZE 3\n0 0 0\n.5 +.25 1E-1\n1. 1 1\n');
    expect(lut).toMatchObject({ kind: '1d', size: 3, domainMin: [0, 0, 0], domainMax: [1, 1, 1] });
    expect([...lut.data.slice(3, 6)]).toEqual([0.5, 0.25, 0.1].map(Math.fround));
  });

  it('may have its domain as an input range, as Resolve writes it', () => {
    expect(parseCube(cube('LUT_3D_SIZE 2', 'LUT_3D_INPUT_RANGE -0.1 1.1'))).toMatchObject({
      domainMin: [-0.1, -0.1, -0.1],
      domainMax: [1.1, 1.1, 1.1],
    });
  });

  it.each([
    ['no size', TWO.join('\n'), 1, 'LUT_1D_SIZE or LUT_3D_SIZE must come before'],
    ['an empty file', '', 0, 'LUT_1D_SIZE or LUT_3D_SIZE is missing'],
    ['a size of one', 'LUT_3D_SIZE 1', 1, 'a whole number from 2 to 256'],
    ['a size too large', 'LUT_3D_SIZE 257', 1, 'a whole number from 2 to 256'],
    ['a curve too long', 'LUT_1D_SIZE 65537', 1, 'a whole number from 2 to 65536'],
    ['no size after the word', 'LUT_1D_SIZE', 1, 'a whole number from 2'],
    ['two sizes', 'LUT_1D_SIZE 2\nLUT_3D_SIZE 2', 2, 'the size stands twice'],
    ['too few entries', 'LUT_1D_SIZE 3\n0 0 0\n1 1 1', 3, 'after 2 of 3 entries'],
    ['too many entries', `${cube('LUT_3D_SIZE 2')}\n1 1 1`, 10, 'more than the 8 entries'],
    ['two numbers in a line', 'LUT_1D_SIZE 2\n0 0\n1 1 1', 2, '3 numbers are expected, not "0 0"'],
    ['no number', 'LUT_1D_SIZE 2\n0 0 nan\n1 1 1', 2, '3 numbers are expected'],
    ['hexadecimal', 'LUT_1D_SIZE 2\n0 0 0x1\n1 1 1', 2, '3 numbers are expected'],
    ['a number beyond floats', 'LUT_1D_SIZE 2\n0 0 1e40\n1 1 1', 2, '3 numbers are expected'],
    ['an unknown keyword', 'LUT_2D_SIZE 2', 1, 'the keyword LUT_2D_SIZE is not known'],
    [
      'a keyword among the values',
      'LUT_1D_SIZE 2\n0 0 0\nDOMAIN_MIN 0 0 0\n1 1 1',
      3,
      'must come before the values',
    ],
    ['an empty domain', cube('LUT_3D_SIZE 2', 'DOMAIN_MAX 0 1 1'), 0, 'DOMAIN_MIN must lie below'],
  ])('with %s is refused, by line', (_, text, line, problem) => {
    let caught: unknown;
    try {
      parseCube(text);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(LutError);
    expect(caught).toMatchObject({ line, message: expect.stringContaining(problem) });
  });

  it('of any text is read or refused with a LutError', () => {
    const word = fc.constantFrom(
      'LUT_1D_SIZE',
      'LUT_3D_SIZE',
      'DOMAIN_MIN',
      'TITLE',
      '2',
      '0.5',
      '-1e9',
      '#',
      '\n',
      'x',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(word).map((words) => words.join(' ')),
        ),
        (text) => {
          try {
            const { data, size, kind } = parseCube(text);
            expect(data.length).toBe(3 * (kind === '3d' ? size ** 3 : size));
          } catch (error) {
            expect(error).toBeInstanceOf(LutError);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
