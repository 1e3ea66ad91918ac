import { chunksOf } from "./bodies.js";
import { decode } from "./decode.js";
import {
  DecodingError,
  GatewayError,
  ResponseError,
  type DeclaredErrorClass,
  type RawResponse,
} from "./errors.js";
import { isObject, JSONError, member, parseJSON, type JSONValue } from "./json.js";
import type { OperationSpec } from "./operations.js";
import type { Schemas, TypeSpec } from "./types.js";

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
export function requestIdOf(headers: Headers): string | undefined {
  return headers.get("x-amzn-requestid") ?? headers.get("apigw-requestid") ?? undefined;
}

/** The answer with a body that was read. */
export function rawResponse(response: Response, bytes: Uint8Array): RawResponse {
  const { status, headers } = response;
  return { status, headers, requestId: requestIdOf(headers), bytes };
}

/** The answer with a stream. */
export function streamedResponse(response: Response, stream: ReadableStream<Uint8Array>): StreamedResponse {
  const { status, headers } = response;
  const requestId = requestIdOf(headers);
  return { status, headers, requestId, stream, [Symbol.asyncIterator]: () => chunksOf(stream) };
}

/**
 * The value of a successful answer.
 * @throws {DecodingError} if the body is not what the operation declares.
 */
export function outputOf(operation: OperationSpec<unknown>, response: RawResponse, schemas: Schemas): unknown {
  const { output } = operation;
  if (output === undefined) return undefined;
  if (output === "binary") return response.bytes;
  if (output === "text") return new TextDecoder().decode(response.bytes);
  return decodedBody(response, output.json, schemas);
}

function decodedBody(response: RawResponse, type: TypeSpec, schemas: Schemas): unknown {
  // Some of the statuses that the operation declares have no body.
  if (response.bytes.length === 0 && typeof type !== "string" && "nullable" in type) return null;
  try {
    return decode(jsonOf(response), type, schemas);
  } catch (error) {
    if (!(error instanceof JSONError)) throw error;
    throw new DecodingError(`the body of the answer: ${error.message}`, error.path, response, error);
  }
}

function jsonOf(response: RawResponse): JSONValue {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(response.bytes);
  } catch {
    throw new JSONError([], "no UTF-8");
  }
  return parseJSON(text);
}

/** The error for an answer that is no success. */
export function errorOf(operation: OperationSpec<unknown>, response: RawResponse, schemas: Schemas): ResponseError {
  const message = serviceMessage(response);
  if (response.headers.has("x-amzn-errortype")) return new GatewayError(response, message);
  const declared = operation.errors?.[response.status] ?? operation.defaultError;
  if (declared === undefined) return new ResponseError(response, message);
  try {
    return declaredError(declared, response, message, schemas);
  } catch (error) {
    // A body of another form tells nothing but the status.
    if (error instanceof DecodingError) return new ResponseError(response, message);
    throw error;
  }
}

function declaredError(
  declared: DeclaredErrorClass,
  response: RawResponse,
  message: string | undefined,
  schemas: Schemas,
): ResponseError {
  const body = declared.bodyType === undefined ? undefined : decodedBody(response, declared.bodyType, schemas);
  return new declared(response, body as never, message);
}

function serviceMessage(response: RawResponse): string | undefined {
  try {
    const json = jsonOf(response);
    if (!isObject(json)) return undefined;
    const message = member(json, "message") ?? member(json, "Message");
    return typeof message === "string" ? message : undefined;
  } catch {
    return undefined;
  }
}
