const MAGIC = 'FUJIFILMCCD-RAW ';
/** Where the header names the directory of the raw picture: offset and length. */
const DIRECTORY_POINTER = 92;
/** ExifTool's RAF tags: XTransLayout, 36 colours (0 red, 1 green, 2 blue) from the last photosite to the first. */
const XTRANS_LAYOUT = 0x0131;
const MAX_ENTRIES = 255;

/**
 * The 6 × 6 colour pattern of a Fujifilm X-Trans file, from the first photosite of the whole sensor, which
 * libraw-wasm does not hand out.
 *
 * @returns 36 plane indices row by row, or undefined where the file has none
 */
export function readXTransLayout(bytes: Uint8Array): number[] | undefined {
  if (bytes.length < DIRECTORY_POINTER + 8) return undefined;
  if (String.fromCharCode(...bytes.subarray(0, MAGIC.length)) !== MAGIC) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = view.getUint32(DIRECTORY_POINTER);
  if (start + 4 > bytes.length) return undefined;
  const count = Math.min(view.getUint32(start), MAX_ENTRIES);
  let at = start + 4;
  for (let i = 0; i < count && at + 4 <= bytes.length; i++) {
    const tag = view.getUint16(at);
    const length = view.getUint16(at + 2);
    if (tag === XTRANS_LAYOUT && length === 36 && at + 40 <= bytes.length) {
      const pattern = Array.from(bytes.subarray(at + 4, at + 40)).reverse();
      return pattern.every((plane) => plane <= 2) ? pattern : undefined;
    }
    at += 4 + length;
  }
  return undefined;
}
