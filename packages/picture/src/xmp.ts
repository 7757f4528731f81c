/*
 * XMP packets (ISO 16684-1, XMP parts 1 and 3): what came with the raw, cleaned of what isn't true of the finished
 * picture, and the recipe beside it.
 */

/** The namespace of the recipe in XMP; its one property is `Recipe`, the recipe's JSON as text. */
export const RECIPE_NAMESPACE = 'urn:photosite:recipe:1.0#';

/** A carried packet that's larger, or nested deeper, is left out. */
const MAX_CARRIED_BYTES = 16 * 1024 * 1024;
const MAX_DEPTH = 64;

const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';
const XML = 'http://www.w3.org/XML/1998/namespace';
const TIFF = 'http://ns.adobe.com/tiff/1.0/';
const EXIF = 'http://ns.adobe.com/exif/1.0/';
const XMP = 'http://ns.adobe.com/xap/1.0/';

/** Namespaces of which every property speaks of another file than ours. */
const STALE_NAMESPACES: ReadonlySet<string> = new Set([
  // Settings of another raw developer: it would apply them again, to the finished picture.
  'http://ns.adobe.com/camera-raw-settings/1.0/',
  'http://ns.adobe.com/camera-raw-saved-settings/1.0/',
  // The checksum of an extended packet that isn't here.
  'http://ns.adobe.com/xmp/note/',
  // Videos, depth and gain maps appended to the original file.
  'http://ns.google.com/photos/1.0/camera/',
  'http://ns.google.com/photos/1.0/container/',
  'http://ns.google.com/photos/1.0/container/item/',
  'http://ns.google.com/photos/1.0/image/',
  'http://ns.google.com/photos/1.0/depthmap/',
  'http://ns.adobe.com/hdr-gain-map/1.0/',
  RECIPE_NAMESPACE,
]);

/** Properties that describe the raw's pixels, not ours; Exif says the right ones. */
const STALE_PROPERTIES: ReadonlySet<string> = new Set([
  `${TIFF}Orientation`,
  `${TIFF}ImageWidth`,
  `${TIFF}ImageLength`,
  `${TIFF}BitsPerSample`,
  `${TIFF}SamplesPerPixel`,
  `${TIFF}Compression`,
  `${TIFF}PhotometricInterpretation`,
  `${TIFF}PlanarConfiguration`,
  `${TIFF}YCbCrSubSampling`,
  `${TIFF}YCbCrPositioning`,
  `${TIFF}XResolution`,
  `${TIFF}YResolution`,
  `${TIFF}ResolutionUnit`,
  `${TIFF}Software`,
  `${EXIF}PixelXDimension`,
  `${EXIF}PixelYDimension`,
  `${EXIF}ColorSpace`,
  `${EXIF}CompressedBitsPerPixel`,
  `${EXIF}ComponentsConfiguration`,
  `${XMP}CreatorTool`,
  `${XMP}Thumbnails`,
]);

/** What a packet is made from. */
export interface XmpParts {
  /** The packet that came with the picture. */
  readonly carried?: Uint8Array | undefined;
  /** JSON text. */
  readonly recipe?: string | undefined;
  /** The program's name, for `xmp:CreatorTool`. */
  readonly software: string;
  /** Most bytes that the packet may have. */
  readonly maxBytes: number;
}

/** A packet to write and what was left out of it. */
export interface XmpPacket {
  readonly packet: Uint8Array;
  /** One line for each thing left out. */
  readonly warnings: readonly string[];
}

/**
 * Makes the packet of a finished picture. A carried packet that isn't well-formed XML is left out with a warning;
 * where not everything fits, the recipe goes first (it is also in the job's report), then the carried packet.
 */
export function makeXmp({ carried, recipe, software, maxBytes }: XmpParts): XmpPacket {
  const warnings: string[] = [];
  let document: CarriedXmp | undefined;
  if (carried !== undefined) {
    const parsed = cleanCarried(carried);
    if (typeof parsed === 'string')
      warnings.push(`The XMP that came with the picture was left out: ${parsed}.`);
    else document = parsed;
  }
  const attempts = [
    { document, recipe },
    { document, recipe: undefined },
    { document: undefined, recipe },
    { document: undefined, recipe: undefined },
  ];
  for (const attempt of attempts) {
    const packet = serialize(attempt.document, attempt.recipe, software);
    if (packet.length > maxBytes) continue;
    const limit = `the format has room for ${maxBytes} bytes of XMP`;
    if (recipe !== undefined && attempt.recipe === undefined) {
      warnings.push(`The recipe was left out of the file: ${limit}.`);
    }
    if (document !== undefined && attempt.document === undefined) {
      warnings.push(`The XMP that came with the picture was left out: ${limit}.`);
    }
    return { packet, warnings };
  }
  throw new RangeError(`no XMP packet fits ${maxBytes} bytes`);
}

/** A carried packet around the place where our own description goes. */
interface CarriedXmp {
  readonly before: string;
  readonly after: string;
  /** The raw value of rdf:about, which all descriptions of a packet must share (XMP part 1, 7.4). */
  readonly about: string;
}

const EMPTY: CarriedXmp = {
  before: `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="${RDF}">`,
  after: '</rdf:RDF></x:xmpmeta>',
  about: '',
};

function serialize(
  document: CarriedXmp | undefined,
  recipe: string | undefined,
  software: string,
): Uint8Array {
  const { before, after, about } = document ?? EMPTY;
  const property = recipe === undefined ? '' : `<photosite:Recipe>${escapeText(recipe)}</photosite:Recipe>`;
  const description =
    `<rdf:Description xmlns:rdf="${RDF}" xmlns:xmp="${XMP}" xmlns:photosite="${RECIPE_NAMESPACE}"` +
    ` rdf:about="${about}" xmp:CreatorTool="${escapeText(software)}">${property}</rdf:Description>`;
  return new TextEncoder().encode(
    `<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>${before}${description}${after}<?xpacket end="w"?>`,
  );
}

function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A reason to leave a carried packet out, readable. */
class Malformed extends Error {}

/** Cleans a carried packet; a string says why it can't be used. */
function cleanCarried(bytes: Uint8Array): CarriedXmp | string {
  if (bytes.length > MAX_CARRIED_BYTES) return `it has more than ${MAX_CARRIED_BYTES} bytes`;
  try {
    // Packets may be padded with NULs; a decoder can't take shared memory, hence the copy.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.slice()).replace(/\0+$/, '');
    return clean(text);
  } catch (error) {
    if (error instanceof Malformed) return error.message;
    if (error instanceof TypeError) return 'it is not UTF-8 text';
    throw error;
  }
}

interface OpenElement {
  readonly name: string;
  readonly scope: ReadonlyMap<string, string>;
}

/**
 * Copies a packet's root element without the stale properties and splits it ahead of `</rdf:RDF>`. Only children of
 * a description are properties: what lies deeper goes or stays with them.
 */
function clean(text: string): CarriedXmp {
  if (FORBIDDEN_CHARACTER.test(text)) throw new Malformed('it has characters that XML forbids');
  let before: string | undefined;
  let out = '';
  let about: string | undefined;
  const open: OpenElement[] = [];
  /** Depth of rdf:RDF among the open elements, from 1; 0 outside of it. */
  let rdfDepth = 0;
  /** Depth of the outermost element being left out; 0 when none is. */
  let skipDepth = 0;
  let seenRoot = false;

  for (const token of tokens(text)) {
    switch (token.kind) {
      case 'text':
        if (open.length === 0 && token.source.trim() !== '')
          throw new Malformed('it has text outside of XML');
        if (open.length > 0 && skipDepth === 0) out += token.source;
        break;
      case 'open': {
        if (open.length === 0 && seenRoot) throw new Malformed('it has two roots');
        if (open.length >= MAX_DEPTH) throw new Malformed(`it is nested deeper than ${MAX_DEPTH}`);
        seenRoot = true;
        const scope = withDeclarations(open.at(-1)?.scope ?? NO_NAMESPACES, token.attributes);
        const name = expand(token.name, scope, true);
        const depth = open.length + 1;
        const isDescription = rdfDepth > 0 && depth === rdfDepth + 1;
        const isProperty = rdfDepth > 0 && depth === rdfDepth + 2;
        if (name === `${RDF}RDF` && rdfDepth === 0) {
          if (token.empty || before !== undefined)
            throw new Malformed('it has no single rdf:RDF with content');
          rdfDepth = depth;
        }
        if (skipDepth === 0 && isProperty && isStale(name)) skipDepth = depth;
        if (skipDepth === 0) {
          out += isDescription ? withoutStale(token, scope) : token.source;
          if (isDescription && about === undefined) about = aboutOf(token, scope);
        }
        if (token.empty) {
          if (skipDepth === depth) skipDepth = 0;
        } else {
          open.push({ name: token.name, scope });
        }
        break;
      }
      case 'close': {
        const element = open.at(-1);
        if (element?.name !== token.name) throw new Malformed(`it closes <${token.name}> out of turn`);
        const depth = open.length;
        if (depth === rdfDepth) {
          before = out;
          out = '';
          rdfDepth = 0;
        }
        open.pop();
        if (skipDepth === 0) out += token.source;
        else if (skipDepth === depth) skipDepth = 0;
        break;
      }
    }
  }
  if (open.length > 0) throw new Malformed('it ends in the middle');
  if (before === undefined) throw new Malformed('it has no rdf:RDF');
  return { before, after: out, about: about ?? '' };
}

function isStale(name: string): boolean {
  return STALE_PROPERTIES.has(name) || [...STALE_NAMESPACES].some((namespace) => isIn(name, namespace));
}

/** Whether an expanded name is a local name in the namespace. */
function isIn(name: string, namespace: string): boolean {
  return name.startsWith(namespace) && !name.slice(namespace.length).includes('/');
}

/** The start tag of a description without the stale properties among its attributes. */
function withoutStale(token: OpenToken, scope: ReadonlyMap<string, string>): string {
  const kept = token.attributes.filter(
    ({ name }) => isDeclaration(name) || !isStale(expand(name, scope, false)),
  );
  const attributes = kept.map(({ name, quoted }) => ` ${name}=${quoted}`).join('');
  return `<${token.name}${attributes}${token.empty ? '/' : ''}>`;
}

function aboutOf(token: OpenToken, scope: ReadonlyMap<string, string>): string | undefined {
  const attribute = token.attributes.find(
    ({ name }) => !isDeclaration(name) && (name === 'about' || expand(name, scope, false) === `${RDF}about`),
  );
  return attribute?.quoted.slice(1, -1).replaceAll('"', '&#34;');
}

const NO_NAMESPACES: ReadonlyMap<string, string> = new Map([['xml', XML]]);

function isDeclaration(name: string): boolean {
  return name === 'xmlns' || name.startsWith('xmlns:');
}

function withDeclarations(
  outer: ReadonlyMap<string, string>,
  attributes: readonly Attribute[],
): ReadonlyMap<string, string> {
  const declarations = attributes.filter(({ name }) => isDeclaration(name));
  if (declarations.length === 0) return outer;
  const scope = new Map(outer);
  for (const { name, quoted } of declarations) scope.set(name.slice(6), quoted.slice(1, -1));
  return scope;
}

/** The namespace's name followed by the local name. */
function expand(name: string, scope: ReadonlyMap<string, string>, isElement: boolean): string {
  const colon = name.indexOf(':');
  const prefix = colon < 0 ? '' : name.slice(0, colon);
  if (prefix === '') return `${isElement ? (scope.get('') ?? '') : ''}${name}`;
  const namespace = scope.get(prefix);
  if (namespace === undefined) throw new Malformed(`it uses the undeclared prefix "${prefix}"`);
  return `${namespace}${name.slice(colon + 1)}`;
}

/* A tokenizer for the XML that XMP allows: no document type, so no entities beyond the five of XML itself. */

interface Attribute {
  readonly name: string;
  /** The value as it stands, with its quotes. */
  readonly quoted: string;
}

interface OpenToken {
  readonly kind: 'open';
  readonly source: string;
  readonly name: string;
  readonly attributes: readonly Attribute[];
  readonly empty: boolean;
}

type Token =
  | OpenToken
  | { readonly kind: 'close'; readonly source: string; readonly name: string }
  | { readonly kind: 'text'; readonly source: string };

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0, 2.2 leaves out.
const FORBIDDEN_CHARACTER = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const LOOSE_AMPERSAND = /&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});)/;
const NAME = /[^\s<>"'=/&?!]+/y;
const ATTRIBUTE = /\s+([^\s<>"'=/&]+)\s*=\s*("[^"<]*"|'[^'<]*')/y;
const TAG_END = /\s*(\/?)>/y;

function* tokens(text: string): Generator<Token> {
  let offset = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (offset < text.length) {
    if (text[offset] !== '<') {
      const next = text.indexOf('<', offset);
      const source = text.slice(offset, next < 0 ? text.length : next);
      if (LOOSE_AMPERSAND.test(source)) throw new Malformed('it has an undeclared entity');
      yield { kind: 'text', source };
      offset += source.length;
    } else if (text.startsWith('<?', offset)) {
      // Processing instructions are the packet's wrapper, which is written anew.
      offset = after(text, '?>', offset);
    } else if (text.startsWith('<!--', offset)) {
      offset = after(text, '-->', offset);
    } else if (text.startsWith('<![CDATA[', offset)) {
      const end = after(text, ']]>', offset);
      yield { kind: 'text', source: text.slice(offset, end) };
      offset = end;
    } else if (text.startsWith('<!', offset)) {
      throw new Malformed('it has a document type');
    } else if (text.startsWith('</', offset)) {
      const end = after(text, '>', offset);
      const source = text.slice(offset, end);
      yield { kind: 'close', source, name: source.slice(2, -1).trimEnd() };
      offset = end;
    } else {
      const token = openToken(text, offset);
      yield token;
      offset += token.source.length;
    }
  }
}

function after(text: string, terminator: string, offset: number): number {
  const found = text.indexOf(terminator, offset);
  if (found < 0) throw new Malformed('it ends in the middle');
  return found + terminator.length;
}

function openToken(text: string, start: number): OpenToken {
  NAME.lastIndex = start + 1;
  const name = NAME.exec(text)?.[0];
  if (name === undefined) throw new Malformed('it has a "<" that opens no tag');
  const attributes: Attribute[] = [];
  const names = new Set<string>();
  let offset = NAME.lastIndex;
  for (;;) {
    ATTRIBUTE.lastIndex = offset;
    const match = ATTRIBUTE.exec(text);
    if (match === null) break;
    const attribute = { name: match[1], quoted: match[2] };
    if (names.has(attribute.name)) throw new Malformed(`it repeats the attribute ${attribute.name}`);
    if (LOOSE_AMPERSAND.test(attribute.quoted)) throw new Malformed('it has an undeclared entity');
    names.add(attribute.name);
    attributes.push(attribute);
    offset = ATTRIBUTE.lastIndex;
  }
  TAG_END.lastIndex = offset;
  const end = TAG_END.exec(text);
  if (end === null) throw new Malformed(`the tag <${name}> is broken`);
  return {
    kind: 'open',
    source: text.slice(start, TAG_END.lastIndex),
    name,
    attributes,
    empty: end[1] === '/',
  };
}
