/** The part of wasm-vips that the JPEG XL decoder and its tests call; the package's own types are not exported. */
declare module 'wasm-vips' {
  export interface Image {
    readonly width: number;
    readonly height: number;
    readonly bands: number;
    getInt(name: string): number;
    writeToMemory(): Uint8Array | Uint16Array | Float32Array;
    copy(options: { interpretation: string }): Image;
    jxlsaveBuffer(options: { lossless: boolean }): Uint8Array;
    jpegsaveBuffer(options: Record<string, string | number | boolean>): Uint8Array;
    delete(): void;
  }
  export interface Vips {
    readonly Image: {
      jxlloadBuffer(bytes: Uint8Array, options?: { fail_on: string }): Image;
      newFromBuffer(bytes: Uint8Array): Image;
      newFromMemory(
        samples: Uint8Array | Uint16Array | Float32Array,
        width: number,
        height: number,
        bands: number,
        format: 'uchar' | 'ushort' | 'float',
      ): Image;
    };
    shutdown(): void;
  }
  export default function start(options: { dynamicLibraries: string[] }): Promise<Vips>;
}
