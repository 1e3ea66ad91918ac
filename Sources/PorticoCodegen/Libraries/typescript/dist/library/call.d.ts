import type { DecodedResponse } from "./response.js";
/** A call under way: a promise of its value that can also give the whole response. */
export declare class Call<Output> implements Promise<Output> {
    #private;
    readonly [Symbol.toStringTag] = "Call";
    constructor(response: Promise<DecodedResponse<Output>>);
    /** The value with status, headers, request id and the bytes of the body. */
    withResponse(): Promise<DecodedResponse<Output>>;
    then<Value = Output, Failure = never>(onFulfilled?: ((value: Output) => Value | PromiseLike<Value>) | null, onRejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null): Promise<Value | Failure>;
    catch<Failure = never>(onRejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null): Promise<Output | Failure>;
    finally(onFinally?: (() => void) | null): Promise<Output>;
}
