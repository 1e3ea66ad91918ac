import { ResponseError, type RawResponse } from "./errors.js";
import type { OperationSpec } from "./operations.js";
import type { Schemas } from "./types.js";
/** An answer with what it was decoded to. */
export interface DecodedResponse<Output> extends RawResponse {
    readonly value: Output;
}
/** An answer whose body is read as it comes. Iterate over it or read `stream`, but not both. */
export interface StreamedResponse extends AsyncIterable<Uint8Array> {
    readonly status: number;
    readonly headers: Headers;
    readonly requestId: string | undefined;
    readonly stream: ReadableStream<Uint8Array>;
}
/** The id that the gateway gave a request. */
export declare function requestIdOf(headers: Headers): string | undefined;
/** The answer with a body that was read. */
export declare function rawResponse(response: Response, bytes: Uint8Array): RawResponse;
/** The answer with a stream. */
export declare function streamedResponse(response: Response, stream: ReadableStream<Uint8Array>): StreamedResponse;
/**
 * The value of a successful answer.
 * @throws {DecodingError} if the body is not what the operation declares.
 */
export declare function outputOf(operation: OperationSpec<unknown>, response: RawResponse, schemas: Schemas): unknown;
/** The error for an answer that is no success. */
export declare function errorOf(operation: OperationSpec<unknown>, response: RawResponse, schemas: Schemas): ResponseError;
