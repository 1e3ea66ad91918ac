import type { DecodedResponse } from "./response.js";

/** A call under way: a promise of its value that can also give the whole response. */
export class Call<Output> implements Promise<Output> {
  readonly [Symbol.toStringTag] = "Call";
  readonly #response: Promise<DecodedResponse<Output>>;

  constructor(response: Promise<DecodedResponse<Output>>) {
    this.#response = response;
  }

  /** The value with status, headers, request id and the bytes of the body. */
  withResponse(): Promise<DecodedResponse<Output>> {
    return this.#response;
  }

  then<Value = Output, Failure = never>(
    onFulfilled?: ((value: Output) => Value | PromiseLike<Value>) | null,
    onRejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Value | Failure> {
    return this.#response.then((response) => response.value).then(onFulfilled, onRejected);
  }

  catch<Failure = never>(
    onRejected?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Output | Failure> {
    return this.then(null, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<Output> {
    return this.then().finally(onFinally);
  }
}
