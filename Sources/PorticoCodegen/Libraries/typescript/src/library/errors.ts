import type { TypeSpec } from "./types.js";

/** What every error of this package is. Cancelling is none: a call then rejects with its signal's reason. */
export class SDKError extends Error {
  override readonly name: string = "SDKError";
  /** What led to it. */
  override readonly cause?: unknown;

  constructor(message: string, cause?: unknown) {
    super(message);
    if (cause !== undefined) this.cause = cause;
  }
}

/** An option that a call needs is missing, or an argument has no form in a request. Nothing was sent. */
export class OptionError extends SDKError {
  override readonly name: string = "OptionError";
}

/** No connection, or it broke before the answer was complete. `cause` tells why. */
export class TransportError extends SDKError {
  override readonly name: string = "TransportError";
}

/** The answer did not come in time. */
export class TimeoutError extends SDKError {
  override readonly name: string = "TimeoutError";
}

/** The service gave the same page token twice in a row, so that paging would never end. */
export class PagingError extends SDKError {
  override readonly name: string = "PagingError";
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
export class DecodingError extends SDKError {
  override readonly name: string = "DecodingError";
  /** Where in the body: `$.pets[0].id`. */
  readonly path: string;
  readonly response: RawResponse;

  constructor(message: string, path: string, response: RawResponse, cause?: unknown) {
    super(message, cause);
    this.path = path;
    this.response = response;
  }
}

/** An answer with a status that is not 2xx. */
export class ResponseError extends SDKError {
  override readonly name: string = "ResponseError";
  readonly status: number;
  readonly requestId: string | undefined;
  /** `x-amzn-errortype` up to its first colon. */
  readonly errorType: string | undefined;
  /** `message` or `Message` of a JSON body. */
  readonly serviceMessage: string | undefined;
  readonly headers: Headers;
  readonly bytes: Uint8Array;

  constructor(response: RawResponse, serviceMessage?: string) {
    const errorType = response.headers.get("x-amzn-errortype")?.split(":", 1)[0];
    const what = serviceMessage ?? errorType;
    super(what === undefined ? `status ${response.status}` : `status ${response.status}: ${what}`);
    this.status = response.status;
    this.requestId = response.requestId;
    this.errorType = errorType;
    this.serviceMessage = serviceMessage;
    this.headers = response.headers;
    this.bytes = response.bytes;
  }
}

/** An answer that the gateway made itself: access denied, too many requests, no such resource. */
export class GatewayError extends ResponseError {
  override readonly name: string = "GatewayError";
}

/** An error that the API declares for a status. */
export class DeclaredError<Body> extends ResponseError {
  override readonly name: string = "DeclaredError";
  /** The type of `body`; nothing if the API declares none. */
  static readonly bodyType: TypeSpec | undefined = undefined;
  /** The decoded body. */
  readonly body: Body;

  constructor(response: RawResponse, body: Body, serviceMessage?: string) {
    super(response, serviceMessage);
    this.body = body;
  }
}

/** A class of declared errors. */
export interface DeclaredErrorClass {
  readonly bodyType: TypeSpec | undefined;
  // The generated operations name classes whose bodies differ; `never` takes them all.
  new (response: RawResponse, body: never, serviceMessage?: string): ResponseError;
}
