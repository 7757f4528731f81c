import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeXmp } from './xmp.js';

const encode = (text: string) => new TextEncoder().encode(text);
const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const ROOM = 1 << 20;

const CARRIED = `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="uuid:1"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:t="http://ns.adobe.com/tiff/1.0/"
    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmp:Rating="4" t:Orientation="6" crs:Exposure2012="+1.00" xmp:CreatorTool='Camera 7'>
   <dc:subject><rdf:Bag><rdf:li>owl &amp; mouse</rdf:li></rdf:Bag></dc:subject>
   <crs:ToneCurve><rdf:Seq><rdf:li>0, 0</rdf:li></rdf:Seq></crs:ToneCurve>
   <t:ImageWidth>6000</t:ImageWidth>
   <crs:Look/>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`;

function make(carried: string | undefined, recipe?: string, maxBytes = ROOM) {
  const { packet, warnings } = makeXmp({
    carried: carried === undefined ? undefined : encode(carried),
    recipe,
    software: 'Photosite',
    maxBytes,
  });
  return { text: decode(packet), warnings };
}

describe('makeXmp', () => {
  it('keeps what is true and drops what speaks of the raw file', () => {
    const { text, warnings } = make(CARRIED);
    expect(warnings).toEqual([]);
    expect(text).toContain('xmp:Rating="4"');
    expect(text).toContain('<rdf:li>owl &amp; mouse</rdf:li>');
    for (const stale of [
      't:Orientation',
      'crs:Exposure',
      'crs:ToneCurve',
      '0, 0',
      '6000',
      'crs:Look',
      'Camera 7',
    ]) {
      expect(text).not.toContain(stale);
    }
    expect(text).toContain('xmp:CreatorTool="Photosite"');
  });

  it('describes the same resource as the carried packet', () => {
    expect(make(CARRIED, '{}').text.match(/rdf:about="([^"]*)"/g)).toEqual([
      'rdf:about="uuid:1"',
      'rdf:about="uuid:1"',
    ]);
  });

  it('gives the recipe back as it was, whatever its text', () => {
    const recipes = fc.jsonValue().map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(recipes, (recipe) => {
        const { text } = make(CARRIED, recipe);
        const escaped = /<photosite:Recipe>([^<]*)<\/photosite:Recipe>/.exec(text)?.[1] ?? '';
        const back = escaped.replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
        expect(back).toBe(recipe);
      }),
    );
  });

  it('replaces an earlier recipe', () => {
    const first = make(CARRIED, '{"exposure":1}').text;
    const second = make(first, '{"exposure":2}').text;
    expect(second).not.toContain('#34;exposure&#34;:1');
    expect(second.match(/<photosite:Recipe>/g)).toHaveLength(1);
    expect(second.match(/CreatorTool/g)).toHaveLength(1);
  });

  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['no RDF', '<x/>'],
    ['an empty RDF', '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'],
    ['a cut packet', CARRIED.slice(0, 700)],
    ['elements closed out of turn', CARRIED.replace('</rdf:Bag></dc:subject>', '</dc:subject></rdf:Bag>')],
    [
      'an undeclared prefix',
      CARRIED.replace('dc:subject>', 'dd:subject>').replace('dc:subject>', 'dd:subject>'),
    ],
    ['an undeclared entity', CARRIED.replace('&amp;', '&mouse;')],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${CARRIED}`],
    ['a repeated attribute', CARRIED.replace('xmp:Rating="4"', 'xmp:Rating="4" xmp:Rating="5"')],
    ['a control character', CARRIED.replace('owl', '\u0001')],
    ['too deep nesting', CARRIED.replace('owl', `${'<a>'.repeat(100)}${'</a>'.repeat(100)}`)],
  ])('leaves %s out and says so', (_, carried) => {
    const { text, warnings } = make(carried, '{}');
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(/^The XMP that came with the picture was left out: /);
    expect(text).toContain('<photosite:Recipe>{}<');
  });

  it('leaves out what is not UTF-8', () => {
    const { warnings } = makeXmp({
      carried: Uint8Array.of(0xff, 0xfe, 0x3c, 0),
      software: 'x',
      maxBytes: ROOM,
    });
    expect(warnings).toEqual(['The XMP that came with the picture was left out: it is not UTF-8 text.']);
  });

  it('never throws and stays readable for packets with random changes', () => {
    fc.assert(
      fc.property(
        fc.nat(CARRIED.length),
        fc.nat(40),
        fc.string({ maxLength: 8 }),
        (start, length, insert) => {
          const { text } = make(CARRIED.slice(0, start) + insert + CARRIED.slice(start + length), '{}');
          expect(make(text).warnings).toEqual([]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('drops the recipe, then the carried packet, where there is no room, and says so', () => {
    const carriedOnly = make(CARRIED).text.length + 10;
    const noRecipe = make(CARRIED, `"${'r'.repeat(5000)}"`, carriedOnly);
    expect(noRecipe.text).toContain('xmp:Rating');
    expect(noRecipe.warnings).toEqual([expect.stringMatching(/^The recipe was left out/)]);
    const noCarried = make(CARRIED.replace('owl', 'o'.repeat(5000)), '{}', carriedOnly);
    expect(noCarried.text).toContain('photosite:Recipe');
    expect(noCarried.warnings).toEqual([expect.stringMatching(/^The XMP that came with the picture/)]);
  });
});
