/** Metadata to put into a file. */
export interface FileMetadata {
  /** An Exif TIFF stream. */
  readonly exif: Uint8Array;
  /** An XMP packet, where there is one to write. */
  readonly xmp: Uint8Array | undefined;
  /** An ICC profile; undefined for camera RGB. */
  readonly icc: Uint8Array | undefined;
}
