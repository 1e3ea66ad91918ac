// @ts-self-types="./response.d.ts"
import { chunksOf } from "./bodies.js";
import { decode } from "./decode.js";
import { DecodingError, GatewayError, ResponseError, } from "./errors.js";
import { isObject, JSONError, member, parseJSON } from "./json.js";
/** The id that the gateway gave a request. */
export function requestIdOf(headers) {
    return headers.get("x-amzn-requestid") ?? headers.get("apigw-requestid") ?? undefined;
}
/** The answer with a body that was read. */
export function rawResponse(response, bytes) {
    const { status, headers } = response;
    return { status, headers, requestId: requestIdOf(headers), bytes };
}
/** The answer with a stream. */
export function streamedResponse(response, stream) {
    const { status, headers } = response;
    const requestId = requestIdOf(headers);
    return { status, headers, requestId, stream, [Symbol.asyncIterator]: () => chunksOf(stream) };
}
/**
 * The value of a successful answer.
 * @throws {DecodingError} if the body is not what the operation declares.
 */
export function outputOf(operation, response, schemas) {
    const { output } = operation;
    if (output === undefined)
        return undefined;
    if (output === "binary")
        return response.bytes;
    if (output === "text")
        return new TextDecoder().decode(response.bytes);
    return decodedBody(response, output.json, schemas);
}
function decodedBody(response, type, schemas) {
    // Some of the statuses that the operation declares have no body.
    if (response.bytes.length === 0 && typeof type !== "string" && "nullable" in type)
        return null;
    try {
        return decode(jsonOf(response), type, schemas);
    }
    catch (error) {
        if (!(error instanceof JSONError))
            throw error;
        throw new DecodingError(`the body of the answer: ${error.message}`, error.path, response, error);
    }
}
function jsonOf(response) {
    let text;
    try {
        text = new TextDecoder("utf-8", { fatal: true }).decode(response.bytes);
    }
    catch {
        throw new JSONError([], "no UTF-8");
    }
    return parseJSON(text);
}
/** The error for an answer that is no success. */
export function errorOf(operation, response, schemas) {
    const message = serviceMessage(response);
    if (response.headers.has("x-amzn-errortype"))
        return new GatewayError(response, message);
    const declared = operation.errors?.[response.status] ?? operation.defaultError;
    if (declared === undefined)
        return new ResponseError(response, message);
    try {
        return declaredError(declared, response, message, schemas);
    }
    catch (error) {
        // A body of another form tells nothing but the status.
        if (error instanceof DecodingError)
            return new ResponseError(response, message);
        throw error;
    }
}
function declaredError(declared, response, message, schemas) {
    const body = declared.bodyType === undefined ? undefined : decodedBody(response, declared.bodyType, schemas);
    return new declared(response, body, message);
}
function serviceMessage(response) {
    try {
        const json = jsonOf(response);
        if (!isObject(json))
            return undefined;
        const message = member(json, "message") ?? member(json, "Message");
        return typeof message === "string" ? message : undefined;
    }
    catch {
        return undefined;
    }
}
