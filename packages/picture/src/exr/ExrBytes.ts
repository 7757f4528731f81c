import { PictureError } from '../PictureError.js';

/** A file's bytes with checked reading; every failure is a {@link PictureError} that names the place. */
export class ExrBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #file: string | undefined;

  constructor(bytes: Uint8Array, file: string | undefined) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#file = file;
  }

  /** The error for what was found at a place. */
  error(
    field: string,
    message: string,
    offset?: number,
    more: { allowed?: string; cause?: unknown } = {},
  ): PictureError {
    return new PictureError(field, message, {
      ...more,
      ...(this.#file !== undefined && { file: this.#file }),
      ...(offset !== undefined && { offset }),
    });
  }

  /** @throws {PictureError} where the file ends before `offset + length` */
  need(field: string, offset: number, length: number): void {
    if (offset < 0 || length < 0 || offset + length > this.bytes.length)
      throw this.error(
        field,
        `${length} bytes are expected here, the file has ${this.bytes.length} bytes in all; it is cut off or damaged.`,
        offset,
      );
  }

  int32(field: string, offset: number): number {
    this.need(field, offset, 4);
    return this.view.getInt32(offset, true);
  }

  uint32(field: string, offset: number): number {
    this.need(field, offset, 4);
    return this.view.getUint32(offset, true);
  }

  float32(field: string, offset: number): number {
    this.need(field, offset, 4);
    return this.view.getFloat32(offset, true);
  }

  byte(field: string, offset: number): number {
    this.need(field, offset, 1);
    return this.bytes[offset];
  }

  /** A text of at most `longest` bytes that ends with a zero byte, and where the bytes after it begin. */
  text(field: string, offset: number, longest: number): { readonly text: string; readonly end: number } {
    const bytes = this.bytes.subarray(offset, offset + longest + 1);
    const length = bytes.indexOf(0);
    if (length < 0)
      throw this.error(field, `a name of at most ${longest} bytes and a zero are expected.`, offset);
    return { text: new TextDecoder().decode(bytes.subarray(0, length)), end: offset + length + 1 };
  }
}
