import { sendableBody, type BinaryBody, type SendableBody } from "./bodies.js";
import { encode } from "./encode.js";
import { OptionError } from "./errors.js";
import { JSONError, member, writeJSON, type JSONValue } from "./json.js";
import type { OperationSpec, ParameterSpec } from "./operations.js";
import type { CallOptions } from "./options.js";
import { percentEncode } from "./signing.js";
import type { Schemas, TypeSpec } from "./types.js";

/** The arguments of a call by their names. */
export type Arguments = { readonly [name: string]: unknown };

/** A request without what changes from attempt to attempt. */
export interface PreparedRequest {
  readonly operation: OperationSpec<unknown>;
  readonly method: string;
  readonly path: string;
  /** Names and values, percent-encoded. */
  readonly query: readonly string[];
  readonly headers: Headers;
  readonly body: SendableBody | undefined;
}

/** Methods that `fetch` does not send. Source: Fetch Standard, "forbidden method". */
const forbiddenMethods = ["CONNECT", "TRACE", "TRACK"];

/**
 * Makes the request of a call from its arguments.
 * @throws {OptionError} if an argument is missing or has no form in a request.
 */
export function prepare(
  operation: OperationSpec<unknown>,
  method: string,
  request: Arguments,
  options: CallOptions,
  schemas: Schemas,
): PreparedRequest {
  const verb = method.toUpperCase();
  if (!/^[!#$%&'*+.^`|~\w-]+$/.test(verb) || forbiddenMethods.includes(verb)) {
    throw new OptionError(`${operation.name}: fetch does not send the method ${JSON.stringify(method)}`);
  }
  const texts = new Map<string, string[]>();
  const query: string[] = [];
  const headers = new Headers({ accept: accept(operation) });
  for (const parameter of operation.parameters ?? []) {
    const values = parameterTexts(operation, parameter, request, schemas);
    if (values === undefined) continue;
    switch (parameter.in) {
      case "path":
        texts.set(parameter.argument, values);
        break;
      case "query":
        for (const value of values) query.push(`${encoded(parameter, parameter.name)}=${encoded(parameter, value)}`);
        break;
      case "header":
        values.forEach((value, index) => {
          setHeader(headers, parameter.name, value, `argument ${parameter.argument}`, index > 0);
        });
        break;
    }
  }
  const body = requestBody(operation, verb, request, options, headers, schemas);
  for (const [name, value] of Object.entries(options.headers ?? {})) {
    setHeader(headers, name, value, `option "headers"`);
  }
  if (options.idempotencyKey !== undefined) {
    setHeader(headers, "idempotency-key", options.idempotencyKey, `option "idempotencyKey"`);
  }
  return { operation, method: verb, path: pathOf(operation, texts), query, headers, body };
}

/** Sets a header, or says which argument has a value that no header can have. */
export function setHeader(headers: Headers, name: string, value: string, what: string, isRepeated = false): void {
  // `Headers` would trim some of what it refuses, and its message does not name the argument.
  if (/[\r\n\0]/.test(value)) throw new OptionError(`${what}: a header's value has no line breaks`);
  try {
    if (isRepeated) headers.append(name, value);
    else headers.set(name, value);
  } catch (error) {
    throw new OptionError(`${what}: no header can have this name or value`, error);
  }
}

function accept(operation: OperationSpec<unknown>): string {
  return operation.output === "text" || operation.output === "binary" ? "*/*" : "application/json";
}

/** Texts of a parameter: one for a scalar or a joined list, one for each element of a repeated list. */
function parameterTexts(
  operation: OperationSpec<unknown>,
  parameter: ParameterSpec,
  request: Arguments,
  schemas: Schemas,
): string[] | undefined {
  const value = member(request, parameter.argument);
  if (value === undefined || value === null) {
    if (parameter.required === true) {
      throw new OptionError(`${operation.name}: argument ${parameter.argument} is missing`);
    }
    return undefined;
  }
  const json = encoding(`argument ${parameter.argument}`, value, parameter.type, schemas);
  if (!Array.isArray(json)) return [String(json)];
  const texts = json.map(String);
  if (parameter.separator === undefined) return texts;
  return texts.length === 0 && parameter.in !== "path" ? [] : [texts.join(parameter.separator)];
}

function encoding(what: string, value: unknown, type: TypeSpec, schemas: Schemas): JSONValue {
  try {
    return encode(value, type, schemas);
  } catch (error) {
    throw error instanceof JSONError ? new OptionError(`${what}: ${error.message}`, error) : error;
  }
}

function encoded(parameter: ParameterSpec, text: string): string {
  try {
    return percentEncode(text);
  } catch (error) {
    throw new OptionError(`argument ${parameter.argument}: no text of Unicode`, error);
  }
}

function pathOf(operation: OperationSpec<unknown>, texts: ReadonlyMap<string, readonly string[]>): string {
  const parameters = new Map((operation.parameters ?? []).map((parameter) => [parameter.argument, parameter]));
  let path = "";
  for (const segment of operation.path) {
    if (typeof segment === "string") {
      path += "/" + segment;
      continue;
    }
    const text = (texts.get(segment.argument) ?? []).join(",");
    const parameter = parameters.get(segment.argument);
    if (text === "" || parameter === undefined) {
      throw new OptionError(`${operation.name}: argument ${segment.argument} is empty, but it is part of the path`);
    }
    for (const part of segment.greedy === true ? text.split("/") : [text]) {
      // Addresses have no other form for such a segment, and it would lead to another resource.
      if (part === "." || part === "..") {
        throw new OptionError(`${operation.name}: argument ${segment.argument} would make the path segment ${part}`);
      }
      path += "/" + encoded(parameter, part);
    }
  }
  return path === "" ? "/" : path;
}

function requestBody(
  operation: OperationSpec<unknown>,
  method: string,
  request: Arguments,
  options: CallOptions,
  headers: Headers,
  schemas: Schemas,
): SendableBody | undefined {
  const spec = operation.body;
  const value = spec === undefined ? undefined : member(request, "body");
  if (spec === undefined || value === undefined) {
    if (spec?.required === true) throw new OptionError(`${operation.name}: argument body is missing`);
    return undefined;
  }
  if (method === "GET" || method === "HEAD") {
    throw new OptionError(`${operation.name}: fetch sends no body with ${method}`);
  }
  setHeader(headers, "content-type", options.contentType ?? spec.mediaType, `option "contentType"`);
  if (spec.as === "binary") return sendableBody(value as BinaryBody);
  const text = spec.as === "text" ? value : writeJSON(encoding("argument body", value, spec.as.json, schemas));
  if (typeof text !== "string") throw new OptionError("argument body: expected a string");
  return sendableBody(new TextEncoder().encode(text));
}
