import { ResponseError, TimeoutError, TransportError } from "./errors.js";

const retriedStatuses = [429, 500, 502, 503, 504];
const idempotentMethods = ["GET", "HEAD", "OPTIONS", "PUT", "DELETE"];
/** Milliseconds: the limit of the first wait, which doubles each time up to the longest. */
export const firstWait = 100;
export const longestWait = 20_000;
const longestRetryAfter = 60_000;

/** Whether repeating a method does no harm. Source: RFC 9110, section 9.2.2. */
export function isIdempotent(method: string): boolean {
  return idempotentMethods.includes(method);
}

/** Whether an attempt that ended with this error may be followed by another one. */
export function isRetriable(error: unknown, isRepeatable: boolean): boolean {
  if (error instanceof ResponseError) {
    // The gateway throttles before it calls anything.
    return error.status === 429 || (isRepeatable && retriedStatuses.includes(error.status));
  }
  return isRepeatable && (error instanceof TransportError || error instanceof TimeoutError);
}

/**
 * Milliseconds to wait before the next attempt: what `Retry-After` says, or a random time that grows. Nothing if
 * `Retry-After` asks for too much.
 */
export function waitBefore(error: unknown, failedAttempts: number, random: number, now: Date): number | undefined {
  const header = error instanceof ResponseError ? error.headers.get("retry-after") : null;
  const asked = header === null ? undefined : retryAfter(header, now);
  if (asked !== undefined) return asked > longestRetryAfter ? undefined : asked;
  return random * Math.min(longestWait, firstWait * 2 ** (failedAttempts - 1));
}

/** Milliseconds of a `Retry-After`: seconds or a date; nothing if it is neither. */
function retryAfter(text: string, now: Date): number | undefined {
  if (/^\d+$/.test(text.trim())) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now.getTime());
}

/** Waits; a signal ends the wait with its reason. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", cancel);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) cancel();
    else signal?.addEventListener("abort", cancel, { once: true });
  });
}
