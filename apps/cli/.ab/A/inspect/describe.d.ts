import type { RawInfo } from '@photosite/raw';
/** What a raw file says, for people; what it does not say is left out. */
export declare function describeInfo(path: string, bytes: number, info: RawInfo): string;
//# sourceMappingURL=describe.d.ts.map