// @ts-self-types="./limits.d.ts"
import { TimeoutError } from "./errors.js";
/** The limits of one attempt: the caller's signal and a time. */
export class AttemptLimits {
    /** Ends what the attempt waits for. */
    signal;
    #controller = new AbortController();
    #outer;
    #timer;
    #cancel;
    constructor(outer, timeoutMs) {
        this.signal = this.#controller.signal;
        this.#outer = outer;
        this.#cancel = () => this.#controller.abort(outer?.reason);
        if (outer?.aborted === true)
            this.#cancel();
        else
            outer?.addEventListener("abort", this.#cancel, { once: true });
        if (Number.isFinite(timeoutMs)) {
            const end = () => this.#controller.abort(new TimeoutError(`no answer in ${timeoutMs} ms`));
            // Longer times than timers can have are no limit anybody waits for.
            this.#timer = setTimeout(end, Math.min(timeoutMs, 0x7fffffff));
        }
    }
    /** The result of work, or the reason of the signal as soon as it fires, whether or not the work listens to it. */
    run(work) {
        return new Promise((resolve, reject) => {
            const cancel = () => reject(this.signal.reason);
            if (this.signal.aborted)
                cancel();
            else
                this.signal.addEventListener("abort", cancel, { once: true });
            work.then(resolve, reject).finally(() => this.signal.removeEventListener("abort", cancel));
        });
    }
    /** Ends the time limit; the caller's signal stays. */
    stopTimer() {
        clearTimeout(this.#timer);
    }
    /** Ends all limits. */
    close() {
        this.stopTimer();
        this.#outer?.removeEventListener("abort", this.#cancel);
    }
}
