/** TIFF 6.0 field types (section 2) by name, with the BigTIFF and IFD types added later. */
export const TiffType = {
  byte: 1,
  ascii: 2,
  short: 3,
  long: 4,
  rational: 5,
  sbyte: 6,
  undefined: 7,
  sshort: 8,
  slong: 9,
  srational: 10,
  float: 11,
  double: 12,
  ifd: 13,
  long8: 16,
  slong8: 17,
  ifd8: 18,
} as const;

/** Name of a TIFF field type. */
export type TiffTypeName = keyof typeof TiffType;

const SIZES: readonly (number | undefined)[] = (() => {
  const sizes: (number | undefined)[] = [];
  const put = (size: number, ...names: TiffTypeName[]) => {
    for (const name of names) sizes[TiffType[name]] = size;
  };
  put(1, 'byte', 'ascii', 'sbyte', 'undefined');
  put(2, 'short', 'sshort');
  put(4, 'long', 'slong', 'float', 'ifd');
  put(8, 'rational', 'srational', 'double', 'long8', 'slong8', 'ifd8');
  return sizes;
})();

/** Bytes of one value of a field type, or undefined for a type number that TIFF does not define. */
export function tiffTypeSize(type: number): number | undefined {
  return SIZES[type];
}
