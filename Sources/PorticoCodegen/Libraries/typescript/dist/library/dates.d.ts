/** A day, such as `2024-02-29`. */
export declare type DateString = string;
/** Reads a point in time (RFC 3339) with any offset and fraction, to the millisecond; nothing if it is none. */
export declare function parseTimestamp(text: string): Date | undefined;
/** Writes a point in time as RFC 3339 in UTC, with a fraction only if there is one; nothing if RFC 3339 cannot. */
export declare function timestampToText(date: Date): string | undefined;
