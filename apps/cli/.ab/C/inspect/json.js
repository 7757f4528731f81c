/** Numbers up to here are listed; longer tables are told by their length. */
const MAX_LISTED = 64;
/** Typed arrays as lists, or, where they are long, as their type and length; the rest as it is. */
function plain(value) {
    if (ArrayBuffer.isView(value)) {
        const { length } = value;
        if (value instanceof Uint8Array || length > MAX_LISTED)
            return { type: value.constructor.name, length };
        return Array.from(value);
    }
    if (Array.isArray(value))
        return value.map(plain);
    if (typeof value !== 'object' || value === null)
        return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
/** What a raw file says, for programs: everything but the samples, long tables by their length. */
export function infoJson(path, bytes, { format, compression, metadata }) {
    return { file: path, bytes, format, compression, metadata: plain(metadata) };
}
//# sourceMappingURL=json.js.map