/** The limits of one attempt: the caller's signal and a time. */
export declare class AttemptLimits {
    #private;
    /** Ends what the attempt waits for. */
    readonly signal: AbortSignal;
    constructor(outer: AbortSignal | undefined, timeoutMs: number);
    /** The result of work, or the reason of the signal as soon as it fires, whether or not the work listens to it. */
    run<Result>(work: Promise<Result>): Promise<Result>;
    /** Ends the time limit; the caller's signal stays. */
    stopTimer(): void;
    /** Ends all limits. */
    close(): void;
}
