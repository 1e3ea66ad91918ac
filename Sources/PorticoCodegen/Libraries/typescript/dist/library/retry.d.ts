/** Milliseconds: the limit of the first wait, which doubles each time up to the longest. */
export declare const firstWait = 100;
export declare const longestWait = 20000;
/** Whether repeating a method does no harm. Source: RFC 9110, section 9.2.2. */
export declare function isIdempotent(method: string): boolean;
/** Whether an attempt that ended with this error may be followed by another one. */
export declare function isRetriable(error: unknown, isRepeatable: boolean): boolean;
/**
 * Milliseconds to wait before the next attempt: what `Retry-After` says, or a random time that grows. Nothing if
 * `Retry-After` asks for too much.
 */
export declare function waitBefore(error: unknown, failedAttempts: number, random: number, now: Date): number | undefined;
/** Waits; a signal ends the wait with its reason. */
export declare function sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
