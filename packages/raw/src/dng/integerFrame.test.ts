import { concatChunks } from '@photosite/tiff';
import { describe, expect, it } from 'vitest';
import { readRaw } from '../open.js';
import type { RawFrame } from '../RawFrame.js';
import { syntheticFrame } from '../testing/syntheticFrame.js';
import { withIngredients } from './ingredients.js';
import { integerFrame } from './integerFrame.js';
import { writeDng } from './write.js';

/** A merged frame: floats, black 0, white 1 or more, with noise below black. */
function merged(planes: 1 | 3, white = 1): RawFrame {
  const { linearization: _, blackLevel: __, maskedAreas: ___, cfa, ...rest } = syntheticFrame(96, 64);
  return {
    ...rest,
    samples: Float32Array.from(
      { length: 96 * 64 * planes },
      (_, i) => (white * ((i * 37) % 1100)) / 1000 - 0.01,
    ),
    samplesPerPixel: planes,
    ...(planes === 1 && cfa && { cfa }),
    bitsPerSample: 32,
    blackLevel: { repeatRows: 1, repeatCols: 1, values: new Array<number>(planes).fill(0) },
    whiteLevel: new Array<number>(planes).fill(white),
    maskedAreas: [],
  };
}

describe('a float frame as 16-bit integers', () => {
  it.each([1, 3] as const)('keeps light, and noise below black of a mosaic, of %i planes', (planes) => {
    for (const white of [1, 4]) {
      const frame = merged(planes, white);
      const { samples, blackLevel, whiteLevel } = integerFrame(frame);
      const [black, range] = [blackLevel!.values[0]!, whiteLevel[0]! - blackLevel!.values[0]!];
      if (planes === 1) expect(black).toBeGreaterThan(0);
      else expect(black).toBe(0);
      for (let i = 0; i < samples.length; i++) {
        const light = Math.max(Math.min(frame.samples[i]! / white, 1), planes === 1 ? -1 : 0);
        // Half a level of rounding, and as much again for the float's own.
        expect(Math.abs((samples[i]! - black) / range - light)).toBeLessThan(1 / 65535);
      }
    }
  });

  it('takes black levels out that differ from place to place', () => {
    const { linearization: _, ...frame } = syntheticFrame(96, 64);
    const float = { ...frame, samples: Float32Array.from(frame.samples) };
    const { values, deltaH, deltaV } = frame.blackLevel!;
    const { samples, blackLevel } = integerFrame(float);
    const at = (5 + 2) * 96 + 6 + 4;
    const black = values[(5 % 2) * 2 + (6 % 2)]! + deltaH![6]! + deltaV![5]!;
    const light = (frame.samples[at]! - black) / (frame.whiteLevel[0]! - black);
    const pedestal = blackLevel!.values[0]!;
    expect((samples[at]! - pedestal) / (65535 - pedestal)).toBeCloseTo(light, 4);
  });

  it('leaves integers alone and refuses a table that speaks of integers', () => {
    const frame = syntheticFrame();
    expect(integerFrame(frame)).toBe(frame);
    expect(() => integerFrame({ ...frame, samples: Float32Array.from(frame.samples) })).toThrow(/table/);
  });

  it.each([1, 3] as const)(
    'goes into a DNG of %i planes and comes back with noise profile and names',
    (planes) => {
      const frame = { ...merged(planes), noiseProfile: [{ scale: 0.0001, offset: 1e-6 }] };
      const names = ['a & b.dng', '"c" <d>.dng'];
      const written = writeDng(
        { ...integerFrame(frame), xmp: withIngredients(undefined, names) },
        { compression: 'none', originalName: names[0]! },
      );
      const back = readRaw(concatChunks(written));
      expect(back.samples).toEqual(integerFrame(frame).samples);
      expect(back.noiseProfile).toEqual(frame.noiseProfile);
      expect(back.color).toEqual(frame.color);
      expect(back.asShotNeutral).toEqual(frame.asShotNeutral);
      expect(back.exposure).toEqual(frame.exposure);
      expect(new TextDecoder().decode(back.xmp)).toContain('stRef:filePath="&quot;c&quot; &lt;d&gt;.dng"');
    },
  );
});

describe('the names of what a picture was made from', () => {
  const text = (xmp: Uint8Array) => new TextDecoder().decode(xmp);

  it('stand beside what a packet says', () => {
    const packet = withIngredients(undefined, ['one.dng']);
    const rated = text(packet)
      .replace('</rdf:RDF>', '<rdf:Description xmp:Rating="5"/></rdf:RDF>')
      .replace('Ingredients', 'Something')
      .replace('/xmpMM:Ingredients', '/xmpMM:Something');
    const both = text(withIngredients(new TextEncoder().encode(rated), ['one.dng', 'two.dng']));
    expect(both).toContain('xmp:Rating="5"');
    expect(both).toContain('stRef:filePath="two.dng"');
    expect(both.match(/<\/rdf:RDF>/g)).toHaveLength(1);
  });

  it('replace those that stand there, and a packet that is none', () => {
    const twice = text(withIngredients(withIngredients(undefined, ['old.dng']), ['new.dng']));
    expect(twice).not.toContain('old.dng');
    expect(twice).toContain('new.dng');
    expect(text(withIngredients(new TextEncoder().encode('rubbish'), ['new.dng']))).toContain('new.dng');
  });

  it('leave out what XML can not hold', () => {
    expect(text(withIngredients(undefined, ['a\u0000b\u0001c.dng']))).toContain('"abc.dng"');
  });
});
