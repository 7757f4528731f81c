/** XMP's namespaces (ISO 16684-1; XMP part 2, xmpMM and the ResourceRef structure). */
const MEDIA_MANAGEMENT = 'http://ns.adobe.com/xap/1.0/mm/';
const RESOURCE_REF = 'http://ns.adobe.com/xap/1.0/sType/ResourceRef#';
const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Characters that XML 1.0 has no way to write (2.2) are left out of a name. */
function attribute(text: string): string {
  const writable = Array.from(text).filter((character) => {
    const code = character.codePointAt(0)!;
    return (
      (code >= 0x20 && code !== 0xfffe && code !== 0xffff && !(code >= 0xd800 && code < 0xe000)) || code === 9
    );
  });
  return writable.join('').replace(/[&<>"]/g, (character) => ENTITIES[character]!);
}

function description(names: readonly string[]): string {
  const items = names.map((name) => `<rdf:li stRef:filePath="${attribute(name)}"/>`).join('');
  return (
    `<rdf:Description rdf:about="" xmlns:rdf="${RDF}" xmlns:xmpMM="${MEDIA_MANAGEMENT}" xmlns:stRef="${RESOURCE_REF}">` +
    `<xmpMM:Ingredients><rdf:Bag>${items}</rdf:Bag></xmpMM:Ingredients></rdf:Description>`
  );
}

/**
 * An XMP packet that names the files a picture was made from (`xmpMM:Ingredients`), beside what the given packet says.
 * A packet that has ingredients already, or that is not RDF, is replaced.
 *
 * @param xmp the packet to carry over, if there is one
 * @param names file names in their order
 */
export function withIngredients(xmp: Uint8Array | undefined, names: readonly string[]): Uint8Array {
  const text = xmp === undefined ? '' : new TextDecoder().decode(xmp);
  const end = text.lastIndexOf('</rdf:RDF>');
  const packet =
    end > 0 && !text.includes('Ingredients')
      ? text.slice(0, end) + description(names) + text.slice(end)
      : `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">` +
        `<rdf:RDF xmlns:rdf="${RDF}">${description(names)}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;
  return new TextEncoder().encode(packet);
}
