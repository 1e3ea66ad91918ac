import type { TypeSpec } from "./types.js";
/** What every error of this package is. Cancelling is none: a call then rejects with its signal's reason. */
export declare class SDKError extends Error {
    readonly name: string;
    /** What led to it. */
    readonly cause?: unknown;
    constructor(message: string, cause?: unknown);
}
/** An option that a call needs is missing, or an argument has no form in a request. Nothing was sent. */
export declare class OptionError extends SDKError {
    readonly name: string;
}
/** No connection, or it broke before the answer was complete. `cause` tells why. */
export declare class TransportError extends SDKError {
    readonly name: string;
}
/** The answer did not come in time. */
export declare class TimeoutError extends SDKError {
    readonly name: string;
}
/** The service gave the same page token twice in a row, so that paging would never end. */
export declare class PagingError extends SDKError {
    readonly name: string;
}
/** An answer with its body as it came. */
export interface RawResponse {
    readonly status: number;
    readonly headers: Headers;
    /** The id that the gateway gave the request. */
    readonly requestId: string | undefined;
    readonly bytes: Uint8Array;
}
/** The body of an answer is not what the API's description says. */
export declare class DecodingError extends SDKError {
    readonly name: string;
    /** Where in the body: `$.pets[0].id`. */
    readonly path: string;
    readonly response: RawResponse;
    constructor(message: string, path: string, response: RawResponse, cause?: unknown);
}
/** An answer with a status that is not 2xx. */
export declare class ResponseError extends SDKError {
    readonly name: string;
    readonly status: number;
    readonly requestId: string | undefined;
    /** `x-amzn-errortype` up to its first colon. */
    readonly errorType: string | undefined;
    /** `message` or `Message` of a JSON body. */
    readonly serviceMessage: string | undefined;
    readonly headers: Headers;
    readonly bytes: Uint8Array;
    constructor(response: RawResponse, serviceMessage?: string);
}
/** An answer that the gateway made itself: access denied, too many requests, no such resource. */
export declare class GatewayError extends ResponseError {
    readonly name: string;
}
/** An error that the API declares for a status. */
export declare class DeclaredError<Body> extends ResponseError {
    readonly name: string;
    /** The type of `body`; nothing if the API declares none. */
    static readonly bodyType: TypeSpec | undefined;
    /** The decoded body. */
    readonly body: Body;
    constructor(response: RawResponse, body: Body, serviceMessage?: string);
}
/** A class of declared errors. */
export interface DeclaredErrorClass {
    readonly bodyType: TypeSpec | undefined;
    new (response: RawResponse, body: never, serviceMessage?: string): ResponseError;
}
