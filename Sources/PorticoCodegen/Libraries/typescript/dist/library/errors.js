// @ts-self-types="./errors.d.ts"
/** What every error of this package is. Cancelling is none: a call then rejects with its signal's reason. */
export class SDKError extends Error {
    name = "SDKError";
    /** What led to it. */
    cause;
    constructor(message, cause) {
        super(message);
        if (cause !== undefined)
            this.cause = cause;
    }
}
/** An option that a call needs is missing, or an argument has no form in a request. Nothing was sent. */
export class OptionError extends SDKError {
    name = "OptionError";
}
/** No connection, or it broke before the answer was complete. `cause` tells why. */
export class TransportError extends SDKError {
    name = "TransportError";
}
/** The answer did not come in time. */
export class TimeoutError extends SDKError {
    name = "TimeoutError";
}
/** The service gave the same page token twice in a row, so that paging would never end. */
export class PagingError extends SDKError {
    name = "PagingError";
}
/** The body of an answer is not what the API's description says. */
export class DecodingError extends SDKError {
    name = "DecodingError";
    /** Where in the body: `$.pets[0].id`. */
    path;
    response;
    constructor(message, path, response, cause) {
        super(message, cause);
        this.path = path;
        this.response = response;
    }
}
/** An answer with a status that is not 2xx. */
export class ResponseError extends SDKError {
    name = "ResponseError";
    status;
    requestId;
    /** `x-amzn-errortype` up to its first colon. */
    errorType;
    /** `message` or `Message` of a JSON body. */
    serviceMessage;
    headers;
    bytes;
    constructor(response, serviceMessage) {
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
    name = "GatewayError";
}
/** An error that the API declares for a status. */
export class DeclaredError extends ResponseError {
    name = "DeclaredError";
    /** The type of `body`; nothing if the API declares none. */
    static bodyType = undefined;
    /** The decoded body. */
    body;
    constructor(response, body, serviceMessage) {
        super(response, serviceMessage);
        this.body = body;
    }
}
