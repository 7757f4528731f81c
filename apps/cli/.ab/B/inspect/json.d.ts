import type { RawInfo } from '@photosite/raw';
/** What a raw file says, for programs: everything but the samples, long tables by their length. */
export declare function infoJson(path: string, bytes: number, { format, compression, metadata }: RawInfo): object;
//# sourceMappingURL=json.d.ts.map